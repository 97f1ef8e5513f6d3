"""Names and links cannot lead out of the folder of a project."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Cli, Estate
from tests.review.repositories import Workshop
from tsdeploy.backup.manifest import read_manifest
from tsdeploy.cli.main import run
from tsdeploy.config.deploying import DeploySettings, RecordSettings
from tsdeploy.config.environment import Environment, load_environment
from tsdeploy.deploy.keeping import bring_state
from tsdeploy.errors import TsdeployError
from tsdeploy.export.paths import DEFAULT_LAYOUT, fresh_path
from tsdeploy.files import MAX_NAME_BYTES, safe_name, within
from tsdeploy.git import Repository
from tsdeploy.git_drivers import install_git_drivers
from tsdeploy.rest.collections import delete_collections
from tsdeploy.sandbox.testing import Sandbox
from tsdeploy.scaffold.answers import NewEnvironment
from tsdeploy.set_up import SetupOrder, set_up_project
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.folder import load_folder

RESERVED = ("CON", "nul", "com1", "LPT9.tml", "aux.", "conin$", "prn .x")
TML = b"answer:\n  name: x\n"


@given(st.text() | st.sampled_from(["../../x", "..", ".", "", "/etc/passwd", "C:\\x", "a/b", "\\\\host\\x", *RESERVED]))
def test_s01_no_name_of_an_object_leads_anywhere(name: str) -> None:
    shown = safe_name(name)
    assert shown not in (".", "..")
    assert not set(shown) & set('/\\:<>|?*"\x00\n')
    assert 0 < len(shown.encode("utf-8", "replace")) <= MAX_NAME_BYTES
    assert shown.split(".")[0].strip().casefold() not in {"con", "nul", "aux", "prn", "com1", "lpt9", "conin$"}
    document = parse_document(json.dumps({"liveboard": {"name": name or "x"}}), "x")
    assert (Path("/project") / fresh_path(document, DEFAULT_LAYOUT, {})).resolve().is_relative_to("/project")


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "C:\\x", "..\\x", "a\\..\\..\\x", "", "."])
def test_s01_no_name_of_a_file_leads_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(TsdeployError, match="TD018"):
        within(tmp_path, name)


def test_s02_a_linked_folder_is_not_written_through(retail: Estate, cli: Cli, outside: Path) -> None:
    (retail.project.root / "tml").mkdir()
    (retail.project.root / "tml" / "liveboard").symlink_to(outside)
    before = list(outside.iterdir())
    outcome = cli("export", "dev")
    assert outcome.code != 0
    assert "error[TD018]" in outcome.err
    assert list(outside.iterdir()) == before


def test_s03_a_prune_deletes_nothing_behind_a_link(retail: Estate, cli: Cli, outside: Path) -> None:
    assert cli("export", "dev").code == 0
    folder = retail.project.root / "tml" / "collection"
    (victim,) = folder.iterdir()
    folder.rename(outside / "collection")
    folder.symlink_to(outside / "collection")
    with retail.session("dev") as session:
        delete_collections(session, ["feadecb9-156e-492a-b440-97cf1985c171"])
    assert cli("export", "dev", "--prune-files").code == 0
    assert (outside / "collection" / victim.name).exists()


@pytest.mark.parametrize("part", ["tml", ".tsdeploy", "environments/prod", "environments/prod/mapping.yaml"])
def test_s04_parts_of_a_project_cannot_lie_elsewhere(
    workshop: Workshop, outside: Path, part: str, capfd: pytest.CaptureFixture[str]
) -> None:
    root = workshop.project.root
    (outside / "environment.yaml").write_text("secret-of-the-machine: 1\n", encoding="utf-8")
    path = root / part
    if path.exists():
        path.rename(root / "moved")
    path.symlink_to(outside / "environment.yaml" if path.suffix else outside)
    assert run(["--project", str(root), "plan", "prod", "--offline"]) == 2
    shown = capfd.readouterr()
    assert "error[TD018]" in shown.err
    assert "secret-of-the-machine" not in shown.out + shown.err


def test_s05_links_are_no_tml(workshop: Workshop, outside: Path) -> None:
    link = workshop.project.tml / "linked.tml"
    link.symlink_to(outside / "private.tml")
    workshop.commit()
    assert link.name not in {Path(one.path).name for one in load_folder(workshop.project.tml).documents}
    committed = workshop.repository.files("HEAD", workshop.project.tml)
    assert link.name not in {Path(path).name for path, _ in committed}


def test_s05_nor_does_a_sandbox_load_them(tmp_path: Path, outside: Path) -> None:
    """Whatever the folder is that a test gives to its fixture."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x.tml").symlink_to(outside / "private.tml")
    with Sandbox() as sandbox, pytest.raises(TsdeployError, match="TD805"):
        sandbox.load(tmp_path / "folder")


@pytest.mark.parametrize(
    "path", ["../../x.tml", "/tmp/x.tml", ".git/config", ".git/x.tml", "tml/../../x.tml", "a\n.tml"]
)
def test_s06_a_backup_cannot_say_where_its_files_go(path: str) -> None:
    one = {"key": "k", "kind": "model", "name": "n", "path": path, "sha256": ""}
    head = {"version": 1, "environment": "e", "url": "", "org": "", "server_time": 0, "full_at": 0}
    with pytest.raises(TsdeployError, match="TD531: is no manifest: k has no usable path"):
        read_manifest(json.dumps({**head, "objects": [one]}).encode(), "x")


def test_s07_a_state_branch_cannot_write_anywhere_else(workshop: Workshop, outside: Path) -> None:
    root = workshop.project.root
    tree = _tree(root, "x.json", _blob(root, b"pwned"))
    for name in ("outside", "..", "..", "..", "..", "releases", "prod", "environments"):
        tree = _tree(root, name, tree)
    commit = workshop.repository.run("commit-tree", tree, "-m", "x").strip()
    workshop.repository.run("update-ref", "refs/heads/state", commit)
    with pytest.raises(TsdeployError, match="TD018"):
        bring_state(workshop.project, _recorded_on(workshop, "state"))
    assert not (outside / "x.json").exists()


def _recorded_on(workshop: Workshop, branch: str) -> Environment:
    folder = workshop.project.root / "environments" / "prod"
    found = load_environment(folder, "x")
    settings = DeploySettings(record=RecordSettings(branch=branch))
    return Environment(found.name, found.folder, found.url, found.auth, deploy=settings)


def _blob(root: Path, content: bytes) -> str:
    return _git(root, "hash-object", "-w", "--stdin", given=content)


def _tree(root: Path, name: str, inner: str) -> str:
    """A tree with one entry, which may have a name that git itself would never give."""
    mode = b"100644" if name.endswith(".json") else b"40000"
    entry = mode + b" " + name.encode() + b"\0" + bytes.fromhex(inner)
    return _git(root, "hash-object", "-w", "--literally", "-t", "tree", "--stdin", given=entry)


def _git(root: Path, *arguments: str, given: bytes) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, input=given, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_s08_a_project_s_tml_cannot_be_git_s_own_folder(workshop: Workshop) -> None:
    (workshop.project.root / "tsdeploy.yaml").write_text("version: 1\ntml: .git/hooks\n", encoding="utf-8")
    assert run(["--project", str(workshop.project.root), "check"]) == 2
    assert isinstance(workshop.repository, Repository)


@pytest.mark.parametrize("part", ["environments", "environments/dev", ".github", ".gitignore", ".gitattributes"])
@pytest.mark.parametrize("adopts", [False, True])
def test_s09_a_set_up_neither_writes_nor_reads_behind_links(
    workshop: Workshop, outside: Path, part: str, *, adopts: bool
) -> None:
    """What is there when somebody sets a repository up: that of somebody else."""
    root = workshop.project.root
    (outside / "private.txt").write_text("secret-of-the-machine\n", encoding="utf-8")
    before = sorted(outside.rglob("*"))
    if (root / part).exists():
        (root / part).rename(root / "moved")
    (root / part).symlink_to(outside / "private.txt" if part.startswith(".gita") or part == ".gitignore" else outside)
    order = SetupOrder((NewEnvironment("new", "https://x.example"),), adopts=adopts, systems=("github",), target="prod")
    with pytest.raises(TsdeployError, match="TD018"):
        set_up_project(root, order)
    if part == ".gitattributes":
        with pytest.raises(TsdeployError, match="TD018"):
            install_git_drivers(workshop.repository)
    assert sorted(outside.rglob("*")) == before
    assert not [
        path
        for path in root.glob(".git?*")
        if path.is_file() and not path.is_symlink() and b"secret-of" in path.read_bytes()
    ]

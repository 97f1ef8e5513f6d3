"""What a repository holds and configures makes git start nothing, and git goes only where the user sent it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.review.repositories import Workshop
from tests.security.conftest import Trap
from tsdeploy.backup.store import open_store
from tsdeploy.cli.main import run
from tsdeploy.deploy.keeping import bring_state
from tsdeploy.errors import GitError, TsdeployError
from tsdeploy.git import Repository, create_repository
from tsdeploy.git_safety import git_environment, git_words
from tsdeploy.pipelines import Pipeline, pipeline_text
from tsdeploy.pipelines.systems import SYSTEMS
from tsdeploy.plan.sides import read_side

HOOKS = ("post-index-change", "reference-transaction", "pre-auto-gc", "post-checkout", "fsmonitor-watchman")


def configure(workshop: Workshop, trap: Trap) -> None:
    """A clone whose git directory somebody else has made: everything that git would start is the trap."""
    program = str(trap.program)
    settings = {
        "core.fsmonitor": program,
        "core.hooksPath": str(workshop.project.root / "hooks"),
        "diff.external": program,
        "diff.tml.command": program,
        "diff.tml.textconv": program,
        "gpg.program": program,
        "log.showSignature": "true",
        "core.pager": program,
        "core.editor": program,
        "core.sshCommand": program,
        "credential.helper": program,
    }
    for key, value in settings.items():
        workshop.repository.run("config", key, value)
    hooks = workshop.project.root / "hooks"
    hooks.mkdir()
    for name in HOOKS:
        (hooks / name).write_bytes(trap.program.read_bytes())
        (hooks / name).chmod(0o755)


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "prod", "--offline"),
        ("review", "--base", "start", "--offline"),
        ("check",),
        ("diff", "start", ""),
        ("graph",),
        ("history", "prod"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_s10_commands_that_read_start_nothing_that_git_is_configured_to_start(
    workshop: Workshop, trap: Trap, arguments: tuple[str, ...]
) -> None:
    configure(workshop, trap)
    (workshop.project.root / ".gitattributes").write_text("*.tml diff=tml\n", encoding="utf-8")
    workshop.edit("Store Performance", ("description:", "description: new #"))
    for path in workshop.project.tml.rglob("*.tml"):
        path.touch()
    run(["--project", str(workshop.project.root), *arguments])
    assert not trap.sprung, trap.trace.read_text()


def test_s10_the_trap_is_one(workshop: Workshop, trap: Trap) -> None:
    configure(workshop, trap)
    subprocess.run(["git", "status"], cwd=workshop.project.root, capture_output=True, check=False)
    assert trap.sprung


def test_s10_a_backup_starts_no_hook(workshop: Workshop, trap: Trap) -> None:
    configure(workshop, trap)
    store = open_store(workshop.project.root, "backup/prod", make=False)
    with store.change() as change:
        change.write("tml/x.tml", b"x")
        change.commit("backup", "", 1)
    assert store.snapshots()
    assert not trap.sprung


def test_s10_settings_of_the_pipeline_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader", "GIT_CONFIG_VALUE_0": "x"}
    made = {**given, **git_environment(environ=given)}
    keys = [made[f"GIT_CONFIG_KEY_{number}"] for number in range(int(made["GIT_CONFIG_COUNT"]))]
    assert keys[0] == "http.extraHeader"
    assert "core.hooksPath" in keys
    with_hooks = git_environment("commit", environ=given)
    assert int(with_hooks["GIT_CONFIG_COUNT"]) == int(made["GIT_CONFIG_COUNT"]) - 1


def test_s11_a_folder_that_looks_like_a_repository_is_none(workshop: Workshop, trap: Trap) -> None:
    """What a pull request can bring: HEAD, objects/, refs/ and a config beside environments/."""
    folder = workshop.project.root / "analytics"
    for part in ("objects", "refs", "environments"):
        (folder / part).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
    config = f"[core]\nrepositoryformatversion = 0\nbare = false\nworktree = {folder}\nfsmonitor = {trap.program}\n"
    (folder / "config").write_text(config, encoding="utf-8")
    with pytest.raises(GitError, match="TD709"):
        Repository.find(folder).dirty([folder])
    with pytest.raises(GitError, match=r"TD70[13]"):
        open_store(folder, "backup/prod", make=False).head()
    assert not trap.sprung


@pytest.mark.parametrize(
    "remote", ["--upload-pack={trap}", "ext::{trap}", "https://attacker.invalid/x", "evil.git", ".", "-o", ""]
)
def test_s12_commits_go_to_remotes_that_the_user_set_up_alone(workshop: Workshop, trap: Trap, remote: str) -> None:
    file = workshop.project.root / "environments" / "prod" / "environment.yaml"
    name = remote.format(trap=trap.program) or "."
    file.write_text(
        file.read_text(encoding="utf-8")
        + f'deploy: {{record: {{branch: state, push: true, remote: "{name}"}}}}\nbackup: {{remote: "{name}"}}\n',
        encoding="utf-8",
    )
    workshop.repository.run("init", "--quiet", "--bare", str(workshop.project.root / "evil.git"))
    environment = workshop.project.environment("prod")
    with pytest.raises(GitError, match="TD708"):
        bring_state(workshop.project, environment)
    with pytest.raises(GitError, match="TD708"):
        workshop.repository.push("main", environment.deploy.record.remote)
    with pytest.raises(GitError, match="TD708"):
        open_store(workshop.project.root, "main", make=False).push(environment.backup.remote, hint="")
    assert not trap.sprung


REVISIONS = (
    "-x",
    "--all",
    "--output=x",
    "HEAD:tml",
    ":/fix",
    "HEAD^{",
    "@{-1}",
    "a..b",
    "f" * 40,
    "HEAD\n",
    "x" * 5000,
)


def test_s13_what_is_no_revision_is_said_to_be_none(workshop: Workshop) -> None:
    for revision in (*REVISIONS, "x" * 5000, "/etc/passwd", "HEAD^{blob}"):
        with pytest.raises(TsdeployError, match="TD704"):
            read_side(revision, lambda: workshop.project)
    assert not (workshop.project.root / "x").exists()


def test_s14_names_of_files_are_names_of_files(workshop: Workshop) -> None:
    (workshop.project.root / "x.tml").write_text("answer:\n  name: y\n", encoding="utf-8")
    for name in ("--upload-pack=x.tml", "-n", ":(exclude)x.tml", "*.tml", "a\tb.tml", "ü\u202e.tml"):
        path = workshop.project.root / name
        path.write_text("answer:\n  name: x\n", encoding="utf-8")
        workshop.repository.commit([path], "-m --amend")
        shown = workshop.repository.run("show", "--name-only", "--format=%s", "-z", "HEAD")
        assert [part.strip("\n") for part in shown.split("\0") if part] == ["-m --amend", name]


def test_s15_passwords_in_addresses_are_not_shown(workshop: Workshop) -> None:
    remote = f"file://me:hunter2@{workshop.project.root}/nowhere"
    assert "hunter2" not in git_words(f"fatal: unable to access '{remote}': no such host")
    workshop.repository.run("remote", "add", "origin", remote)
    with pytest.raises(GitError, match="TD703") as caught:
        workshop.repository.push("main", "origin")
    assert "hunter2" not in str(caught.value)


def test_s16_what_this_machine_remembers_is_not_taken_from_git(workshop: Workshop) -> None:
    planted = workshop.project.state / "cache" / "live-prod.sqlite"
    planted.parent.mkdir(parents=True)
    planted.write_bytes(b"planted")
    workshop.repository.run("add", "--force", "--", str(planted))
    with pytest.raises(GitError, match="TD710"):
        workshop.review()


@pytest.mark.parametrize("arguments", [("plan", "prod", "--offline"), ("graph",), ("drift", "prod"), ("export", "dev")])
def test_s16_neither_by_other_commands_nor_in_another_spelling(
    workshop: Workshop, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """File systems of macOS and Windows put ``.TSDEPLOY`` into ``.tsdeploy``."""
    monkeypatch.setenv("TS_SANDBOX_KEY", "x")
    root = workshop.project.root
    (root / ".tsdeploy").mkdir()
    (root / ".TSDEPLOY").mkdir(exist_ok=True)
    (root / ".TSDEPLOY" / "entries.json").write_text("planted", encoding="utf-8")
    workshop.repository.run("add", "--force", "--", str(root / ".TSDEPLOY"))
    assert run(["--project", str(root), *arguments]) == 2
    assert "error[TD710]" in capfd.readouterr().err


def test_s17_git_drivers_are_set_up_in_this_clone_alone(workshop: Workshop) -> None:
    """A pull request can bring ``.gitattributes``, and no program for it."""
    (workshop.project.root / ".gitattributes").write_text("*.tml filter=evil diff=evil merge=evil\n", encoding="utf-8")
    workshop.edit("Store Performance", ("description:", "description: new #"))
    done = subprocess.run(["git", "diff"], cwd=workshop.project.root, capture_output=True, check=True)
    assert b"description: new #" in done.stdout
    assert isinstance(workshop.project.root, Path)


def test_s18_a_tag_is_not_taken_for_a_branch(workshop: Workshop) -> None:
    """git takes a tag first: with one that is called ``origin/main`` a review would find no changes."""
    workshop.repository.run("update-ref", "refs/remotes/origin/main", "start")
    workshop.edit("Store Performance", ("description:", "description: new #"))
    workshop.commit()
    assert workshop.repository.resolve("origin/main") == workshop.repository.resolve("start")
    workshop.repository.run("tag", "origin/main")
    for revision in ("origin/main", "origin/main~1", "origin/main^{commit}"):
        with pytest.raises(GitError, match=r"TD704.*is a tag and a branch"):
            workshop.repository.resolve(revision)
    assert workshop.repository.resolve("refs/remotes/origin/main") == workshop.repository.resolve("start")


def test_s18_a_remote_s_branch_is_not_taken_for_another(workshop: Workshop, tmp_path: Path) -> None:
    """git lists every ref that ends in what it is asked for, those first that were named for it."""
    bare = create_repository(tmp_path / "remote").root
    workshop.repository.run("remote", "add", "origin", str(bare))
    mine, theirs = workshop.repository.head().commit, workshop.repository.run("commit-tree", "HEAD^{tree}", "-m", "x")
    refs = {"refs/heads/refs/heads/state": theirs, "refs/heads/state": mine, "refs/tags/state": theirs}
    workshop.repository.run("push", "origin", *(f"{commit.strip()}:{ref}" for ref, commit in refs.items()))
    assert workshop.repository.remote_tip("origin", "refs/heads/state") == mine
    assert workshop.repository.remote_tip("origin", "refs/heads/none") == ""


@pytest.mark.parametrize("system", SYSTEMS)
def test_s18_pipelines_name_branches_in_full(system: str) -> None:
    """``git pull origin main`` takes a tag ``main``, and what is behind it would be pushed to the branch."""
    text = pipeline_text(system, Pipeline("prod", "main", ("SECRET",)))
    moved = re.findall(r"git (?:pull|fetch|push)[^\n]* origin ([^\n]*?)(?= #| \|\||\n)", text)
    moved += re.findall(r'\.git" ("[^\n]*")', text)
    assert len(moved) >= 4
    assert all(re.match(r'"\+?(HEAD:)?refs/heads/', one) for one in moved), moved

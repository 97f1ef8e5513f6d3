"""git shows TML in words: real ``git diff``, ``git log -p`` and ``git show`` in a real repository."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import put_on_path
from tests.conftest import Cli
from tests.golden_files import assert_golden
from tsdeploy.bundled import bundled
from tsdeploy.git import Repository, create_repository
from tsdeploy.git_drivers import Installed, install_git_drivers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the command is a shell script here")

MODEL = "Retail Sales.tml"
MAPS = "**/environments/*/objects.json merge=tsdeploy-objects"
TML, TSL = "*.tml merge=tsdeploy-tml", "*.tsl merge=tsdeploy-tml"
MERGED = f"{MAPS}\n{TML}\n{TSL}"


@dataclass
class Checkout:
    """A repository with one model, committed, and a ``tsdeploy`` that git can call."""

    root: Path
    repository: Repository
    command: str

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=True)
        return done.stdout.decode("utf-8")

    def change(self, old: str, new: str, name: str = MODEL) -> None:
        path = self.root / name
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode(), 1))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    put_on_path(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("GIT_PAGER", "cat")
    root = tmp_path / "repo"
    root.mkdir()
    (model,) = (bundled("samples") / "retail/model").glob("Retail*")
    shutil.copy(model, root / MODEL)
    repository = create_repository(root)
    repository.commit([root], "start")
    return Checkout(root, repository, "tsdeploy")


def test_git_diff_speaks_in_sentences(checkout: Checkout) -> None:
    install_git_drivers(checkout.repository)
    checkout.change("type: LEFT_OUTER", "type: INNER")
    checkout.change("id: eb6bd2fb", "id: eb6bd2fc")
    assert checkout.git("diff") == (
        "Retail Sales.tml\n"
        "  ~ model:Retail Sales\n"
        "      join CUSTOMERS → HOME_STORES: type LEFT_OUTER → INNER\n"
        "      parameter Sales Basis: id  (noise)\n"
        "        - eb6bd2fb-ebd4-40f7-aee9-2826bb9c0e73\n"
        "        + eb6bd2fc-ebd4-40f7-aee9-2826bb9c0e73\n"
    )


def test_git_log_shows_fields(checkout: Checkout, request: pytest.FixtureRequest) -> None:
    install_git_drivers(checkout.repository)
    checkout.change("type: LEFT_OUTER", "type: INNER")
    sku = "  - name: SKU\n    column_id: PRODUCTS::SKU\n    properties:\n      column_type: ATTRIBUTE\n"
    checkout.change(sku, "")
    checkout.change("  - name: Brand\n", sku + "  - name: Brand\n")
    checkout.change("Amounts are in US dollars", "Amounts are in euros")
    checkout.repository.commit([checkout.root], "change")
    shown = checkout.git("log", "-p", "-1", "--format=%s", "--", MODEL)
    hunks = "".join(line for line in shown.splitlines(keepends=True) if not line.startswith("index "))
    assert_golden(request, "diff/git-log.txt", hunks)


def test_git_show_and_git_diff_of_a_new_and_a_lost_file(checkout: Checkout) -> None:
    install_git_drivers(checkout.repository)
    (checkout.root / "new.tml").write_text("answer:\n  name: New\n", encoding="utf-8")
    (checkout.root / MODEL).unlink()
    checkout.git("add", "--all")
    assert checkout.git("diff", "--cached", "--", "*.tml") == (
        "Retail Sales.tml\n  - model:Retail Sales\nnew.tml\n  + answer:New\n"
    )
    checkout.repository.commit([checkout.root], "other")
    assert "+answer.name: New\n" in checkout.git("show", "--", "new.tml")


def test_a_renamed_file_is_compared_with_itself(checkout: Checkout) -> None:
    install_git_drivers(checkout.repository)
    checkout.git("mv", MODEL, "b.tml")
    checkout.change("type: LEFT_OUTER", "type: INNER", "b.tml")
    checkout.git("add", "--all")
    shown = checkout.git("diff", "--cached", "-M", "--", "*.tml")
    assert shown.startswith(f"{MODEL} → b.tml\n")
    assert "join CUSTOMERS → HOME_STORES: type LEFT_OUTER → INNER" in shown


def test_what_is_no_tml_is_shown_line_by_line(checkout: Checkout) -> None:
    install_git_drivers(checkout.repository)
    (checkout.root / MODEL).write_bytes(b"model: [\n\x1b[31m\xff\n")
    shown = checkout.git("diff")
    assert "cannot be read as TML" in shown
    assert "+model: [\n" in shown
    assert "\x1b" not in shown
    assert "\x1b" not in checkout.git("diff", "--no-ext-diff", "--no-color")


def test_a_path_in_conflict_is_named(checkout: Checkout) -> None:
    install_git_drivers(checkout.repository)
    checkout.git("checkout", "-q", "-b", "side")
    for branch, kind in (("side", "INNER"), ("main", "OUTER")):
        checkout.git("checkout", "-q", branch)
        checkout.change("type: LEFT_OUTER", f"type: {kind}")
        checkout.git("commit", "-qam", branch)
    subprocess.run(["git", "merge", "side"], cwd=checkout.root, capture_output=True, check=False)
    assert f"* {MODEL} is in conflict\n" in checkout.git("diff", "--cached")
    combined = checkout.git("diff", "--cc").splitlines()
    assert [line for line in combined if line[:2].strip() and line[2:].startswith(("model", "guid"))] == [
        " +model.model_tables[CUSTOMERS].joins[HOME_STORES].type: OUTER",
        "+ model.model_tables[CUSTOMERS].joins[HOME_STORES].type: INNER",
    ]
    assert "++>>>>>>> theirs" in combined


def test_installing_again_changes_nothing(checkout: Checkout) -> None:
    first = install_git_drivers(checkout.repository)
    config = (checkout.root / ".git/config").read_bytes()
    assert first == Installed(
        (
            "diff.tml.command",
            "diff.tml.textconv",
            "merge.tsdeploy-objects.name",
            "merge.tsdeploy-objects.driver",
            "merge.tsdeploy-tml.name",
            "merge.tsdeploy-tml.driver",
        ),
        ("*.tml diff=tml", "*.tsl diff=tml", MAPS, TML, TSL),
    )
    assert install_git_drivers(checkout.repository) == Installed((), ())
    assert (checkout.root / ".git/config").read_bytes() == config


def test_another_command_replaces_the_old_one(checkout: Checkout) -> None:
    install_git_drivers(checkout.repository)
    changed = install_git_drivers(checkout.repository, "/opt/other/tsdeploy")
    drivers = ("merge.tsdeploy-objects.driver", "merge.tsdeploy-tml.driver")
    assert changed.settings == ("diff.tml.command", "diff.tml.textconv", *drivers)
    assert checkout.git("config", "diff.tml.textconv") == "/opt/other/tsdeploy diff --textconv\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"*.tml -text", f"*.tml -text\n*.tml diff=tml\n*.tsl diff=tml\n{MERGED}\n".encode()),
        (
            b"# mine\r\n*.tml  diff=tml\r\n",
            f"# mine\r\n*.tml  diff=tml\r\n*.tsl diff=tml\r\n{MERGED}\n".replace("\r\n", "\n")
            .replace("\n", "\r\n")
            .encode(),
        ),
    ],
)
def test_attributes_that_are_there_stay(checkout: Checkout, before: bytes, after: bytes) -> None:
    (checkout.root / ".gitattributes").write_bytes(before)
    install_git_drivers(checkout.repository)
    assert (checkout.root / ".gitattributes").read_bytes() == after


def test_without_tsdeploy_on_the_path_this_python_is_called(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = shutil.which("git")
    assert git is not None
    monkeypatch.setenv("PATH", str(Path(git).parent))
    if shutil.which("tsdeploy"):
        pytest.skip("tsdeploy lies beside git")
    install_git_drivers(checkout.repository)
    called = shlex.split(checkout.git("config", "diff.tml.command"))
    assert called == [Path(sys.executable).as_posix(), "-I", "-m", "tsdeploy", "diff", "--external"]


def test_called_by_hand_it_says_so(cli: Cli) -> None:
    outcome = cli("diff", "--external", "a", "b")
    assert outcome.code == 2
    assert "error[TD022]" in outcome.err


def test_init_sets_the_drivers_up_once(checkout: Checkout, cli: Cli) -> None:
    outcome = cli("--project", str(checkout.root), "init", "--git-drivers")
    assert outcome.code == 0
    assert "+ git config diff.tml.command\n" in outcome.out
    assert outcome.out.endswith("git shows TML in objects now.\n")
    assert cli("--project", str(checkout.root), "init", "--git-drivers").out == "Nothing to do.\n"


def test_init_with_nothing_to_set_up_is_a_usage_error(cli: Cli) -> None:
    outcome = cli("init")
    assert outcome.code == 2
    assert "error[TD024]: nothing was asked to be set up\n  hint: tsdeploy init -e dev=" in outcome.err

"""``git merge`` of object maps on real branches: additions stay, contradictions are marked, junk is git's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import put_on_path
from tsdeploy.config.objects import ObjectMap, ObjectRecord, load_objects, save_objects
from tsdeploy.git import Repository, create_repository
from tsdeploy.git_drivers import install_git_drivers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the command is a shell script here")

SALES = ObjectRecord("model", "Sales", "g1", source="s1")
COSTS = ObjectRecord("model", "Costs", "g2", source="s2")
RETURNS = ObjectRecord("model", "Returns", "g3", source="s3")


@dataclass
class Clone:
    """A repository whose prod has one recorded object, with the drivers set up."""

    root: Path
    repository: Repository
    path: str = "environments/prod/objects.json"

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=False, text=True)

    def record(self, *records: ObjectRecord) -> None:
        save_objects(self.root / self.path, ObjectMap().with_records(records))

    def branch(self, name: str, change: Callable[[], object]) -> None:
        """Commit a change on a branch that begins at the start."""
        self.git("checkout", "-q", "-B", name, "start")
        change()
        self.git("add", "--all")
        self.git("commit", "-q", "--message", name)

    def merge(self) -> subprocess.CompletedProcess[str]:
        """Merge theirs into ours."""
        self.git("checkout", "-q", "ours")
        return self.git("merge", "--no-edit", "theirs")

    def text(self) -> str:
        return (self.root / self.path).read_text("utf-8")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    put_on_path(tmp_path / "bin", monkeypatch)
    root = tmp_path / "repo"
    root.mkdir()
    made = Clone(root, create_repository(root))
    install_git_drivers(made.repository, "tsdeploy")
    made.record(SALES)
    made.repository.commit([root], "start")
    made.git("tag", "start")
    return made


def test_both_sides_additions_stay_though_their_lines_touch(clone: Clone) -> None:
    clone.branch("ours", lambda: clone.record(SALES, COSTS))
    clone.branch("theirs", lambda: clone.record(SALES, RETURNS))
    outcome = clone.merge()
    assert outcome.returncode == 0, outcome.stderr
    assert load_objects(clone.root / clone.path, clone.path).records == (COSTS, RETURNS, SALES)


def test_the_same_object_with_another_guid_is_a_conflict(clone: Clone) -> None:
    clone.branch("ours", lambda: clone.record(SALES, ObjectRecord("model", "Costs", "g8", source="s2")))
    clone.branch("theirs", lambda: clone.record(SALES, COSTS, RETURNS))
    outcome = clone.merge()
    assert outcome.returncode == 1
    assert "error[TD312]: both sides changed model:Costs: g8 here, g2 there" in outcome.stdout + outcome.stderr
    assert clone.text() == (
        '{\n"version": 1,\n"objects": [\n'
        "<<<<<<< ours\n"
        '{"kind": "model", "name": "Costs", "guid": "g8", "source": "s2"},\n'
        "=======\n"
        '{"kind": "model", "name": "Costs", "guid": "g2", "source": "s2"},\n'
        ">>>>>>> theirs\n"
        '{"kind": "model", "name": "Returns", "guid": "g3", "source": "s3"},\n'
        '{"kind": "model", "name": "Sales", "guid": "g1", "source": "s1"}\n'
        "]\n}\n"
    )
    assert clone.git("diff", "--name-only", "--diff-filter=U").stdout == f"{clone.path}\n"


def test_a_map_that_both_sides_begin_is_merged_too(clone: Clone) -> None:
    clone.path = "environments/test/objects.json"
    clone.branch("ours", lambda: clone.record(COSTS))
    clone.branch("theirs", lambda: clone.record(RETURNS))
    assert clone.merge().returncode == 0
    assert load_objects(clone.root / clone.path, clone.path).records == (COSTS, RETURNS)


@pytest.mark.parametrize("name", ["$(touch pwned)", "-x; touch pwned", "a'b\"c `touch pwned`", "--exec=touch pwned"])
def test_names_of_folders_run_nothing(clone: Clone, name: str) -> None:
    clone.path = f"{name}/environments/{name}/objects.json"
    clone.branch("ours", lambda: clone.record(COSTS))
    clone.branch("theirs", lambda: clone.record(ObjectRecord("model", "Costs", "g8", source="s2")))
    assert clone.merge().returncode == 1
    assert "<<<<<<< ours" in clone.text()
    assert list(clone.root.rglob("pwned")) == []


def test_names_of_objects_are_data(clone: Clone) -> None:
    hostile = ObjectRecord("model", "\n>>>>>>> theirs\n\x1b[31m", "g9", source="s9")
    clone.branch("ours", lambda: clone.record(SALES, hostile))
    clone.branch("theirs", lambda: clone.record(SALES, ObjectRecord("model", hostile.name, "g7", source="s9")))
    outcome = clone.merge()
    assert outcome.returncode == 1
    assert "\x1b" not in outcome.stdout + outcome.stderr
    assert [line for line in clone.text().splitlines() if line.startswith(">>>>>>>")] == [">>>>>>> theirs"]


def test_what_is_no_map_is_merged_line_by_line(clone: Clone) -> None:
    clone.branch("ours", lambda: (clone.root / clone.path).write_text("not: [a map\n", "utf-8"))
    clone.branch("theirs", lambda: clone.record(SALES, COSTS))
    assert clone.merge().returncode == 1
    assert "not: [a map" in clone.text()
    assert "<<<<<<< ours" in clone.text()

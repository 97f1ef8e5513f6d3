"""``git merge`` and ``git rebase`` of TML on real branches: by column and tile, contradictions marked and named."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tsdeploy.bundled import bundled
from tsdeploy.git import create_repository
from tsdeploy.git_drivers import install_git_drivers
from tsdeploy.tml.columns.offered import columns_of
from tsdeploy.tml.document import parse_document

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the command is a shell script here")

NEW = "  - name: {name}\n    column_id: STORES::{name}\n    properties:\n      column_type: ATTRIBUTE\n"
FIRST = "  - name: Sale Date\n"


@dataclass(frozen=True)
class Clone:
    """A repository with one Model, and the drivers."""

    root: Path
    path: str = "Retail Sales.model.tml"

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=False, text=True)

    @property
    def text(self) -> str:
        return (self.root / self.path).read_bytes().decode("utf-8")

    def branch(self, name: str, *changes: tuple[str, str]) -> None:
        """Commit a change on a branch that begins at the start."""
        self.git("checkout", "-q", "-B", name, "start")
        text = self.text
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (self.root / self.path).write_bytes(text.encode("utf-8"))
        self.git("commit", "-qam", name)

    def merge(self) -> subprocess.CompletedProcess[str]:
        """Merge theirs into ours."""
        self.git("checkout", "-q", "ours")
        return self.git("merge", "--no-edit", "theirs")


@pytest.fixture
def clone(tmp_path: Path, tsdeploy_on_path: Path) -> Clone:
    root = tmp_path / "repo"
    root.mkdir()
    made = Clone(root)
    (model,) = (bundled("samples") / "retail/model").glob("Retail*")
    (root / made.path).write_bytes(model.read_bytes())
    repository = create_repository(root)
    install_git_drivers(repository, "tsdeploy")
    repository.commit([root], "start")
    made.git("tag", "start")
    return made


def test_columns_added_in_one_place_both_stay(clone: Clone) -> None:
    clone.branch("ours", (FIRST, NEW.format(name="CITY") + FIRST))
    clone.branch("theirs", (FIRST, NEW.format(name="STATE") + FIRST))
    outcome = clone.merge()
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    columns = columns_of(parse_document(clone.text, clone.path))
    assert {"CITY", "STATE", "Sale Date"} <= set(columns)


def test_the_same_field_changed_in_two_ways_is_a_conflict_with_a_name(clone: Clone) -> None:
    clone.branch("ours", ("aggregation: SUM", "aggregation: AVERAGE"))
    clone.branch("theirs", ("aggregation: SUM", "aggregation: MAX"), (FIRST, NEW.format(name="STATE") + FIRST))
    outcome = clone.merge()
    place = "model.formulas[Selected Sales].properties.aggregation"
    assert outcome.returncode == 1
    assert f"error[TD724]: both sides changed {place}" in outcome.stdout + outcome.stderr
    assert f"<<<<<<< ours: {place}\n      aggregation: AVERAGE\n=======\n      aggregation: MAX\n" in clone.text
    assert NEW.format(name="STATE") in clone.text
    assert clone.git("diff", "--name-only", "--diff-filter=U").stdout == f"{clone.path}\n"


def test_a_rebase_merges_the_same_way(clone: Clone) -> None:
    clone.branch("ours", (FIRST, NEW.format(name="CITY") + FIRST))
    clone.branch("theirs", (FIRST, NEW.format(name="STATE") + FIRST))
    clone.git("checkout", "-q", "theirs")
    assert clone.git("rebase", "ours").returncode == 0
    assert {"CITY", "STATE"} <= set(columns_of(parse_document(clone.text, clone.path)))


def test_what_is_no_tml_is_merged_line_by_line(clone: Clone) -> None:
    clone.branch("ours", ("model:\n", "model: [\n"))
    clone.branch("theirs", ("model:\n", "model: {\n"))
    assert clone.merge().returncode == 1
    assert "<<<<<<< ours\nmodel: [\n" in clone.text


def test_without_the_driver_git_does_as_ever(clone: Clone) -> None:
    clone.git("config", "--remove-section", "merge.tsdeploy-tml")
    clone.branch("ours", (FIRST, NEW.format(name="CITY") + FIRST))
    clone.branch("theirs", (FIRST, NEW.format(name="STATE") + FIRST))
    assert clone.merge().returncode == 1
    assert "<<<<<<< HEAD" in clone.text

"""A plan of a part of the release: by selectors, and by what changed since a commit."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate
from tests.plan.editing import describe_in_file
from tsdeploy.cli.main import run


def labels(out: str) -> list[str]:
    """The objects that a plan lists."""
    return [line[2:] for line in out.splitlines() if line[:2] in ("+ ", "~ ", "! ")]


@pytest.fixture
def exported(retail: Estate, cli: Cli) -> Estate:
    """Dev's objects are in git."""
    cli("export", "dev", "--commit")
    return retail


def test_closure_is_deployed_alone(exported: Estate, cli: Cli) -> None:
    outcome = cli("deploy", "prod", "--yes", "--select", "+model:Retail Sales")
    assert outcome.code == 0, outcome.err
    there = {item.name for item in exported.clusters["prod"].objects.in_org(0)}
    assert "Retail Sales" in there
    assert "Store Performance" not in there


def test_object_without_what_it_is_built_on_is_blocked(exported: Estate, cli: Cli) -> None:
    outcome = cli("plan", "prod", "--select", "model:Retail Sales")
    assert outcome.code == 1
    assert labels(outcome.out) == ["model:Retail Sales"]
    assert "error[TD512]: model:Retail Sales is built on table:" in outcome.err
    assert "hint: select it, too:  --select '+model:Retail Sales'" in outcome.err


def test_object_whose_parts_are_there_needs_no_closure(exported: Estate, cli: Cli) -> None:
    cli("deploy", "prod", "--yes", "--select", "+model:Retail Sales")
    outcome = cli("deploy", "prod", "--yes", "--select", "view:*", "--select", "answer:Sales by Outdoor*")
    assert outcome.code == 1  # the answer needs a set
    assert cli("deploy", "prod", "--yes", "--select", "view:*").code == 0


def test_selector_that_names_nothing_is_an_error(exported: Estate, cli: Cli) -> None:
    outcome = cli("plan", "prod", "--select", "model:Retial Sales")
    assert outcome.code == 2
    assert "error[TD011]" in outcome.err


def test_since_plans_what_changed(exported: Estate, cli: Cli) -> None:
    cli("deploy", "prod", "--yes")
    before = exported.commit("record") or exported.repository.head().commit
    describe_in_file(exported, "Store Performance", "new")
    describe_in_file(exported, "Inventory Health", "new")
    out = cli("plan", "prod", "--since", before).out
    assert labels(out) == ["liveboard:Inventory Health", "liveboard:Store Performance"]
    assert out.splitlines()[-1] == "Plan: 0 to create, 2 to update, 0 to delete, 0 unchanged."
    assert labels(cli("plan", "prod", "--since", "HEAD~1").out) == ["liveboard:Inventory Health"]
    narrowed = cli("plan", "prod", "--since", before, "--select", "liveboard:Store*").out
    assert labels(narrowed) == ["liveboard:Store Performance"]


def test_moved_file_is_no_change(exported: Estate, cli: Cli) -> None:
    before = exported.repository.head().commit
    (file,) = exported.project.tml.rglob("Store Performance.*")
    file.rename(file.with_name("moved.tml"))
    exported.commit("move")
    assert labels(cli("plan", "prod", "--since", before).out) == []


def test_changed_mapping_leaves_nothing_out(exported: Estate, cli: Cli) -> None:
    mapping = exported.project.root / "environments/prod/mapping.yaml"
    exported.write("environments/shared/rules.yaml", "version: 1\n")
    exported.write("environments/prod/mapping.yaml", mapping.read_text("utf-8") + "include: [../shared/rules.yaml]\n")
    for name in ("prod/mapping.yaml", "shared/rules.yaml", "dev/environment.yaml"):
        before = exported.commit("before") or exported.repository.head().commit
        path = exported.project.root / "environments" / name
        path.write_text(path.read_text("utf-8") + "\n# a remark\n", "utf-8")
        outcome = cli("plan", "prod", "--since", before)
        assert f"environments/{name} changed since" in outcome.err
        assert len(labels(outcome.out)) == 26


def test_unknown_commit_is_an_error(exported: Estate, cli: Cli) -> None:
    assert "error[TD704]: there is no commit v9" in cli("plan", "prod", "--since", "v9").err
    assert cli("plan", "prod", "--since=--output=/tmp/x").code == 2


def test_shallow_clone_says_what_to_fetch(exported: Estate, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first = exported.repository.head().commit
    describe_in_file(exported, "Store Performance", "new")
    clone = tmp_path / "clone"
    source = exported.project.root.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth", "1", source, str(clone)], check=True, timeout=60)
    assert run(["--project", str(clone), "plan", "prod", "--since", first]) == 2
    said = capfd.readouterr().err
    assert "error[TD706]" in said
    assert "fetch-depth: 0" in said


def test_object_that_left_git_is_listed_and_stays(exported: Estate, cli: Cli) -> None:
    cli("deploy", "prod", "--yes")
    (file,) = exported.project.tml.rglob("Store Performance.*")
    file.unlink()
    exported.commit("remove")
    out = cli("plan", "prod").out
    assert "- liveboard:Store Performance\n    no longer in git; delete it with  tsdeploy prune prod\n" in out
    assert "0 to delete" in out
    assert cli("deploy", "prod", "--yes").code == 0
    assert "Store Performance" in {item.name for item in exported.clusters["prod"].objects.in_org(0)}

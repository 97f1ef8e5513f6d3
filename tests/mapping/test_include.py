"""Included files: what they bring, what replaces it, and what cannot be included."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mapping.files import SHOWN, faults, load, shared


def test_rules_of_included_files_are_there_with_their_own_places(tmp_path: Path) -> None:
    shared(tmp_path, "warehouse.yaml", "connections: {Dev: Prod}\ntables:\n- {from: A.B, to: C.D}\n")
    made = load(tmp_path, "include: [../shared/warehouse.yaml]\nobjects: {a: b}\n")
    assert str(made.connections.covering("Dev")[0].location) == "environments/shared/warehouse.yaml:2:15"
    assert (len(made.tables), len(made.objects), made.file) == (1, 1, SHOWN)


def test_a_rule_of_the_including_file_replaces_an_included_one(tmp_path: Path) -> None:
    shared(tmp_path, "a.yaml", "connections: {Dev: Shared, Other: Other}\ntables:\n- {from: A.B, to: C.D}\n")
    made = load(tmp_path, "include: [../shared/a.yaml]\nconnections: {Dev: Own}\ntables:\n- {from: A.B, to: E.F}\n")
    assert {rule.source: rule.target for rule in made.connections} == {"Other": "Other", "Dev": "Own"}
    assert [str(rule.target) for rule in made.tables] == ["E.F"]


def test_of_two_included_files_the_later_one_counts(tmp_path: Path) -> None:
    shared(tmp_path, "a.yaml", "groups: {g: a}\n")
    shared(tmp_path, "b.yaml", "groups: {g: b}\n")
    made = load(tmp_path, "include: [../shared/a.yaml, ../shared/b.yaml]\n")
    assert [rule.target for rule in made.groups] == ["b"]


def test_a_file_that_is_included_twice_is_read_once(tmp_path: Path) -> None:
    shared(tmp_path, "base.yaml", "groups: {g: x}\n")
    shared(tmp_path, "a.yaml", "include: [base.yaml]\n")
    shared(tmp_path, "b.yaml", "include: [base.yaml]\n")
    made = load(tmp_path, "include: [../shared/a.yaml, ../shared/b.yaml]\n")
    assert [rule.target for rule in made.groups] == ["x"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../../../outside.yaml", "outside of the project"),
        ("/etc/passwd", "outside of the project"),
        ("../shared/none.yaml", "there is no file"),
        ("../shared", "there is no file"),
        ("mapping.yaml", "would include itself"),
    ],
)
def test_what_cannot_be_included_is_named_where_it_stands(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "outside.yaml").write_text("version: 1\n", "utf-8")
    project = tmp_path / "project"
    shared(project, "x.yaml", "")
    (finding,) = faults(project, f"include: [{name}]\n")
    assert (finding.code, message in finding.message) == ("TD330", True)
    assert str(finding.location) == f"{SHOWN}:2:11"


def test_a_link_out_of_the_project_is_followed_to_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("version: 1\n", "utf-8")
    project = tmp_path / "project"
    shared(project, "x.yaml", "")
    (project / "environments" / "shared" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (finding,) = faults(project, "include: [../shared/link.yaml]\n")
    assert "outside of the project" in finding.message


def test_a_cycle_over_several_files_is_found(tmp_path: Path) -> None:
    shared(tmp_path, "a.yaml", "include: [b.yaml]\n")
    shared(tmp_path, "b.yaml", "include: [a.yaml]\n")
    (finding,) = faults(tmp_path, "include: [../shared/a.yaml]\n")
    assert (finding.code, str(finding.location)) == ("TD330", "environments/shared/b.yaml:2:11")


def test_faults_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    shared(tmp_path, "a.yaml", "conections: {}\n")
    shared(tmp_path, "b.yaml", "identity: keep\n")
    found = faults(tmp_path, "include: [../shared/a.yaml, ../shared/b.yaml, x.yaml]\nobjects: {a: x, b: x}\n")
    assert sorted(finding.code for finding in found) == ["TD303", "TD309", "TD330", "TD330"]

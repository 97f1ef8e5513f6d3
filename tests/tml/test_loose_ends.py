"""References that lead nowhere or to several objects are found, each with its place in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tml.real_files import CORPUS, RETAIL, RETAIL_OBJ_ID, documents_below
from tests.tml.tml_texts import answer, document, documents, guid, liveboard, model, table
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import index
from tsdeploy.tml.loose_ends import ambiguous, dangling


def loose(made: list[Document]) -> list[Finding]:
    return list(dangling(index(made), made))


def unclear(made: list[Document]) -> list[Finding]:
    return list(ambiguous(index(made), made))


def test_a_reference_to_nothing_says_where_it_stands() -> None:
    (finding,) = loose([document(answer("A", 4, "M", 3), "tml/a.tml")])
    assert finding == Finding(
        "TD120",
        f"answer:A refers to M ({guid(3)}), which is not here",
        Location("tml/a.tml", 6, 5),
        at="answer.tables[0]",
        hint=f"export M ({guid(3)}) too, or bind it in the mapping of each environment",
        severity=Severity.WARNING,
    )


def test_a_name_of_nothing_is_dangling() -> None:
    assert [finding.message for finding in loose(documents([model("M", 3, ("T", ""))]))] == [
        "model:M refers to T, which is not here"
    ]


def test_a_name_behind_a_dead_guid_is_found() -> None:
    assert loose(documents([model("M", 3, ("T", 99)), table("T", 1)])) == []


def test_connections_are_missed_only_where_some_are_there() -> None:
    connection = "guid: 5\nconnection:\n  name: Prod\n"
    assert loose(documents([table("T", 1)])) == []
    assert [finding.at for finding in loose(documents([table("T", 1), connection]))] == ["table.connection"]


def test_a_hyperlink_to_nothing_is_only_a_note() -> None:
    made = documents([liveboard("L", 4, "M", 3, note=f"https://x/#/pinboard/{guid(8)}/tab/{guid(9)}"), model("M", 3)])
    assert [(finding.severity, finding.at) for finding in loose(made)] == [
        (Severity.INFO, "liveboard.visualizations[1].note_tile.html_parsed_string")
    ]


def test_what_belongs_to_an_environment_is_not_missed() -> None:
    action = f"  action_object_associations:\n  - action_id: {guid(8)}\n"
    assert loose(documents([model("M", 3) + action])) == []


def test_a_name_of_two_objects_is_ambiguous() -> None:
    made = [
        document(model("M", 3, ("T", "")), "m.tml"),
        document(table("T", 1), "a.tml"),
        document(table("T", 2), "b.tml"),
    ]
    assert unclear(made) == [
        Finding(
            "TD121",
            "model:M refers to T, and 2 objects are called so: a.tml, b.tml",
            Location("m.tml", 5, 5),
            at="model.model_tables[0]",
            hint="say which one: give the reference its GUID as fqn:, or its obj_id:",
            severity=Severity.WARNING,
        )
    ]


def test_many_candidates_are_counted() -> None:
    (finding,) = unclear(documents([model("M", 9, ("T", "")), *(table("T", number) for number in range(1, 7))]))
    assert finding.message.endswith("6 objects are called so: 1.tml, 2.tml, 3.tml, 4.tml and 2 more")


def test_a_guid_is_never_ambiguous() -> None:
    assert unclear(documents([model("M", 3, ("T", 1)), table("T", 1), table("T", 2)])) == []


def test_a_model_called_like_its_table_is_not_ambiguous() -> None:
    assert unclear(documents([model("T", 3, ("T", "")), table("T", 1)])) == []


PACKAGES = [RETAIL, RETAIL_OBJ_ID, *(folder for folder in sorted(CORPUS.glob("*")) if folder.is_dir())]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda folder: folder.name)
def test_real_packages_have_no_loose_ends(package: Path) -> None:
    made = documents_below(package)
    assert [*loose(made), *unclear(made)] == []

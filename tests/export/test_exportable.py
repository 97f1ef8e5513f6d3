"""What a search lists and no export gives is told of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.export.test_export import guid
from tests.rest.server import Canned, Server
from tsdeploy.config.auth import TokenAuth
from tsdeploy.config.environment import ExportSettings
from tsdeploy.config.secrets import Secret
from tsdeploy.errors import Severity
from tsdeploy.export.collect import Collector
from tsdeploy.export.selection import select
from tsdeploy.rest import ObjectHeader, Session

COLLECTION = ObjectHeader(guid(1), "Board", "COLLECTION")
MEMBER = f"guid: {guid(1)}\ncollection:\n  name: Board\n  content:\n  - id: {guid(2)}\n"


def listed(number: int, type_: str, **header: object) -> dict[str, object]:
    """An object as a search lists it."""
    named = {"metadata_id": guid(number), "metadata_name": f"Object {number}", "metadata_type": type_}
    return {**named, "metadata_header": header}


@pytest.fixture
def server() -> Iterator[Server]:
    """A scripted server."""
    with Server() as running:
        yield running


@pytest.fixture
def session(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session with it."""
    monkeypatch.setenv("TD_TEST_TOKEN", "t")
    with Session(server.url, TokenAuth(Secret("TD_TEST_TOKEN"))) as opened:
        yield opened


@pytest.mark.parametrize("type_", ["INSIGHT_SPEC", "TAG", "LOGICAL_COLUMN", "LOGICAL_RELATIONSHIP"])
def test_an_object_without_tml_that_was_asked_for_is_an_error(type_: str, session: Session, server: Server) -> None:
    server.answer(Canned([listed(1, type_), listed(2, "LIVEBOARD")]))
    selected = select(session, ExportSettings(guids=(guid(1), guid(2))))
    assert [header.id for header in selected.headers] == [guid(2)]
    (finding,) = selected.findings
    assert (finding.code, finding.severity, type_ in finding.message) == ("TD526", Severity.ERROR, True)


def test_a_table_of_an_unknown_subtype_is_exported_or_told_of(session: Session, server: Server) -> None:
    table = listed(1, "LOGICAL_TABLE", type="INPUT")
    server.answer(Canned([table]), Canned([table]))
    everything = select(session, ExportSettings())
    assert ([header.id for header in everything.headers], everything.findings) == ([guid(1)], ())
    narrowed = select(session, ExportSettings(kinds=("table", "view")))
    assert [(one.code, one.severity) for one in narrowed.findings] == [("TD529", Severity.WARNING)]
    assert "of type LOGICAL_TABLE INPUT" in narrowed.findings[0].message


def test_an_object_without_tml_in_a_collection_is_a_warning(session: Session, server: Server) -> None:
    info = {"id": guid(1), "name": "Board", "type": "collection", "status": {"status_code": "OK"}}
    server.answer(Canned([{"info": info, "edoc": MEMBER}]), Canned([listed(2, "INSIGHT_SPEC")]))
    collector = Collector(session)
    assert [item.document.label for item in collector.collect([COLLECTION])] == ["collection:Board"]
    assert [(one.code, one.severity) for one in collector.left_out.values()] == [("TD526", Severity.WARNING)]
    assert not collector.refused


def test_a_column_that_an_object_names_comes_with_its_table(session: Session, server: Server) -> None:
    info = {"id": guid(1), "name": "Board", "type": "collection", "status": {"status_code": "OK"}}
    server.answer(Canned([{"info": info, "edoc": MEMBER}]), Canned([listed(2, "LOGICAL_COLUMN")]))
    collector = Collector(session)
    assert len(list(collector.collect([COLLECTION]))) == 1
    assert not collector.left_out


def test_sets_among_columns_are_objects(session: Session, server: Server) -> None:
    server.answer(
        Canned([listed(1, "LOGICAL_COLUMN", type="COHORT_SIMPLE"), listed(2, "LOGICAL_COLUMN", type="CALENDAR")])
    )
    selected = select(session, ExportSettings(kinds=("cohort",)))
    assert ([header.id for header in selected.headers], selected.findings) == ([guid(1)], ())

"""Fetching TML."""

from __future__ import annotations

import pytest

from tests.rest.server import Canned, Server
from tsdeploy.rest import (
    AnswerError,
    ApiError,
    ExportedObject,
    ExportOptions,
    ObjectRef,
    Session,
    Status,
    export_feedback,
    export_tml,
)

OK = {
    "info": {
        "name": "Total sales",
        "filename": "Total sales.liveboard.tml",
        "status": {"status_code": "OK"},
        "type": "liveboard",
        "id": "bf3b",
    },
    "edoc": "guid: bf3b\nliveboard:\n  name: Total sales\n",
}
EXPORTED = ExportedObject(
    "bf3b",
    "Total sales",
    "liveboard",
    "Total sales.liveboard.tml",
    "guid: bf3b\nliveboard:\n  name: Total sales\n",
    Status.OK,
)
REFUSED = {"info": {"id": "x", "status": {"status_code": "ERROR", "error_message": "Error Code: FORBIDDEN"}}}


def export(session: Session, server: Server, answer: object) -> list[ExportedObject]:
    server.answer(Canned(answer))
    return export_tml(session, [ObjectRef("bf3b")])


@pytest.mark.parametrize("answer", [[OK], {"object": [OK]}])
def test_bare_list_and_envelope(session: Session, server: Server, answer: object) -> None:
    assert export(session, server, answer) == [EXPORTED]


@pytest.mark.parametrize("edoc", [{}, {"edoc": None}, {"edoc": ""}])
def test_refused_object_is_listed_with_its_error(session: Session, server: Server, edoc: dict[str, object]) -> None:
    refused = ExportedObject("x", "", "", "", None, Status.ERROR, "Error Code: FORBIDDEN")
    assert export(session, server, [{**REFUSED, **edoc}, OK]) == [refused, EXPORTED]


def test_error_wins_over_text(session: Session, server: Server) -> None:
    assert export(session, server, [{**REFUSED, "edoc": "guid: x"}])[0].edoc is None


def test_neither_text_nor_reason_is_an_error(session: Session, server: Server) -> None:
    exported = export(session, server, [{"info": {"id": "x", "status": {"status_code": "OK"}}}, {}])
    assert [item.status for item in exported] == [Status.ERROR, Status.ERROR]
    assert exported[0].error_message == "the server sent no TML and no reason"


def test_warning_keeps_text_and_message(session: Session, server: Server) -> None:
    info = {"id": "x", "status": {"status_code": "WARNING", "error_message": "hm"}}
    exported = export(session, server, [{"info": info, "edoc": "guid: x"}])[0]
    assert (exported.status, exported.error_message, exported.edoc) == (Status.WARNING, "hm", "guid: x")


@pytest.mark.parametrize("answer", [{}, {"object": None}, {"object": [1]}, [None], "x", None])
def test_answer_that_is_no_export(session: Session, server: Server, answer: object) -> None:
    with pytest.raises(AnswerError, match="TD410: POST metadata/tml/export"):
        export(session, server, answer)


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        (None, {"export_associated": False, "export_fqn": True}),
        (ExportOptions(associated=True, fqn=False), {"export_associated": True, "export_fqn": False}),
        (
            ExportOptions(obj_ids=True, guids=False, feedback=True),
            {
                "export_associated": False,
                "export_fqn": True,
                "export_options": {
                    "include_obj_id": True,
                    "include_obj_id_ref": True,
                    "include_guid": False,
                    "export_with_associated_feedbacks": True,
                },
            },
        ),
    ],
)
def test_options_as_they_are_sent(
    session: Session, server: Server, options: ExportOptions | None, fields: dict[str, object]
) -> None:
    server.answer(Canned([]))
    export_tml(session, [ObjectRef("a", "LIVEBOARD"), ObjectRef("b")], options)
    metadata = [{"identifier": "a", "type": "LIVEBOARD"}, {"identifier": "b"}]
    assert server.requests()[0].body == {"metadata": metadata, "edoc_format": "YAML", **fields}


def test_export_nothing_asks_nothing(session: Session, server: Server) -> None:
    assert export_tml(session, []) == []
    assert not server.seen


def test_export_is_a_read(session: Session, server: Server) -> None:
    server.answer(Canned(b"", 503), Canned([OK]))
    assert export_tml(session, [ObjectRef("bf3b")]) == [EXPORTED]


def test_feedback(session: Session, server: Server) -> None:
    server.answer(Canned([OK]))
    assert export_feedback(session, ["m1"]) == [EXPORTED]
    assert server.requests()[0].fields["metadata"] == [{"identifier": "m1", "type": "FEEDBACK"}]


def test_model_without_feedback(session: Session, server: Server) -> None:
    server.answer(Canned({"error": {"message": {"code": 10002, "debug": "Invalid parameter"}}}, 400))
    assert export_feedback(session, ["m1"]) == []


def test_feedback_that_may_not_be_seen(session: Session, server: Server) -> None:
    server.answer(Canned({"error": {"message": {"code": 10023, "debug": "no"}}}, 403))
    with pytest.raises(ApiError, match="TD404"):
        export_feedback(session, ["m1"])

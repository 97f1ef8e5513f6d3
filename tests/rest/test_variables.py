"""Template variables and obj_ids: the bodies that are sent, and answers that make no sense."""

from __future__ import annotations

import pytest

from tests.rest.server import Canned, Server
from tsdeploy.rest import AnswerError, ApiError, Session, UnknownOutcomeError
from tsdeploy.rest.obj_ids import ObjIdUpdate, update_obj_ids
from tsdeploy.rest.variables import Variable, create_variable, parameterize_table, search_variables, set_variable


def sent(server: Server) -> tuple[str, object]:
    """Path and body of the last call."""
    last = server.seen[-1]
    return last.path, last.body


def test_variables_are_asked_for_without_values(session: Session, server: Server) -> None:
    found = {"id": "v1", "name": "db", "variable_type": "TABLE_MAPPING", "sensitive": False, "org": {"name": "Primary"}}
    server.answer(Canned([found, {"id": "v2", "name": "old", "type": "CONNECTION_PROPERTY", "org": None}]))
    assert search_variables(session) == [
        Variable("v1", "db", "TABLE_MAPPING", org="Primary"),
        Variable("v2", "old", "CONNECTION_PROPERTY"),
    ]
    assert sent(server)[1] == {"record_offset": 0, "record_size": -1, "response_content": "METADATA"}


@pytest.mark.parametrize("answer", [[{"id": "v1"}], {}, None, [1]])
def test_variables_that_make_no_sense(session: Session, server: Server, answer: object) -> None:
    server.answer(Canned(answer))
    with pytest.raises(AnswerError, match="TD410"):
        search_variables(session)


def test_a_variable_is_made_once(session: Session, server: Server) -> None:
    server.answer(Canned({"id": "v1", "name": "db"}))
    assert create_variable(session, "db") == "v1"
    assert sent(server)[1] == {"type": "TABLE_MAPPING", "name": "db"}
    server.answer(Canned(b"<html>", 502))
    with pytest.raises(UnknownOutcomeError):
        create_variable(session, "db")


@pytest.mark.parametrize(("org", "named"), [("Sales", {"org_identifier": "Sales"}), ("", {})])
def test_a_value_replaces_the_one_of_the_org(session: Session, server: Server, org: str, named: dict[str, str]) -> None:
    server.answer(Canned(status=204))
    set_variable(session, "a/b", "PROD", org)
    path, body = sent(server)
    assert path.endswith("template/variables/a%2Fb/update-values")
    assert body == {"operation": "REPLACE", "variable_assignment": [{"assigned_values": ["PROD"], **named}]}


def test_a_variable_is_put_into_fields_of_a_table(session: Session, server: Server) -> None:
    server.answer(Canned(status=204))
    parameterize_table(session, "t1", ["databaseName"], "db")
    assert sent(server)[1] == {
        "metadata_type": "LOGICAL_TABLE",
        "metadata_identifier": "t1",
        "field_type": "ATTRIBUTE",
        "field_names": ["databaseName"],
        "variable_identifier": "db",
    }


def test_obj_ids_are_set_all_or_none(session: Session, server: Server) -> None:
    server.answer(Canned(status=204))
    update_obj_ids(session, [ObjIdUpdate("g1", "Sales"), ObjIdUpdate("g2", "Costs")])
    assert sent(server)[1] == {
        "metadata": [
            {"metadata_identifier": "g1", "new_obj_id": "Sales"},
            {"metadata_identifier": "g2", "new_obj_id": "Costs"},
        ]
    }
    refused = {"error": {"message": {"debug": {"code": 14009, "debug": '["DUPLICATE_CUSTOM_OBJECT_ID"]'}}}}
    server.answer(Canned(refused, 500))
    with pytest.raises(ApiError, match="DUPLICATE_CUSTOM_OBJECT_ID"):
        update_obj_ids(session, [ObjIdUpdate("g1", "Sales")])


def test_nothing_to_set_is_no_call(session: Session, server: Server) -> None:
    update_obj_ids(session, [])
    assert server.seen == []

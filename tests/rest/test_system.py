"""The cluster, the user, Orgs and connections."""

from __future__ import annotations

import pytest

from tests.rest.server import Canned, Server
from tsdeploy.rest import (
    AnswerError,
    ApiError,
    Connection,
    Org,
    Session,
    SystemInfo,
    current_user,
    search_connections,
    search_orgs,
    system_info,
)


def test_system_info(session: Session, server: Server) -> None:
    system = {
        "id": "local",
        "name": "n",
        "release_version": "26.8.0.cl-123",
        "type": "SAAS",
        "environment": "DEV",
    }
    server.answer(Canned(system))
    info = system_info(session)
    assert info == SystemInfo("local", "n", "26.8.0.cl-123", "SAAS", "DEV")
    assert info.release == (26, 8, 0)
    assert server.requests()[0].method == "GET"


@pytest.mark.parametrize(
    ("version", "release"),
    [("10.12.0.cl-1", (10, 12, 0)), ("26.2", (26, 2)), ("test", ()), (None, ()), ("9" * 5000, (999999999,))],
)
def test_release_is_read_tolerantly(
    session: Session, server: Server, version: str | None, release: tuple[int, ...]
) -> None:
    server.answer(Canned({"release_version": version}))
    assert system_info(session).release == release


def test_system_info_without_the_privilege(session: Session, server: Server) -> None:
    body = {"error": {"message": {"code": 10023, "debug": "ADMINISTRATION privilege required"}}}
    server.answer(Canned(body, 403))
    with pytest.raises(ApiError, match="TD404: GET system: HTTP 403, code 10023"):
        system_info(session)


def test_current_user_is_asked_again(session: Session, server: Server) -> None:
    assert current_user(session) == session.user
    assert len(server.requests("auth/session/user")) == 2


def test_orgs(session: Session, server: Server) -> None:
    server.answer(Canned([{"id": 0, "name": "Primary", "status": "ACTIVE"}, {"id": "12", "name": None}]))
    assert search_orgs(session) == [Org(0, "Primary", "ACTIVE"), Org(12, "", "")]
    assert server.requests()[0].body == {}


def test_org_by_name(session: Session, server: Server) -> None:
    server.answer(Canned([]))
    assert search_orgs(session, name="Sales") == []
    assert server.requests()[0].body == {"org_identifier": "Sales"}


@pytest.mark.parametrize("answer", [[{}], [{"id": None}], [{"id": 1.5}], {"id": 1}])
def test_org_without_an_id(session: Session, server: Server, answer: object) -> None:
    server.answer(Canned(answer))
    with pytest.raises(AnswerError, match="TD410: POST orgs/search"):
        search_orgs(session)


def test_connections(session: Session, server: Server) -> None:
    connection = {
        "id": "c1",
        "name": "Snowflake PROD",
        "data_warehouse_type": "SNOWFLAKE",
        "description": None,
    }
    server.answer(Canned([connection]), Canned([]))
    assert search_connections(session) == [Connection("c1", "Snowflake PROD", "", "SNOWFLAKE")]
    assert search_connections(session, name_pattern="Snow%") == []
    assert [seen.body for seen in server.requests()] == [
        {"record_offset": 0, "record_size": -1},
        {"record_offset": 0, "record_size": -1, "connections": [{"name_pattern": "Snow%"}]},
    ]


def test_connection_without_an_id(session: Session, server: Server) -> None:
    server.answer(Canned([{"name": "c"}]))
    with pytest.raises(AnswerError, match="TD410: POST connection/search: a connection has no id"):
        search_connections(session)

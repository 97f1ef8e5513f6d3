"""Groups and users by name and by GUID, on servers that answer alike and on those that do not."""

from __future__ import annotations

import pytest

from tests.rest.conftest import Connect
from tests.rest.server import Canned, Server
from tsdeploy.config.auth import TrustedAuth
from tsdeploy.config.secrets import Secret
from tsdeploy.rest import ApiError, Session, existing_groups, principal_exists, user_names
from tsdeploy.sandbox import Sandbox, read_settings

NOBODY = {"error": {"message": {"code": 13003, "debug": "Principal object does not exist"}}}
FORBIDDEN = {"error": {"message": {"code": 10023, "debug": "ADMINISTRATION privilege required"}}}
FORBIDDEN_500 = {"error": {"message": {"code": 10038, "debug": "Error Code: FORBIDDEN"}}}


@pytest.mark.parametrize("missing", [Canned([]), Canned(NOBODY, 400), Canned(NOBODY, 404)])
def test_group_that_is_not_there_is_none(missing: Canned, session: Session, server: Server) -> None:
    server.answer(Canned([{"id": "g1", "name": "Web Shop"}]), missing)
    assert existing_groups(session, ["Web Shop", "Nobody", "Web Shop"]) == {"Web Shop"}
    assert [seen.fields["group_identifier"] for seen in server.requests()] == ["Web Shop", "Nobody"]


@pytest.mark.parametrize(("type", "asked"), [("USER", "user_identifier"), ("USER_GROUP", "group_identifier")])
def test_principal_is_there_or_not(type: str, asked: str, session: Session, server: Server) -> None:
    server.answer(Canned([{"id": "p1", "name": "ann"}]), Canned([]), Canned(NOBODY, 400))
    assert [principal_exists(session, name, type) for name in ("ann", "eve", "ivy")] == [True, False, False]
    assert [seen.fields[asked] for seen in server.requests()] == ["ann", "eve", "ivy"]


def test_groups_that_may_not_be_asked_for_are_not_taken_for_missing(session: Session, server: Server) -> None:
    server.answer(Canned(FORBIDDEN, 403))
    with pytest.raises(ApiError, match="TD404"):
        existing_groups(session, ["Web Shop"])


@pytest.mark.parametrize("gone", [Canned([]), Canned(NOBODY, 404), Canned(FORBIDDEN, 403), Canned(FORBIDDEN_500, 500)])
def test_user_who_cannot_be_seen_has_no_name(gone: Canned, session: Session, server: Server) -> None:
    server.answer(gone, Canned([{"id": "u2", "name": "ann"}]))
    assert user_names(session, ["u1", "u2", "u2"]) == {"u2": "ann"}


def test_server_that_fails_knows_no_users(session: Session, server: Server) -> None:
    server.answer(*[Canned({}, 500)] * 9)
    with pytest.raises(ApiError, match="TD407"):
        user_names(session, ["u1"])


def test_users_of_a_server_with_v1_alone(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(read_settings({"release": "8.10"})) as sandbox:
        monkeypatch.setenv("TD_TEST_KEY", sandbox.secret_key)
        session = connect(TrustedAuth("tsadmin", Secret("TD_TEST_KEY")), url=sandbox.url)
        session.allow_v1()
        admin = session.user.id
        sandbox.requests.clear()
        assert user_names(session, []) == {}
        assert not sandbox.requests.all(), "there are thousands of users"
        assert user_names(session, [admin, "gone"]) == {admin: "tsadmin"}
        sandbox.faults.add("status", "callosum/v1/tspublic/v1/metadata/list", status=403)
        assert user_names(session, [admin]) == {}

"""Minting tokens, renewing them, and being in the right Org."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.rest.conftest import BY_KEY, BY_PASSWORD, BY_TOKEN, PASSWORD, SECRET_KEY, Connect, FakeTime
from tests.rest.server import Canned, Server
from tsdeploy.config.auth import Auth
from tsdeploy.errors import ConfigError, RestError
from tsdeploy.rest import AnswerError, ApiError, CurrentUser, Session, UnknownOutcomeError

MINT = "auth/token/full"
WHO = "auth/session/user"


def mints(server: Server) -> list[dict[str, object]]:
    return [seen.fields for seen in server.requests(MINT)]


def bearers(server: Server) -> list[str]:
    return [seen.headers["Authorization"] for seen in server.requests()]


@pytest.mark.parametrize(
    ("auth", "credentials"),
    [(BY_PASSWORD, {"password": PASSWORD}), (BY_KEY, {"secret_key": SECRET_KEY})],
)
def test_token_is_minted_on_first_use(
    connect: Connect, server: Server, auth: Auth, credentials: dict[str, object]
) -> None:
    session = connect(auth)
    assert not server.seen
    server.answer(Canned([1]), Canned([2]))
    assert session.request("GET", "a") == [1]
    assert session.request("GET", "b") == [2]
    assert mints(server) == [{"username": "svc", "validity_time_in_sec": 3600, **credentials}]
    assert bearers(server) == ["Bearer minted-token-1"] * 2
    assert "Authorization" not in server.requests(MINT)[0].headers


def test_org_id_is_minted_into_the_token_as_an_integer(connect: Connect, server: Server) -> None:
    assert connect(org=583464508).user.org_id == 583464508
    assert mints(server)[0]["org_id"] == 583464508


def test_primary_org_is_named_too(connect: Connect, server: Server) -> None:
    assert connect(org=0).user.org_id == 0
    assert mints(server)[0]["org_id"] == 0


def test_user_knows_who_and_where(session: Session) -> None:
    assert session.user == CurrentUser("u-1", "svc", "Service", 0, "Primary", frozenset({"A"}))


def test_ready_token_is_used_as_it_is(connect: Connect, server: Server) -> None:
    server.answer(Canned([1]))
    assert connect(BY_TOKEN).request("GET", "a") == [1]
    assert not mints(server)
    assert bearers(server) == ["Bearer ready-token-from-elsewhere"]


def test_unset_secret_is_the_configurations_error(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TD_TEST_PASSWORD")
    with pytest.raises(ConfigError, match="TD305"):
        connect().request("GET", "a")


@pytest.mark.parametrize(
    "answer",
    [[], {}, {"token": None}, {"token": ""}, {"token": "a b"}, {"token": 7}, {"token": "x\ny"}, None],
)
def test_answer_without_a_usable_token(session: Session, server: Server, answer: object) -> None:
    server.sign_in["token/full"].append(Canned(answer))
    with pytest.raises(AnswerError, match="TD410: POST auth/token/full"):
        session.request("GET", "a")


def test_sign_in_survives_a_busy_gateway(session: Session, server: Server) -> None:
    server.sign_in["token/full"].append(Canned(b"", 503))
    server.sign_in["session/user"].append(Canned(b"", 502))
    assert session.user.name == "svc"


# Renewal


def test_token_is_renewed_before_it_expires(session: Session, server: Server, time: FakeTime) -> None:
    server.lifetime_seconds = 600
    server.answer(*[Canned([])] * 3)
    session.request("GET", "a")
    time.now += 539.9
    session.request("GET", "a")
    time.now += 0.1
    session.request("GET", "a")
    assert bearers(server) == ["Bearer minted-token-1"] * 2 + ["Bearer minted-token-2"]


def test_short_lived_token_has_a_short_margin(session: Session, server: Server, time: FakeTime) -> None:
    server.lifetime_seconds = 10
    server.answer(Canned([]), Canned([]))
    session.request("GET", "a")
    time.now += 7.9
    session.request("GET", "a")
    assert len(mints(server)) == 1


def test_lifetime_the_server_does_not_tell_is_what_was_asked_for(
    session: Session, server: Server, time: FakeTime
) -> None:
    server.sign_in["token/full"].append(Canned({"token": "t"}))
    server.answer(Canned([]), Canned([]))
    session.request("GET", "a")
    time.now += 3540
    session.request("GET", "a")
    assert bearers(server) == ["Bearer t", "Bearer minted-token-1"]


def test_token_that_is_expired_at_birth_does_not_loop(session: Session, server: Server) -> None:
    server.lifetime_seconds = -5
    server.answer(Canned([1]), Canned([2]))
    assert session.request("GET", "a") == [1]
    assert session.request("GET", "a") == [2]
    assert len(mints(server)) == 2


@pytest.mark.parametrize("write", [False, True])
def test_401_renews_the_token_and_sends_again(session: Session, server: Server, write: bool) -> None:
    server.answer(Canned({}, 401), Canned([1]))
    assert session.request("POST", "a", {}, write=write) == [1]
    assert bearers(server) == ["Bearer minted-token-1", "Bearer minted-token-2"]


@pytest.mark.parametrize("write", [False, True])
def test_second_401_is_final(session: Session, server: Server, write: bool) -> None:
    server.answer(*[Canned({}, 401)] * 3)
    with pytest.raises(ApiError, match="TD403: POST a: HTTP 401"):
        session.request("POST", "a", {}, write=write)
    assert len(server.requests()) == 2


def test_write_in_doubt_after_renewal_is_still_in_doubt(session: Session, server: Server) -> None:
    server.answer(Canned({}, 401), Canned(b"", 502), Canned([1]))
    with pytest.raises(UnknownOutcomeError):
        session.request("POST", "a", {}, write=True)
    assert len(server.requests()) == 2


def test_ready_token_cannot_be_renewed(connect: Connect, server: Server) -> None:
    server.answer(Canned({}, 401))
    with pytest.raises(ApiError, match="TD403") as caught:
        connect(BY_TOKEN).request("GET", "a")
    assert "mint a new one" in caught.value.findings[0].hint
    assert len(server.requests()) == 1


def test_expired_ready_token(connect: Connect, server: Server) -> None:
    server.sign_in["session/user"].append(Canned({}, 401))
    with pytest.raises(ApiError, match="TD403: GET auth/session/user"):
        connect(BY_TOKEN).request("GET", "a")


def test_wrong_password(session: Session, server: Server) -> None:
    body = {"error": {"message": {"code": 10097, "debug": "Invalid credentials."}}}
    server.sign_in["token/full"].append(Canned(body, 401))
    with pytest.raises(ApiError, match=r"TD403: .* code 10097: Invalid credentials\.") as caught:
        session.request("GET", "a")
    assert f"the password in {BY_PASSWORD.password.variable}" in caught.value.findings[0].hint
    assert len(server.seen) == 1


def test_parallel_calls_share_one_token(session: Session, server: Server) -> None:
    server.answer(*[Canned([])] * 16)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: session.request("GET", "a"), range(16)))
    assert len(mints(server)) == 1


def test_parallel_401s_renew_once(session: Session, server: Server) -> None:
    server.rejected_bearers.add("Bearer minted-token-1")
    server.answer(*[Canned([])] * 16)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: session.request("GET", "a"), range(16)))
    assert len(mints(server)) == 2


# The right Org


def user_in(org: object) -> Canned:
    return Canned({"id": "u", "name": "svc", "current_org": org})


def test_token_that_landed_in_another_org_is_not_used(connect: Connect, server: Server) -> None:
    server.sign_in["session/user"].append(user_in({"id": 0, "name": "Primary"}))
    with pytest.raises(RestError, match="TD405: signed in to Org 0 'Primary' as 'svc', but Org 7 is wanted"):
        connect(org=7).request("POST", "metadata/tml/import", {}, write=True)
    assert not server.requests()


def test_org_that_the_server_does_not_tell(connect: Connect, server: Server) -> None:
    server.sign_in["session/user"].append(user_in(None))
    with pytest.raises(RestError, match="TD405: signed in to no Org"):
        connect(org=7).request("GET", "a")


def test_cluster_without_orgs(connect: Connect, server: Server) -> None:
    server.sign_in["session/user"].append(user_in(None))
    assert connect().user.org_id is None


def test_org_that_the_user_may_not_enter(connect: Connect, server: Server) -> None:
    debug = {"code": 13090, "debug": '["User 0000084a do not have access to org 7"]'}
    server.sign_in["token/full"].append(Canned({"error": {"message": {"debug": debug}}}, 400))
    with pytest.raises(ApiError, match="TD405"):
        connect(org=7).request("GET", "a")


def test_ready_token_of_another_org(connect: Connect, server: Server) -> None:
    with pytest.raises(RestError, match="TD405"):
        connect(BY_TOKEN, org="Sales").request("GET", "a")
    with pytest.raises(RestError, match="TD405"):
        connect(BY_TOKEN, org=7).request("GET", "a")
    assert connect(BY_TOKEN, org="Primary").user.org_id == 0


def test_org_by_name_is_looked_up(connect: Connect, server: Server) -> None:
    server.answer(Canned([{"id": 5, "name": "sales"}, {"id": 7, "name": "Org 7"}]), Canned([]))
    session = connect(org="Org 7")
    session.request("GET", "a")
    assert session.user.org_id == 7
    assert [mint.get("org_id") for mint in mints(server)] == [None, 7]
    assert server.requests("orgs/search")[0].body == {"org_identifier": "Org 7"}
    assert bearers(server) == ["Bearer minted-token-1", "Bearer minted-token-2"]


def test_org_by_name_needs_no_lookup_where_one_already_is(connect: Connect, server: Server) -> None:
    assert connect(org="Primary").user.org_id == 0
    assert not server.requests()


def test_org_by_name_is_renewed_by_id(connect: Connect, server: Server, time: FakeTime) -> None:
    server.answer(Canned([{"id": 7, "name": "Org 7"}]), Canned([]), Canned([]))
    session = connect(org="Org 7")
    session.request("GET", "a")
    time.now += 3600
    session.request("GET", "a")
    assert [mint.get("org_id") for mint in mints(server)] == [None, 7, 7]
    assert len(server.requests("orgs/search")) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Canned([]), "no Org has this name"),
        (Canned([{"id": 7, "name": "sales"}]), "no Org has this name"),
        (Canned([{"id": 7, "name": "Sales"}, {"id": 8, "name": "Sales"}]), "several Orgs have this name"),
        (Canned([{"name": "Sales"}]), "an Org has no id"),
        (Canned({"error": {"message": "Orgs are not enabled"}}, 403), "HTTP 403: Orgs are not enabled"),
    ],
)
def test_org_whose_name_cannot_be_resolved(connect: Connect, server: Server, answer: Canned, why: str) -> None:
    server.answer(answer)
    with pytest.raises(RestError, match=f"TD405: cannot find the id of Org 'Sales': .*{why}") as caught:
        connect(org="Sales").request("GET", "a")
    assert "integer id" in caught.value.findings[0].hint


def test_renewed_token_in_another_org_is_not_used(session: Session, server: Server, time: FakeTime) -> None:
    server.answer(Canned([]), Canned([]))
    session.request("GET", "a")
    time.now += 3600
    server.org_id = 9
    with pytest.raises(RestError, match="TD405: a new token belongs to Org 9, but the session began in Org 0"):
        session.request("GET", "a")
    assert len(server.requests()) == 1


@pytest.mark.parametrize("user", [[], {"id": "u"}, {"name": "svc"}, {"id": 1, "name": None}])
def test_nobody_is_signed_in(session: Session, server: Server, user: object) -> None:
    server.sign_in["session/user"].append(Canned(user))
    with pytest.raises(AnswerError, match="TD410: GET auth/session/user"):
        session.request("GET", "a")

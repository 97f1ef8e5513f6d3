"""Bearer tokens of all kinds, for users who may do less than tsadmin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_group, add_orgs, add_user
from tsdeploy.sandbox import Cluster, Server, Settings, org_id_of

FULL, OBJECT, CUSTOM = "/auth/token/full", "/auth/token/object", "/auth/token/custom"


@pytest.fixture
def nobody(server: Server) -> Iterator[Client]:
    """A client that is not logged in."""
    with requests.Session() as session:
        yield Client(server.url, session)


def _key(name: str = "anna", **body: Any) -> dict[str, Any]:
    return {"username": name, "secret_key": "sandbox", **body}


def _custom(name: str = "anna", **body: Any) -> dict[str, Any]:
    return _key(name, persist_option="NONE", **body)


def _bearer(client: Client, token: str) -> Client:
    client.session.headers["Authorization"] = f"Bearer {token}"
    return client


def test_a_full_token_has_every_key(nobody: Client) -> None:
    conforms(nobody.post(FULL, _key("tsadmin")), "auth_token_full")


def test_any_user_gets_a_token_for_the_secret_key_or_the_own_password(client: Client, nobody: Client) -> None:
    user = add_user(client, "anna", password="horse")

    by_key = conforms(nobody.post(FULL, _key()), "auth_token_full")
    by_password = conforms(nobody.post(FULL, {"username": "anna", "password": "horse"}), "auth_token_full")

    assert {(token["valid_for_user_id"], token["valid_for_username"]) for token in (by_key, by_password)} == {
        (user, "anna")
    }


@pytest.mark.parametrize("password", ["", "tsadmin", "Horse"])
def test_a_wrong_password_is_401(client: Client, nobody: Client, password: str) -> None:
    add_user(client, "anna", password="horse")

    response = nobody.post(FULL, {"username": "anna", "password": password})

    assert response.status_code == (401 if password else 400)


def test_a_user_without_a_password_needs_the_secret_key(client: Client, nobody: Client) -> None:
    add_user(client, "anna")

    refused(nobody.post(FULL, {"username": "anna", "password": "anything"}), 401, 10097)


def test_both_given_the_secret_key_decides(nobody: Client) -> None:
    assert nobody.post(FULL, {**_key("tsadmin"), "password": "wrong"}).status_code == 200
    refused(nobody.post(FULL, {"username": "tsadmin", "secret_key": "wrong", "password": "tsadmin"}), 401, 10097)


@pytest.mark.parametrize("status", ["INACTIVE", "LOCKED"])
def test_an_account_that_is_not_active_is_403_and_its_tokens_are_void(
    client: Client, nobody: Client, status: str
) -> None:
    add_user(client, "anna")
    before = nobody.post(FULL, _key()).json()["token"]
    add_user(client, "anna", account_status=status)

    refused(nobody.post(FULL, _key()), 403, 10023, "User account is inactive or locked.")
    refused(_bearer(nobody, before).get("/auth/session/user"), 401, 10097)


def test_trusted_authentication_may_be_off() -> None:
    with Cluster(settings=Settings(trusted_authentication=False)) as cluster, Server(cluster) as server:
        response = requests.post(f"{server.url}/api/rest/2.0{FULL}", json=_key("tsadmin"), timeout=10)

    refused(response, 403, 10023, "Trusted authentication is not enabled for this cluster or org.")


def test_a_secret_key_creates_the_user_it_is_told_to(client: Client, nobody: Client) -> None:
    add_group(client, "Analysts", "DATAMANAGEMENT")
    body = _key(auto_create=True, display_name="Anna", email="anna@x.example", group_identifiers=["Analysts"])

    refused(nobody.post(FULL, _key()), 401, 10097)
    token = conforms(nobody.post(FULL, body), "auth_token_full")

    user = conforms(_bearer(nobody, token["token"]).get("/auth/session/user"), "user")
    assert (user["display_name"], user["email"]) == ("Anna", "anna@x.example")
    assert [group["name"] for group in user["user_groups"]] == ["Analysts"]
    assert user["privileges"] == ["DATAMANAGEMENT"]


def test_a_password_creates_nobody(nobody: Client) -> None:
    refused(nobody.post(FULL, {"username": "anna", "password": "x", "auto_create": True}), 401, 10097)


def test_a_user_is_created_in_the_org_of_the_token(nobody: Client) -> None:
    token = nobody.post(FULL, _key(auto_create=True, org_id=org_id_of(ORG))).json()

    assert token["scope"]["org_id"] == org_id_of(ORG)
    user = _bearer(nobody, token["token"]).get("/auth/session/user").json()
    assert user["orgs"] == [{"id": org_id_of(ORG), "name": ORG}]


def test_an_unknown_group_creates_nobody(nobody: Client) -> None:
    body = _key(auto_create=True, group_identifiers=["None such"])

    refused(nobody.post(FULL, body), 400, 13003, "Principal object does not exist")
    refused(nobody.post(FULL, _key()), 401, 10097)


def test_a_user_may_enter_own_orgs_and_an_administrator_all(client: Client, nobody: Client) -> None:
    user = add_user(client, "anna", orgs=["Primary"])
    org_id = org_id_of(ORG)

    said = refused(nobody.post(FULL, _key(org_id=org_id)), 400, 13090)
    assert f"User {user.split('-', maxsplit=1)[0]} do not have access to org {org_id}" in said
    assert nobody.post(FULL, _key("tsadmin", org_id=org_id)).status_code == 200
    add_user(client, "anna", orgs=[ORG])
    assert nobody.post(FULL, _key(org_id=org_id)).status_code == 200


def test_an_org_that_is_not_active_lets_nobody_in(client: Client, nobody: Client) -> None:
    (org_id,) = add_orgs(client, "Old", status="IN_ACTIVE")

    refused(nobody.post(FULL, _key("tsadmin", org_id=org_id)), 400, 13090)


def test_a_password_without_an_org_leads_to_that_of_the_last_session(nobody: Client) -> None:
    credentials = {"username": "tsadmin", "password": "tsadmin"}
    assert nobody.post(FULL, credentials).json()["scope"]["org_id"] == 0

    nobody.post("/auth/session/login", {**credentials, "org_identifier": ORG})

    assert nobody.post(FULL, credentials).json()["scope"]["org_id"] == org_id_of(ORG)
    assert nobody.post(FULL, _key("tsadmin")).json()["scope"]["org_id"] == 0


def test_an_object_token_reads_one_object_and_writes_nothing(estate: Client, nobody: Client) -> None:
    token = conforms(nobody.post(OBJECT, _key("tsadmin", object_id=tml.L1)), "auth_token_full")
    _bearer(nobody, token["token"])

    assert token["scope"] == {"access_type": "REPORT_BOOK_VIEW", "org_id": 0, "metadata_id": tml.L1}
    assert nobody.names() == ["Overview"]
    refused(nobody.post("/metadata/tml/import", {"metadata_tmls": [tml.connection()]}), 403, 10023)
    refused(nobody.post("/metadata/delete", {"metadata": [{"identifier": tml.L1}]}), 403, 10023)
    exported = nobody.export(tml.L1, tml.M1)
    assert [item["info"]["status"]["status_code"] for item in exported] == ["OK", "ERROR"]


def test_an_object_token_stays_one_as_a_cookie(estate: Client, nobody: Client) -> None:
    token = nobody.post(OBJECT, _key("tsadmin", object_id=tml.L1)).json()["token"]
    _bearer(nobody, token)

    assert conforms(nobody.get("/auth/session/token"), "auth_session_token")["token"] != token
    refused(nobody.post("/auth/session/login", {}), 403, 10023)


@pytest.mark.parametrize(("guid", "status", "code"), [(tml.NOWHERE, 400, 13003), (tml.L1, 403, 10023)])
def test_an_object_token_needs_an_object_that_the_user_sees(
    estate: Client, nobody: Client, guid: str, status: int, code: int
) -> None:
    add_user(estate, "anna")

    refused(nobody.post(OBJECT, _key(object_id=guid)), status, code)


def test_a_custom_token_takes_an_org_by_name_and_has_other_keys(client: Client, nobody: Client) -> None:
    add_user(client, "anna", orgs=[ORG])

    token = conforms(nobody.post(CUSTOM, _custom(org_identifier=ORG)), "auth_token_custom")

    assert token["org"] == {"id": org_id_of(ORG), "name": ORG}
    assert token["user"]["name"] == "anna"
    assert _bearer(nobody, token["token"]).get("/auth/session/user").json()["current_org"]["name"] == ORG


def test_a_custom_token_creates_its_user_unless_told_not_to(nobody: Client) -> None:
    refused(nobody.post(CUSTOM, _custom(auto_create=False)), 401, 10097)
    assert conforms(nobody.post(CUSTOM, _custom()), "auth_token_custom")["user"]["name"] == "anna"


def test_a_custom_token_needs_its_persist_option(nobody: Client) -> None:
    refused(nobody.post(CUSTOM, _key()), 400, saying='"$persist_option" of required type')


@pytest.mark.parametrize(
    ("option", "second", "kept"),
    [
        ("NONE", "NONE", None),
        ("APPEND", "NONE", ["east"]),
        ("APPEND", "APPEND", ["east", "west"]),
        ("APPEND", "REPLACE", ["west"]),
        ("APPEND", "RESET", None),
    ],
)
def test_what_a_custom_token_says_is_kept_as_its_persist_option_wants(
    nobody: Client, option: str, second: str, kept: list[str] | None
) -> None:
    for persist, value in ((option, "east"), (second, "west")):
        rules = [{"column_name": "REGION", "operator": "EQ", "values": [value]}]
        token = nobody.post(CUSTOM, _key(persist_option=persist, filter_rules=rules)).json()

    user = conforms(_bearer(nobody, token["token"]).get("/auth/session/user"), "user")

    controls = user["access_control_properties"]
    found = controls and [value for rule in controls["filter_rules"] for value in rule["values"]]
    assert found == kept


@pytest.mark.parametrize(("option", "status"), [("RESET", 400), ("NONE", 400), ("APPEND", 200), ("REPLACE", 200)])
def test_variable_values_have_to_be_kept(nobody: Client, option: str, status: int) -> None:
    body = _key(persist_option=option, variable_values=[{"name": "v", "values": ["1"]}])

    response = nobody.post(CUSTOM, body)

    assert response.status_code == status
    if status == 400:
        refused(response, 400, 10002, f"Invalid persistOption: '{option}'.")


def test_a_token_is_validated(client: Client, nobody: Client) -> None:
    token = nobody.post(FULL, _key("tsadmin")).json()

    valid = conforms(client.post("/auth/token/validate", {"token": token["token"]}), "auth_token_validate")

    assert valid["scope"] == token["scope"]
    assert valid["expiration_time_in_millis"] == token["expiration_time_in_millis"]
    refused(client.post("/auth/token/validate", {"token": "x"}), 400, 10002)


def test_tokens_are_revoked_by_token_or_by_user(client: Client, nobody: Client) -> None:
    add_user(client, "anna")
    first, second = (nobody.post(FULL, _key()).json()["token"] for _ in range(2))

    empty(client.post("/auth/token/revoke", {"token": first}))
    refused(client.post("/auth/token/validate", {"token": first}), 400, 10002)
    empty(client.post("/auth/token/revoke", {"user_identifier": "anna"}))
    refused(client.post("/auth/token/validate", {"token": second}), 400, 10002)
    refused(client.post("/auth/token/revoke", {"user_identifier": "nobody"}), 400, 13003)


def test_only_administrators_revoke_the_tokens_of_others(client: Client, log_in_as: Callable[..., Client]) -> None:
    add_user(client, "anna")

    refused(log_in_as("anna").post("/auth/token/revoke", {"user_identifier": "tsadmin"}), 403, 10023)


def test_a_session_of_any_user(client: Client, nobody: Client) -> None:
    add_user(client, "anna", password="horse", orgs=[ORG])
    credentials = {"username": "anna", "password": "horse"}

    empty(nobody.post("/auth/session/login", credentials))
    user = conforms(nobody.get("/auth/session/user"), "user")

    assert (user["name"], user["current_org"]["name"]) == ("anna", ORG)
    conforms(nobody.get("/auth/session/token"), "auth_session_token")
    refused(nobody.post("/auth/session/login", {**credentials, "org_identifier": "Primary"}), 400, 10002)
    add_user(client, "anna", account_status="LOCKED", orgs=[ORG])
    refused(nobody.post("/auth/session/login", credentials), 403, 10023, "User account is inactive or locked.")

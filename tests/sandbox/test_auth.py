"""Tokens and sessions."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.tml import connection
from tsdeploy.sandbox import Cluster, Server, org_id_of


@pytest.fixture
def nobody(server: Server) -> Iterator[Client]:
    """A client that is not logged in."""
    with requests.Session() as session:
        yield Client(server.url, session)


def _token(nobody: Client, **body: Any) -> requests.Response:
    return nobody.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox", **body})


def _use(nobody: Client, token: str) -> None:
    nobody.session.headers["Authorization"] = f"Bearer {token}"


def test_a_token_for_a_secret_key_lasts_300_seconds_and_says_its_scope(nobody: Client) -> None:
    token = _token(nobody).json()

    assert token["expiration_time_in_millis"] - token["creation_time_in_millis"] == 300_000
    assert token["scope"] == {"access_type": "FULL", "org_id": 0, "metadata_id": None}
    assert token["valid_for_username"] == "tsadmin"


def test_a_token_for_a_password(nobody: Client) -> None:
    response = nobody.post("/auth/token/full", {"username": "tsadmin", "password": "tsadmin"})

    assert response.status_code == 200


def test_without_password_and_key_it_is_400_with_code_10002(nobody: Client) -> None:
    response = nobody.post("/auth/token/full", {"username": "tsadmin"})

    assert response.status_code == 400
    said = response.json()["error"]["message"]
    assert (said["code"], said["debug"]) == (10002, "Either secret_key or password must be provided.")


@pytest.mark.parametrize("wrong", [{"secret_key": "other"}, {"username": "somebody"}])
def test_wrong_credentials_are_401_with_code_10097(nobody: Client, wrong: dict[str, str]) -> None:
    response = _token(nobody, **wrong)

    assert response.status_code == 401
    assert response.json()["error"]["message"]["code"] == 10097


def test_an_org_id_scopes_the_token(nobody: Client) -> None:
    org_id = org_id_of(ORG)
    token = _token(nobody, org_id=org_id).json()
    _use(nobody, token["token"])

    assert token["scope"]["org_id"] == org_id
    assert nobody.get("/auth/session/user").json()["current_org"] == {"id": org_id, "name": ORG}


def test_an_org_identifier_is_silently_ignored(nobody: Client) -> None:
    response = _token(nobody, org_identifier=ORG)

    assert response.status_code == 200
    assert response.json()["scope"]["org_id"] == 0


def test_a_foreign_org_is_400_with_code_13090(nobody: Client) -> None:
    response = _token(nobody, org_id=349890686)

    assert response.status_code == 400
    said = response.json()["error"]["message"]["debug"]
    assert said["code"] == 13090
    assert json.loads(said["debug"])[0].endswith("do not have access to org 349890686")


def test_an_expired_token_is_401(nobody: Client, cluster: Cluster) -> None:
    token = cluster.tokens.mint(user_id="x", org_id=0, now=int(time.time() * 1000) - 2000, seconds=1)
    _use(nobody, token.token)

    assert nobody.get("/auth/session/user").status_code == 401


def test_a_revoked_token_is_401(nobody: Client) -> None:
    _use(nobody, _token(nobody).json()["token"])

    assert nobody.post("/auth/token/revoke").status_code == 204
    assert nobody.get("/auth/session/user").status_code == 401


def test_a_login_sets_a_cookie_without_secure(nobody: Client) -> None:
    response = nobody.post("/auth/session/login", {"username": "tsadmin", "password": "tsadmin"})

    assert (response.status_code, response.content) == (204, b"")
    assert "Secure" not in response.headers["Set-Cookie"]
    assert nobody.get("/auth/session/user").json()["name"] == "tsadmin"


def test_a_login_takes_an_org_by_name(nobody: Client) -> None:
    nobody.post("/auth/session/login", {"username": "tsadmin", "password": "tsadmin", "org_identifier": ORG})

    assert nobody.get("/auth/session/user").json()["current_org"]["name"] == ORG


def test_a_login_turns_a_bearer_token_into_a_cookie(nobody: Client) -> None:
    _use(nobody, _token(nobody).json()["token"])

    assert nobody.post("/auth/session/login", {"remember_me": "true"}).status_code == 204
    del nobody.session.headers["Authorization"]
    assert nobody.get("/auth/session/user").status_code == 200


def test_a_login_with_a_wrong_password_is_401(nobody: Client) -> None:
    response = nobody.post("/auth/session/login", {"username": "tsadmin", "password": "no"})

    assert response.status_code == 401
    assert response.json()["error"]["message"]["debug"].startswith("Authentication failed.")


def test_a_login_into_an_unknown_org_is_400(nobody: Client) -> None:
    body = {"username": "tsadmin", "password": "tsadmin", "org_identifier": "None such"}

    assert nobody.post("/auth/session/login", body).status_code == 400


def test_a_logout_ends_the_session(nobody: Client) -> None:
    nobody.post("/auth/session/login", {"username": "tsadmin", "password": "tsadmin"})

    assert nobody.post("/auth/session/logout").status_code == 204
    assert nobody.post("/auth/session/logout").status_code == 401


def test_a_session_token_has_no_scope_and_lasts_a_day(client: Client) -> None:
    token = client.get("/auth/session/token").json()

    assert "scope" not in token
    assert token["expiration_time_in_millis"] - token["creation_time_in_millis"] == 24 * 3600 * 1000


def test_a_token_sees_only_its_own_org(client: Client, nobody: Client) -> None:
    client.load(connection())
    _use(nobody, _token(nobody, org_id=org_id_of(ORG)).json()["token"])

    assert client.names() == ["Warehouse"]
    assert nobody.names() == []

"""Sessions, tokens and Orgs in V1."""

from __future__ import annotations

from tests.sandbox import tml
from tests.sandbox.answers import conforms, empty
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_user
from tests.sandbox.v1.client import TML, V1Client, refused
from tsdeploy.sandbox import org_id_of

SALES = org_id_of(ORG)


def test_a_login_sets_cookies_that_plain_http_keeps(v1: V1Client) -> None:
    assert "JSESSIONID" in v1.session.cookies
    assert conforms(v1.get("session/info"), "v1_session_info")["userName"] == "tsadmin"


def test_a_wrong_password_is_401_in_the_shape_of_v1(stranger: V1Client) -> None:
    response = stranger.post("session/login", username="tsadmin", password="wrong", rememberme="true")

    assert refused(response, 401, 10097).startswith("Authentication failed.")


def test_without_a_session_it_is_401(stranger: V1Client) -> None:
    refused(stranger.get("session/info"), 401, 10097)


def test_a_post_without_x_requested_by_is_400(v1: V1Client) -> None:
    headers = {"X-Requested-By": None}

    refused(v1.call("POST", "session/logout", headers=headers), 400, 10002)
    assert v1.call("GET", "session/info", headers=headers).status_code == 200


def test_json_is_not_a_form(stranger: V1Client) -> None:
    refused(stranger.call("POST", "session/login", json={"username": "tsadmin"}), 415, 10002)


def test_a_bearer_token_opens_v1(client: Client, stranger: V1Client) -> None:
    stranger.session.headers["Authorization"] = client.session.headers["Authorization"]

    assert stranger.get("session/info").json()["userName"] == "tsadmin"


def test_the_session_moves_to_another_org(v1: V1Client, client: Client) -> None:
    client.load(tml.connection())
    before = conforms(v1.get("session/orgs", batchsize=-1, offset=-1), "v1_session_orgs")

    empty(v1.call("PUT", "session/orgs", data={"orgid": SALES}))

    assert {org["orgName"] for org in before["orgs"]} == {"Primary", ORG}
    assert (before["currentOrgId"], before["canAdministerAllOrgs"]) == (0, True)
    assert v1.get("session/orgs").json()["currentOrgId"] == SALES
    assert v1.get("metadata/listobjectheaders", type="DATA_SOURCE").json() == []


def test_an_org_that_is_not_there_is_400(v1: V1Client) -> None:
    refused(v1.call("PUT", "session/orgs", data={"orgid": 5}), 400, 10002)
    refused(v1.call("PUT", "session/orgs", data={"orgid": "Sales"}), 400, 10002)


def test_a_token_is_plain_text_and_logs_in(stranger: V1Client) -> None:
    response = stranger.call(
        "POST",
        "session/auth/token",
        data={"secret_key": "sandbox", "username": "tsadmin", "access_level": "FULL", "orgid": SALES},
        headers={"Accept": "text/plain"},
    )
    assert response.status_code == 200

    empty(stranger.post("session/login/token", auth_token=response.text, username="tsadmin", redirect_url=""))

    assert stranger.get("session/orgs").json()["currentOrgId"] == SALES


def test_a_token_of_a_wrong_key_is_401(stranger: V1Client) -> None:
    refused(stranger.post("session/auth/token", secret_key="wrong", username="tsadmin"), 401, 10097)


def test_a_login_with_a_token_goes_on_within_this_server_only(stranger: V1Client) -> None:
    token = stranger.post("session/auth/token", secret_key="sandbox", username="tsadmin").text

    def location(url: str) -> str | None:
        form = {"auth_token": token, "username": "tsadmin", "redirect_url": url}
        return stranger.post("session/login/token", **form).headers.get("Location")

    assert location("https://elsewhere.example/pinboard/1?x=1") == "/pinboard/1?x=1"
    assert location("//elsewhere.example") is None
    assert location("https://x/\\\\elsewhere.example") == "/elsewhere.example"


def test_logging_out_ends_the_session(v1: V1Client) -> None:
    cookies = dict(v1.session.cookies)

    empty(v1.post("session/logout"))

    v1.session.cookies.update(cookies)
    refused(v1.get("session/info"), 401, 10097)


def test_the_heartbeat_is_200(v1: V1Client) -> None:
    assert v1.call("GET", "session/isactive", public=False).status_code == 200


def test_privileges_hold_in_v1_too(client: Client, stranger: V1Client) -> None:
    client.load(tml.connection())
    add_user(client, "anna", password="Secret-1234")
    stranger.log_in("anna", "Secret-1234")

    form = {"import_objects": str([tml.connection("Mine")])}
    refused(stranger.call("POST", "metadata/tml/import", data=form, headers=TML), 403, 10023)
    assert stranger.get("metadata/listobjectheaders", type="DATA_SOURCE").json() == []
    assert conforms(stranger.get("session/orgs"), "v1_session_orgs")["canAdministerAllOrgs"] is False
    refused(stranger.call("PUT", "session/orgs", data={"orgid": SALES}), 400, 13090)

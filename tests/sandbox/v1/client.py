"""A V1 client as libraries are: form bodies, JSON or Python lists in fields, a cookie, and text/plain for TML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import requests

from tests.sandbox.answers import faults

HEADERS = {"X-Requested-By": "ThoughtSpot", "Accept": "application/json"}
TML = {"Accept": "text/plain"}


@dataclass(frozen=True)
class V1Client:
    """A session with a sandbox."""

    url: str
    session: requests.Session

    def call(self, method: str, path: str, *, public: bool = True, **options: Any) -> requests.Response:
        """Call a route below the public prefix, or the other one."""
        base = f"{self.url}/callosum/v1/{'tspublic/v1/' if public else ''}"
        return self.session.request(method, base + path, timeout=10, allow_redirects=False, **options)

    def get(self, path: str, **query: Any) -> requests.Response:
        """GET a public route."""
        return self.call("GET", path, params=query)

    def post(self, path: str, **form: Any) -> requests.Response:
        """POST a form to a public route."""
        return self.call("POST", path, data=form)

    def tml(self, path: str, **form: Any) -> Any:
        """POST a form to a TML route; the JSON of the answer."""
        response = self.call("POST", path, data=form, headers=TML)
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        return response.json()

    def log_in(self, name: str = "tsadmin", password: str = "tsadmin") -> None:
        """Log in with a password; cookies keep the session."""
        response = self.post("session/login", username=name, password=password, rememberme="true")
        assert response.status_code == 204, response.text


def refused(response: requests.Response, status: int, code: int) -> str:
    """What a refusal says; its body has the shape of V1."""
    assert response.status_code == status, response.text
    assert faults(response.json(), "v1_error") == []
    assert response.json()["code"] == code
    (said,) = json.loads(response.json()["debug"])
    return str(said)

"""Users, groups and Orgs for tests, made over the admin API."""

from __future__ import annotations

from typing import Any

from tests.sandbox.client import Client


def admin(client: Client, method: str, path: str, body: Any = None) -> Any:
    """Call the admin API; the JSON of its answer, None for an empty one."""
    response = client.session.request(method, f"{client.url}/sandbox/admin{path}", json=body, timeout=10)
    assert response.ok, response.text
    return response.json() if response.content else None


def add_user(client: Client, name: str, **body: Any) -> str:
    """Make a user, or change one; the GUID."""
    return str(admin(client, "POST", "/users", {"name": name, **body})["id"])


def add_group(client: Client, name: str, *privileges: str, **body: Any) -> str:
    """Make a group, or change one; the GUID."""
    return str(admin(client, "POST", "/groups", {"name": name, "privileges": list(privileges), **body})["id"])


def add_orgs(client: Client, *names: str, **body: Any) -> list[int]:
    """Make Orgs; their ids."""
    return [org["id"] for org in admin(client, "POST", "/orgs", {"names": list(names), **body})]


def share(client: Client, guid: str, principal: str, mode: str = "READ_ONLY", kind: str = "USER", **body: Any) -> None:
    """Share an object; it has to work."""
    response = client.post(
        "/security/metadata/share",
        {
            "metadata": [{"identifier": guid}],
            "permissions": [{"principal": {"identifier": principal, "type": kind}, "share_mode": mode}],
            "message": "",
            **body,
        },
    )
    assert response.status_code == 204, response.text

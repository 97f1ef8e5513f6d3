"""A person with a plain HTTP library: nothing here knows more than the reference of the REST API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests


@dataclass(frozen=True)
class Client:
    """A logged-in session with a sandbox."""

    url: str
    session: requests.Session

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        """POST a JSON body to an endpoint of V2."""
        return self.session.post(f"{self.url}/api/rest/2.0{path}", json=body, timeout=10, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET an endpoint of V2."""
        return self.session.get(f"{self.url}/api/rest/2.0{path}", timeout=10, **options)

    def items(self, *texts: str, policy: str = "PARTIAL", **options: Any) -> list[dict[str, Any]]:
        """Import TML; the items of the answer."""
        body = {"metadata_tmls": list(texts), "import_policy": policy, **options}
        response = self.post("/metadata/tml/import", body)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()
        assert [item["request_index"] for item in found] == list(range(len(texts)))
        return found

    def load(self, *texts: str, **options: Any) -> list[str]:
        """Import TML that must succeed; the GUIDs."""
        items = self.items(*texts, policy="ALL_OR_NONE", **options)
        assert {status(item) for item in items} <= {"OK", "WARNING"}, [message(item) for item in items]
        return [guid(item) for item in items]

    def export(self, *guids: str, **options: Any) -> list[dict[str, Any]]:
        """Export objects as YAML; the items of the answer."""
        body = {"metadata": [{"identifier": each} for each in guids], "edoc_format": "YAML", **options}
        response = self.post("/metadata/tml/export", body)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()
        return found

    def edoc(self, identifier: str, **options: Any) -> str:
        """The YAML text of one object."""
        return str(self.export(identifier, **options)[0]["edoc"])

    def search(self, **body: Any) -> list[dict[str, Any]]:
        """Search metadata, without a page limit unless one is given."""
        response = self.post("/metadata/search", {"record_size": -1, **body})
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()
        return found

    def names(self, **body: Any) -> list[str]:
        """The sorted names of what a search finds."""
        return sorted(str(item["metadata_name"]) for item in self.search(**body))


def status(item: dict[str, Any]) -> str:
    """OK, WARNING or ERROR."""
    return str(item["response"]["status"]["status_code"])


def message(item: dict[str, Any]) -> str:
    """What an item says, "" for nothing."""
    return str(item["response"]["status"].get("error_message", ""))


def code(item: dict[str, Any]) -> int:
    """The error code of an item, 0 for none."""
    return int(item["response"]["status"].get("error_code", 0))


def guid(item: dict[str, Any]) -> str:
    """The GUID of an item's header."""
    return str(item["response"]["header"]["id_guid"])

"""The page at ``/`` in a real browser: it shows what there is under its own policy, and hostile names do nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.browser import Dom, needs_browser
from tests.browser import opened as opened_at
from tests.sandbox import tml
from tests.sandbox.client import Client
from tsdeploy.sandbox import Cluster, Server

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "a\u202eb\u200bc",
    "'\"><b>bold</b>&amp;",
    "javascript:alert(1)",
)

Open = Callable[..., Dom]


@pytest.fixture
def opened(server: Server, tmp_path: Path) -> Open:
    """Opens a section of the page; fails when the browser had anything to complain about."""

    def open_(section: str = "") -> Dom:
        dom, said = opened_at(f"{server.url}/#{section}", tmp_path)
        assert said == ""
        return dom

    return open_


def hostile_connections() -> list[str]:
    """Connections whose names are attacks."""
    guids = [f"c00000{number:02d}-0000-4000-8000-00000000000b" for number in range(len(HOSTILE))]
    quoted = ['"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' for name in HOSTILE]
    return [tml.connection(name=name, guid=guid) for name, guid in zip(quoted, guids, strict=True)]


def test_the_page_asks_for_nothing_from_elsewhere(server: Server) -> None:
    response = requests.get(server.url, timeout=10)

    dom = Dom(response.text)
    policy = response.headers["Content-Security-Policy"]
    assert [address for address in dom.addresses if not address.startswith("#")] == []
    assert "http" not in re.sub(r"https?://www\.w3\.org\S*", "", response.text)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@needs_browser
def test_objects_are_listed_with_their_kinds(estate: Client, opened: Open) -> None:
    dom = opened()

    for text in ("test", "26.8.0.cl-123", "Warehouse", "ORDERS", "Sales", "connection 1", "model 1"):
        assert text in dom.text
    assert dom.tags.count("tr") >= len(tml.ESTATE)


@needs_browser
def test_an_object_is_shown_with_its_tml_and_neighbours(estate: Client, opened: Open) -> None:
    dom = opened(f"objects/{tml.M1}")

    assert any(text.startswith(f"guid: {tml.M1}\nmodel:\n") for text in dom.text)
    assert "table: ORDERS" in dom.text
    assert f"#objects/{tml.T1}" in dom.addresses


@needs_browser
def test_requests_are_listed_with_what_became_of_them(estate: Client, cluster: Cluster, opened: Open) -> None:
    rule = cluster.traffic.faults.add("status", "tags/search", status=503)
    estate.post("/tags/search", {})
    estate.get("/nowhere")

    dom = opened("requests")

    for text in ("metadata/tml/import", "tsadmin", "tags/search", "503", rule, "nowhere", "404"):
        assert text in dom.text


@needs_browser
def test_tasks_and_faults_are_listed(client: Client, cluster: Cluster, opened: Open) -> None:
    client.post("/metadata/tml/async/import", {"metadata_tmls": [tml.connection()]})
    cluster.traffic.faults.add("reset", "metadata/tml/import", nth=3, applied=True)

    assert "PARTIAL_OBJECT" in opened("tasks").text
    faults = opened("faults")
    for text in ("fault-1: reset", "metadata/tml/import", "after the write", "call 3", "0 of 0"):
        assert text in faults.text


@needs_browser
def test_an_empty_sandbox_says_so(client: Client, opened: Open) -> None:
    dom = opened()

    assert "This Org is empty." in dom.text
    assert "No import was queued." in dom.text
    assert "Nothing goes wrong." in dom.text


@needs_browser
def test_hostile_names_are_shown_and_do_nothing(client: Client, cluster: Cluster, opened: Open) -> None:
    guids = client.load(*hostile_connections())
    client.post(f"/{HOSTILE[0]}", {})

    for section in ("objects", f"objects/{guids[0]}", f"objects/{guids[1]}", "requests"):
        dom = opened(section)
        assert not {"img", "iframe"} & set(dom.tags)
        assert dom.tags.count("script") == 1
        assert dom.handlers == []
        assert not any(address.startswith("javascript:") for address in dom.addresses)
        for name in HOSTILE:
            shown = name.replace("\u202e", "\\u202e").replace("\u200b", "\\u200b")
            assert shown in dom.seen
        assert "\u202e" not in dom.seen
        assert "\u200b" not in dom.seen

"""A real server process, killed in the middle of an import: all of it is there afterwards, or nothing."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.client import Client
from tsdeploy.sandbox import Launch, list_running, start_detached, stop

TABLES = [tml.table(f"T{number}", "") for number in range(200)]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A registry folder whose sandboxes are stopped in the end."""
    yield tmp_path
    for running in list_running(tmp_path):
        stop(running.name, tmp_path)


def client_of(url: str, session: requests.Session) -> Client:
    """A client that is logged in."""
    client = Client(url, session)
    token = client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"}).json()["token"]
    session.headers["Authorization"] = f"Bearer {token}"
    return client


def count_tables(client: Client) -> int:
    """How many tables there are."""
    return len(client.search(metadata=[{"type": "LOGICAL_TABLE"}], include_headers=False))


def send(client: Client, policy: str) -> None:
    """Send an import whose answer may never come."""
    body = {"metadata_tmls": TABLES, "import_policy": policy}
    try:
        client.session.post(f"{client.url}/api/rest/2.0/metadata/tml/import", json=body, timeout=30)
    except requests.ConnectionError:
        return  # the process was killed before it answered: that is the point


@pytest.mark.parametrize(("policy", "seconds"), [("PARTIAL", 0.05), ("ALL_OR_NONE", 0.3), ("PARTIAL_OBJECT", 0.6)])
def test_a_killed_import_is_there_as_a_whole_or_not_at_all(home: Path, policy: str, seconds: float) -> None:
    with requests.Session() as session:
        running = start_detached(Launch("dev", home=home))
        client = client_of(running.url, session)
        client.load(tml.connection())
        importing = threading.Thread(target=send, args=(client, policy))
        importing.start()
        time.sleep(seconds)
        os.kill(running.pid, signal.SIGKILL)
        os.waitpid(running.pid, 0)
        importing.join()

    with requests.Session() as session:
        again = client_of(start_detached(Launch("dev", home=home)).url, session)
        assert count_tables(again) in (0, len(TABLES))
        assert again.names(metadata=[{"identifier": "Warehouse"}]) == ["Warehouse"]

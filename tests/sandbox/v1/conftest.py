"""V1 clients of the sandbox of a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from tests.sandbox.v1.client import HEADERS, V1Client
from tsdeploy.sandbox import Server


@pytest.fixture
def stranger(server: Server) -> Iterator[V1Client]:
    """A V1 client that has not logged in."""
    with requests.Session() as session:
        session.headers.update(HEADERS)
        yield V1Client(server.url, session)


@pytest.fixture
def v1(stranger: V1Client) -> V1Client:
    """A V1 client that is logged in."""
    stranger.log_in()
    return stranger

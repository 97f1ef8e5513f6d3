"""A sandbox on a free port for each test, and a client that is logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests

from tests.sandbox.client import Client
from tests.sandbox.tml import ESTATE
from tsdeploy.sandbox import Cluster, Server, Settings

ORG = "Sales"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A cluster in memory with one Org beside Primary."""
    with Cluster(settings=Settings(name="test", orgs=(ORG,))) as made:
        yield made


@pytest.fixture
def server(cluster: Cluster) -> Iterator[Server]:
    """The cluster on a free port."""
    with Server(cluster) as running:
        yield running


@pytest.fixture
def log_in(server: Server) -> Iterator[Callable[[int], Client]]:
    """Logs in with the secret key, into an Org by id."""
    with ExitStack() as stack:

        def into(org_id: int) -> Client:
            session = stack.enter_context(requests.Session())
            client = Client(server.url, session)
            body = {"username": "tsadmin", "secret_key": "sandbox", "org_id": org_id}
            token = client.post("/auth/token/full", body).json()["token"]
            session.headers["Authorization"] = f"Bearer {token}"
            return client

        yield into


@pytest.fixture
def log_in_as(server: Server) -> Iterator[Callable[..., Client]]:
    """Logs in as a user by name, with the secret key, into an Org by id."""
    with ExitStack() as stack:

        def as_user(name: str, org_id: int = 0) -> Client:
            session = stack.enter_context(requests.Session())
            client = Client(server.url, session)
            body = {"username": name, "secret_key": "sandbox", "org_id": org_id}
            response = client.post("/auth/token/full", body)
            assert response.status_code == 200, response.text
            session.headers["Authorization"] = f"Bearer {response.json()['token']}"
            return client

        yield as_user


@pytest.fixture
def client(log_in: Callable[[int], Client]) -> Client:
    """A client in Primary."""
    return log_in(0)


@pytest.fixture
def estate(client: Client) -> Client:
    """A client of a cluster that has one of each kind."""
    client.load(*ESTATE)
    return client


@pytest.fixture
def at() -> Iterator[Callable[[str], Client]]:
    """A client, logged in, of an empty cluster of a release."""
    with ExitStack() as stack:

        def made(release: str) -> Client:
            cluster = stack.enter_context(Cluster(settings=Settings(release=release)))
            server = stack.enter_context(Server(cluster))
            client = Client(server.url, stack.enter_context(requests.Session()))
            token = client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"}).json()["token"]
            client.session.headers["Authorization"] = f"Bearer {token}"
            return client

        yield made

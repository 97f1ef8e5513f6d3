"""With a seed, the same requests in the same order get the same answers."""

from __future__ import annotations

from pathlib import Path

import requests

from tests.sandbox import tml
from tests.sandbox.client import Client
from tsdeploy.sandbox import Cluster, Server, Settings


def answers(cluster: Cluster) -> list[str]:
    """What a few requests are answered with, GUIDs, tokens, times and incidents included."""
    with Server(cluster) as server, requests.Session() as session:
        client = Client(server.url, session)
        said = [client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"})]
        session.headers["Authorization"] = f"Bearer {said[0].json()['token']}"
        texts = [tml.connection(guid=""), tml.table(guid=""), tml.model(guid=""), tml.liveboard(guid="")]
        said += [
            client.post("/metadata/tml/import", {"metadata_tmls": texts}),
            client.post("/tags/create", {"name": "release"}),
            client.post("/tags/create", {"name": "release"}),
            client.post("/metadata/search", {}),
        ]
    return [response.headers["Date"] + response.text for response in said]


def test_two_runs_are_the_same_to_the_byte() -> None:
    with Cluster(settings=Settings(seed=5)) as first, Cluster(settings=Settings(seed=5)) as second:
        assert answers(first) == answers(second)


def test_another_seed_gives_other_guids_and_tokens() -> None:
    with Cluster(settings=Settings(seed=5)) as first, Cluster(settings=Settings(seed=6)) as second:
        assert not set(answers(first)) & set(answers(second))


def test_without_a_seed_nothing_repeats() -> None:
    with Cluster() as first, Cluster() as second:
        assert not set(answers(first)) & set(answers(second))


def test_a_restart_repeats_nothing_and_goes_on_as_without_one(tmp_path: Path) -> None:
    with Cluster(tmp_path / "one.sqlite", Settings(seed=5)) as cluster:
        first = cluster.mint.guid()
    with Cluster(tmp_path / "one.sqlite", Settings(seed=5)) as cluster:
        second = cluster.mint.guid()
    with Cluster(settings=Settings(seed=5)) as cluster:
        assert [first, second] == [cluster.mint.guid(), cluster.mint.guid()]


def test_a_snapshot_brings_back_the_time_and_what_is_made_up_next() -> None:
    with Cluster(settings=Settings(seed=5)) as cluster:
        cluster.snapshots.save("start")
        first = answers(cluster)
        cluster.restore("start")

        assert [text[29:] for text in answers(cluster)[:3]] == [text[29:] for text in first[:3]]

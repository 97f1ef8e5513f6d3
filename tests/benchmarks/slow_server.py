"""A sandbox in a process of its own that takes its time: so much for each call, and for each object of an export."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.benchmarks.sandbox import fill
from tsdeploy.config.auth import TrustedAuth
from tsdeploy.config.environment import Environment
from tsdeploy.config.secrets import Secret
from tsdeploy.sandbox import Cluster, Server
from tsdeploy.sandbox.traffic.latency import Delay, Latency
from tsdeploy.sandbox.traffic.limits import Limits

PER_CALL, PER_OBJECT = 150, 20
"""Milliseconds."""
KEY = "TS_BENCHMARK_KEY"


def _serve(folder: Path, objects: int, padding: int, pipe: Connection) -> None:
    with Cluster(folder / "cluster.sqlite") as cluster:
        fill(cluster, objects)
        # An estate is older than its first backup; what is only seconds old is read again, to be safe.
        cluster.database.execute("UPDATE objects SET modified = modified - 86400000")
        if padding:
            _pad(cluster, padding)
        cluster.traffic.limits = Limits(on=True)
        usual, export = Delay(PER_CALL, 0), Delay(PER_CALL, PER_OBJECT)
        cluster.traffic.latency = Latency(usual, (("metadata/tml/export", export),))
        with Server(cluster) as server:
            pipe.send(server.url)
            while (order := pipe.recv()) != "stop":
                pipe.send(_obey(cluster, order))


def _obey(cluster: Cluster, order: tuple[str, int]) -> int:
    what, number = order
    if what == "edit":
        return _edit(cluster, number)
    if what == "faults":
        cluster.traffic.faults.clear()
        for position, (kind, more) in enumerate(_FAULTS if number else ()):
            share = number / 100 / len(_FAULTS)
            cluster.traffic.faults.add(kind, "metadata/*", probability=share, seed=position, **more)
    if what == "fast":
        cluster.traffic.latency = Latency()
        cluster.traffic.limits = Limits()
    return 0


_FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("status", {"status": 503}),
    ("reset", {}),
    ("truncate", {"size": 100}),
    ("broken_json", {}),
)


def _edit(cluster: Cluster, count: int) -> int:
    """Change so many Liveboards, spread over all."""
    boards = cluster.objects.of_kind(0, "liveboard")
    step = max(1, len(boards) // count)
    with cluster.database.transaction():
        for item in boards[::step][:count]:
            text = item.text.replace("liveboard:\n", "liveboard:\n  description: edited\n", 1)
            cluster.objects.save(replace(item, text=text, modified=cluster.now()))
    return len(boards[::step][:count])


def _pad(cluster: Cluster, size: int) -> None:
    """Make every text so many bytes long, by comments that the server keeps as they are."""
    line = "# " + "x" * 97 + "\n"
    with cluster.database.transaction():
        for item in cluster.objects.in_org(0):
            text = item.text + line * max(0, (size - len(item.text)) // len(line))
            cluster.objects.save(replace(item, text=text))


@contextmanager
def slow_server(objects: int, padding: int = 0) -> Iterator[tuple[str, Connection]]:
    """The address of a running sandbox, and a pipe for orders."""
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(Path(folder), objects, padding, there)
        )
        process.start()
        try:
            yield here.recv(), here
        finally:
            here.send("stop")
            process.join()


def environment(folder: Path, url: str) -> Environment:
    """An environment for it."""
    return Environment("bench", folder / "environments" / "bench", url, TrustedAuth("tsadmin", Secret(KEY)))

"""How fast a sandbox answers: small requests of many clients, and single calls on an Org of 10,000 objects.

    python -m tests.benchmarks.sandbox
    python -m tests.benchmarks.sandbox --objects 1000 --seconds 2

The server is a process of its own with its database on disk; the clients are threads with a plain HTTP library.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.sandbox import tml
from tsdeploy.sandbox import Cluster, Server
from tsdeploy.sandbox.kinds import subtype
from tsdeploy.sandbox.store.objects import Binding, StoredObject
from tsdeploy.sandbox.wellknown import TSADMIN_ID
from tsdeploy.tml.document import parse_document

_CLIENTS = 8
_RUNS = 3
_BATCH = 50
_BASE = "/api/rest/2.0"


class Session:
    """One connection with a token."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json"}
        token = self.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"})["token"]
        self._headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, body: Any) -> Any:
        """Call an endpoint; the JSON of its answer."""
        return self._send("POST", path, json.dumps(body))

    def get(self, path: str) -> Any:
        """Call an endpoint without a body."""
        return self._send("GET", path, None)

    def _send(self, method: str, path: str, body: str | None) -> Any:
        self._connection.request(method, _BASE + path, body, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise SystemExit(f"{path}: {response.status} {content!r}")
        return json.loads(content) if content else None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def fill(cluster: Cluster, count: int) -> list[str]:
    """Objects of all kinds, written past the import, which is not what is measured here; the GUIDs of the last."""
    texts: list[tuple[str, dict[str, str]]] = [(tml.connection(), {})]
    for number in range(count // 5):
        table, model = str(uuid.UUID(int=number + 1)), str(uuid.UUID(int=(1 << 64) + number))
        texts.append((tml.table(f"T{number}", table), {"table.connection": tml.C1}))
        texts.append((tml.model(f"M{number}", model), {"model.model_tables[0]": table}))
        texts.append((tml.answer(f"A{number}", str(uuid.uuid4())), {"answer.tables[0]": model}))
        for board in range(2):
            guid = str(uuid.uuid4())
            vizzes = [(f"Viz_{each}", "[AMOUNT]", str(uuid.uuid4())) for each in range(1, 9)]
            text = tml.liveboard(f"L{number}-{board}", guid, vizzes=vizzes)
            texts.append((text, {"liveboard.visualizations[0].answer.tables[0]": model}))
    with cluster.database.transaction():
        return [save(cluster, text, links) for text, links in texts][-_BATCH:]


def save(cluster: Cluster, text: str, links: dict[str, str]) -> str:
    """Write one object."""
    document, now = parse_document(text, "generated"), cluster.now()
    kind = document.kind
    item = StoredObject(
        document.guid,
        0,
        kind.root,
        kind.name,
        document.name,
        "",
        "",
        subtype(kind.name),
        TSADMIN_ID,
        now,
        now,
        TSADMIN_ID,
        text,
    )
    cluster.objects.save(item)
    cluster.objects.set_links(item.guid, links)
    if kind.name == "table":
        cluster.objects.bind(item.guid, Binding(tml.C1, "DEV", "SALES", document.name))
    return item.guid


def serve(path: Path, objects: int, pipe: Connection) -> None:
    """Run a filled sandbox until somebody says stop."""
    with Cluster(path) as cluster:
        guids = fill(cluster, objects)
        with Server(cluster) as server:
            pipe.send((server.port, guids))
            pipe.recv()


@contextmanager
def running(objects: int) -> Iterator[tuple[int, list[str]]]:
    """A sandbox in a process of its own: its port, and some GUIDs."""
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(Path(folder) / "cluster.sqlite", objects, there)
        )
        process.start()
        try:
            yield here.recv()
        finally:
            here.send("stop")
            process.join()


def rate(port: int, seconds: float, action: Callable[[Session], object]) -> float:
    """Requests a second of all clients together."""
    counts = [0] * _CLIENTS
    until = time.perf_counter() + seconds

    def work(number: int) -> None:
        session = Session(port)
        while time.perf_counter() < until:
            action(session)
            counts[number] += 1
        session.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(_CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def best(action: Callable[[], object]) -> float:
    """Seconds of the quickest of a few runs."""
    taken = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return min(taken)


def report(port: int, guids: list[str], seconds: float) -> Iterator[str]:
    """What was measured, a line each."""
    guid = guids[0]
    small: dict[str, Callable[[Session], object]] = {
        "session/user": lambda session: session.get("/auth/session/user"),
        "search by GUID": lambda session: session.post("/metadata/search", {"metadata": [{"identifier": guid}]}),
        "tags/search": lambda session: session.post("/tags/search", {}),
        "export of one": lambda session: session.post(
            "/metadata/tml/export", {"metadata": [{"identifier": guid}], "edoc_format": "YAML"}
        ),
    }
    for name, action in small.items():
        yield f"{name:34} {rate(port, seconds, action):8.0f} a second, {_CLIENTS} clients"
    session = Session(port)
    entries = [{"identifier": each} for each in guids]
    batch = [tml.answer(f"New {number}", str(uuid.uuid4()), source="id: M1|name: M1") for number in range(_BATCH)]
    single: dict[str, Callable[[], object]] = {
        "search page": lambda: session.post("/metadata/search", {}),
        "search page by type and pattern": lambda: session.post(
            "/metadata/search", {"metadata": [{"type": "LIVEBOARD", "name_pattern": "%1%"}]}
        ),
        "search of 500 with details": lambda: session.post(
            "/metadata/search", {"record_size": 500, "include_details": True, "include_stats": True}
        ),
        "search of everything": lambda: session.post("/metadata/search", {"record_size": -1}),
        f"export of {_BATCH}": lambda: session.post(
            "/metadata/tml/export", {"metadata": entries, "edoc_format": "YAML", "export_fqn": True}
        ),
        f"import of {_BATCH}": lambda: session.post("/metadata/tml/import", {"metadata_tmls": batch}),
    }
    for name, call in single.items():
        yield f"{name:34} {best(call) * 1000:8.0f} ms"
    session.close()


def main(arguments: list[str] | None = None) -> None:
    """Measure, and say what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each kind of small request")
    given = parser.parse_args(arguments)
    with running(given.objects) as (port, guids):
        sys.stdout.write(f"{given.objects} objects\n")
        for line in report(port, guids, given.seconds):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

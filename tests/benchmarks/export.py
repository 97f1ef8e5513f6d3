"""How fast an export is, against one object a call with four workers, and against what the server allows.

    python -m tests.benchmarks.export
    python -m tests.benchmarks.export --objects 500

The sandbox charges 150 ms a call and 20 ms an exported object, and lets 100 requests a second pass, 10 at once.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

from tests.benchmarks.slow_server import KEY, PER_CALL, PER_OBJECT, environment, slow_server
from tsdeploy.config.environment import ExportSettings
from tsdeploy.config.project import Project
from tsdeploy.export.order import ExportOrder
from tsdeploy.export.result import ExportResult
from tsdeploy.export.run import export_environment
from tsdeploy.rest import ObjectRef, SearchQuery, export_tml, search_metadata
from tsdeploy.sessions import connect

_KINDS = ("table", "model", "answer", "liveboard")
_WORKERS = 8
_BEFORE_CALLS, _BEFORE_ROUNDS = 3, 3
"""Signing in is two calls, one after the other; listing up to 2,000 objects is one."""


def usual(url: str, count: int) -> tuple[float, int]:
    """Seconds and calls of one object a call, four at a time, for the first objects; scaled up by the caller."""
    with tempfile.TemporaryDirectory() as folder, connect(environment(Path(folder), url)) as session:
        types = ("LOGICAL_TABLE", "ANSWER", "LIVEBOARD")
        references = [ObjectRef(header.id) for header in search_metadata(session, SearchQuery(types=types))][:count]
        begin = time.perf_counter()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda one: export_tml(session, [one]), references))
        return time.perf_counter() - begin, len(references)


def ours(url: str, folder: Path, *, attached: bool = False) -> ExportResult:
    """An export of everything into a folder; ``attached`` also asks for what hangs on the objects."""
    place = environment(folder, url)
    order = ExportOrder(ExportSettings(kinds=_KINDS, associated=attached))
    with connect(place) as session:
        return export_environment(Project(folder), place, session, order)


def texts(folder: Path) -> dict[str, bytes]:
    """The files of an export."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in (folder / "tml").rglob("*.tml")}


def compare(url: str, pipe: Connection, objects: int) -> None:
    """Say how the two do, and whether faults change anything."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        result = ours(url, Path(first))
        count, calls = len(result.files), result.usage.calls
        seconds, taken = usual(url, objects // 10)
        slow = seconds * count / taken
        exports = calls - _BEFORE_CALLS
        bound = (_BEFORE_ROUNDS * PER_CALL + (count * PER_OBJECT + exports * PER_CALL) / _WORKERS) / 1000
        say(f"{count} objects: {result.seconds:.1f} s, {calls} calls")
        say(f"one object a call, 4 workers: {slow:.1f} s (from {taken} objects), {count} calls")
        say(f"{slow / result.seconds:.1f} times as fast, 1/{count / calls:.0f} of the calls")
        say(f"{result.seconds / bound:.2f} times what these calls cost the server, {_WORKERS} at a time: {bound:.1f} s")
        pipe.send(("faults", 5))
        pipe.recv()
        faulty = ours(url, Path(second))
        same = "identical" if texts(Path(first)) == texts(Path(second)) else "DIFFERENT"
        say(f"with 5 % faults: {faulty.seconds:.1f} s, {faulty.usage.calls} calls, {same}")
    with tempfile.TemporaryDirectory() as folder:
        pipe.send(("faults", 0))
        pipe.recv()
        more = ours(url, Path(folder), attached=True)
        say(f"with feedback, aliases, rules and alerts: {more.seconds:.1f} s, {more.usage.calls} calls")


def memory(objects: int, kilobytes: int) -> None:
    """Say how much memory an export of large objects takes."""
    with slow_server(objects, kilobytes * 1000) as (url, pipe), tempfile.TemporaryDirectory() as folder:
        pipe.send(("fast", 0))
        pipe.recv()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        result = ours(url, Path(folder))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        count = len(result.files)
        say(f"{count} objects of {kilobytes} KB: peak {peak} MB ({before} MB before), {result.seconds:.0f} s")


def say(text: str) -> None:
    """A line of the report."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> None:
    """Measure, and say what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--large", type=int, default=0, help="also the memory for so many objects of 50 KB")
    given = parser.parse_args(arguments)
    os.environ[KEY] = "sandbox"
    if given.large:
        memory(given.large, 50)
        return
    with slow_server(given.objects) as (url, pipe):
        compare(url, pipe, given.objects)


if __name__ == "__main__":
    main()

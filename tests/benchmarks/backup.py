"""How much cheaper an incremental backup is than a full one.

    python -m tests.benchmarks.backup
    python -m tests.benchmarks.backup --objects 2000 --changed 10

The sandbox charges 150 ms a call and 20 ms an exported object, and lets 100 requests a second pass, 10 at once.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.slow_server import KEY, environment, slow_server
from tsdeploy.backup.run import BackupResult, back_up
from tsdeploy.config.project import Project
from tsdeploy.git import create_repository
from tsdeploy.sessions import connect


def take(folder: Path, url: str) -> BackupResult:
    """A backup, full the first time."""
    place = environment(folder, url)
    with connect(place) as session:
        return back_up(Project(folder), place, session)


def report(name: str, result: BackupResult) -> None:
    """A line of the report."""
    counts = ", ".join(f"{count} {verb}" for verb, count in result.counts.items()) or "nothing different"
    sys.stdout.write(
        f"{name}: {result.seconds:.1f} s, {result.usage.calls} calls, {result.objects} objects, {counts}\n"
    )
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> None:
    """Measure, and say what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--changed", type=int, default=50)
    given = parser.parse_args(arguments)
    os.environ[KEY] = "sandbox"
    with slow_server(given.objects) as (url, pipe), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        create_repository(folder)
        full = take(folder, url)
        report("full", full)
        pipe.send(("edit", given.changed))
        sys.stdout.write(f"{pipe.recv()} objects change\n")
        incremental = take(folder, url)
        report("incremental", incremental)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stdout.write(f"{full.seconds / incremental.seconds:.0f} times as fast; peak memory {peak} MB\n")


if __name__ == "__main__":
    main()

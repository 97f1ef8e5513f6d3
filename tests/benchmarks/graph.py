"""How fast ``tsdeploy graph`` is on a tree that did not change, against its first run, in the same run.

    python -m tests.benchmarks.graph                     10,000 documents
    python -m tests.benchmarks.graph --documents 2000

The estate is closed (see ``packages``), and each run is a process of its own, as people start it. Reported are the
ratio of both runs and the peak memory of each. Both must print the same.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.packages import generate_packages
from tests.benchmarks.timing import RUNS
from tests.benchmarks.tml_engine import report
from tsdeploy.config.project import Project

_PROGRAM = """
import resource, sys
from tsdeploy.__main__ import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command."""

    seconds: float
    output: str
    megabytes: int


def graph(root: Path) -> Run:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", _PROGRAM, "--project", str(root), "graph", "--format", "json"]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(time.perf_counter() - started, done.stdout, int(done.stderr.split()[-1]))


def run(documents: int) -> None:
    """Generate the estate, measure, report."""
    with tempfile.TemporaryDirectory() as name:
        project = Project(Path(name))
        (project.root / "environments").mkdir()
        size = generate_packages(project.tml, documents=documents)
        print(f"{documents} documents, {size / 1e6:.0f} MB")
        first = graph(project.root)
        again = [graph(project.root) for _ in range(RUNS)]
        assert all(one.output == first.output for one in again)
        report("graph, first run / unchanged tree", first.seconds / min(one.seconds for one in again), "≥ 5")
        print(f"peak memory, first run and unchanged tree {first.megabytes:17} {again[0].megabytes:5} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=10_000)
    run(parser.parse_args().documents)

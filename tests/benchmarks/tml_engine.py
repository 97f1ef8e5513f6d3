"""How fast TML is read and edited, against bare libyaml events and against ruamel.yaml, in the same run.

    python -m tests.benchmarks.tml_engine                      5,000 documents, 100 MB
    python -m tests.benchmarks.tml_engine --documents 500 --megabytes 10 --runs 7

Reported are ratios, each with its aim: medians of several runs, of CPU time, with what is compared taking turns every
few documents, so that a busy or throttled machine slows all of it alike. ruamel.yaml (round trip, load and dump) runs
on a sample of the documents, because all of them would take most of an hour.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from ruamel.yaml import YAML

from tests.benchmarks.estate import generate, texts
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.reading import read_entries

RUNS = 3
_SAMPLE = 40
_TURN = 8
"""Documents after which the next action has its turn: some tens of milliseconds."""

Action = Callable[[str], object]


def ratios(texts_: Sequence[str], baseline: Action, *actions: Action, runs: int) -> list[float]:
    """How many times the CPU time of the baseline each action takes: the median of the runs."""
    taken = [_totals(texts_, (baseline, *actions)) for _ in range(runs)]
    return [median(run[number] / run[0] for run in taken) for number in range(1, len(actions) + 1)]


def _totals(texts_: Sequence[str], actions: Sequence[Action]) -> list[float]:
    """The CPU seconds of each action on all texts."""
    gc.collect()
    totals = [0.0] * len(actions)
    for first in range(0, len(texts_), _TURN):
        for number, action in enumerate(actions):
            started = time.process_time()
            for text in texts_[first : first + _TURN]:
                action(text)
            totals[number] += time.process_time() - started
    return totals


def drain(text: str) -> None:
    """Bare libyaml events: the baseline."""
    loader: Any = yaml.CBaseLoader(text)
    get_event = loader.get_event
    while get_event() is not None:
        pass


def load(text: str) -> Document:
    """Read a document with positions and references."""
    return parse_document(text, "x")


def load_and_edit(text: str) -> str:
    """Read a document and give every GUID that a promotion maps another value."""
    document = load(text)
    edits = []
    for reference in document.references:
        scalar = reference.scalar
        if reference.block is not None:
            scalar = reference.block.scalar("fqn")
        if scalar is not None and reference.end == 0:
            edits.append(edit.replace(document.text, scalar, "00000000-0000-4000-8000-000000000000", document.dialect))
    return edit.apply(document.text, edits)


def round_trip(text: str) -> None:
    """What a tool does that loads and dumps with ruamel.yaml and keeps quotes."""
    engine = YAML(typ="rt")
    engine.preserve_quotes = True
    engine.width = 10**9
    engine.dump(engine.load(text), io.StringIO())


@dataclass(frozen=True, slots=True)
class Cost:
    """What one reading of a folder took: seconds on the wall, and of CPU in this process and in its helpers."""

    wall: float
    own: float
    helpers: float

    @property
    def busiest(self) -> float:
        """The CPU time of the busier side: what it takes on a machine that has nothing else to do."""
        return max(self.own, self.helpers)


def cost(action: Callable[[], object]) -> Cost:
    """Run something and say what it took."""
    gc.collect()
    wall, own, helpers = time.perf_counter(), time.process_time(), _children()
    action()
    return Cost(time.perf_counter() - wall, time.process_time() - own, _children() - helpers)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_megabytes(folder: Path) -> float:
    """The peak memory of a process that indexes a folder."""
    program = (
        "import resource, sys; from pathlib import Path; from tsdeploy.tml.reading import read_entries;"
        "found = read_entries(Path(sys.argv[1]));"
        "print(len(found.entries), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[1])


def report(name: str, ratio: float, aim: str) -> None:
    """One line of the report."""
    print(f"{name:60} {ratio:8.2f}   aim {aim}")


def report_documents(everything: list[str], runs: int) -> None:
    """Reading and editing, one document after the other."""
    loaded, edited = ratios(everything, drain, load, load_and_edit, runs=runs)
    report("load with positions and references / bare events", loaded, "≤ 2")
    report("load and edit every mapped value / load", edited / loaded, "≤ 1.25")
    sample = everything[:: max(1, len(everything) // _SAMPLE)]
    (ruamel,) = ratios(sample, load, round_trip, runs=1)
    report(f"ruamel.yaml load+dump / load ({len(sample)} documents)", ruamel, "≥ 30")


def report_index(folder: Path, cache: EntryCache, runs: int) -> None:
    """Reading a folder: in one process, in two, and with a cache."""
    read_entries(folder, cache=cache)
    taken = [
        (
            cost(lambda: read_entries(folder)),
            cost(lambda: read_entries(folder, processes=2)),
            cost(lambda: read_entries(folder, cache=cache)),
        )
        for _ in range(runs)
    ]
    report("index, one process / two", median(one.own / two.busiest for one, two, _ in taken), "≥ 1.7")
    report(
        f"  by the clock on the wall ({_load()})", median(one.wall / two.wall for one, two, _ in taken), "≥ 1.7, idle"
    )
    report("index, no cache / unchanged tree", median(one.own / known.own for one, _, known in taken), "≥ 10")


def _load() -> str:
    """How busy the machine was in the last minute."""
    return f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"


def run(documents: int, megabytes: float, runs: int) -> None:
    """Generate the estate, measure, report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "estate"
        size = generate(folder, documents=documents, megabytes=megabytes)
        print(f"{documents} documents, {size / 1e6:.0f} MB")
        report_documents(list(texts(folder)), runs)
        report_index(folder, EntryCache(Path(name) / "cache.json"), runs)
        print(f"{'peak memory of an index':60} {peak_megabytes(folder):8.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    run(chosen.documents, chosen.megabytes, chosen.runs)

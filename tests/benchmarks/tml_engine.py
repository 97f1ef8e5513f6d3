"""How fast TML is read and edited, against bare libyaml events and against ruamel.yaml, in the same run.

    python -m tests.benchmarks.tml_engine                      5,000 documents, 100 MB
    python -m tests.benchmarks.tml_engine --documents 500 --megabytes 10

Reported are ratios, each with its aim. ruamel.yaml (round trip, load and dump) runs on a sample of the documents,
because all of them would take most of an hour; its time is scaled by characters.
"""

from __future__ import annotations

import argparse
import gc
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML

from tests.benchmarks.estate import generate, texts
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.reading import read_entries

_SAMPLE = 40
RUNS = 3


def timed(action: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of this process's own time, which other processes disturb least."""
    gc.collect()
    started = clock()
    action()
    return clock() - started


def best(*actions: Callable[[], object], clock: Callable[[], float] = time.process_time) -> list[float]:
    """The least time of each action; the actions take turns, so that a busy machine slows all of them."""
    taken = [[timed(action, clock) for action in actions] for _ in range(RUNS)]
    return [min(times) for times in zip(*taken, strict=True)]


def drain(text: str) -> None:
    """Bare libyaml events: the baseline."""
    loader: Any = yaml.CBaseLoader(text)
    get_event = loader.get_event
    while get_event() is not None:
        pass


def each(action: Callable[[str], object], texts_: Sequence[str]) -> None:
    """Do it to each text, and keep nothing."""
    for text in texts_:
        action(text)


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
    print(f"{name:58} {ratio:8.2f}   aim {aim}")


def report_documents(everything: list[str]) -> None:
    """Reading and editing, one document after the other."""
    bare, loaded, edited = best(
        lambda: each(drain, everything),
        lambda: each(load, everything),
        lambda: each(load_and_edit, everything),
    )
    report("load with positions and references / bare events", loaded / bare, "≤ 2")
    report("load and edit every mapped value / load", edited / loaded, "≤ 1.25")
    sample = everything[:: max(1, len(everything) // _SAMPLE)]
    ruamel = timed(lambda: each(round_trip, sample))
    (ours,) = best(lambda: each(load, sample))
    report(f"ruamel.yaml load+dump / load ({len(sample)} documents)", ruamel / ours, "≥ 30")


def run(documents: int, megabytes: float) -> None:
    """Generate the estate, measure, report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "estate"
        size = generate(folder, documents=documents, megabytes=megabytes)
        print(f"{documents} documents, {size / 1e6:.0f} MB")
        report_documents(list(texts(folder)))
        # Several processes are measured by the clock on the wall.
        one, two = best(
            lambda: read_entries(folder),
            lambda: read_entries(folder, processes=2),
            clock=time.perf_counter,
        )
        report("index, one process / two", one / two, "≥ 1.7")
        cache = EntryCache(Path(name) / "cache.json")
        read_entries(folder, cache=cache)
        report(
            "index, no cache / unchanged tree",
            one / timed(lambda: read_entries(folder, cache=cache), time.perf_counter),
            "≥ 10",
        )
        print(f"peak memory of an index                                    {peak_megabytes(folder):8.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--megabytes", type=float, default=100)
    chosen = parser.parse_args()
    run(chosen.documents, chosen.megabytes)

"""How long ``tsdeploy review`` takes from a cold start, as people run it, and how much of it is git's.

    python -m tests.benchmarks.review                       500 changed of 10,000 documents
    python -m tests.benchmarks.review --documents 2000 --changed 100

The estate is closed (see ``packages``). Every second document of some of its areas changes, as in a release of these;
with ``--spread`` every so manyth of all, which reaches nearly everything: names and join types, and each twentieth of
the changed tables loses its first column, a key. Each run is a process of its own, without a cache; reported
are wall and CPU seconds, and the time of reading all blobs alone for comparison.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.packages import generate_packages
from tsdeploy.config.project import Project
from tsdeploy.git import create_repository
from tsdeploy.review.git_objects import GitObjects

_COLUMN = re.compile(r"^  - name: .*\n(?:    .*\n)+", re.MULTILINE)
_RUNS = 2


def change(files: list[Path], wanted: int, *, spread: bool) -> int:
    """Change every second file of some areas, or every so manyth of all of them; how many were changed."""
    step = max(1, len(files) // wanted) if spread else 2
    chosen = files[::step][:wanted]
    for number, file in enumerate(chosen):
        text = file.read_text(encoding="utf-8")
        if number % 20 == 0 and ".table." in file.name:
            text = _COLUMN.sub("", text, count=1)
        elif "type: LEFT_OUTER" in text:
            text = text.replace("type: LEFT_OUTER", "type: INNER", 1)
        else:
            text = re.sub(r"^(  name: )(.*)$", r"\1\2 v2", text, count=1, flags=re.MULTILINE)
        file.write_bytes(text.encode("utf-8"))
    return len(chosen)


def run(documents: int, changed: int, *, spread: bool) -> None:
    """Generate the estate, change it, measure, report."""
    with tempfile.TemporaryDirectory() as name:
        project = Project(Path(name))
        (project.root / "environments").mkdir()
        size = generate_packages(project.tml, documents=documents)
        repository = create_repository(project.root)
        repository.commit([project.root], "start")
        files = sorted(project.tml.rglob("*.tml"))
        count = change(files, changed, spread=spread)
        repository.commit([project.root], "change")
        print(f"{count} changed of {len(files)} documents, {size / 1e6:.0f} MB")
        objects = GitObjects.of(repository, project)
        started = time.perf_counter()
        read = sum(map(len, objects.read(blob.id for blob in objects.tree("HEAD"))))
        print(f"reading {read / 1e6:.0f} MB of blobs alone: {time.perf_counter() - started:.1f} s")
        for form in ("text", "html"):
            _measure(project.root, form)


def _measure(root: Path, form: str) -> None:
    command = [sys.executable, "-m", "tsdeploy", "--project", str(root), "review", "--base", "HEAD~1", "--format", form]
    for _ in range(_RUNS):
        started, cpu = time.perf_counter(), os.times()
        done = subprocess.run(command, check=True, capture_output=True)
        spent = os.times()
        busy = spent.children_user + spent.children_system - cpu.children_user - cpu.children_system
        wall = time.perf_counter() - started
        print(f"{form}: {wall:.1f} s, {busy:.1f} s of CPU, {len(done.stdout) / 1e6:.2f} MB")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--changed", type=int, default=500)
    parser.add_argument("--spread", action="store_true", help="changes all over the estate")
    arguments = parser.parse_args()
    run(arguments.documents, arguments.changed, spread=arguments.spread)


if __name__ == "__main__":
    main()

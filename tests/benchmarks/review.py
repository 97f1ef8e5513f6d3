"""How long ``tsdeploy review`` takes from a cold start, as people run it, and how much of it is git's.

    python -m tests.benchmarks.review                       500 changed of 10,000 documents
    python -m tests.benchmarks.review --documents 2000 --changed 100

The estate is closed (see ``packages``). Every second document of some of its areas changes, as in a release of these;
with ``--spread`` every so manyth of all, which reaches nearly everything: names and join types, and each twentieth of
the changed tables loses its first column, a key. Each run is a process of its own, first without a cache and then
with the one that it left. Reported are wall and CPU seconds, and how many times as long a run takes as a baseline does
right before it, which a busy machine slows down alike: reading all blobs, and parsing each eighth of them.
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
from tsdeploy.git import Repository, create_repository
from tsdeploy.review.git_objects import GitObjects
from tsdeploy.review.outline import read_document

_COLUMN = re.compile(r"^  - name: .*\n(?:    .*\n)+", re.MULTILINE)


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
        for form in ("text", "html"):
            _measure(project, form)


def _measure(project: Project, form: str) -> None:
    arguments = ["--project", str(project.root), "review", "--base", "HEAD~1", "--format", form]
    project.entry_cache.with_name("review.json").unlink(missing_ok=True)
    for sort in ("cold", "warm"):
        baseline = _baseline(project)
        started, cpu = time.perf_counter(), os.times()
        done = subprocess.run([sys.executable, "-m", "tsdeploy", *arguments], check=True, capture_output=True)
        spent = os.times()
        busy = spent.children_user + spent.children_system - cpu.children_user - cpu.children_system
        wall = time.perf_counter() - started
        size = f"{len(done.stdout) / 1e6:.2f} MB"
        print(f"{form}, {sort}: {wall:.1f} s, {busy:.1f} s of CPU, {wall / baseline:.1f} baselines, {size}")


def _baseline(project: Project) -> float:
    """Seconds for reading all blobs and parsing some."""
    started = time.perf_counter()
    objects = GitObjects.of(Repository.find(project.root), project)
    for number, content in enumerate(objects.read(blob.id for blob in objects.tree("HEAD"))):
        if number % 8 == 0:
            read_document(content, "")
    return time.perf_counter() - started


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

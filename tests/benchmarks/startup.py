"""How long ``tsdeploy --help`` takes, against ``import click`` in the same run.

    python -m tests.benchmarks.startup

Workload: a fresh interpreter each time, 15 runs of each, alternating; the ratio of the medians is reported.
The aim is 2.5 or less.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
_COMMANDS = {
    "import click": [sys.executable, "-c", "import click"],
    "tsdeploy --help": [sys.executable, "-m", "tsdeploy", "--help"],
}


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Run and report."""
    taken: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for _ in range(RUNS):
        for name, command in _COMMANDS.items():
            taken[name].append(seconds(command))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    for name, median in medians.items():
        print(f"{name:18} {median * 1000:7.1f} ms")
    print(f"ratio              {medians['tsdeploy --help'] / medians['import click']:7.2f}")


if __name__ == "__main__":
    main()

"""Run fuzz targets for as long as you like; the figures are kept in docs/security.md.

    python -m tests.fuzz.run                     every target for a minute
    python -m tests.fuzz.run tml answers -t 600  two of them, ten minutes each
    python -m tests.fuzz.run tml --seed 7        other damage

The same seed gives the same inputs. An input that ends in anything but a finding is kept in a file, and the run fails.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
import traceback
from itertools import count
from pathlib import Path

from tests.fuzz.mutation import variants
from tests.fuzz.targets import TARGETS, Target

_HANG = 20.0
"""Seconds after which one input counts as a hang: the stack is printed and the run ends."""


def run(name: str, target: Target, seconds: float, seed: int) -> int:
    """Read one damaged input after the other; how many there were. What a bug read is left in the working folder."""
    end = time.monotonic() + seconds
    for number, data in zip(count(1), variants(target.seeds(), seed), strict=False):
        faulthandler.dump_traceback_later(_HANG, exit=True)
        try:
            target.read(data)
        except BaseException:
            Path(f"fuzz-{name}-{seed}-{number}").write_bytes(data)
            raise
        finally:
            faulthandler.cancel_dump_traceback_later()
        if time.monotonic() > end:
            return number
    return 0


def main() -> int:
    """The command line; 1 when a target has a bug."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", default=list(TARGETS), metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("-t", "--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    failed = 0
    for name in asked.targets:
        try:
            print(f"{name:20} {run(name, TARGETS[name], asked.seconds, asked.seed):>10,} inputs", flush=True)
        except Exception:  # noqa: BLE001 - the bug that is looked for
            traceback.print_exc()
            print(f"{name:20} failed", flush=True)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())

"""The same targets, guided by what each input reaches in the code. Needs ``pip install atheris``.

    python -m tests.fuzz.guided tml -runs=200000 -max_len=4096 -timeout=10

What follows the target are arguments of libFuzzer.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

_LONGEST = 8192


def main() -> None:
    """Fuzz one target until the arguments say that it is enough, or a bug is found."""
    name, *arguments = sys.argv[1:]
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["tsdeploy"]):
        target = importlib.import_module("tests.fuzz.targets").TARGETS[name]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds()):
            (Path(corpus) / str(number)).write_bytes(seed[:_LONGEST])
        atheris.Setup([sys.argv[0], *arguments, corpus], target.read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

"""Coverage-guided fuzzing of the TML reader, seeded with the samples. Needs ``pip install atheris``.

    python -m tests.fuzz.documents -runs=200000 -max_len=4096 -timeout=10

Whatever the bytes, reading ends in a document or in a TmlError; and a document keeps every promise: no edit changes no
byte, every scalar stands where it says, its entry survives packing, and it does not differ from itself.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from tsdeploy.bundled import bundled
from tsdeploy.errors import TmlError


def target(modules: dict[str, Any]) -> Any:
    """The function to fuzz; its modules are given, because they must be imported instrumented."""
    document, edit, entries, describe, syntax, folder = (modules[name] for name in NAMES)

    def read(data: bytes) -> None:
        try:
            found = document.parse_document(folder.decode(data, "x"), "x")
        except TmlError as error:
            assert error.findings
            return
        assert edit.apply(found.text, []) == found.text
        for _, scalar in syntax.walk(found.root):
            assert 0 <= scalar.start <= scalar.end <= len(found.text)
        entry = entries.entry_of(found)
        assert entries.unpack(entries.pack(entry), "x") == entry
        assert describe.describe(found, found) == ()

    return read


NAMES = ("document", "edit", "entries", "difference.describe", "syntax", "folder")


def main() -> None:
    """Fuzz with the arguments of libFuzzer."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["tsdeploy.tml"]):
        modules = {name: importlib.import_module(f"tsdeploy.tml.{name}") for name in NAMES}
    with tempfile.TemporaryDirectory() as corpus:
        for number, path in enumerate(sorted(bundled("samples").rglob("*.tml"))):
            (Path(corpus) / str(number)).write_bytes(path.read_bytes()[:8192])
        atheris.Setup([sys.argv[0], *sys.argv[1:], corpus], target(modules))
        atheris.Fuzz()


if __name__ == "__main__":
    main()

"""What people read is compared with a file; ``--update`` writes the file anew."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str, request: pytest.FixtureRequest) -> None:
    """The text is, byte for byte, that of the golden file."""
    path = FOLDER / name
    if request.config.getoption("--update"):
        path.write_bytes(text.encode("utf-8"))
    assert text == path.read_bytes().decode("utf-8")

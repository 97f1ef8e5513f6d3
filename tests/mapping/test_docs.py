"""The examples in the documentation of mapping files are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mapping.files import load, shared
from tests.tml.real_files import REPOSITORY

PAGE = (REPOSITORY / "docs" / "mapping.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", BLOCKS, ids=range(len(BLOCKS)))
def test_an_example_can_be_read(tmp_path: Path, text: str) -> None:
    shared(tmp_path, "warehouse.yaml", "")
    made = load(tmp_path, text.replace("version: 1\n", ""))
    assert sum(1 for _ in made.rules()) >= 3

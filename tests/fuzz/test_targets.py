"""A short run of every fuzz target, the same each time; ``python -m tests.fuzz.run`` is the long one."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.fuzz.mutation import variants
from tests.fuzz.targets import TARGETS

_INPUTS = 120
_COSTLY = {"git-drivers-tml": 40, "journal": 40, "answers": 80}
_PAGE = Path(__file__).parents[2] / "docs" / "security.md"


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_input_ends_in_a_result_or_in_findings(name: str) -> None:
    target = TARGETS[name]
    for data in islice(variants(target.seeds(), 1), _COSTLY.get(name, _INPUTS)):
        target.read(data)


@pytest.mark.parametrize("name", TARGETS)
def test_the_figures_of_the_long_run_are_on_record(name: str) -> None:
    assert f"| `{name}` |" in _PAGE.read_text(encoding="utf-8")

"""The threat model and these tests say the same: each line has a test, each test a line."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
WHO = {"request", "name", "server", "push", "local"}
SUPPRESSED = 17
"""How often the package tells the linter that one of its findings on security is none; each says why."""


def lines() -> dict[str, list[str]]:
    """Id → the other cells of its line."""
    rows = (line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(r"\| S\d\d \|", line))
    return {cells[0]: cells[1:] for cells in rows}


def attacked() -> set[str]:
    """The ids that names of tests begin with."""
    names = (
        node.name
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    return {found[1].upper() for name in names if (found := re.match(r"test_(s\d\d)_", name))}


def test_each_line_of_the_threat_model_has_a_test_and_each_test_a_line() -> None:
    assert set(lines()) == attacked()


def test_each_line_says_who_attacks_how_what_stops_it_and_what_remains() -> None:
    for name, cells in lines().items():
        who, attack, stops, remains = cells
        assert set(who.split(", ")) <= WHO, name
        assert all(len(cell) > 5 or cell == "–" for cell in (attack, stops, remains)), name


def test_what_the_linter_is_told_is_counted() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tsdeploy").rglob("*.py"))
    notes = [note for source in sources for note in re.findall(r"# noqa: S\d{3}(.*)", source)]
    assert len(notes) <= SUPPRESSED
    assert all(re.match(r" - \w+", note) for note in notes)

"""Modules and functions stay small, and what tells a checker to look away is counted."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tml.real_files import REPOSITORY

MODULE_LINES, FUNCTION_LINES = 400, 60
LONG = {
    "tsdeploy/sandbox/guesses.py": "a list by design: every decision that no source covers, each with what was chosen",
    "tsdeploy/tml/tape.py:_record": "one loop over the parser's events, where each call of a function costs a tenth",
}
"""What is longer, and why. An entry that is no longer needed has to go."""

LOOK_AWAY = re.compile(r"# (?:noqa: (?P<rule>[A-Z]+\d+(?:, [A-Z]+\d+)*)|(?P<other>pragma: no cover|type: ignore))")
ALLOWED = {
    "tsdeploy": {
        "type: ignore": 3,  # what urllib3 and PyYAML declare otherwise than they do
        "noqa: BLE001": 3,  # a bug ends in a report, in a rule of others in a finding, in a thread in its caller
        "noqa: C901": 1,  # the parser's loop, see above
        "noqa: F401": 2,  # looks whether an extra is installed
        "noqa: N801": 1,  # stands where ``property`` would
        "noqa: N818": 1,  # no failure: its caller goes on another way
        "noqa: PTH123": 2,  # standard streams that were closed
        "noqa: SIM115": 1,  # one of them, open until the end
        "noqa: B905": 1,  # the shorter of two decides
        "noqa: S105": 10,  # names of settings and routes that sound like secrets
        "noqa: S311": 1,  # when a fault strikes
        "noqa: S603": 4,  # git and the program's own processes, with arguments in a list
    },
    "tests": {
        "type: ignore": 15,  # wrong on purpose, or more than hypothesis can say
        "noqa: B018": 1,
        "noqa: BLE001": 1,
        "noqa: N815": 2,
    },
}
"""How often each may stand in the sources. The numbers may only shrink: who needs one less writes it down here."""


def modules(folder: str) -> Iterator[tuple[str, str]]:
    """Path and text of each module of a folder."""
    for path in sorted((REPOSITORY / folder).rglob("*.py")):
        yield path.relative_to(REPOSITORY).as_posix(), path.read_text("utf-8")


def long_ones(path: str, text: str) -> Iterator[str]:
    """The module, where it is too long, and its functions that are."""
    if text.count("\n") > MODULE_LINES:
        yield path
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES:
            yield f"{path}:{node.name}"


def test_what_is_long_has_a_reason() -> None:
    assert {name for path, text in modules("tsdeploy") for name in long_ones(path, text)} == LONG.keys()


@pytest.mark.parametrize("folder", ALLOWED)
def test_what_looks_away_is_counted(folder: str) -> None:
    found = Counter(
        rule.strip()
        for path, text in modules(folder)
        if Path(path).name != Path(__file__).name
        for match in LOOK_AWAY.finditer(text)
        for rule in (
            [f"noqa: {one.strip()}" for one in match["rule"].split(",")] if match["rule"] else [match["other"]]
        )
    )
    assert found == ALLOWED[folder]


def test_a_wildcard_is_none() -> None:
    """``# noqa`` and ``# type: ignore`` without a rule would hide what nobody has looked at."""
    bare = re.compile(r"# noqa(?!:)|# type: ignore(?!\[)")
    folders = ("tsdeploy", "tests")
    assert [p for f in folders for p, text in modules(f) if bare.search(text) and p != "tests/test_sizes.py"] == []

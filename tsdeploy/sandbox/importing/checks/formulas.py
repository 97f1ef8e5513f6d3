"""Formulas: functions that there are, with as many arguments as they take. Code 14516."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.checks.functions import ARGUMENTS, FUNCTIONS
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.resolution import part_of, viz_name
from tsdeploy.sandbox.texts.items import child, mappings, value
from tsdeploy.tml.syntax import Mapping, Path

_OPAQUE = re.compile(r"\[(?:[^\]\\]|\\.)*\]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*", re.DOTALL)
"""Columns in brackets, literals and comments: their text is no part of the formula's grammar."""
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")


def check_formulas(context: Context) -> Iterator[Problem]:
    """The formulas of the object itself, and of its visualizations."""
    root, body = context.document.kind.root, context.document.body
    yield from _in_one(mappings(body, "formulas"))
    for index, viz in enumerate(mappings(body, "visualizations")):
        path: Path = (root, "visualizations", index)
        part = part_of(path)
        for problem in _in_one(mappings(child(viz, "answer"), "formulas")):
            yield problems.in_visualization(viz_name(context.document, path), problem, part)


def _in_one(formulas: list[Mapping]) -> Iterator[Problem]:
    for formula in formulas:
        name = value(formula, "name") or value(formula, "id")
        fault = next(_faults(value(formula, "expr")), "")
        if fault:
            yield problems.formula_failed(name, fault)


def _faults(expression: str) -> Iterator[str]:
    """What is wrong with the calls of an expression, from the left."""
    # As long as before, so that positions stay; not blank, because a literal is an argument.
    plain = _OPAQUE.sub(lambda match: "0" * len(match[0]), expression)
    for call in _CALL.finditer(plain):
        name = call[1].lower()
        if name not in FUNCTIONS:
            yield problems.not_found_text(call[1])
        wanted = ARGUMENTS.get(name)
        given = _count_arguments(plain, call.end())
        if None not in (wanted, given) and given != wanted:
            yield f"Function {name} expects only {wanted} arguments."


def _count_arguments(plain: str, start: int) -> int | None:
    """How many arguments stand in the parentheses that open before ``start``; None where they are not closed."""
    depth, commas, is_empty = 0, 0, True
    for character in plain[start:]:
        if character == ")" and not depth:
            return 0 if is_empty else commas + 1
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(character, 0)
        commas += character == "," and not depth
        is_empty = is_empty and character.isspace()
    return None

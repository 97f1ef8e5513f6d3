"""A JSON Schema as functions that walk the tape of a document and say yes or no.

The schemas stay the one description, and jsonschema says what is wrong where the answer is no. Known are the keywords
that the schemas of this package use; there are no numbers among them, because every scalar of TML is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from tsdeploy.tml.tape import Value

Fits: TypeAlias = Callable[[list[Value], int], bool]
"""Whether the value with a number on a tape is as it should be."""

_NOTES = frozenset({"$schema", "$id", "$defs", "title", "description"})
_KEYWORDS = frozenset(
    {"type", "enum", "pattern", "items", "minItems", "required", "properties", "additionalProperties"}
)
_VARIABLE = "${"


def compile_schema(schema: Mapping[str, Any]) -> Fits:
    """A function that tells whether a value is as a schema says, which must be one that refers to no other.

    An empty value is always fine: it is how YAML says that there is none. A variable may stand for any known word.
    Raises ValueError for a keyword that is not known here.
    """
    unknown = schema.keys() - _KEYWORDS - _NOTES
    if unknown:
        raise ValueError(f"not compiled: {', '.join(sorted(unknown))}")
    named = schema.get("type", list(_MAKERS))
    names = [named] if isinstance(named, str) else named
    tests = {name: make(schema) for name, make in _MAKERS.items() if name in names}
    if len(tests) == 1:
        return next(iter(tests.values()))
    # Each says no to what is not of its class, but for an empty text.
    text, items, fields = (tests.get(name, _is_empty) for name in _MAKERS)

    def fits(values: list[Value], number: int) -> bool:
        value = values[number]
        test = text if isinstance(value, str) else items if isinstance(value, list) else fields
        return test(values, number)

    return fits


def _is_text(values: list[Value], number: int) -> bool:
    return values[number].__class__ is str


def _is_empty(values: list[Value], number: int) -> bool:
    return values[number] == ""


def _is_anything(_: list[Value], __: int) -> bool:
    return True


def _is_nothing(_: list[Value], __: int) -> bool:
    return False


def _text(schema: Mapping[str, Any]) -> Fits:
    words, pattern = schema.get("enum"), schema.get("pattern")
    if words is None and pattern is None:
        return _is_text
    known = None if words is None else frozenset(words)
    search = re.compile(pattern or "").search

    def fits(values: list[Value], number: int) -> bool:
        value = values[number]
        if not isinstance(value, str):
            return False
        if known is not None and value not in known and not value.startswith(_VARIABLE):
            return value == ""
        return value == "" or search(value) is not None

    return fits


def _items(schema: Mapping[str, Any]) -> Fits:
    if "enum" in schema:
        return _is_empty
    fits = compile_schema(schema["items"]) if "items" in schema else _is_anything
    least: int = schema.get("minItems", 0)

    def test(values: list[Value], number: int) -> bool:
        value = values[number]
        if not isinstance(value, list):
            return value == ""
        for item in value:
            if not fits(values, item):
                return False
        return len(value) >= least

    return test


def _fields(schema: Mapping[str, Any]) -> Fits:
    if "enum" in schema:
        return _is_empty
    known = {name: compile_schema(field) for name, field in schema.get("properties", {}).items()}
    rest = schema.get("additionalProperties", True)
    other = compile_schema(rest) if isinstance(rest, dict) else _is_anything if rest else _is_nothing
    required = frozenset(schema.get("required", ()))

    def test(values: list[Value], number: int) -> bool:
        value = values[number]
        if not isinstance(value, dict):
            return value == ""
        for key, field in value.items():
            fits = known.get(key, other)
            # Most fields are plain text, and most of the time would be spent on calling for them.
            if not (values[field].__class__ is str if fits is _is_text else fits(values, field)):
                return False
        return value.keys() >= required

    return test


_MAKERS: dict[str, Callable[[Mapping[str, Any]], Fits]] = {"string": _text, "array": _items, "object": _fields}
"""What makes the test of each type; it says no to any other type, but for an empty text."""

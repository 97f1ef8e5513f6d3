"""The commands with their options and arguments, as data that is read faster than the commands are imported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "commands.json"
"""Made from the commands themselves; a test compares, and ``pytest --update`` writes it anew."""


@dataclass(frozen=True, slots=True)
class Value:
    """What can stand in a place: words, and names of what is looked up (``ENVIRONMENT``, ``SELECTOR``, ``FILE``, …)."""

    words: tuple[str, ...] = ()
    looked_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """An option under one of its names; ``value`` is None for a switch."""

    help: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A command or a group. ``many`` says that the last argument may be repeated; ``default`` is the command of a group
    that a word which is none of its commands belongs to.
    """

    help: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)
    arguments: tuple[Value, ...] = ()
    many: bool = False
    commands: Mapping[str, Node] = field(default_factory=dict)
    default: str = ""


def load_tree() -> Node:
    """All commands."""
    return _node(json.loads(FILE.read_text(encoding="utf-8")))


def tree_text(node: Node) -> str:
    """The tree as the file has it."""
    return json.dumps(_slim(asdict(node)), indent=1, sort_keys=True) + "\n"


def _slim(value: Any) -> Any:
    """Without what is empty, which is most of it."""
    if isinstance(value, dict):
        return {key: _slim(item) for key, item in value.items() if item or (key == "value" and item is not None)}
    return list(map(_slim, value)) if isinstance(value, (list, tuple)) else value


def _node(value: Mapping[str, Any]) -> Node:
    return Node(
        value.get("help", ""),
        {name: Option(one.get("help", ""), _value(one.get("value"))) for name, one in value.get("options", {}).items()},
        tuple(Value(*_parts(one)) for one in value.get("arguments", ())),
        value.get("many", False),
        {name: _node(one) for name, one in value.get("commands", {}).items()},
        value.get("default", ""),
    )


def _value(value: Mapping[str, Any] | None) -> Value | None:
    return None if value is None else Value(*_parts(value))


def _parts(value: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(value.get("words", ())), tuple(value.get("looked_up", ()))

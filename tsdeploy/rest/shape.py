"""Take values out of parsed JSON that may lack keys, hold nulls, or be something else altogether."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.transport import Call

Item: TypeAlias = Mapping[str, object]


def items(call: Call, answer: object, *, envelope: str = "") -> list[Item]:
    """The objects of a list answer, bare or under the key ``envelope``.

    Raises AnswerError TD410, or UnknownOutcomeError TD409 for a write, when it is anything else.
    """
    found = answer.get(envelope) if envelope and isinstance(answer, dict) else answer
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise not_understood(call, "expected a list of objects")
    return found


def item(call: Call, answer: object) -> Item:
    """An answer that is one object. Raises as ``items`` does when it is anything else."""
    if not isinstance(answer, dict):
        raise not_understood(call, "expected an object")
    return answer


def text(source: Item, *keys: str) -> str:
    """The first value under these keys that is text; "" when there is none."""
    return next((value for key in keys if isinstance(value := source.get(key), str) and value), "")


def whole(source: Item, key: str) -> int | None:
    """The value as a whole number, also when written as text or with a point; None when it is none."""
    value = source.get(key)
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() and len(value) < 20:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def flag(source: Item, key: str) -> bool:
    """Whether the value is true; anything but true is false."""
    return source.get(key) is True


def inner(source: Item, key: str) -> Item:
    """The object under a key; empty when there is none."""
    value = source.get(key)
    return value if isinstance(value, dict) else {}


def sequence(source: Item, key: str) -> Sequence[object]:
    """The list under a key; empty when there is none."""
    value = source.get(key)
    return value if isinstance(value, list) else []


def listed(source: Item, key: str) -> list[Item]:
    """Those of the list under a key that are objects; empty when there is no list."""
    return [found for found in sequence(source, key) if isinstance(found, dict)]

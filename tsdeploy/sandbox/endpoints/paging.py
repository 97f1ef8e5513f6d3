"""Pages and order, as most search endpoints take them. Source: facts about the REST API, "Pagination"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.web.arguments import Argument, enum, group, number
from tsdeploy.sandbox.web.endpoint import Call

T = TypeVar("T")

PAGE: Final = (number("record_offset", 0), number("record_size", 10))


def sort_options(*field_names: str) -> Argument:
    """The argument that names what to sort by."""
    return group("sort_options", enum("field_name", *field_names), enum("order", "ASC", "DESC"))


def page(call: Call, items: Sequence[T]) -> list[T]:
    """The page asked for; a size of -1 is everything."""
    offset, size = max(call.number("record_offset") or 0, 0), call.number("record_size")
    return list(items[offset:] if size is None or size < 0 else items[offset : offset + size])


def ordered(call: Call, items: Sequence[T], keys: Mapping[str, Callable[[T], Any]], otherwise: str) -> list[T]:
    """Items by the key that ``sort_options`` names; by another one where it names none or one that is unknown."""
    options = call.group("sort_options")
    wanted = options.get("field_name") or otherwise
    descending = (options.get("order") or guesses.sort_order(wanted)) == "DESC"
    return sorted(items, key=keys.get(wanted, keys[otherwise]), reverse=descending)

"""The values of a document in flat lists, written from libyaml's events; ``syntax`` makes nodes of them when asked.

Most values are read by nobody. A tape costs little more than the events do: no value has an object of its own, and
texts and numbers in a few long lists give the garbage collector nothing to do.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from tsdeploy.errors import Finding, TmlError
from tsdeploy.tml.lines import locate

MAX_DEPTH = 128

Value: TypeAlias = "str | dict[str, int] | list[int]"
"""A scalar's text; the keys of a mapping, with the numbers of their values; the numbers of a list's items."""


def _indexes() -> array[int]:
    return array("I")


@dataclass(frozen=True, slots=True)
class Tape:
    """Everything that stands in a document, numbered in the order in which it begins; the root is number 0.

    Value ``n`` stands from ``starts[n]`` to ``ends[n]`` in the text, and the key in front of it from ``key_starts[n]``
    to ``key_ends[n]``. The root and the items of lists have no key; what is there instead means nothing.
    """

    text: str
    values: list[Value] = field(default_factory=list)
    starts: array[int] = field(default_factory=_indexes)
    ends: array[int] = field(default_factory=_indexes)
    key_starts: array[int] = field(default_factory=_indexes)
    key_ends: array[int] = field(default_factory=_indexes)


def record(loader: Any, text: str, offset: int, file: str) -> Tape:
    """Read the text from an offset on; ``loader`` is a class of PyYAML's. An empty document has an empty tape.

    Raises TmlError TD105, TD106, TD108 or TD109, see ``syntax.parse``; yaml.YAMLError or UnicodeEncodeError when it is
    not YAML.
    """
    tape = Tape(text)
    body = text[offset:]
    events = loader(body)
    try:
        _record(events, tape, _Refusals(body, file))
    finally:
        events.dispose()
    if offset:
        for indexes in (tape.starts, tape.ends, tape.key_starts, tape.key_ends):
            indexes[:] = array("I", [index + offset for index in indexes])
    return tape


def _record(events: Any, tape: Tape, refuse: _Refusals) -> None:  # noqa: C901
    """Write the tape.

    This loop is the hot path of the whole tool: it makes no call that it can spare, and leaves what can go wrong to
    ``_Refusals``.
    """
    get_event = events.get_event
    on_scalar: Any = yaml.ScalarEvent
    on_mapping: Any = yaml.MappingStartEvent
    on_list: Any = yaml.SequenceStartEvent
    on_mapping_end: Any = yaml.MappingEndEvent
    on_list_end: Any = yaml.SequenceEndEvent
    may_be_marked = "&" in tape.text or "!" in tape.text
    values, starts, ends, key_starts, key_ends = tape.values, tape.starts, tape.ends, tape.key_starts, tape.key_ends
    shared = dict[str, str]().setdefault  # most keys stand in many mappings: one text is enough for all
    numbers: dict[str, int] | None = None  # of the innermost open mapping, None in a list
    items: list[int] = []  # of the innermost open list; the document itself counts as one
    opened = number = 0
    outer: list[tuple[dict[str, int] | None, list[int], int]] = []
    while True:
        event = get_event()
        kind = event.__class__
        if numbers is not None:
            if kind is on_scalar:
                if may_be_marked and (event.anchor is not None or event.tag is not None):
                    raise refuse.mark(event)
                key = shared(event.value, event.value)
                if key in numbers:
                    raise refuse.twice(event)
                numbers[key] = number
                key_starts.append(event.start_mark.index)
                key_ends.append(event.end_mark.index)
                event = get_event()
                kind = event.__class__
            elif kind is on_mapping_end:
                ends[opened] = event.end_mark.index
                numbers, items, opened = outer.pop()
                continue
            else:
                raise refuse.key(event)
        elif kind is on_scalar or kind is on_mapping or kind is on_list:
            items.append(number)
            key_starts.append(0)
            key_ends.append(0)
        elif kind is on_list_end:
            ends[opened] = event.end_mark.index
            numbers, items, opened = outer.pop()
            continue
        elif kind is yaml.StreamEndEvent:
            return
        else:
            refuse.other(event, number)
            continue
        if may_be_marked and (event.anchor is not None or event.tag is not None):
            raise refuse.mark(event)
        starts.append(event.start_mark.index)
        if kind is on_scalar:
            values.append(event.value)
            ends.append(event.end_mark.index)
            number += 1
            continue
        if len(outer) >= MAX_DEPTH:
            raise refuse.depth(event)
        outer.append((numbers, items, opened))
        if kind is on_mapping:
            numbers = {}
            values.append(numbers)
        elif kind is on_list:
            numbers = None
            items = []
            values.append(items)
        else:
            raise refuse.mark(event)
        ends.append(0)
        opened = number
        number += 1


@dataclass(frozen=True, slots=True)
class _Refusals:
    """What a document must not have, as located errors."""

    text: str
    file: str

    def twice(self, event: Any) -> TmlError:
        """A key that the mapping has already."""
        return self._error("TD106", f"key {event.value!r} stands twice", event, "keep one of the two")

    def key(self, event: Any) -> TmlError:
        """A key that is no scalar."""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            return self.mark(event)
        return self._error("TD102", "a key must be plain text", event, "this is no TML export")

    def depth(self, event: Any) -> TmlError:
        """One collection more than anyone nests."""
        return self._error("TD109", f"is nested deeper than {MAX_DEPTH} levels", event, "this is no TML export")

    def other(self, event: Any, number: int) -> None:
        """Raise when what is no value is an alias or begins a second document."""
        if isinstance(event, yaml.AliasEvent):
            raise self.mark(event)
        if isinstance(event, yaml.DocumentStartEvent) and number:
            raise self._error("TD105", "holds more than one YAML document", event, "keep one object in a file")

    def mark(self, event: Any) -> TmlError:
        """An anchor, an alias or a tag."""
        return self._error(
            "TD108",
            "anchors, aliases and tags are not supported",
            event,
            "write the value out; ThoughtSpot never exports them",
        )

    def _error(self, code: str, message: str, event: Any, hint: str) -> TmlError:
        where = locate(self.text, event.start_mark.index, self.file)
        return TmlError(Finding(code, message, where, hint=hint))

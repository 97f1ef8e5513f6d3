"""Sentences for what differs: the thing, its field, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from tsdeploy.tml.difference import client_state
from tsdeploy.tml.difference.change import Difference, Phrase, Quoted, Weight
from tsdeploy.tml.difference.deltas import Delta, Scope, steps_text
from tsdeploy.tml.difference.grouping import Group
from tsdeploy.tml.difference.labels import Names, text_at
from tsdeploy.tml.difference.values import value_text
from tsdeploy.tml.difference.vocabulary import BRANCHES, FIELDS, THINGS, Field, Thing
from tsdeploy.tml.document import Document
from tsdeploy.tml.patterns import Pattern, parse_pattern
from tsdeploy.tml.syntax import Node, Scalar, Sequence, node_at

_NO_FIELD = Field("field", "")
_NAMES = (("name",), ("feedback_phrase",))
"""The fields that a thing is called by."""


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A place as people see it: the things it is in, and what remains of its path below the last of them."""

    things: tuple[tuple[Thing, Scope], ...]
    rest: tuple[str, ...]
    pattern: Pattern

    @property
    def thing(self) -> Thing | None:
        return self.things[-1][0] if self.things else None

    @property
    def code(self) -> str:
        return self.thing.code if self.thing else "object"


def _place(delta: Delta, *, above: int = 0) -> _Place:
    """The place of a delta, or ``above`` steps of it further up."""
    pattern = delta.pattern[: len(delta.pattern) - above]
    steps = delta.steps[: len(delta.steps) - above]
    found = [(thing, scope) for scope in delta.scopes if (thing := THINGS.find(scope.pattern)) is not None]
    found = [(thing, scope) for thing, scope in found if len(scope.pattern) <= len(pattern)]
    used = len(found[-1][1].pattern) if found else len(pattern) - len(steps)
    rest = steps[len(steps) - (len(pattern) - used) :] if len(pattern) > used else ()
    return _Place(tuple(found), rest, pattern)


class Wording:
    """Words for the places in which two versions of one document differ."""

    def __init__(self, before: Document, after: Document) -> None:
        self.names = Names(before, after)

    def single(self, delta: Delta) -> Difference:
        """One place by itself."""
        place = _place(delta)
        if place.things and not place.rest:
            return self._item(delta, place)
        if _is_rename(delta, place):
            return self._renamed(delta, place)
        return self._field(delta, place)

    def values(self, group: Group) -> Difference:
        """What a plain list gained and lost, or its new order."""
        delta = group.first
        place = _place(delta, above=1)
        field = _field_of(place)
        item = (delta.scopes[-2].before, delta.scopes[-2].after) if len(delta.scopes) > 1 else (None, None)
        old = [_text(one.before, one.pattern, item[0]) for one in group.deltas if one.before is not None]
        new = [_text(one.after, one.pattern, item[1]) for one in group.deltas if one.after is not None]
        subject = self._subject(place, field)
        found = Difference("", _weight(delta, place, field), steps_text(delta.steps[:-1]), subject)
        if old and Counter(old) == Counter(new):
            what = f"{place.code}.{field.code}.reordered"
            return replace(found, what=what, predicate="reordered", old=", ".join(old), new=", ".join(new))
        predicate = "" if old and new else "added" if new else "removed"
        return replace(
            found,
            what=f"{place.code}.{field.code}.changed",
            predicate=predicate,
            old=", ".join(old) if old else None,
            new=", ".join(new) if new else None,
        )

    def location(self, group: Group, before: Document, after: Document) -> Difference:
        """A table that is bound to another table of the warehouse."""
        old, new = (".".join(text_at(one.body, key) for key in ("db", "schema", "db_table")) for one in (before, after))
        return Difference("table.moved", Weight.STRUCTURE, group.first.at, ("table",), "moved", old, new)

    def reference(self, group: Group) -> Difference:
        """A reference that names another object, or the same one in another way."""
        delta = group.first
        place = _place(delta, above=1)
        field = _NO_FIELD if place.things and not place.rest else _field_of(place)
        subject = self._subject(place, field, old=True)
        weight = _weight(delta, place, field)
        part = field.code if field is not _NO_FIELD else "reference"
        found = Difference(f"{place.code}.{part}.changed", weight, steps_text(delta.steps[:-1]), subject)
        keys = {one.pattern[-1]: one for one in group.deltas}
        changed = keys.get("name") or keys.get("id")
        if changed is not None and changed.verb == "changed":
            return _with_sides(found, changed)
        identity = next((keys[key] for key in ("fqn", "obj_id") if key in keys), delta)
        predicate = "is another object" if identity.verb == "changed" else f"{identity.pattern[-1]} {identity.verb}"
        return _with_sides(replace(found, predicate=predicate), identity)

    def _item(self, delta: Delta, place: _Place) -> Difference:
        """A thing that came or went, with what is worth telling of it; or a plain thing with another value."""
        thing, _ = place.things[-1]
        subject = self._subject(place, _NO_FIELD)
        found = Difference(
            f"{thing.code}.{delta.verb}", _weight(delta, place, _NO_FIELD), delta.at, subject, delta.verb
        )
        if delta.verb == "changed":
            return _with_sides(found, delta)
        shown = _shown(delta, thing)
        return replace(found, old=shown) if delta.verb == "removed" else replace(found, new=shown)

    def _renamed(self, delta: Delta, place: _Place) -> Difference:
        new = value_text(delta.after, delta.pattern, None) or ""
        if not place.things:
            old = value_text(delta.before, delta.pattern, None) or ""
            words: Phrase = ("renamed ", Quoted(old, marks=True), " → ", Quoted(new, marks=True))
            return Difference("object.renamed", Weight.CONTENT, delta.at, words)
        subject = (*self._subject(replace(place, rest=()), _NO_FIELD, old=True), " renamed to ", Quoted(new))
        return Difference(f"{place.code}.renamed", _weight(delta, place, _NO_FIELD), delta.at, subject)

    def _field(self, delta: Delta, place: _Place) -> Difference:
        field = _field_of(place)
        subject = self._subject(place, field)
        found = Difference(f"{place.code}.{field.code}.{delta.verb}", _weight(delta, place, field), delta.at, subject)
        if delta.reordered:
            return replace(found, predicate="reordered")
        if field.hidden:
            return _hidden(found, delta)
        spoken = field.essence or field.prose or delta.verb != "changed"
        told = _with_sides(replace(found, predicate=delta.verb if spoken else ""), delta)
        if told.old == told.new:
            # The words of a note may be the same where its markup is not; a list of one may be its item.
            return replace(found, predicate="formatting changed" if field.essence else "written differently")
        return told

    def _subject(self, place: _Place, field: Field, *, old: bool = False) -> Phrase:
        parts: list[Phrase] = []
        for number, (thing, scope) in enumerate(place.things):
            around = place.things[number - 1][1] if number else None
            if thing.absorbs and parts:
                parts.pop()
            parts.append(self.names.thing(thing, scope, around, old=old))
        words = _field_words(place, field)
        if words:
            parts.append(words)
        return tuple(piece for number, part in enumerate(parts) for piece in ((": ", *part) if number else part))


def _field_of(place: _Place) -> Field:
    found = FIELDS.find(place.pattern)
    if found is not None:
        return found
    return next((BRANCHES[step] for step in place.rest if step in BRANCHES), _NO_FIELD)


def _field_words(place: _Place, field: Field) -> Phrase:
    """What a field is called: by its words, else by the rest of its path."""
    if field.essence and place.things:
        return ()
    if FIELDS.find(place.pattern) is field:
        return (field.words,)
    if field is not _NO_FIELD:
        branch = next(number for number, step in enumerate(place.rest) if BRANCHES.get(step) is field)
        below = steps_text(place.rest[branch + 1 :])
        return (f"{field.words} ", Quoted(below)) if below else (field.words,)
    return (Quoted(steps_text(place.rest)),) if place.rest else ()


def _weight(delta: Delta, place: _Place, field: Field) -> Weight:
    if delta.weight is not None:
        return delta.weight
    return field.weight or (place.thing.weight if place.thing else Weight.CONTENT)


def _is_rename(delta: Delta, place: _Place) -> bool:
    sides = (delta.before, delta.after)
    return place.rest in _NAMES and delta.verb == "changed" and all(isinstance(node, Scalar) for node in sides)


def _hidden(found: Difference, delta: Delta) -> Difference:
    """A value for machines: only what kind of change it is, as far as that is known."""
    detail = ""
    if delta.pattern[-1] in client_state.KEYS and isinstance(delta.before, Scalar) and isinstance(delta.after, Scalar):
        detail = client_state.weigh(delta.before.value, delta.after.value)[1]
    return replace(found, predicate=delta.verb, new=detail or None)


def _with_sides(found: Difference, delta: Delta) -> Difference:
    """With the values of both versions, as far as there are any."""
    items = (delta.scopes[-1].before, delta.scopes[-1].after) if delta.scopes else (None, None)
    old = value_text(delta.before, delta.pattern, items[0])
    return replace(found, old=old, new=value_text(delta.after, delta.pattern, items[1]))


def _shown(delta: Delta, thing: Thing) -> str | None:
    """What is worth telling of a thing that came or went."""
    below = parse_pattern(thing.shows)
    node = node_at(delta.node, below)
    if node is None or (isinstance(node, Sequence) and not node.items):
        return None
    return value_text(node, (*delta.pattern, *below), delta.node)


def _text(node: Node | None, pattern: Pattern, item: Node | None) -> str:
    return value_text(node, pattern, item) or ""

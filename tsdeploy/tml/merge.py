"""Three-way merge of a TML document by what its items are called, for git.

Everything that only one side touched is spliced into our text, byte for byte as that side wrote it; what both sides
changed in different ways is put between conflict markers, in whole lines, and named. Two columns that were added in the
same place both stay. A document that is no block YAML, as ThoughtSpot writes it, is not merged here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tsdeploy.errors import TmlError
from tsdeploy.tml.difference.deltas import steps_text
from tsdeploy.tml.difference.lists import ListRule, item_label, rule_of
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.edit import Edit, apply
from tsdeploy.tml.merge_lines import Lines, Unmergeable
from tsdeploy.tml.merge_rows import LinkedItems
from tsdeploy.tml.patterns import ITEM, Pattern
from tsdeploy.tml.syntax import Mapping, Node, Scalar, to_plain
from tsdeploy.tml.syntax import Sequence as Items


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """A place that both sides changed in different ways, by the names of the items on the way to it."""

    at: str


@dataclass(frozen=True, slots=True)
class MergedText:
    """Our text with their changes, and the places that a person has to decide on, marked in it."""

    text: str
    conflicts: tuple[MergeConflict, ...]


def merge_documents(base: Document, ours: Document, theirs: Document, marker: int = 7) -> MergedText:
    """Merge two versions of a document that come from one.

    ``marker`` is how many characters a conflict marker has. Raises Unmergeable.
    """
    texts = (base.text, ours.text, theirs.text)
    if any("\r" in text or not text.endswith("\n") or text.startswith(("{", "\ufeff")) for text in texts):
        raise Unmergeable
    merge = _Merge(ours.text, theirs.text, marker)
    merge.mapping(_Triple(base.root, ours.root, theirs.root), (), ())
    text = apply(ours.text, merge.edits())
    if not merge.conflicts and not _is_document(text, ours.path):
        raise Unmergeable
    return MergedText(text, tuple(merge.conflicts))


def _is_document(text: str, path: str) -> bool:
    try:
        parse_document(text, path)
    except TmlError:
        return False
    return True


@dataclass(frozen=True, slots=True, eq=False)
class _Triple:
    """A value in the three documents; ``base`` is None where both sides added it."""

    base: Node | None
    ours: Node
    theirs: Node


_Where: TypeAlias = "tuple[Pattern, tuple[str, ...]]"
"""The pattern of a place, and its steps with items by their names."""


@dataclass(eq=False)
class _Merge:
    """A merge in the making: edits of our text."""

    ours: str
    theirs: str
    marker: int
    replaced: list[Edit] = field(default_factory=list)
    inserted: dict[int, list[str]] = field(default_factory=dict)
    conflicts: list[MergeConflict] = field(default_factory=list)

    def edits(self) -> list[Edit]:
        """Every edit; what is inserted in one place is one of them, in the order in which it was found."""
        return [*self.replaced, *(Edit(at, at, "".join(parts)) for at, parts in self.inserted.items())]

    def mapping(self, triple: _Triple, pattern: Pattern, steps: tuple[str, ...]) -> None:
        """Merge the entries of a mapping by key."""
        ours, theirs = _block(triple.ours), _block(triple.theirs)
        base = triple.base if isinstance(triple.base, Mapping) else None
        for key in dict.fromkeys((*ours.entries, *theirs.entries)):
            place = (*pattern, key), (*steps, key)
            old, own, other = (side.get(key) if side else None for side in (base, ours, theirs))
            if own is None and other is not None:
                at = self._behind(_neighbour(key, theirs, ours), ours)
                self._added_or_dropped(old, other, Lines.entry(self.theirs, theirs, key), at, place)
            elif other is None and own is not None:
                lines = Lines.entry(self.ours, ours, key)
                self._kept_or_dropped(old, own, lines, place, removable=lines.is_whole)
            elif own is not None and other is not None:
                both = Lines.entry(self.ours, ours, key), Lines.entry(self.theirs, theirs, key)
                self._both(_Triple(old, own, other), both, place)

    def _behind(self, key: str | None, ours: Mapping) -> int:
        """Where a new key stands behind one of ours; in front of all of them for None."""
        first = Lines.entry(self.ours, ours, key or next(iter(ours.entries)))
        if key is None and not first.is_whole:
            raise Unmergeable
        return first.end if key else first.start

    def _both(self, triple: _Triple, lines: tuple[Lines, Lines], place: _Where) -> None:
        """A value that both sides have."""
        old = to_plain(triple.base) if triple.base is not None else None
        own, other = to_plain(triple.ours), to_plain(triple.theirs)
        if own == other or other == old:
            return
        if own == old:
            self._replace(*lines)
        elif _is_block(triple.ours) and _is_block(triple.theirs):
            self.mapping(triple, *place)
        elif isinstance(triple.ours, Items) and isinstance(triple.theirs, Items):
            self._list(triple, lines, place)
        else:
            self._conflict(lines[0], lines[1].text, place[1])

    def _added_or_dropped(self, old: Node | None, other: Node, lines: Lines, at: int, place: _Where) -> None:
        """A key or an item that only they have: theirs is new, or ours was removed."""
        if old is None:
            self.inserted.setdefault(at, []).append(lines.text)
        elif to_plain(old) != to_plain(other):
            self._conflict(Lines(self.ours, at, at), lines.text, place[1])

    def _kept_or_dropped(self, old: Node | None, own: Node, lines: Lines, place: _Where, *, removable: bool) -> None:
        """A key or an item that only we have: ours is new, or theirs was removed."""
        if old is None:
            return
        if to_plain(old) != to_plain(own):
            self._conflict(lines, "", place[1])
        elif removable:
            self.replaced.append(Edit(lines.start, lines.end, ""))
        else:
            raise Unmergeable

    def _list(self, triple: _Triple, lines: tuple[Lines, Lines], place: _Where) -> None:
        """A list that both sides changed: by the keys of its items, or as a set of values."""
        pattern, steps = place
        rule = rule_of(pattern)
        ours, theirs = triple.ours, triple.theirs
        assert isinstance(ours, Items)
        assert isinstance(theirs, Items)
        base = triple.base.items if isinstance(triple.base, Items) else []
        if rule is None or ours.flow or theirs.flow or not ours.items or not theirs.items:
            self._conflict(lines[0], lines[1].text, steps)
            return
        linked = LinkedItems.of(base, ours.items, theirs.items, rule)
        if linked is None:
            self._conflict(lines[0], lines[1].text, steps)
            return
        self._items(linked, (pattern, steps), rule)

    def _items(self, linked: LinkedItems, place: _Where, rule: ListRule) -> None:
        pattern, steps = place
        ours = [item for _, item, _ in linked.rows if item is not None]
        kept = len(ours) - sum(other is None and old is not None for old, _, other in linked.rows)
        anchor: Node | None = None
        for number, (old, own, other) in enumerate(linked.rows):
            newest = own or other
            assert newest is not None
            label = f"[{item_label(newest, rule.keys) or (newest.value if isinstance(newest, Scalar) else number)}]"
            inner = (*pattern, ITEM), (*steps, label)
            if own is not None and other is not None:
                self._item(_Triple(old, own, other), inner)
            elif own is not None:
                self._kept_or_dropped(old, own, Lines.item(self.ours, own), inner, removable=kept > 0)
            elif other is not None:
                at = Lines.item(self.ours, anchor).end if anchor else Lines.item(self.ours, ours[0]).start
                self._added_or_dropped(old, other, Lines.item(self.theirs, other), at, inner)
            anchor = own or anchor

    def _item(self, triple: _Triple, place: _Where) -> None:
        lines = Lines.item(self.ours, triple.ours), Lines.item(self.theirs, triple.theirs)
        self._both(triple, lines, place)

    def _replace(self, lines: Lines, by: Lines) -> None:
        if lines.prefix != by.prefix:
            raise Unmergeable
        self.replaced.append(Edit(lines.start, lines.end, by.text))

    def _conflict(self, lines: Lines, theirs: str, steps: tuple[str, ...]) -> None:
        """Both versions in whole lines between markers."""
        at = steps_text(steps)
        name = " ".join(at.split())
        opening, middle, closing = ("<" * self.marker, "=" * self.marker, ">" * self.marker)
        text = f"{opening} ours: {name}\n{lines.text}{middle}\n{theirs}{closing} theirs: {name}\n"
        self.conflicts.append(MergeConflict(at))
        self.replaced.append(Edit(lines.start, lines.end, text))


def _neighbour(key: str, theirs: Mapping, ours: Mapping) -> str | None:
    """The nearest key in front of one of theirs that is ours, too."""
    order = list(theirs.entries)
    return next((one for one in reversed(order[: order.index(key)]) if one in ours.entries), None)


def _is_block(node: Node) -> bool:
    return isinstance(node, Mapping) and not node.flow


def _block(node: Node) -> Mapping:
    if not isinstance(node, Mapping) or node.flow:
        raise Unmergeable
    return node

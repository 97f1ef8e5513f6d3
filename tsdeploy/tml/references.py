"""The references of a document: found by structured path, each with its span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.tml.catalogue import Holds, Place, PlaceTree, Promotion, place_tree
from tsdeploy.tml.patterns import ITEM
from tsdeploy.tml.syntax import Mapping, Node, Path, Scalar, node_at, path_text
from tsdeploy.tml.tape import Value

GUID_PATTERN = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_GUID = re.compile(GUID_PATTERN)
_LINKS = {
    Holds.LINKS: re.compile(r"(?:pinboard|liveboard|saved-answer|answer|insights/[a-z-]+)/(" + GUID_PATTERN + ")"),
    Holds.TAB_LINKS: re.compile(r"/tab/(" + GUID_PATTERN + ")"),
}


def is_guid(text: str) -> bool:
    """Whether a text is a GUID as ThoughtSpot writes them."""
    return _GUID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Reference:
    """From a place in a document to something else, by any of GUID, obj_id and name.

    ``position`` is the index in the document's text where the reader should look. An identity block has ``block``,
    everything else ``scalar``; both are None for an entry of an index, which has no tree. A link is one GUID inside
    the scalar's value, from ``start`` to ``end``.
    """

    place: Place
    path: Path
    position: int
    guid: str = ""
    obj_id: str = ""
    name: str = ""
    block: Mapping | None = None
    scalar: Scalar | None = None
    start: int = 0
    end: int = 0

    @property
    def where(self) -> str:
        """The path as people write it."""
        return path_text(self.path)

    @property
    def says(self) -> str:
        """What the reference says, for messages."""
        return self.obj_id or self.guid or self.name


def find_references(root_key: str, root: Mapping) -> tuple[Reference, ...]:
    """All references of a document, in the order of the catalogue's descent."""
    found: list[tuple[Place, Path, int]] = []
    _descend(place_tree(root_key), root.tape.values, 0, (), found)
    return tuple(reference for spot in found for reference in _read(*spot, root))


def _descend(
    tree: PlaceTree, values: list[Value], number: int, path: Path, found: list[tuple[Place, Path, int]]
) -> None:
    """Find places on the tape, so that nodes are made only of what is there, not of all that is passed."""
    for place in tree.here:
        found.append((place, path, number))
    value = values[number]
    if isinstance(value, dict):
        for step, below in tree.below.items():
            child = value.get(step)
            if child is not None and step != ITEM:
                _descend(below, values, child, (*path, step), found)
    elif isinstance(value, list) and ITEM in tree.below:
        for position, item in enumerate(value):
            _descend(tree.below[ITEM], values, item, (*path, position), found)


def _read(place: Place, path: Path, number: int, root: Mapping) -> Iterator[Reference]:
    value = root.tape.values[number]
    if place.holds in _LINKS and not (isinstance(value, str) and "/" in value):
        return
    node = node_at(root, path)
    if place.holds is Holds.IDENTITY:
        yield from _read_identity(place, node, path)
    elif isinstance(node, Scalar):
        if place.holds in _LINKS:
            for match in _LINKS[place.holds].finditer(node.value):
                start, end = match.span(1)
                yield Reference(place, path, node.start, guid=match.group(1), scalar=node, start=start, end=end)
        elif node.value and place.holds is Holds.OBJ_ID:
            yield Reference(place, path, node.start, obj_id=node.value, scalar=node)
        elif node.value:
            yield Reference(place, path, node.start, guid=node.value, scalar=node)


def _read_identity(place: Place, node: Node | None, path: Path) -> Iterator[Reference]:
    if isinstance(node, Scalar):
        if node.value:
            yield Reference(place, path, node.start, name=node.value, scalar=node)
        return
    if not isinstance(node, Mapping):
        return
    guid, obj_id, name, alias = (_text(node, key) for key in ("fqn", "obj_id", "name", "id"))
    # A GUID under id alone (model.aggregated_models[].id) has a place of its own.
    if guid or obj_id or name or (alias and not is_guid(alias)):
        yield Reference(place, path, node.start, guid=guid, obj_id=obj_id, name=name or alias, block=node)


def _text(block: Mapping, key: str) -> str:
    scalar = block.scalar(key)
    return scalar.value if scalar else ""


def is_link(reference: Reference) -> bool:
    """Whether the reference is a GUID in a URL inside a longer text."""
    return reference.place.holds in _LINKS


def is_inner(reference: Reference) -> bool:
    """Whether the reference is, or names, an inner GUID that the server may mint anew."""
    return reference.place.promotion in (Promotion.MINT, Promotion.INNER)

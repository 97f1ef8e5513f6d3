"""GUIDs inside an object: of visualizations, groups, views, parameters and tabs.

The cluster gives them. On import a given one is kept if it is free; on update the object's own are kept.
Source: facts about TML, 2.5 and 2.7 ("MINT"); how they are chosen is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.store.objects import InnerId
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.syntax import Mapping


@dataclass(frozen=True, slots=True)
class _Place:
    """A list whose items have a GUID under ``key`` and are told apart by ``local``.

    ``added``: the server writes one where the file has none, at the front or the end of the item.
    """

    role: str
    path: tuple[str, ...]
    local: str
    key: str
    added: str


_PLACES = (
    _Place("viz", ("visualizations",), "id", "viz_guid", "last"),
    _Place("group", ("groups",), "id", "group_guid", "last"),
    _Place("view", ("views",), "name", "view_guid", "first"),
    _Place("parameter", ("parameters",), "name", "id", "first"),
    _Place("tab", ("layout", "tabs"), "name", "id", ""),
)


@dataclass(frozen=True, slots=True)
class Chooser:
    """What decides on a GUID: the object's own by role and name, what is free, and how to mint."""

    own: tuple[InnerId, ...]
    is_free: Callable[[str], bool]
    mint: Callable[[str], str]


def place_inner_ids(document: Document, chooser: Chooser) -> tuple[list[Edit], list[InnerId]]:
    """The edits that write the GUIDs into a document, and the GUIDs."""
    edits: list[Edit] = []
    placed: list[InnerId] = []
    for place, item in _items(document):
        local, given = value(item, place.local), value(item, place.key)
        if not given and (not place.added or document.kind.root in guesses.ROOTS_WITHOUT_INNER_IDS):
            continue
        taken = {inner.guid for inner in placed}
        chosen = _choose(InnerId(given, place.role, local), chooser, taken)
        placed.append(InnerId(chosen, place.role, local))
        if chosen != given:
            edits.append(_written(document, item, place, chosen))
    return edits, placed


def _items(document: Document) -> Iterator[tuple[_Place, Mapping]]:
    for place in _PLACES:
        for item in mappings(document.body, *place.path):
            yield place, item


def _choose(asked: InnerId, chooser: Chooser, taken: set[str]) -> str:
    own = {inner.guid for inner in chooser.own} - taken
    by_local = [inner.guid for inner in chooser.own if (inner.role, inner.local) == (asked.role, asked.local)]
    if asked.guid in own and guesses.OWN_VIZ_GUID_MOVES:
        return asked.guid
    if by_local and by_local[0] not in taken:
        return by_local[0]
    if asked.guid and asked.guid not in taken and chooser.is_free(asked.guid):
        return asked.guid
    return chooser.mint(f"{asked.role}/{asked.local}/{len(taken)}")


def _written(document: Document, item: Mapping, place: _Place, guid: str) -> Edit:
    text, dialect, entry = document.text, document.dialect, (place.key, guid)
    scalar = item.scalar(place.key)
    if scalar is not None:
        return edit.replace(text, scalar, guid, dialect)
    if place.added == "first":
        return edit.insert_before(text, item, next(iter(item.entries)), entry, dialect)
    # A note stands behind the GUID; everything else stands in front of it.
    last = next(key for key in reversed(item.entries) if key != "note_tile")
    return edit.insert_after(text, item, last, entry, dialect)

"""Collections: sets of objects that people made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tsdeploy.rest.listing import Listing
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, flag, inner, item, items, listed, text
from tsdeploy.rest.transport import Call

_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A collection. ``members`` are the GUIDs of what is in it, other collections included."""

    id: str
    name: str
    members: tuple[str, ...] = ()


def search_collections(session: Session) -> Iterator[CollectionInfo]:
    """The collections of the session's Org with their members. Needs 26.4 or later (facts §15)."""
    listing, offset = Listing(), 0
    while True:
        body = {"include_metadata": True, "record_offset": offset, "record_size": _PAGE}
        call = Call("POST", "collections/search", body)
        answer = item(call, session.ask(call))
        found = items(call, answer, envelope="collections")
        yield from (CollectionInfo(text(one, "id"), text(one, "name"), tuple(_members(one))) for one in found)
        if len(found) < _PAGE or flag(answer, "is_last_batch"):
            return
        listing.go_on(call, [text(one, "id") for one in found])
        offset += _PAGE


def delete_collections(session: Session, guids: Sequence[str]) -> None:
    """Delete collections, and nothing that is in them; ``metadata/delete`` does not take them.

    No error does not mean that they are gone: search for them again.
    """
    if guids:
        body = {"collection_identifiers": list(guids), "delete_children": False}
        session.ask(Call("POST", "collections/delete", body, write=True))


def _members(found: Item) -> Iterator[str]:
    for group in listed(found, "metadata"):
        for member in listed(group, "identifiers"):
            yield text(member, "identifier") or text(inner(member, "metadata"), "id")

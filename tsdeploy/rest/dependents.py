"""Who uses an object, as the server knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, inner, items, sequence, text
from tsdeploy.rest.transport import Call

_CHUNK: Final = 25
_MOST: Final = 5000
"""Dependents of one object; the server's default is 50 (facts §5)."""


def search_dependents(session: Session, guids: Sequence[str]) -> dict[str, frozenset[str]]:
    """GUID → the GUIDs of the objects that use it, of tables, views and Models; nothing for what nobody uses.

    Objects that the user may not see are not among them.
    """
    found: dict[str, frozenset[str]] = {}
    for start in range(0, len(guids), _CHUNK):
        chunk = guids[start : start + _CHUNK]
        body: dict[str, object] = {
            "metadata": [{"identifier": guid, "type": "LOGICAL_TABLE"} for guid in chunk],
            "include_dependent_objects": True,
            "dependent_objects_record_size": _MOST,
            "record_offset": 0,
            "record_size": len(chunk),
        }
        call = Call("POST", "metadata/search", body)
        for item in items(call, session.ask(call)):
            guid = text(item, "metadata_id")
            found[guid] = frozenset(_users(inner(item, "dependent_objects"), guid)) - {guid}
    return found


def _users(answer: Item, guid: str) -> Iterator[str]:
    """The answer comes keyed by GUID, with or without an envelope, or by type alone (facts §5)."""
    groups = inner(answer, "dependents") or answer
    groups = inner(groups, guid) or groups
    for kind in groups:
        yield from (text(item, "id") for item in sequence(groups, kind) if isinstance(item, dict) and text(item, "id"))

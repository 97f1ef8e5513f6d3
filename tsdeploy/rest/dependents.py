"""Who uses an object, as the server knows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, inner, item, items, listed, text
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
        answers = _ask_v1(session, chunk) if session.is_v1 else _ask(session, chunk)
        found |= {guid: frozenset(_users(answer, guid)) - {guid} for guid, answer in answers}
    return found


def _ask(session: Session, chunk: Sequence[str]) -> Iterator[tuple[str, Item]]:
    body: dict[str, object] = {
        "metadata": [{"identifier": guid, "type": "LOGICAL_TABLE"} for guid in chunk],
        "include_dependent_objects": True,
        "dependent_objects_record_size": _MOST,
        "record_offset": 0,
        "record_size": len(chunk),
    }
    call = Call("POST", "metadata/search", body)
    yield from (
        (text(found, "metadata_id"), inner(found, "dependent_objects")) for found in items(call, session.ask(call))
    )


def _ask_v1(session: Session, chunk: Sequence[str]) -> Iterator[tuple[str, Item]]:
    fields = {"type": "LOGICAL_TABLE", "id": json.dumps(chunk), "batchsize": "-1"}
    call = Call("POST", "dependency/listdependents", fields=fields)
    answer = item(call, session.ask(call))
    yield from ((guid, inner(answer, guid)) for guid in answer)


def _users(answer: Item, guid: str) -> Iterator[str]:
    """The answer comes keyed by GUID, with or without an envelope, or by type alone (facts §5)."""
    groups = inner(answer, "dependents") or answer
    groups = inner(groups, guid) or groups
    for kind in groups:
        yield from (text(one, "id") for one in listed(groups, kind) if text(one, "id"))

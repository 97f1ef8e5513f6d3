"""What is in collections, and what goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.kinds import rest_type
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import reread


@dataclass(frozen=True, slots=True)
class Member:
    """One object of a collection."""

    type: str
    guid: str
    name: str


def member(item: StoredObject) -> Member:
    """An object as a member."""
    return Member(rest_type(item.kind), item.guid, item.name)


def members_of(cluster: Cluster, item: StoredObject) -> list[Member]:
    """The objects of a collection that are there."""
    listed = (cluster.objects.get(value(entry, "id")) for entry in mappings(reread(item.text).body, "content"))
    return [member(found) for found in listed if found is not None]


def changed(operation: str, before: list[Member], given: list[Member]) -> list[Member]:
    """The members after ADD, REMOVE or REPLACE."""
    if operation == "REPLACE":
        return given
    named = {one.guid for one in given}
    kept = [one for one in before if one.guid not in named]
    return [*kept, *given] if operation == "ADD" else kept


def add_children(cluster: Cluster, going: dict[str, StoredObject]) -> None:
    """Add what is in collections, and in the collections in them."""
    queue = list(going.values())
    for item in queue:
        for found in members_of(cluster, item) if item.kind == "collection" else ():
            child = cluster.objects.get(found.guid)
            if child is not None and child.guid not in going:
                going[child.guid] = child
                queue.append(child)


def skip_needed(cluster: Cluster, going: Mapping[str, StoredObject], skipped: dict[str, StoredObject]) -> None:
    """What others need stays, and with it what it needs itself."""
    while True:
        left = [guid for guid in going if guid not in skipped]
        needed = [
            guid
            for guid, sources in cluster.objects.dependents(left).items()
            if any(source not in going or source in skipped for source in sources)
        ]
        if not needed:
            return
        skipped.update({guid: going[guid] for guid in needed})


def by_type(members: Iterable[Member], key: str) -> list[dict[str, Any]]:
    """Members as answers list them; ``key`` is what their GUID is called there."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in members:
        found.setdefault(one.type, []).append({key: one.guid, "name": one.name})
    return [{"type": kind, "identifiers": listed} for kind, listed in found.items()]

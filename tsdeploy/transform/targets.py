"""Which object of the target each object of the release is, before anything is sent.

The server creates or updates by obj_id, else GUID, never by name; a GUID that does not match creates a
duplicate without a word. So every object gets a known target identity, by the first rule that applies.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from tsdeploy.config.environment import NewGuids
from tsdeploy.config.objects import ObjectMap
from tsdeploy.mapping.rules import Mapping, TableLocation
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import is_guid


class Origin(str, Enum):
    """How a target identity was found."""

    OBJ_ID = "obj_id"
    """The object carries a portable obj_id; nothing to map."""
    BOUND = "bound"
    """Bound by hand in ``mapping.yaml``."""
    RECORDED = "recorded"
    """Paired in ``objects.json`` by an earlier deploy."""
    FOUND = "found"
    """A table bound to the same warehouse table in the target, which is the server's own rule."""
    DERIVED = "derived"
    """New: a GUID derived from the target and the source's GUID."""
    KEPT = "kept"
    """New: the source's own GUID."""
    SERVER = "server"
    """New: the server will choose."""


@dataclass(frozen=True, slots=True)
class Target:
    """The identity of an object in the target. ``guid`` is "" while only the server knows it."""

    guid: str
    obj_id: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the target: its connections by name, its tables by warehouse location, GUIDs by obj_id."""

    connections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tables: dict[TableLocation, str] = field(default_factory=dict)
    guids: dict[str, str] = field(default_factory=dict)
    online: bool = False


@dataclass(frozen=True, slots=True)
class Namespace:
    """What new GUIDs are made from."""

    text: str
    new_guids: NewGuids = "derived"

    def guid_for(self, source: str) -> str:
        """The GUID of a new object, or of a new inner part of one; "" when the server is to choose."""
        if self.new_guids == "server":
            return ""
        return source if self.new_guids == "keep" and is_guid(source) else self.derive(source)

    def derive(self, source: str) -> str:
        """Always the same GUID for the same target and source, so that a lost mapping can be computed again."""
        return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, self.text), source.lower()))

    @property
    def origin(self) -> Origin:
        """How identities made here are called."""
        return {"derived": Origin.DERIVED, "keep": Origin.KEPT, "server": Origin.SERVER}[self.new_guids]


def resolve_targets(
    documents: Iterable[Document],
    *,
    mapping: Mapping,
    objects: ObjectMap,
    known: Known,
    namespace: Namespace,
    locations: dict[str, TableLocation],
) -> dict[str, Target]:
    """Document key → target. ``locations`` says where each table will live in the target, by document key."""
    recorded = {source: record.guid for source, record in objects.by_source().items() if record.guid}
    targets: dict[str, Target] = {}
    for document in documents:
        found = known.tables.get(locations[document.key], "") if document.key in locations else ""
        targets[document.key] = _target(document, mapping, recorded, known, namespace, found)
    return targets


def _target(
    document: Document,
    mapping: Mapping,
    recorded: dict[str, str],
    known: Known,
    namespace: Namespace,
    found: str,
) -> Target:
    if not document.kind.owned:
        return Target("", document.obj_id, Origin.RECORDED)
    if document.obj_id:
        guid = known.guids.get(document.obj_id) or recorded.get(document.key, "")
        return Target(guid, document.obj_id, Origin.OBJ_ID)
    bound = mapping.objects.get(document.guid.lower())
    if bound is not None:
        return Target(bound.target, "", Origin.BOUND)
    if document.key in recorded:
        return Target(recorded[document.key], "", Origin.RECORDED)
    if found:
        return Target(found, "", Origin.FOUND)
    return Target(namespace.guid_for(document.key), "", namespace.origin)

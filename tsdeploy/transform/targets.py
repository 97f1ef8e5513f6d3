"""Which object of the target each object of the release is, before anything is sent.

The server creates or updates by obj_id, else GUID, never by name; a GUID that does not match creates a
duplicate without a word. So every object gets a known target identity, by the first rule that applies.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from tsdeploy.config.environment import NewGuids
from tsdeploy.config.objects import ObjectMap
from tsdeploy.errors import Location
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import Strategy
from tsdeploy.mapping.names import NameRule
from tsdeploy.tml.described import Described
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
    """A table bound to the same warehouse table in the target, which is the server's own rule; or a connection of the
    name that the mapping gives."""
    DERIVED = "derived"
    """New: a GUID derived from the target and the source's GUID."""
    KEPT = "kept"
    """New: the source's own GUID."""
    SERVER = "server"
    """New: the server will choose."""
    NONE = "none"
    """The strategy of the mapping has no identity for it: it cannot be deployed."""


@dataclass(frozen=True, slots=True)
class Target:
    """The identity of an object in the target.

    ``guid`` is "" while only the server knows it. ``name`` is given where a binding names the object, and its GUID is
    not known yet; ``rule`` is where the binding stands.
    """

    guid: str
    obj_id: str
    origin: Origin
    name: str = ""
    rule: Location | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the target: its connections by name, its tables by warehouse location, GUIDs by obj_id.

    ``names`` has the GUIDs of objects by ``kind:name``, of those that a binding names.
    """

    connections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tables: dict[TableLocation, str] = field(default_factory=dict)
    guids: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    online: bool = False

    def bound(self, rule: NameRule) -> Target:
        """The object that a binding names."""
        binding = parse_binding(rule.target)
        if binding.obj_id:
            return Target(self.guids.get(binding.obj_id, ""), binding.obj_id, Origin.BOUND, rule=rule.location)
        if binding.name:
            found = self.names.get(binding.key, ())
            return Target(found[0] if len(found) == 1 else "", "", Origin.BOUND, binding.name, rule.location)
        return Target(binding.guid, "", Origin.BOUND, rule=rule.location)


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


@dataclass(frozen=True, slots=True)
class Resolver:
    """Finds targets, one by one.

    ``recorded`` pairs source keys with GUIDs of the target; ``bound`` finds the binding of the first of several
    identities; ``found`` has what is there already by the server's own rule, by document key.
    """

    strategy: Strategy
    known: Known
    namespace: Namespace
    recorded: Mapping[str, str]
    found: Mapping[str, str]
    bound: Callable[..., NameRule | None]

    def target(self, document: Described) -> Target:
        """The target of an object."""
        if not document.kind.owned:
            return Target("", document.obj_id, Origin.RECORDED)
        rule = self.bound(document.guid.lower(), document.obj_id, document.label)
        if rule is not None:
            return self.known.bound(rule)
        if document.obj_id and self.strategy in ("auto", "obj_id"):
            guid = self.known.guids.get(document.obj_id) or self.recorded.get(document.key, "")
            return Target(guid, document.obj_id, Origin.OBJ_ID)
        if self.strategy == "obj_id":
            return Target("", "", Origin.NONE)
        return self._by_guid(document)

    def _by_guid(self, document: Described) -> Target:
        if document.key in self.recorded:
            return Target(self.recorded[document.key], "", Origin.RECORDED)
        if self.strategy != "recorded" and document.key in self.found:
            return Target(self.found[document.key], "", Origin.FOUND)
        if self.strategy in ("recorded", "found"):
            return Target("", "", Origin.NONE)
        return Target(self.namespace.guid_for(document.key), "", self.namespace.origin)


def recorded_guids(objects: ObjectMap) -> dict[str, str]:
    """Source key → GUID in the target, of what was deployed before."""
    return {source: record.guid for source, record in objects.by_source().items() if record.guid}


def resolve_targets(documents: Iterable[Described], resolver: Resolver) -> dict[str, Target]:
    """Document key → target."""
    return {document.key: resolver.target(document) for document in documents}

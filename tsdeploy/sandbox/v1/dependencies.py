"""Who depends on objects, and on single columns of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.details import column_id
from tsdeploy.sandbox.importing.naming import columns_used
from tsdeploy.sandbox.importing.world import World, subject_stored
from tsdeploy.sandbox.kinds import dependents_group
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.columns import column_names
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.v1.forms import invalid
from tsdeploy.sandbox.v1.listing import v2_type
from tsdeploy.sandbox.v1.route import Answer, Route, V1Call
from tsdeploy.sandbox.web.failures import Code, system_error
from tsdeploy.tml.references import is_guid

_DATA = frozenset({"table", "sql_view", "view", "model", "worksheet"})


def list_dependents(call: V1Call) -> Answer:
    """``POST dependency/listdependents``: GUID → type → headers; objects without dependents are left out."""
    kind = v2_type(call.fields.text("type"))
    return Answer(_of_columns(call) if kind == "LOGICAL_COLUMN" else _of_objects(call, "id", kind))


def of_tables(call: V1Call) -> Answer:
    """``GET dependency/logicaltable``."""
    return Answer(_of_objects(call, "id", "LOGICAL_TABLE"))


def of_liveboards(call: V1Call) -> Answer:
    """``GET dependency/pinboard``."""
    return Answer(_of_objects(call, "ids", "LIVEBOARD"))


def of_columns(call: V1Call) -> Answer:
    """``GET dependency/logicalcolumn``."""
    return Answer(_of_columns(call))


def of_joins(call: V1Call) -> Answer:
    """``GET dependency/logicalrelationship``: joins have no identity here, so nothing depends on one."""
    _ids(call, "id")
    return Answer({})


def _ids(call: V1Call, field: str) -> list[str]:
    """The GUIDs asked about. Raises ApiError 500 for none at all, 400/10002 for what is no GUID."""
    found = call.fields.texts(field)
    if not found:
        raise system_error(f"Invalid parameter values: {field} is null", Code.INTERNAL, 500)
    if not all(map(is_guid, found)):
        raise invalid(field)
    return found


def _of_objects(call: V1Call, field: str, kind: str) -> dict[str, Any]:
    entries = [{"identifier": guid, "type": kind} for guid in _ids(call, field)]
    reply = call.v2(
        "/metadata/search",
        metadata=entries,
        include_dependent_objects=True,
        dependent_objects_record_size=call.fields.number("batchsize", -1),
        record_size=-1,
    )
    assert isinstance(reply.body, list)
    found: dict[str, Any] = {}
    for item in reply.body:
        found |= {guid: groups for guid, groups in (item["dependent_objects"] or {}).items() if groups}
    return found


def _of_columns(call: V1Call) -> dict[str, Any]:
    wanted = set(_ids(call, "id"))
    found: dict[str, Any] = {}
    for item in call.call.cluster.objects.in_org(call.call.org_id):
        names = column_names(reread(item.text)) if item.kind in _DATA else []
        for name in names:
            guid = column_id(item.guid, name)
            if guid in wanted and (groups := _using(call, item, name)):
                found[guid] = groups
    return found


def _using(call: V1Call, owner: StoredObject, column: str) -> dict[str, list[Any]]:
    sources = {source.guid: source for source in _sources(call, owner, column)}
    if not sources:
        return {}
    reply = call.v2("/metadata/search", metadata=[{"identifier": guid} for guid in sources], record_size=-1)
    assert isinstance(reply.body, list)
    groups: dict[str, list[Any]] = {}
    for item in reply.body:
        group = dependents_group(sources[item["metadata_id"]].kind)
        groups.setdefault(group, []).append(item["metadata_header"])
    return groups


def _sources(call: V1Call, owner: StoredObject, column: str) -> Iterator[StoredObject]:
    objects = call.call.cluster.objects
    world, before = World(objects, call.call.org_id, ()), subject_stored(owner)
    for guid in objects.dependents([owner.guid]).get(owner.guid, []):
        source = objects.get(guid)
        if source is None:
            continue
        used = columns_used(subject_stored(source), world.links(guid), world, before)
        needed = (use.column for use in used if use.role not in guesses.ROLES_THAT_MAY_NAME_ANYTHING)
        if any((found.document, found.column) == (owner.guid, column) for found in needed):
            yield source


ROUTES = (
    Route("POST", "/dependency/listdependents", list_dependents, rights="/metadata/search"),
    Route("GET", "/dependency/logicaltable", of_tables, rights="/metadata/search"),
    Route("GET", "/dependency/logicalcolumn", of_columns, rights="/metadata/search"),
    Route("GET", "/dependency/logicalrelationship", of_joins, rights="/metadata/search"),
    Route("GET", "/dependency/pinboard", of_liveboards, rights="/metadata/search"),
)

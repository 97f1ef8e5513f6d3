"""``POST /metadata/tml/export``. Source: facts about the REST API, section 6."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.kinds import rest_type
from tsdeploy.sandbox.lookup import need_object
from tsdeploy.sandbox.store.marks import Mark
from tsdeploy.sandbox.store.objects import Objects, StoredObject
from tsdeploy.sandbox.texts.as_model import as_model
from tsdeploy.sandbox.texts.json_text import to_json
from tsdeploy.sandbox.texts.presentation import Shown, present
from tsdeploy.sandbox.web.arguments import Argument, Type, enum, flag, group, since, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error, system_error
from tsdeploy.tml.syntax import parse

_PRINCIPALS = ("USER", "USER_GROUP", "ROLE")
_UNSERIALISABLE_TEXT = "No value present"
TYPES = (
    "LIVEBOARD",
    "ANSWER",
    "LOGICAL_TABLE",
    "CONNECTION",
    "CUSTOM_ACTION",
    *_PRINCIPALS,
    "FEEDBACK",
    "COLLECTION",
    *guesses.EXPORT_TYPES_BEYOND_SPEC,
)


@dataclass(frozen=True, slots=True)
class _Request:
    """What an export asks for beside the objects."""

    associated: bool
    dependent: bool
    connections: bool
    attachments: frozenset[str]


def export(call: Call) -> Reply:
    """The objects asked for, in their order, then the associated ones. HTTP 200 even where items failed."""
    call.cluster.ripples.arrive(call.cluster.now())
    asked = _asked(call)
    entries = call.many("metadata")
    items = [_item(call, entry) for entry in entries]
    requested = [item for item in items if isinstance(item, StoredObject)]
    _check_rules(call, requested, asked)
    associated = _associated(call, requested, asked)
    marks = call.cluster.marks.of(item.guid for item in (*requested, *associated))
    if any(Mark.UNSERIALISABLE in found for found in marks.values()):
        raise business_error(_UNSERIALISABLE_TEXT, Code.INTERNAL, 500)
    refused = {item.guid for item in associated if not call.access.may_read(item)}
    answered = []
    for item in (*items, *associated):
        if isinstance(item, str) or item.guid in refused:
            identifier = item if isinstance(item, str) else item.guid
            answered.append(_failed(identifier, guesses.export_forbidden(identifier)))
        elif Mark.INVALID_STATE in marks.get(item.guid, ()):
            answered.append(_failed(item.guid, guesses.export_invalid_state(item.guid)))
        else:
            answered.append(_exported(call, item))
    return Reply(answered)


def _check_rules(call: Call, requested: list[StoredObject], asked: _Request) -> None:
    """Raises ApiError 500/10038: that is how security rules are kept from who may not change their table."""
    if "column_security_rules" in asked.attachments and not all(map(call.access.may_modify, requested)):
        text = "FORBIDDEN: User does not have access to read/modify CSR for these tables"
        raise business_error(text, Code.RULES_FORBIDDEN, 500)


def _asked(call: Call) -> _Request:
    options = call.group("export_options")
    kinds = {
        "nls_feedback": options.get("export_with_associated_feedbacks"),
        "column_alias": options.get("export_with_column_aliases"),
        "column_security_rules": options.get("export_column_security_rules") and call.flag("export_associated"),
    }
    return _Request(
        associated=call.flag("export_associated"),
        dependent=call.flag("export_dependent"),
        connections=call.flag("export_connection_as_dependent"),
        attachments=frozenset(kind for kind, wanted in kinds.items() if wanted),
    )


def _item(call: Call, entry: Mapping[str, Any]) -> StoredObject | str:
    """An object asked for, or the identifier of one that cannot be exported. Raises ApiError 400/13003."""
    identifier = entry["identifier"] or ""
    if entry["type"] in _PRINCIPALS and guesses.PRINCIPALS_HAVE_NO_TML_IN_EXPORT:
        return identifier
    is_feedback = entry["type"] == "FEEDBACK"
    found = _anywhere(call, identifier) or need_object(
        call, identifier, "LOGICAL_TABLE" if is_feedback else entry["type"]
    )
    if not call.access.may_read(found):
        return found.guid
    return _feedback(call, found) if is_feedback else found


def _anywhere(call: Call, identifier: str) -> StoredObject | None:
    """The object with a GUID in whatever Org, for an administrator who asks for all Orgs."""
    everywhere = call.flag("all_orgs_override") and call.access.is_admin
    return call.cluster.objects.get(identifier.lower()) if everywhere else None


def _feedback(call: Call, model: StoredObject) -> StoredObject:
    found = list(_attached(call.cluster.objects, model, frozenset({"nls_feedback"})))
    if not found:
        raise system_error(guesses.no_feedback(model.guid), Code.INVALID_PARAMETER, 400)
    return found[0]


def _exported(call: Call, item: StoredObject) -> dict[str, Any]:
    options = call.group("export_options")
    shown = Shown(
        fqn=call.flag("export_fqn"),
        guid=options.get("include_guid", True),
        obj_id=options.get("include_obj_id", False),
        obj_id_ref=options.get("include_obj_id_ref", False),
    )
    objects = call.cluster.objects
    edoc, kind = present(item, objects.links(item.guid), shown, objects.get), item.kind
    if guesses.is_shown_as_model(kind, call.text("export_schema_version")):
        edoc, kind = as_model(edoc), "model"
    if call.text("edoc_format") == "JSON":
        edoc = to_json(parse(edoc, item.guid))
    info = {
        "name": item.name,
        "filename": f"{item.name}.{kind}.tml",
        "status": {"status_code": "OK"},
        "type": kind,
        "id": item.guid,
    }
    return {"info": info, "edoc": edoc}


def _failed(identifier: str, message: str) -> dict[str, Any]:
    return {"info": {"id": identifier, "status": {"status_code": "ERROR", "error_message": message}}, "edoc": None}


def _associated(call: Call, requested: list[StoredObject], asked: _Request) -> list[StoredObject]:
    """What comes along, breadth first."""
    objects = call.cluster.objects
    found = {item.guid: item for item in requested}
    queue = list(requested)
    for item in queue:
        for other in _next(objects, item, asked):
            if other.guid not in found:
                found[other.guid] = other
                queue.append(other)
    return queue[len(requested) :]


def _next(objects: Objects, item: StoredObject, asked: _Request) -> Iterator[StoredObject]:
    if asked.associated:
        for target in dict.fromkeys(objects.links(item.guid).values()):
            used = objects.get(target)
            if used is not None and (used.kind != "connection" or asked.connections):
                yield used
        yield from guesses.associated_upwards(item, list(_dependents(objects, item)))
    if asked.dependent and item.kind == "connection":
        yield from (found for found in _dependents(objects, item) if rest_type(found.kind) == "LOGICAL_TABLE")
    yield from _attached(objects, item, asked.attachments)


def _attached(objects: Objects, item: StoredObject, kinds: frozenset[str]) -> Iterator[StoredObject]:
    return (found for found in _dependents(objects, item) if found.kind in kinds)


def _dependents(objects: Objects, item: StoredObject) -> Iterator[StoredObject]:
    for guid in objects.dependents([item.guid]).get(item.guid, []):
        found = objects.get(guid)
        if found is not None:
            yield found


ENDPOINTS = (
    Endpoint(
        "POST",
        "/metadata/tml/export",
        export,
        (
            group(
                "metadata",
                enum("type", *TYPES),
                text("identifier"),
                text("session_identifier"),
                Argument("generation_number", Type.NUMBER),
                required=True,
                many=True,
            ),
            flag("export_associated"),
            flag("export_fqn"),
            enum("edoc_format", "JSON", "YAML", default="JSON"),
            enum("export_schema_version", "DEFAULT", "V1", "V2", default="DEFAULT"),
            flag("export_dependent"),
            flag("export_connection_as_dependent"),
            since("10.8", flag("all_orgs_override")),
            since(
                "10.6",
                group(
                    "export_options",
                    flag("include_obj_id_ref"),
                    flag("include_guid", True),
                    flag("include_obj_id"),
                    since("10.7", flag("export_with_associated_feedbacks")),
                    since("10.12", flag("export_column_security_rules")),
                    since("10.13", flag("export_with_column_aliases")),
                ),
            ),
        ),
        needs=("DATADOWNLOADING", "DATAMANAGEMENT"),
    ),
)

"""Fetch objects as TML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tsdeploy.rest.errors import ApiError
from tsdeploy.rest.metadata import reference
from tsdeploy.rest.results import ExportedObject, ObjectRef, Status
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, inner, items, text
from tsdeploy.rest.transport import Call

_INVALID_PARAMETER = 10002
_FEEDBACK_BATCH = 50


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What an export carries.

    ``associated`` adds what the objects are built on; ``fqn`` writes GUIDs into references; ``obj_ids``
    writes obj_ids into documents and references; ``guids`` may be off only with ``obj_ids`` (the server
    then falls back to GUIDs where there is no obj_id); ``feedback`` adds the feedback of associated Models,
    ``aliases`` their column aliases and ``security_rules`` the column security rules of associated tables.
    """

    associated: bool = False
    fqn: bool = True
    obj_ids: bool = False
    guids: bool = True
    feedback: bool = False
    aliases: bool = False
    security_rules: bool = False


def export_tml(
    session: Session, objects: Sequence[ObjectRef], options: ExportOptions | None = None
) -> list[ExportedObject]:
    """The objects as YAML, in the order asked for, followed by the associated ones.

    A refused object is part of the list, with its error; but one that does not exist fails the whole call
    with ApiError (code 13003), and one the server cannot serialise with HTTP 500 (facts §6): ask for fewer
    to find it. By V1 there are the objects and what is associated, always with GUIDs, whatever the options say.
    """
    if not objects:
        return []
    call = _export_call(objects, options or ExportOptions(), v1=session.is_v1)
    return [_read_exported(session, found) for found in items(call, session.ask(call), envelope="object")]


def export_feedback(session: Session, models: Sequence[str]) -> list[ExportedObject]:
    """The feedback of Models, by their GUIDs; nothing for one that has none.

    To the server that is an invalid parameter, which fails the whole call (facts §6): halves of it are asked for.
    """
    parts = [models[start : start + _FEEDBACK_BATCH] for start in range(0, len(models), _FEEDBACK_BATCH)]
    return [item for part in parts for item in _feedback_of(session, part)]


def _feedback_of(session: Session, models: Sequence[str]) -> list[ExportedObject]:
    try:
        return export_tml(session, [ObjectRef(guid, "FEEDBACK") for guid in models])
    except ApiError as error:
        if error.answer.status != 400 or error.answer.code != _INVALID_PARAMETER:
            raise
    half = len(models) // 2
    return [*_feedback_of(session, models[:half]), *_feedback_of(session, models[half:])] if half else []


def _export_call(objects: Sequence[ObjectRef], options: ExportOptions, *, v1: bool) -> Call:
    if not v1:
        return Call("POST", "metadata/tml/export", _export_body(objects, options))
    fields = {
        "export_ids": json.dumps([named.identifier for named in objects]),
        "formattype": "YAML",
        "export_associated": str(options.associated).lower(),
        "export_fqn": "true",
    }
    return Call("POST", "metadata/tml/export", fields=fields, plain=True)


def _export_body(objects: Sequence[ObjectRef], options: ExportOptions) -> dict[str, object]:
    # Nested keys that an older release does not know are an error, so only what differs from the default is
    # sent.
    nested = {
        "include_obj_id": options.obj_ids,
        "include_obj_id_ref": options.obj_ids,
        "export_with_associated_feedbacks": options.feedback,
        "export_with_column_aliases": options.aliases,
        "export_column_security_rules": options.security_rules,
    }
    export_options = {key: True for key, wanted in nested.items() if wanted}
    if not options.guids:
        export_options["include_guid"] = False
    body: dict[str, object] = {
        "metadata": [reference(named) for named in objects],
        "export_associated": options.associated,
        "export_fqn": options.fqn,
        "edoc_format": "YAML",
    }
    return body | ({"export_options": export_options} if export_options else {})


def _read_exported(session: Session, found: Item) -> ExportedObject:
    info = inner(found, "info")
    status = inner(info, "status")
    edoc = text(found, "edoc") or None
    code = text(status, "status_code")
    failed = edoc is None or code == Status.ERROR.value
    message = session.redact(text(status, "error_message"))
    return ExportedObject(
        id=text(info, "id"),
        name=text(info, "name"),
        kind=text(info, "type"),
        filename=text(info, "filename"),
        edoc=None if failed else edoc,
        status=Status.ERROR if failed else Status.WARNING if code == Status.WARNING.value else Status.OK,
        error_message=message or ("the server sent no TML and no reason" if failed else ""),
    )

"""TML export and import. Their answers are JSON, sent as plain text."""

from __future__ import annotations

import json
from typing import Any

from tsdeploy.sandbox.v1.forms import invalid
from tsdeploy.sandbox.v1.route import Answer, Route, V1Call
from tsdeploy.sandbox.web.failures import Code, business_error

_POLICIES = ("PARTIAL", "ALL_OR_NONE", "VALIDATE_ONLY")


def export(call: V1Call) -> Answer:
    """``POST metadata/tml/export``: YAML unless told otherwise."""
    fields = call.fields
    ids = fields.texts("export_ids")
    if not ids:
        raise invalid("export_ids")
    form = fields.text("formattype", "YAML").upper()
    if form not in ("YAML", "JSON"):
        raise invalid("formattype")
    reply = call.v2(
        "/metadata/tml/export",
        metadata=[{"identifier": guid} for guid in ids],
        edoc_format=form,
        export_associated=fields.flag("export_associated"),
        export_fqn=fields.flag("export_fqn"),
        export_schema_version=fields.text("export_schema_version", "DEFAULT"),
    )
    return Answer({"object": reply.body})


def export_batch(call: V1Call) -> Answer:
    """``POST metadata/tml/export/batch``: users, groups and roles."""
    fields = call.fields
    reply = call.v2(
        "/metadata/tml/export/batch",
        metadata_type=fields.text("type").upper(),
        batch_offset=fields.number("batch_offset", 0),
        batch_size=fields.number("batch_size", 20),
        edoc_format=fields.text("formattype", "YAML").upper(),
    )
    return Answer(reply.body)


def import_(call: V1Call) -> Answer:
    """``POST metadata/tml/import``: texts, objects, or what Python prints of a list of either."""
    fields = call.fields
    objects = fields.many("import_objects")
    if not objects:
        raise invalid("import_objects")
    policy = fields.text("import_policy", "PARTIAL").upper()
    if policy not in _POLICIES:
        raise business_error("Invalid parameter values: import_policy", Code.INVALID_PARAMETER)
    reply = call.v2(
        "/metadata/tml/import",
        metadata_tmls=[_text(item) for item in objects],
        import_policy=policy,
        create_new=fields.flag("force_create"),
    )
    return Answer({"object": reply.body})


def _text(item: Any) -> str:
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


ROUTES = (
    Route("POST", "/metadata/tml/export", export, rights="/metadata/tml/export", plain=True),
    Route("POST", "/metadata/tml/export/batch", export_batch, rights="/metadata/tml/export/batch", plain=True),
    Route("POST", "/metadata/tml/import", import_, rights="/metadata/tml/import", plain=True),
)

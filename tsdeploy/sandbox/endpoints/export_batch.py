"""``POST /metadata/tml/export/batch``: users, groups and roles as TML. Source: facts about the REST API, section 6."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tsdeploy.sandbox.texts.yaml_text import to_yaml
from tsdeploy.sandbox.web.arguments import enum, flag, number, since
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import argument_error
from tsdeploy.tml.syntax import Mapping, parse

_LARGEST = 200


@dataclass(frozen=True, slots=True)
class _Principal:
    """One user, group or role; ``kind`` is the word of ``info.type``."""

    kind: str
    id: str
    name: str
    body: dict[str, Any]


def export_batch(call: Call) -> Reply:
    """One batch, in order of names, in the envelope that V1 documents."""
    size, offset = call.number("batch_size") or 0, max(call.number("batch_offset") or 0, 0)
    if not 0 < size <= _LARGEST:
        raise argument_error(f"batch_size must be between 1 and {_LARGEST}.")
    everyone = sorted(_PRINCIPALS[call.text("metadata_type")](call), key=lambda one: (one.name, one.id))
    batch = everyone[offset : offset + size]
    return Reply(
        {
            "data": {
                "result": [_item(one, call.text("edoc_format")) for one in batch],
                "batch_offset": str(offset),
                "batch_size": len(batch),
                "isLastBatch": offset + size >= len(everyone),
            }
        }
    )


def _item(one: _Principal, edoc_format: str) -> dict[str, Any]:
    edoc = json.dumps({"guid": one.id, f"{one.kind}_object": one.body}, ensure_ascii=False)
    if edoc_format == "YAML":
        root = parse(edoc, one.id)
        assert isinstance(root, Mapping), "an object was just written"
        edoc = to_yaml(root, edoc)
    return {"info": {"name": one.name, "id": one.id, "type": one.kind, "status": {"status_code": "OK"}}, "edoc": edoc}


def _users(call: Call) -> Iterator[_Principal]:
    for user in call.cluster.users.in_org(call.org_id):
        direct, _ = call.cluster.groups.of_user(user.id)
        body = {
            "name": user.name,
            "display_name": user.display_name,
            "email": user.email,
            "account_type": user.account_type,
            "account_status": user.account_status,
            "visibility": user.visibility,
            "groups": [{"name": group.name} for group in direct if group.org_id == call.org_id],
        }
        yield _Principal("user", user.id, user.name, body)


def _groups(call: Call) -> Iterator[_Principal]:
    for group in call.cluster.groups.in_org(call.org_id):
        body = {
            "name": group.name,
            "display_name": group.display_name,
            "description": group.description,
            "privileges": group.privileges.split(),
        }
        yield _Principal("group", group.id, group.name, body)


def _roles(call: Call) -> Iterator[_Principal]:
    for role in call.cluster.roles.all():
        body = {"name": role.name, "description": role.description, "privileges": role.privileges.split()}
        yield _Principal("role", role.id, role.name, body)


_PRINCIPALS = {"USER": _users, "USER_GROUP": _groups, "ROLE": _roles}

ENDPOINTS = (
    Endpoint(
        "POST",
        "/metadata/tml/export/batch",
        export_batch,
        (
            enum("metadata_type", *_PRINCIPALS, required=True),
            number("batch_offset", 0),
            number("batch_size", 20),
            enum("edoc_format", "JSON", "YAML", default="JSON"),
            flag("export_dependent"),
            since("10.8", flag("all_orgs_override")),
        ),
        needs=("DATAMANAGEMENT", "USERMANAGEMENT"),
        since="10.1",
    ),
)

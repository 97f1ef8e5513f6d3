"""Collections. Source: facts about the REST API, section 15. They are objects like others, and have TML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.paging import PAGE, ordered, page, sort_options
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.run import run_import
from tsdeploy.sandbox.lookup import like, need_modifiable, need_readable
from tsdeploy.sandbox.memberships import Member, add_children, by_type, changed, member, members_of, skip_needed
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.web.arguments import Argument, enum, flag, group, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error
from tsdeploy.tml.references import is_guid

_SINCE: Final = "26.4"


def search(call: Call) -> Reply:
    """``POST /collections/search``: an envelope, unlike other searches."""
    readable = (item for item in call.cluster.objects.of_kind(call.org_id, "collection") if call.access.may_read(item))
    found = ordered(call, [item for item in readable if _is_asked(call, item)], _keys(call), guesses.SORT_FIELD)
    shown = page(call, found)
    offset, size = call.number("record_offset") or 0, call.number("record_size")
    return Reply(
        {
            "collections": [_shown(call, item, with_metadata=call.flag("include_metadata")) for item in shown],
            "record_offset": offset,
            "record_size": size,
            "is_last_batch": offset + len(shown) >= len(found),
            "count": len(shown),
        }
    )


def create(call: Call) -> Reply:
    """``POST /collections/create``."""
    written = _write(call, "", call.text("name"), call.text("description"), _given(call))
    return Reply(_shown(call, written, with_metadata=True))


def update(call: Call) -> Reply:
    """``POST /collections/{identifier}/update``: what is not given stays; objects are added, removed or replaced."""
    item = need_modifiable(call, call.text("identifier"), "COLLECTION")
    members = members_of(call.cluster, item)
    if call.arguments["metadata"] is not None:
        members = changed(call.text("operation"), members, _given(call))
    description = call.arguments["description"]
    kept = item.description if description is None else description
    _write(call, item.guid, call.text("name") or item.name, kept, members)
    return Reply()


def delete(call: Call) -> Reply:
    """``POST /collections/delete``: with the objects in them, as far as nothing else needs those, when told so."""
    wanted = call.many("collection_identifiers")
    for identifier in wanted:
        if not is_guid(identifier):
            raise business_error(guesses.COLLECTIONS_BY_GUID_TEXT, Code.INVALID_PARAMETER)
    going = {item.guid: item for item in (need_modifiable(call, each, "COLLECTION") for each in wanted)}
    if call.flag("delete_children"):
        add_children(call.cluster, going)
    skipped = {guid: item for guid, item in going.items() if not call.access.may_modify(item)}
    skip_needed(call.cluster, going, skipped)
    deleted = {guid: item for guid, item in going.items() if guid not in skipped}
    if not call.flag("dry_run"):
        call.cluster.objects.delete(deleted)
    return Reply(
        {
            "metadata_deleted": by_type(map(member, deleted.values()), "id"),
            "metadata_skipped": by_type(map(member, skipped.values()), "id"),
        }
    )


def _is_asked(call: Call, item: StoredObject) -> bool:
    wanted, authors = call.many("collection_identifiers"), call.many("created_by_user_identifiers")
    if wanted and not {item.guid, item.name, item.obj_id} & set(wanted):
        return False
    if authors and not {item.author_id, _author(call, item)} & set(authors):
        return False
    pattern = call.text("name_pattern")
    return not pattern or like(pattern, item.name)


def _keys(call: Call) -> dict[str, Callable[[StoredObject], Any]]:
    return {
        "NAME": lambda item: (item.name.casefold(), item.guid),
        "DISPLAY_NAME": lambda item: (item.name.casefold(), item.guid),
        "AUTHOR": lambda item: (_author(call, item).casefold(), item.guid),
        "CREATED": lambda item: (item.created, item.guid),
        "MODIFIED": lambda item: (item.modified, item.guid),
    }


def _author(call: Call, item: StoredObject) -> str:
    user = call.cluster.users.find(item.author_id)
    return user.name if user else ""


def _given(call: Call) -> list[Member]:
    """The objects that a request names, each of which has to be there."""
    members = []
    for entry in call.many("metadata"):
        for identifier in entry["identifiers"]:
            item = need_readable(call, identifier, entry["type"])
            members.append(member(item))
    return members


def _write(call: Call, guid: str, name: str, description: str, members: Iterable[Member]) -> StoredObject:
    """Import the collection's TML, so that it is what an import would make it."""
    content = [{"name": one.name, "type": one.type, "id": one.guid} for one in members]
    body: dict[str, Any] = {"name": name, **({"description": description} if description else {}), "content": content}
    document = {**({"guid": guid} if guid else {}), "collection": body}
    texts = (json.dumps(document, ensure_ascii=False),)
    request = ImportRequest(texts, call.org_id, call.org.name, call.session.user_id, Policy.ALL_OR_NONE)
    (outcome,) = run_import(call.cluster, request)
    if outcome.failed:
        raise business_error(outcome.message, Code.INVALID_PARAMETER)
    return outcome.published[0].item


def _shown(call: Call, item: StoredObject, *, with_metadata: bool) -> dict[str, Any]:
    org = call.cluster.orgs.get(item.org_id)
    members = members_of(call.cluster, item)
    return {
        "id": item.guid,
        "name": item.name,
        "description": item.description,
        "metadata": by_type(members, "identifier") if with_metadata else None,
        "created_at": str(item.created),
        "updated_at": str(item.modified),
        "author_name": _author(call, item),
        "author_id": item.author_id,
        "org": {"identifier": str(item.org_id), "name": org.name if org else ""},
    }


_METADATA: Argument = group(
    "metadata",
    enum("type", "LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "COLLECTION", required=True),
    text("identifiers", required=True, many=True),
    many=True,
)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/collections/search",
        search,
        (
            text("name_pattern"),
            text("collection_identifiers", many=True),
            text("created_by_user_identifiers", many=True),
            flag("include_metadata"),
            sort_options("NAME", "DISPLAY_NAME", "AUTHOR", "CREATED", "MODIFIED"),
            *PAGE,
        ),
        since=_SINCE,
    ),
    Endpoint(
        "POST",
        "/collections/create",
        create,
        (text("name", required=True), text("description"), _METADATA),
        since=_SINCE,
    ),
    Endpoint(
        "POST",
        "/collections/<identifier>/update",
        update,
        (
            text("identifier", required=True),
            text("name"),
            text("description"),
            _METADATA,
            enum("operation", "ADD", "REMOVE", "REPLACE", default="REPLACE"),
        ),
        since=_SINCE,
    ),
    Endpoint(
        "POST",
        "/collections/delete",
        delete,
        (
            text("collection_identifiers", required=True, many=True),
            flag("delete_children"),
            flag("dry_run"),
        ),
        since=_SINCE,
    ),
)

"""Authors, sharing and permissions. Source: facts about the REST API, "Security"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.credentials import no_principal
from tsdeploy.sandbox.endpoints.paging import page
from tsdeploy.sandbox.lookup import need_modifiable, need_readable
from tsdeploy.sandbox.people import Directory
from tsdeploy.sandbox.permissions import Grants, Permission, details_json
from tsdeploy.sandbox.principals import need_user
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.shares import Mode, Share
from tsdeploy.sandbox.web.arguments import Argument, enum, flag, group, later, number, since, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, argument_error, business_error, not_found

_SHARABLE: Final = ("LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "LOGICAL_COLUMN", "CONNECTION", "COLLECTION")
_LATER: Final = {"COLLECTION": "26.4"}
_MODES: Final = ("READ_ONLY", "MODIFY", "NO_ACCESS")


def assign(call: Call) -> Reply:
    """``POST /security/metadata/assign``: another author; all objects, or none."""
    author = need_user(call.cluster, call.text("user_identifier"))
    current = call.text("current_owner_identifier")
    items = [need_modifiable(call, entry["identifier"], entry["type"]) for entry in call.many("metadata")]
    before = need_user(call.cluster, current).id if current else ""
    for item in items:
        if before and item.author_id != before:
            raise business_error(guesses.not_the_author(item.name, current), Code.INVALID_PARAMETER)
        call.cluster.objects.save(replace(item, author_id=author.id))
    return Reply()


def share(call: Call) -> Reply:
    """``POST /security/metadata/share``: all grants on all objects, or none. NO_ACCESS takes a grant away."""
    items = [need_modifiable(call, identifier, kind) for identifier, kind in _shared(call)]
    parts = [_owner_of_visualization(call, guid) for guid in call.many("visualization_identifiers")]
    grants = [
        (principal_id(call, entry["principal"]), Mode[entry["share_mode"]], entry["content_share_mode"])
        for entry in call.many("permissions")
    ]
    for principal, mode, content_mode in grants:
        call.cluster.shares.grant(Share(item.guid, "", principal, mode) for item in items)
        call.cluster.shares.grant(Share(owner, guid, principal, mode) for owner, guid in parts)
        if content_mode:
            contents = [inner for item in items for inner in _contents(call, item)]
            call.cluster.shares.grant(Share(guid, "", principal, Mode[content_mode]) for guid in contents)
    discoverable = call.flag("has_lenient_discoverability")
    call.cluster.shares.set_discoverable([item.guid for item in items], wanted=discoverable)
    return Reply()


def _shared(call: Call) -> list[tuple[str, str | None]]:
    """Identifiers and types, from either way of naming objects."""
    entries, identifiers = call.many("metadata"), call.many("metadata_identifiers")
    if entries and not identifiers:
        return [(entry["identifier"], entry["type"]) for entry in entries]
    if identifiers and not entries:
        return [(identifier, call.text("metadata_type") or None) for identifier in identifiers]
    if call.many("visualization_identifiers") and not entries:
        return []
    raise argument_error(guesses.SHARE_WHAT_TEXT)


def _owner_of_visualization(call: Call, guid: str) -> tuple[str, str]:
    owner = call.cluster.objects.inner_owner(guid)
    if not owner:
        raise not_found(guid)
    return need_modifiable(call, owner, "LIVEBOARD").guid, guid


def _contents(call: Call, item: StoredObject) -> list[str]:
    """What is in a collection, as far as the caller may share it."""
    if item.kind != "collection":
        return []
    found = map(call.cluster.objects.get, call.cluster.objects.links(item.guid).values())
    return [inner.guid for inner in found if inner is not None and call.access.may_modify(inner)]


def principal_id(call: Call, entry: dict[str, Any]) -> str:
    """The GUID of a user or a group of the caller's Org. Raises ApiError 400/13003 in shape (b)."""
    identifier, kind = entry["identifier"], entry["type"]
    user = call.cluster.users.find(identifier) if kind in (None, "USER") else None
    if user is not None:
        return user.id
    if kind in (None, "USER_GROUP"):
        by_id = call.cluster.groups.get(identifier)
        found = [by_id] if by_id else call.cluster.groups.named(identifier, call.org_id)
        if found and found[0].org_id == call.org_id:
            return found[0].id
    raise no_principal(identifier)


def fetch_permissions(call: Call) -> Reply:
    """``POST /security/metadata/fetch-permissions``: by name (DEFINED), or with all that follows (EFFECTIVE)."""
    asked = {principal_id(call, entry) for entry in call.many("principals")}
    items = [need_readable(call, entry["identifier"], entry["type"]) for entry in call.many("metadata")]
    if call.flag("include_dependent_objects"):
        items += [item for item in _dependents(call, items) if item.guid not in {known.guid for known in items}]
    grants = Grants(Directory(call.cluster), call.org_id)
    authors = call.cluster.users.among(item.author_id for item in items)
    defined = call.text("permission_type") == "DEFINED"
    return Reply(
        {
            "metadata_permission_details": [
                details_json(
                    item,
                    authors[item.author_id].name if item.author_id in authors else "",
                    (each for each in grants.on(item) if _is_shown(each, asked, defined=defined)),
                )
                for item in page(call, items)
            ]
        }
    )


def _is_shown(permission: Permission, asked: set[str], *, defined: bool) -> bool:
    if asked and permission.id not in asked:
        return False
    return bool(permission.shared if defined else permission.mode) or (bool(asked) and not defined)


def _dependents(call: Call, items: list[StoredObject]) -> Iterator[StoredObject]:
    found = call.cluster.objects.dependents(item.guid for item in items)
    for guid in dict.fromkeys(each for sources in found.values() for each in sources):
        item = call.cluster.objects.get(guid)
        if item is not None and guesses.has_obj_id(item.kind) and call.access.may_read(item):
            yield item


def _principal(name: str, *, required: bool = False, many: bool = False) -> Argument:
    fields = (text("identifier", required=True), enum("type", "USER", "USER_GROUP"))
    return group(name, *fields, required=required, many=many)


def _objects(*types: str, required: bool = True) -> Argument:
    kinds = later(_LATER, enum("type", *types))
    return group("metadata", text("identifier", required=True), kinds, required=required, many=True)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/security/metadata/assign",
        assign,
        (
            _objects("LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "CONNECTION"),
            text("user_identifier", required=True),
            text("current_owner_identifier"),
        ),
        needs=("USER_ADMINISTRATION",),
    ),
    Endpoint(
        "POST",
        "/security/metadata/share",
        share,
        (
            _objects(*_SHARABLE, required=False),
            later(_LATER, enum("metadata_type", *_SHARABLE)),
            text("metadata_identifiers", many=True),
            group(
                "permissions",
                _principal("principal", required=True),
                enum("share_mode", *_MODES, required=True),
                enum("content_share_mode", *_MODES),
                required=True,
                many=True,
            ),
            text("visualization_identifiers", many=True),
            text("emails", many=True),
            text("message", required=True),
            flag("enable_custom_url"),
            flag("notify_on_share", True),
            flag("has_lenient_discoverability"),
        ),
    ),
    Endpoint(
        "POST",
        "/security/metadata/fetch-permissions",
        fetch_permissions,
        (
            _objects(*_SHARABLE),
            _principal("principals", many=True),
            flag("include_dependent_objects"),
            number("record_offset", 0),
            number("record_size", -1),
            since("10.3", enum("permission_type", "DEFINED", "EFFECTIVE", default="EFFECTIVE")),
        ),
    ),
)

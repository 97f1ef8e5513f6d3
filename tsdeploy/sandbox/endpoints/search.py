"""``POST /metadata/search``. Source: facts about the REST API, section 5."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.filters import candidates, conditions
from tsdeploy.sandbox.endpoints.found import Page, needs_text
from tsdeploy.sandbox.endpoints.paging import PAGE, ordered, page, sort_options
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.web.arguments import Argument, Type, enum, flag, group, later, number, since, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply

TYPES = (
    "LIVEBOARD",
    "ANSWER",
    "LOGICAL_TABLE",
    "LOGICAL_COLUMN",
    "CONNECTION",
    "TAG",
    "USER",
    "USER_GROUP",
    "LOGICAL_RELATIONSHIP",
    "INSIGHT_SPEC",
    "COLLECTION",
)
SUBTYPES = (
    "ONE_TO_ONE_LOGICAL",
    "WORKSHEET",
    "PRIVATE_WORKSHEET",
    "USER_DEFINED",
    "AGGR_WORKSHEET",
    "SQL_VIEW",
)


_SORTED_BY: Final[Mapping[str, Callable[[StoredObject], Any]]] = {
    "NAME": lambda item: (item.name.casefold(), item.guid),
    "DISPLAY_NAME": lambda item: (item.name.casefold(), item.guid),
    "CREATED": lambda item: (item.created, item.guid),
    "MODIFIED": lambda item: (item.modified, item.guid),
    "LAST_ACCESSED": lambda item: (item.modified, item.guid),
    "VIEWS": lambda item: item.guid,
}


def search(call: Call) -> Reply:
    """The objects of the caller's Org that fit, and that the caller sees; a bare array without a total."""
    found = candidates(call, TYPES)
    for check in conditions(call):
        found = list(filter(check, found))
    shown = page(call, ordered(call, found, _keys(call, found), guesses.SORT_FIELD))
    full = call.cluster.objects.among(item.guid for item in shown if needs_text(call, item))
    items = [full.get(item.guid, item) for item in shown]
    seen = Page(call, items)
    return Reply([seen.item(item) for item in items])


def _keys(call: Call, found: list[StoredObject]) -> Mapping[str, Callable[[StoredObject], Any]]:
    """What can be sorted by; names and favourites are looked up only where they are asked for."""
    wanted = call.group("sort_options").get("field_name")
    if wanted == "AUTHOR":
        users = call.cluster.users.among(item.author_id for item in found)
        names = {user.id: user.name for user in users.values()}
        return {**_SORTED_BY, "AUTHOR": lambda item: (names.get(item.author_id, ""), item.guid)}
    if wanted == "FAVORITES":
        favored = call.cluster.users.favored(item.guid for item in found)
        return {**_SORTED_BY, "FAVORITES": lambda item: (favored.get(item.guid, 0), item.guid)}
    return _SORTED_BY


_PRINCIPAL = group("principal", text("identifier", required=True), enum("type", "USER", "USER_GROUP"), required=True)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/metadata/search",
        search,
        (
            group(
                "metadata",
                text("identifier"),
                since("10.6", text("obj_identifier")),
                text("name_pattern"),
                later({"COLLECTION": "26.4"}, enum("type", *TYPES)),
                later({"SQL_VIEW": "10.11"}, enum("subtypes", *SUBTYPES, many=True)),
                many=True,
            ),
            group(
                "permissions",
                _PRINCIPAL,
                enum("share_mode", "READ_ONLY", "MODIFY", "NO_ACCESS", required=True),
                many=True,
            ),
            text("created_by_user_identifiers", many=True),
            text("modified_by_user_identifiers", many=True),
            text("tag_identifiers", many=True),
            group(
                "exclude_objects",
                text("identifier", required=True),
                enum("type", *TYPES, required=True),
                many=True,
            ),
            group("favorite_object_options", flag("include"), text("user_identifiers", many=True)),
            flag("include_headers", True),
            flag("include_details"),
            flag("include_dependent_objects"),
            number("dependent_objects_record_size", 50),
            enum("dependent_object_version", "V1", "V2", default="V1"),
            flag("include_hidden_objects"),
            flag("include_auto_created_objects"),
            flag("include_incomplete_objects"),
            flag("include_visualization_headers"),
            flag("include_stats"),
            flag("include_personalised_views"),
            Argument("include_worksheet_search_assist_data", Type.FLAG),
            since("10.7", flag("include_discoverable_objects", True)),
            since("10.11", flag("include_only_published_objects")),
            since("10.9", flag("show_resolved_parameters")),
            since("10.11", enum("liveboard_response_version", "V1", "V2")),
            sort_options(*_SORTED_BY, "AUTHOR", "FAVORITES"),
            *PAGE,
        ),
    ),
)

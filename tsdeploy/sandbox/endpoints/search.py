"""``POST /metadata/search``. Source: facts about the REST API, section 5."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.details import connection_of, details
from tsdeploy.sandbox.headers import search_header
from tsdeploy.sandbox.kinds import dependents_group, rest_type
from tsdeploy.sandbox.lookup import like
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.tags import Tag
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.web.arguments import Argument, Type, enum, flag, group, number, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.wellknown import TSADMIN_ID, TSADMIN_NAME

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


@dataclass(frozen=True, slots=True)
class _Found:
    """What is shown beside an object."""

    cluster: Cluster
    tags: Mapping[str, list[Tag]]
    call: Call

    def item(self, found: StoredObject) -> dict[str, Any]:
        call = self.call
        return {
            "metadata_id": found.guid,
            "metadata_name": found.name,
            "metadata_type": rest_type(found.kind),
            "metadata_obj_id": found.obj_id or None,
            "dependent_objects": self._dependents(found) if call.flag("include_dependent_objects") else None,
            "incomplete_objects": None,
            "metadata_detail": details(self.cluster, found) if call.flag("include_details") else None,
            "metadata_header": self._header(found) if call.flag("include_headers") else guesses.HEADER_WHEN_EXCLUDED,
            "visualization_headers": _vizzes(found) if call.flag("include_visualization_headers") else None,
            "stats": {"views": 0, "favorites": 0, "last_accessed": 0} if call.flag("include_stats") else None,
        }

    def _header(self, found: StoredObject) -> dict[str, Any]:
        connection = connection_of(self.cluster, found)
        return search_header(found, self.tags.get(found.guid, ()), connection.name if connection else "")

    def _dependents(self, found: StoredObject) -> dict[str, Any] | None:
        if found.kind == "connection":
            return None
        grouped: dict[str, list[dict[str, Any]]] = {}
        for guid in self.cluster.objects.dependents([found.guid]).get(found.guid, []):
            dependent = self.cluster.objects.get(guid)
            if dependent is not None:
                header = {**self._header(dependent), "type": None}
                grouped.setdefault(dependents_group(dependent.kind), []).append(header)
        limit = self.call.number("dependent_objects_record_size")
        shown = {key: headers[:limit] for key, headers in grouped.items()} if limit and limit > 0 else grouped
        if self.call.text("dependent_object_version") == "V2":
            return {
                "dependents": {found.guid: shown},
                "hasInaccessibleDependents": False,
                "areInaccessibleDependentsReturned": False,
            }
        return {found.guid: shown}


def search(call: Call) -> Reply:
    """The objects of the caller's Org that fit; a bare array without a total."""
    cluster = call.cluster
    objects = [item for item in cluster.objects.in_org(call.org_id) if rest_type(item.kind) in TYPES]
    tags = cluster.tags.of(call.org_id, [item.guid for item in objects])
    kept = [item for item in objects if _fits(call, item, tags.get(item.guid, []))]
    page = _page(call, _sorted(call, kept))
    shown = _Found(cluster, tags, call)
    return Reply([shown.item(item) for item in page])


def _fits(call: Call, item: StoredObject, tags: list[Tag]) -> bool:
    wanted = call.many("metadata")
    if wanted and not any(_is_named(entry, item) for entry in wanted):
        return False
    if any(_is_excluded(entry, item) for entry in call.many("exclude_objects")):
        return False
    labels = {label for tag in tags for label in (tag.id, tag.name)}
    if call.many("tag_identifiers") and not labels & set(call.many("tag_identifiers")):
        return False
    return _by(call.many("created_by_user_identifiers"), item.author_id) and _by(
        call.many("modified_by_user_identifiers"), item.modified_by
    )


def _is_named(entry: Mapping[str, Any], item: StoredObject) -> bool:
    """Whether an object fits one entry of ``metadata``: every field given must agree."""
    checks: tuple[tuple[Any, Callable[[Any], bool]], ...] = (
        (entry["identifier"], lambda wanted: wanted in (item.guid, item.name)),
        (entry["obj_identifier"], lambda wanted: wanted == item.obj_id),
        (entry["name_pattern"], lambda wanted: like(wanted, item.name)),
        (entry["type"], lambda wanted: wanted == rest_type(item.kind)),
        (entry["subtypes"], lambda wanted: item.subtype in wanted),
    )
    return all(check(wanted) for wanted, check in checks if wanted)


def _is_excluded(entry: Mapping[str, Any], item: StoredObject) -> bool:
    return entry["type"] == rest_type(item.kind) and entry["identifier"] in (item.guid, item.name)


def _by(wanted: Iterable[str], user_id: str) -> bool:
    names = {user_id, TSADMIN_NAME} if user_id == TSADMIN_ID else {user_id}
    return not wanted or bool(names & set(wanted))


def _sorted(call: Call, items: list[StoredObject]) -> list[StoredObject]:
    options = call.group("sort_options")
    field_name = options.get("field_name") or guesses.SORT_FIELD
    descending = (options.get("order") or guesses.sort_order(field_name)) == "DESC"
    keys: dict[str, Callable[[StoredObject], Any]] = {
        "NAME": lambda item: (item.name.casefold(), item.guid),
        "DISPLAY_NAME": lambda item: (item.name.casefold(), item.guid),
        "CREATED": lambda item: (item.created, item.guid),
        "MODIFIED": lambda item: (item.modified, item.guid),
    }
    return sorted(items, key=keys.get(field_name, lambda item: item.guid), reverse=descending)


def _page(call: Call, items: list[StoredObject]) -> list[StoredObject]:
    offset, size = max(call.number("record_offset") or 0, 0), call.number("record_size")
    if size is None or size < 0:
        return items[offset:]
    return items[offset : offset + size]


def _vizzes(item: StoredObject) -> list[dict[str, Any]]:
    return [
        {"id": value(viz, "viz_guid"), "name": value(viz, "answer", "name"), "vizType": "CHART"}
        for viz in mappings(reread(item.text).body, "visualizations")
    ]


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
                text("obj_identifier"),
                text("name_pattern"),
                enum("type", *TYPES),
                enum("subtypes", *SUBTYPES, many=True),
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
            flag("include_discoverable_objects", True),
            flag("include_only_published_objects"),
            flag("show_resolved_parameters"),
            enum("liveboard_response_version", "V1", "V2"),
            group(
                "sort_options",
                enum(
                    "field_name",
                    "NAME",
                    "DISPLAY_NAME",
                    "AUTHOR",
                    "CREATED",
                    "MODIFIED",
                    "VIEWS",
                    "FAVORITES",
                    "LAST_ACCESSED",
                ),
                enum("order", "ASC", "DESC"),
            ),
            number("record_offset", 0),
            number("record_size", 10),
        ),
    ),
)

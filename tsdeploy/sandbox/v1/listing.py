"""Listings of headers, tags on objects, and deleting."""

from __future__ import annotations

from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.metadata import delete
from tsdeploy.sandbox.kinds import V1_TYPES
from tsdeploy.sandbox.v1.route import PRIVATE, Answer, Route, V1Call
from tsdeploy.sandbox.web.endpoint import Call
from tsdeploy.sandbox.web.failures import Code, business_error

_V2_TYPES: Final = {
    **{v1: v2 for v2, v1 in V1_TYPES.items()},
    **{name: name for name in ("LOGICAL_TABLE", "LOGICAL_COLUMN", "LOGICAL_RELATIONSHIP", "TAG", "USER", "USER_GROUP")},
}
_SORTED_BY: Final = ("NAME", "DISPLAY_NAME", "AUTHOR", "CREATED", "MODIFIED", "VIEWS", "FAVORITES", "LAST_ACCESSED")


def v2_type(name: str) -> str:
    """The V2 name of a V1 type. Raises ApiError 500/10000, which is what a bad type gets."""
    if name not in _V2_TYPES:
        raise business_error(f"Invalid parameter values: type {name}", Code.INTERNAL, 500)
    return _V2_TYPES[name]


def listed(call: V1Call) -> Answer:
    """``GET metadata/list``."""
    headers, last = _headers(call)
    return Answer({"headers": headers, "isLastBatch": last, "debugInfo": {}})


def object_headers(call: V1Call) -> Answer:
    """``GET metadata/listobjectheaders``: a bare array."""
    return Answer(_headers(call)[0])


def _headers(call: V1Call) -> tuple[list[dict[str, Any]], bool]:
    fields = call.fields
    items = _search(call)
    fetched, skipped = set(fields.texts("fetchids")), set(fields.texts("skipids"))
    headers = [
        item["metadata_header"]
        for item in items
        if item["metadata_id"] not in skipped and (not fetched or item["metadata_id"] in fetched)
    ]
    offset, size = max(fields.number("offset", -1), 0), fields.number("batchsize", -1)
    page = headers[offset:] if size < 0 else headers[offset : offset + size]
    return page, offset + len(page) >= len(headers)


def _search(call: V1Call) -> list[Any]:
    fields = call.fields
    sort = fields.text("sort", "DEFAULT").upper()
    order = "ASC" if fields.flag("sortascending", default=True) else "DESC"
    entry: dict[str, Any] = {"type": v2_type(fields.text("type"))}
    if fields.texts("subtypes"):
        entry["subtypes"] = fields.texts("subtypes")
    if fields.text("pattern"):
        entry["name_pattern"] = guesses.v1_pattern(fields.text("pattern"))
    author = fields.text("authorguid") or fields.text("author_guid")
    mine = fields.text("category").upper() == "MY"
    reply = call.v2(
        "/metadata/search",
        metadata=[entry],
        tag_identifiers=fields.texts("tagname"),
        created_by_user_identifiers=[author] if author else [call.call.session.user_id] if mine else [],
        favorite_object_options={"include": True} if fields.text("category").upper() == "FAVORITE" else None,
        sort_options={"field_name": sort, "order": order} if sort in _SORTED_BY else None,
        record_size=-1,
    )
    assert isinstance(reply.body, list)
    return reply.body


def assign_tags(call: V1Call) -> Answer:
    """``POST metadata/assigntag``: lists of ids and of types that belong together."""
    return _tags(call, "/tags/assign")


def unassign_tags(call: V1Call) -> Answer:
    """``POST metadata/unassigntag``."""
    return _tags(call, "/tags/unassign")


def _tags(call: V1Call, path: str) -> Answer:
    fields = call.fields
    ids, types = fields.texts("id"), fields.texts("type")
    if len(types) not in (1, len(ids)):
        raise business_error("Invalid parameter values: type", Code.INVALID_PARAMETER)
    types = types if len(types) == len(ids) else types * len(ids)
    objects = [{"identifier": guid, "type": v2_type(kind)} for guid, kind in zip(ids, types, strict=True)]
    call.v2(path, metadata=objects, tag_identifiers=[*fields.texts("tagid"), *fields.texts("tagname")])
    return Answer()


def delete_objects(call: V1Call) -> Answer:
    """``POST metadata/delete``, not public: deletes connections too, which V2 does elsewhere."""
    kind = v2_type(call.fields.text("type"))
    objects = [{"identifier": guid, "type": kind} for guid in call.fields.texts("id")]
    arguments = {"metadata": objects, "delete_disabled_objects": call.fields.flag("includeddisabled")}
    delete(Call(call.call.cluster, call.call.caller, arguments, call.call.known_access))
    return Answer()


ROUTES = (
    Route("GET", "/metadata/list", listed, rights="/metadata/search"),
    Route("GET", "/metadata/listobjectheaders", object_headers, rights="/metadata/search"),
    Route("POST", "/metadata/assigntag", assign_tags, rights="/tags/assign"),
    Route("POST", "/metadata/unassigntag", unassign_tags, rights="/tags/unassign"),
    Route("POST", "/metadata/delete", delete_objects, rights="/metadata/delete", base=PRIVATE),
)

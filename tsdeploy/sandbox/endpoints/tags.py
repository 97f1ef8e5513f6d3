"""Tags. Source: facts about the REST API, "Tags"."""

from __future__ import annotations

import uuid
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.lookup import like, need_object
from tsdeploy.sandbox.store.tags import Tag
from tsdeploy.sandbox.web.arguments import enum, group, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error, not_found

_TAGGABLE = ("LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "LOGICAL_COLUMN", "CONNECTION", "COLLECTION")


def search(call: Call) -> Reply:
    """``POST /tags/search``: the tags of the caller's Org, never paged."""
    wanted, pattern, color = call.text("tag_identifier"), call.text("name_pattern"), call.text("color")
    return Reply(
        [
            tag_json(tag)
            for tag in call.cluster.tags.all(call.org_id)
            if wanted in ("", tag.id, tag.name)
            and (not pattern or like(pattern, tag.name))
            and color in ("", tag.color)
        ]
    )


def create(call: Call) -> Reply:
    """``POST /tags/create``."""
    name, now, user = call.text("name"), call.cluster.now(), call.session.user_id
    if any(tag.name == name for tag in call.cluster.tags.all(call.org_id)):
        raise business_error(guesses.duplicate_tag(name), Code.INVALID_PARAMETER)
    tag = Tag(str(uuid.uuid4()), call.org_id, name, call.text("color") or None, user, now, now)
    call.cluster.tags.add(tag)
    return Reply(tag_json(tag))


def assign(call: Call) -> Reply:
    """``POST /tags/assign``: all tags on all objects, or none."""
    objects = [need_object(call, entry["identifier"], entry["type"]) for entry in call.many("metadata")]
    for identifier in call.many("tag_identifiers"):
        tag = call.cluster.tags.find(call.org_id, identifier)
        if tag is None:
            raise not_found(identifier)
        call.cluster.tags.assign(tag, [found.guid for found in objects])
    return Reply()


def tag_json(tag: Tag) -> dict[str, Any]:
    """A tag as the tag endpoints write it."""
    return {
        "name": tag.name,
        "id": tag.id,
        "color": tag.color,
        "deleted": False,
        "hidden": False,
        "external": False,
        "deprecated": False,
        "creation_time_in_millis": tag.created,
        "modification_time_in_millis": tag.modified,
        "author_id": tag.author_id,
        "modifier_id": tag.author_id,
        "owner_id": tag.id,
    }


ENDPOINTS = (
    Endpoint("POST", "/tags/search", search, (text("tag_identifier"), text("name_pattern"), text("color"))),
    Endpoint("POST", "/tags/create", create, (text("name", required=True), text("color"))),
    Endpoint(
        "POST",
        "/tags/assign",
        assign,
        (
            group("metadata", enum("type", *_TAGGABLE), text("identifier", required=True), required=True, many=True),
            text("tag_identifiers", required=True, many=True),
        ),
    ),
)

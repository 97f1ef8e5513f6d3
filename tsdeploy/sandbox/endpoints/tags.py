"""Tags. Source: facts about the REST API, "Tags"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.lookup import like, need_modifiable
from tsdeploy.sandbox.store.tags import Tag
from tsdeploy.sandbox.web.arguments import enum, group, later, text
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
    _refuse_taken(call, name)
    tag = Tag(call.cluster.mint.guid(), call.org_id, name, call.text("color") or None, user, now, now)
    call.cluster.tags.add(tag)
    return Reply(tag_json(tag))


def update(call: Call) -> Reply:
    """``POST /tags/{tag_identifier}/update``: what is not given stays."""
    tag = _need_tag(call, call.text("tag_identifier"))
    name, color = call.text("name") or tag.name, call.text("color") or tag.color
    if name != tag.name:
        _refuse_taken(call, name)
    call.cluster.tags.save(replace(tag, name=name, color=color, modified=call.cluster.now()))
    return Reply()


def delete(call: Call) -> Reply:
    """``POST /tags/{tag_identifier}/delete``: the objects stay, without it."""
    call.cluster.tags.delete(_need_tag(call, call.text("tag_identifier")))
    return Reply()


def assign(call: Call) -> Reply:
    """``POST /tags/assign``: all tags on all objects, or none."""
    guids, tags = _named(call)
    for tag in tags:
        call.cluster.tags.assign(tag, guids)
    return Reply()


def unassign(call: Call) -> Reply:
    """``POST /tags/unassign``: all tags from all objects, or none."""
    guids, tags = _named(call)
    for tag in tags:
        call.cluster.tags.unassign(tag, guids)
    return Reply()


def _named(call: Call) -> tuple[list[str], list[Tag]]:
    guids = [need_modifiable(call, entry["identifier"], entry["type"]).guid for entry in call.many("metadata")]
    return guids, [_need_tag(call, identifier) for identifier in call.many("tag_identifiers")]


def _need_tag(call: Call, identifier: str) -> Tag:
    tag = call.cluster.tags.find(call.org_id, identifier)
    if tag is None:
        raise not_found(identifier)
    return tag


def _refuse_taken(call: Call, name: str) -> None:
    if any(tag.name == name for tag in call.cluster.tags.all(call.org_id)):
        raise business_error(guesses.duplicate_tag(name), Code.INVALID_PARAMETER)


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


_NEEDS = ("TAGMANAGEMENT",)
_ASSIGNMENT = (
    group(
        "metadata",
        later({"COLLECTION": "26.4"}, enum("type", *_TAGGABLE)),
        text("identifier", required=True),
        required=True,
        many=True,
    ),
    text("tag_identifiers", required=True, many=True),
)
_TAG = text("tag_identifier", required=True)

ENDPOINTS = (
    Endpoint("POST", "/tags/search", search, (text("tag_identifier"), text("name_pattern"), text("color"))),
    Endpoint("POST", "/tags/create", create, (text("name", required=True), text("color")), needs=_NEEDS),
    Endpoint("POST", "/tags/<tag_identifier>/update", update, (_TAG, text("name"), text("color")), needs=_NEEDS),
    Endpoint("POST", "/tags/<tag_identifier>/delete", delete, (_TAG,), bodiless=True, needs=_NEEDS),
    Endpoint("POST", "/tags/assign", assign, _ASSIGNMENT),
    Endpoint("POST", "/tags/unassign", unassign, _ASSIGNMENT),
)

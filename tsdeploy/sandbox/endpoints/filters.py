"""What metadata/search may be asked to find. Source: facts about the REST API, section 5."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from tsdeploy.sandbox.access import Access
from tsdeploy.sandbox.endpoints.security import principal_id
from tsdeploy.sandbox.kinds import kinds_of, rest_type
from tsdeploy.sandbox.lookup import like
from tsdeploy.sandbox.store.marks import Mark
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.shares import Mode
from tsdeploy.sandbox.web.endpoint import Call

_PRINCIPAL_TYPES: Final = ("USER", "USER_GROUP", "TAG")
_INCLUDED_BY: Final = {
    Mark.HIDDEN: "include_hidden_objects",
    Mark.AUTO_CREATED: "include_auto_created_objects",
    Mark.INCOMPLETE: "include_incomplete_objects",
}
Condition = Callable[[StoredObject], bool]


def candidates(call: Call, types: Iterable[str]) -> list[StoredObject]:
    """What a search has to look at, without texts: the objects of the Org, or only those named or of some types.

    Users, groups and tags are found when their type is asked for.
    """
    entries = call.many("metadata")
    names = [entry["identifier"] or entry["obj_identifier"] for entry in entries]
    narrow = bool(names) and all(names)
    both = [label for entry in entries for label in (entry["identifier"], entry["obj_identifier"]) if label]
    named_types = [entry["type"] for entry in entries]
    kinds = kinds_of(named_types if named_types and all(named_types) else types)
    found = call.cluster.objects.listed(call.org_id, both if narrow else None, kinds)
    asked = set(named_types) & set(_PRINCIPAL_TYPES)
    return [*found, *(_principals(call, asked) if asked else ())]


def _principals(call: Call, asked: set[str]) -> Iterator[StoredObject]:
    cluster, org_id = call.cluster, call.org_id
    if "USER" in asked:
        for user in cluster.users.in_org(org_id):
            yield _as_object("user", org_id, user.id, user.name, user.author_id, user.created, user.modified)
    if "USER_GROUP" in asked:
        for group in cluster.groups.in_org(org_id):
            yield _as_object("group", org_id, group.id, group.name, group.author_id, group.created, group.modified)
    if "TAG" in asked:
        for tag in cluster.tags.all(org_id):
            yield _as_object("tag", org_id, tag.id, tag.name, tag.author_id, tag.created, tag.modified)


def _as_object(kind: str, org_id: int, guid: str, name: str, author: str, created: int, modified: int) -> StoredObject:
    return StoredObject(guid, org_id, kind, kind, name, "", "", "", author, created, modified, author, "")


def conditions(call: Call) -> Iterator[Condition]:
    """The filters of a search that were given. An object has to pass all of them; the cheap ones come first."""
    wanted = call.many("metadata")
    if not all(map(_is_a_type, wanted)):  # then all candidates are what they say
        yield lambda item: any(_is_named(entry, item) for entry in wanted)
    excluded = {(entry["type"], entry["identifier"]) for entry in call.many("exclude_objects")}
    if excluded:
        yield lambda item: excluded.isdisjoint({(rest_type(item.kind), label) for label in (item.guid, item.name)})
    if call.many("created_by_user_identifiers"):
        authors = _user_ids(call, call.many("created_by_user_identifiers"))
        yield lambda item: item.author_id in authors
    if call.many("modified_by_user_identifiers"):
        modifiers = _user_ids(call, call.many("modified_by_user_identifiers"))
        yield lambda item: item.modified_by in modifiers
    yield from _by_tags(call)
    yield from _by_favorites(call)
    if call.flag("include_only_published_objects"):
        published = call.cluster.publications.everything()
        yield lambda item: item.guid in published
    if call.many("permissions"):
        yield _permitted(call)
    yield from _unmarked(call)
    yield _visible(call)


def _unmarked(call: Call) -> Iterator[Condition]:
    """Leaves out what is hidden, made by the server or unfinished, unless the search includes it."""
    for mark, option in _INCLUDED_BY.items():
        marked = frozenset() if call.flag(option) else call.cluster.marks.carriers(mark)
        if marked:
            yield partial(_is_outside, marked)


def _is_outside(guids: frozenset[str], item: StoredObject) -> bool:
    return item.guid not in guids


def _is_a_type(entry: Mapping[str, Any]) -> bool:
    """Whether one entry of ``metadata`` says a type and nothing else."""
    return bool(entry["type"]) and not any(value for key, value in entry.items() if key != "type")


def _is_named(entry: Mapping[str, Any], item: StoredObject) -> bool:
    """Whether an object fits one entry of ``metadata``: every field given must agree."""
    return (
        (not entry["identifier"] or entry["identifier"] in (item.guid, item.name))
        and (not entry["obj_identifier"] or entry["obj_identifier"] == item.obj_id)
        and (not entry["type"] or entry["type"] == rest_type(item.kind))
        and (not entry["subtypes"] or item.subtype in entry["subtypes"])
        and (not entry["name_pattern"] or like(entry["name_pattern"], item.name))
    )


def _user_ids(call: Call, identifiers: Iterable[str]) -> set[str]:
    found = map(call.cluster.users.find, identifiers)
    return {user.id for user in found if user is not None}


def _by_tags(call: Call) -> Iterator[Condition]:
    wanted = set(call.many("tag_identifiers"))
    if wanted:
        tags = [tag for tag in call.cluster.tags.all(call.org_id) if wanted & {tag.id, tag.name}]
        tagged = call.cluster.tags.carriers(tags)
        yield lambda item: item.guid in tagged


def _by_favorites(call: Call) -> Iterator[Condition]:
    options = call.group("favorite_object_options")
    if options.get("include"):
        users = _user_ids(call, options["user_identifiers"] or [call.session.user_id])
        favorites = {guid for found in call.cluster.users.favorites(users).values() for guid in found}
        yield lambda item: item.guid in favorites


def _permitted(call: Call) -> Condition:
    """Objects that one of some users or groups has just this access to."""
    asked = [(principal_id(call, entry["principal"]), Mode[entry["share_mode"]]) for entry in call.many("permissions")]
    held = [(_mode_of(call, principal), mode) for principal, mode in asked]
    return lambda item: any(find(item) is mode for find, mode in held)


def _mode_of(call: Call, principal: str) -> Callable[[StoredObject], Mode]:
    if call.cluster.users.find(principal) is not None:
        return Access(call.cluster, principal, call.org_id).mode
    shared = call.cluster.shares.with_principals([principal])
    return lambda item: shared.get(item.guid, Mode.NO_ACCESS)


def _visible(call: Call) -> Condition:
    """What the caller may read, and what everybody may find."""
    access = call.access
    discover = call.flag("include_discoverable_objects") and not access.only
    discoverable = call.cluster.shares.discoverable() if discover else frozenset()
    return lambda item: item.kind in ("user", "group", "tag") or access.may_read(item) or item.guid in discoverable

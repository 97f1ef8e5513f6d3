"""Tags: list, create, and put them on objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tsdeploy.rest.metadata import reference
from tsdeploy.rest.results import ObjectRef
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import items, text
from tsdeploy.rest.transport import Call


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """A tag of an Org. ``color`` is as the server writes it (``#ff78a9``), "" for none."""

    name: str
    color: str = ""


def search_tags(session: Session) -> list[Tag]:
    """The tags of the session's Org, by name."""
    call = Call("POST", "tags/search", {})
    return sorted(Tag(text(one, "name"), text(one, "color")) for one in items(call, session.ask(call)))


def tag_names(session: Session) -> frozenset[str]:
    """The names of the tags of the session's Org."""
    return frozenset(tag.name for tag in search_tags(session))


def create_tag(session: Session, name: str, color: str = "") -> None:
    """Make a tag. Raises ApiError when there is one of that name."""
    session.ask(Call("POST", "tags/create", {"name": name} | ({"color": color} if color else {}), write=True))


def assign_tags(session: Session, objects: Sequence[ObjectRef], tags: Sequence[str]) -> None:
    """Put all tags, by name, on all objects, or none; those that have one keep it."""
    _change(session, "tags/assign", objects, tags)


def unassign_tags(session: Session, objects: Sequence[ObjectRef], tags: Sequence[str]) -> None:
    """Take all tags, by name, from all objects, or none; those without one stay without."""
    _change(session, "tags/unassign", objects, tags)


def _change(session: Session, path: str, objects: Sequence[ObjectRef], tags: Sequence[str]) -> None:
    """Raises ApiError 13003 when an object or a tag is not there."""
    if objects and tags:
        body = {"metadata": [reference(named) for named in objects], "tag_identifiers": list(tags)}
        session.ask(Call("POST", path, body, write=True))

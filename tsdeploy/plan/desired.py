"""What deployed objects are to have besides TML (tags, sharing, an obj_id, an owner), and which of them lack it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from tsdeploy.config.deploying import DesiredState, Grant
from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap
from tsdeploy.errors import Finding, Location, RestError, Severity
from tsdeploy.plan.change import Action, Change, Setting
from tsdeploy.rest import (
    ApiError,
    ObjectHeader,
    ObjectRef,
    SearchQuery,
    Session,
    principal_exists,
    search_metadata,
)
from tsdeploy.rest.sharing import Permission, shared_with
from tsdeploy.tml.graph import Graph
from tsdeploy.tml.selector import select

T = TypeVar("T")
_CHUNK = 50
_SHARABLE = frozenset({"LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "LOGICAL_COLUMN", "COLLECTION"})
_OWNED = frozenset({"LIVEBOARD", "ANSWER", "LOGICAL_TABLE"})


class Gift(Enum):
    """The things that an object can be given."""

    TAGS = "tags"
    SHARING = "sharing"
    OBJ_ID = "obj_id"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Aim:
    """Entry ``number`` of the file, and what it is about: the GUID of each object, with the obj_id that git has.

    ``new`` are keys of objects that are not there yet.
    """

    number: int
    state: DesiredState
    objects: Mapping[str, str]
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that the objects of an entry are to have, in words, and which of them lack it.

    ``lacking`` raises RestError when the server cannot be asked.
    """

    aim: Aim
    gift: Gift
    what: str
    lacking: Callable[[Sequence[ObjectHeader]], list[ObjectHeader]]

    def principals(self) -> list[tuple[str, str]]:
        """Who has to be there for it: name or GUID, and type."""
        if self.gift is Gift.OWNER:
            return [(self.aim.state.owner, "USER")]
        return [(one.principal, one.type) for one in self.aim.state.share] if self.gift is Gift.SHARING else []

    def is_lacking_in_new(self, rest_type: str) -> bool:
        """Whether an object of a V2 type that is about to be made will lack it; its TML brings its obj_id along."""
        types = {Gift.SHARING: _SHARABLE, Gift.OWNER: _OWNED, Gift.OBJ_ID: frozenset[str]()}
        return bool(rest_type) and rest_type in types.get(self.gift, {rest_type})


def aims_of(
    environment: Environment, graph: Graph, guids: Mapping[str, str], new: frozenset[str] = frozenset()
) -> tuple[Aim, ...]:
    """What the environment wants of deployed objects; ``guids`` pairs document keys with GUIDs, ``new`` are other keys.

    Raises UsageError for a selector that is none, or names nothing.
    """
    chosen = [select(state.objects, graph, origin=place_of_state(environment)) for state in environment.state]
    return tuple(
        Aim(
            number,
            state,
            {guids[key]: graph.documents[key].obj_id for key in keys if key in guids},
            tuple(key for key in keys if key in new),
        )
        for number, (state, keys) in enumerate(zip(environment.state, chosen, strict=True))
    )


def find_settings(
    environment: Environment, session: Session, graph: Graph, objects: ObjectMap, changes: Sequence[Change]
) -> tuple[tuple[Setting, ...], tuple[Finding, ...]]:
    """What a deploy would set besides TML; with a warning TD547, what it may set, where the server does not tell,
    and TD520 for users and groups that are not there.

    Raises UsageError as ``aims_of``, and RestError when the objects cannot be looked up.
    """
    if not environment.state:
        return (), ()
    guids = {record.source: record.guid for record in objects if record.source and record.guid and record.hash}
    guids |= {change.key: change.live.guid for change in changes if change.live}
    new = frozenset(change.key for change in changes if change.action is Action.CREATE)
    aims = aims_of(environment, graph, guids, new)
    labels = {guid: graph.documents[key].label for key, guid in guids.items() if key in graph.documents}
    headers, settings, findings = headers_of(session, aims), list[Setting](), list[Finding]()
    for aspect in aspects(aims, session):
        there = those_of(aspect.aim, headers)
        try:
            found = aspect.lacking(there)
        except RestError as error:
            findings.append(_untold(environment, aspect, error))
            found = there
        lacking = [labels[one.id] for one in found]
        documents = [graph.documents[key] for key in aspect.aim.new]
        lacking += [one.label for one in documents if aspect.is_lacking_in_new(one.kind.rest_type)]
        if lacking:
            settings.append(Setting(aspect.aim.number, aspect.what, tuple(sorted(lacking))))
            findings += _nobody(environment, session, aspect)
    return tuple(settings), tuple(findings)


def _nobody(environment: Environment, session: Session, aspect: Aspect) -> Iterator[Finding]:
    """TD520: who is to be given access or objects is not there, so that the server will refuse it."""
    for principal, type in aspect.principals():
        try:
            if not principal_exists(session, principal, type):
                what = "user" if type == "USER" else "group"
                message = f"{aspect.what}: {environment.name} shows no {what} {principal}"
                where, at = place_of_state(environment), f"state[{aspect.aim.number}]"
                hint = f"create the {what}, or correct its name there"
                yield Finding("TD520", message, where, at=at, hint=hint, severity=Severity.WARNING)
        except ApiError:
            return  # not every user may ask


def headers_of(session: Session, aims: Sequence[Aim]) -> dict[str, ObjectHeader]:
    """The headers of all objects that the entries are about, by GUID. Raises RestError."""
    wanted = tuple(sorted({guid for aim in aims for guid in aim.objects}))
    found = search_metadata(session, SearchQuery(identifiers=wanted)) if wanted else ()
    return {one.id: one for one in found}


def those_of(aim: Aim, headers: Mapping[str, ObjectHeader]) -> list[ObjectHeader]:
    """The headers of the objects that an entry is about."""
    return [headers[guid] for guid in sorted(aim.objects) if guid in headers]


def aspects(aims: Sequence[Aim], session: Session) -> Iterator[Aspect]:
    """All that is wanted, owners last: whoever gives an object away may lose the right to share it."""
    for aim in aims:
        if aim.state.tags:
            yield _tagging(aim)
        if aim.state.share:
            yield _sharing(aim, session)
        if aim.state.obj_id:
            yield _obj_ids(aim)
    for aim in aims:
        if aim.state.owner:
            yield _owning(aim)


def _tagging(aim: Aim) -> Aspect:
    tags = aim.state.tags

    def lacking(headers: Sequence[ObjectHeader]) -> list[ObjectHeader]:
        return [one for one in headers if not set(tags) <= set(one.tags)]

    return Aspect(aim, Gift.TAGS, f"the tags {', '.join(tags)}", lacking)


def _sharing(aim: Aim, session: Session) -> Aspect:
    wanted = permissions_of(aim)

    def lacking(headers: Sequence[ObjectHeader]) -> list[ObjectHeader]:
        found = []
        for chunk in in_chunks([one for one in headers if one.type in _SHARABLE]):
            given = shared_with(session, refs(chunk))
            found += [one for one in chunk if not set(wanted) <= given.get(one.id, frozenset())]
        return found

    return Aspect(aim, Gift.SHARING, f"the access of {', '.join(one.principal for one in wanted)}", lacking)


def _obj_ids(aim: Aim) -> Aspect:
    def lacking(headers: Sequence[ObjectHeader]) -> list[ObjectHeader]:
        return [one for one in headers if aim.objects[one.id] not in ("", one.obj_id)]

    return Aspect(aim, Gift.OBJ_ID, "the obj_id that git has", lacking)


def _owning(aim: Aim) -> Aspect:
    owner = aim.state.owner

    def lacking(headers: Sequence[ObjectHeader]) -> list[ObjectHeader]:
        return [one for one in headers if one.type in _OWNED and owner not in (one.author_name, one.author_id)]

    return Aspect(aim, Gift.OWNER, f"the owner {owner}", lacking)


def permissions_of(aim: Aim) -> list[Permission]:
    """The access that an entry gives, as the server takes it."""
    return [_permission(grant) for grant in aim.state.share]


def _permission(grant: Grant) -> Permission:
    return Permission(grant.principal, grant.type, grant.access)


def refs(headers: Sequence[ObjectHeader]) -> list[ObjectRef]:
    """Objects as calls name them."""
    return [ObjectRef(header.id, header.type or None) for header in headers]


def in_chunks(everything: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many as go into one call."""
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]


def place_of_state(environment: Environment) -> Location:
    """The file that asks for it."""
    return Location(f"environments/{environment.name}/environment.yaml")


def _untold(environment: Environment, aspect: Aspect, error: RestError) -> Finding:
    first = error.findings[0]
    message = f"whether objects of {environment.name} have {aspect.what} cannot be told: {first.message}"
    where, at = place_of_state(environment), f"state[{aspect.aim.number}]"
    hint = "the deploy looks again, and says what it cannot set"
    return Finding("TD547", message, where, at=at, hint=hint, severity=Severity.WARNING)

"""What deployed objects are to have besides their TML: tags, sharing, an obj_id, an owner. Set, then looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tsdeploy.config.deploying import DesiredState, Grant
from tsdeploy.config.environment import Environment
from tsdeploy.errors import Finding, Location, RestError
from tsdeploy.rest import ObjectHeader, ObjectRef, SearchQuery, Session, search_metadata
from tsdeploy.rest.obj_ids import ObjIdUpdate, update_obj_ids
from tsdeploy.rest.sharing import Permission, assign_owner, share, shared_with
from tsdeploy.rest.tags import assign_tags, create_tag, tag_names
from tsdeploy.tml.graph import Graph
from tsdeploy.tml.selector import select

T = TypeVar("T")
_CHUNK = 50
_SHOWN = 3
_SHARABLE = frozenset({"LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "LOGICAL_COLUMN", "COLLECTION"})
_OWNED = frozenset({"LIVEBOARD", "ANSWER", "LOGICAL_TABLE"})


@dataclass(frozen=True, slots=True)
class StateResult:
    """What was set: one sentence each; and what is not as it should be."""

    done: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Aim:
    """Entry ``number`` of the file, and what it is about: the GUID of each object, with the obj_id that git has."""

    number: int
    state: DesiredState
    objects: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Aspect:
    """One thing that the objects of an entry are to have, in words; which of them lack it; and what gives it to them.

    ``give`` says in one sentence what it did.
    """

    aim: Aim
    what: str
    lacking: Callable[[Sequence[ObjectHeader]], list[ObjectHeader]]
    give: Callable[[Sequence[ObjectHeader]], str]


def aims_of(environment: Environment, graph: Graph, guids: Mapping[str, str]) -> tuple[Aim, ...]:
    """What the environment wants of deployed objects; ``guids`` pairs document keys with GUIDs.

    Raises UsageError for a selector that is none, or names nothing.
    """
    chosen = [select(state.objects, graph, origin=_place(environment)) for state in environment.state]
    return tuple(
        Aim(number, state, {guids[key]: graph.documents[key].obj_id for key in keys if key in guids})
        for number, (state, keys) in enumerate(zip(environment.state, chosen, strict=True))
    )


def make_so(environment: Environment, session: Session, aims: Sequence[Aim]) -> StateResult:
    """Bring deployed objects to the state that the environment describes.

    Only what is missing is set, in calls of 50 objects, and all of it is looked up afterwards: a call that succeeds may
    have done nothing. What the file does not name is left alone. A finding TD626 for what was refused, TD627 for what
    was accepted and is not there. Raises RestError when the server cannot be asked.
    """
    headers = _headers(session, aims)
    done: list[str] = []
    findings: list[Finding] = []
    accepted: list[_Aspect] = []
    for aspect in _aspects(aims, session):
        lacking = aspect.lacking(_those_of(aspect.aim, headers))
        try:
            done += [aspect.give(chunk) for chunk in _chunks(lacking)]
            accepted += [aspect] if lacking else []
        except RestError as error:
            findings.append(_refused(environment, aspect, error))
    headers = _headers(session, [aspect.aim for aspect in accepted])
    for aspect in accepted:
        left = aspect.lacking(_those_of(aspect.aim, headers))
        findings += [_dropped(environment, aspect, left)] if left else []
    return StateResult(tuple(done), tuple(findings))


def _headers(session: Session, aims: Sequence[Aim]) -> dict[str, ObjectHeader]:
    wanted = tuple(sorted({guid for aim in aims for guid in aim.objects}))
    found = search_metadata(session, SearchQuery(identifiers=wanted)) if wanted else ()
    return {one.id: one for one in found}


def _those_of(aim: Aim, headers: Mapping[str, ObjectHeader]) -> list[ObjectHeader]:
    return [headers[guid] for guid in sorted(aim.objects) if guid in headers]


def _aspects(aims: Sequence[Aim], session: Session) -> Iterator[_Aspect]:
    """Owners last: whoever gives an object away may lose the right to share it."""
    for aim in aims:
        if aim.state.tags:
            yield _tagging(aim, session)
        if aim.state.share:
            yield _sharing(aim, session)
        if aim.state.obj_id:
            yield _obj_ids(aim, session)
    for aim in aims:
        if aim.state.owner:
            yield _owning(aim, session)


def _tagging(aim: Aim, session: Session) -> _Aspect:
    tags = aim.state.tags
    names = ", ".join(tags)

    def lacking(headers: Sequence[ObjectHeader]) -> list[ObjectHeader]:
        return [one for one in headers if not set(tags) <= set(one.tags)]

    def give(headers: Sequence[ObjectHeader]) -> str:
        new = sorted(set(tags) - tag_names(session))
        for name in new:
            create_tag(session, name)
        assign_tags(session, _refs(headers), tags)
        return "".join(f"made tag {name}; " for name in new) + f"tagged {len(headers)} with {names}"

    return _Aspect(aim, f"the tags {names}", lacking, give)


def _sharing(aim: Aim, session: Session) -> _Aspect:
    permissions = [_permission(grant) for grant in aim.state.share]
    names = ", ".join(one.principal for one in permissions)

    def lacking(headers: Sequence[ObjectHeader]) -> list[ObjectHeader]:
        found = []
        for chunk in _chunks([one for one in headers if one.type in _SHARABLE]):
            given = shared_with(session, _refs(chunk))
            found += [one for one in chunk if not set(permissions) <= given.get(one.id, frozenset())]
        return found

    def give(headers: Sequence[ObjectHeader]) -> str:
        share(session, _refs(headers), permissions)
        return f"shared {len(headers)} with {names}"

    return _Aspect(aim, f"the access of {names}", lacking, give)


def _obj_ids(aim: Aim, session: Session) -> _Aspect:
    def lacking(headers: Sequence[ObjectHeader]) -> list[ObjectHeader]:
        return [one for one in headers if aim.objects[one.id] not in ("", one.obj_id)]

    def give(headers: Sequence[ObjectHeader]) -> str:
        update_obj_ids(session, [ObjIdUpdate(one.id, aim.objects[one.id]) for one in headers])
        return f"set {len(headers)} obj_ids"

    return _Aspect(aim, "the obj_id that git has", lacking, give)


def _owning(aim: Aim, session: Session) -> _Aspect:
    owner = aim.state.owner

    def lacking(headers: Sequence[ObjectHeader]) -> list[ObjectHeader]:
        return [one for one in headers if one.type in _OWNED and owner not in (one.author_name, one.author_id)]

    def give(headers: Sequence[ObjectHeader]) -> str:
        assign_owner(session, _refs(headers), owner)
        return f"gave {len(headers)} to {owner}"

    return _Aspect(aim, f"the owner {owner}", lacking, give)


def _dropped(environment: Environment, aspect: _Aspect, left: Sequence[ObjectHeader]) -> Finding:
    names = ", ".join(one.name for one in left[:_SHOWN]) + (" and more" if len(left) > _SHOWN else "")
    objects = "an object that does" if len(left) == 1 else f"{len(left)} objects that do"
    message = f"{environment.name} accepted {aspect.what} for {objects} not have it: {names}"
    hint = f"the user may lack the right to give it; the next  tsdeploy deploy {environment.name}  tries again"
    return Finding("TD627", message, _place(environment), at=f"state[{aspect.aim.number}]", hint=hint)


def _refused(environment: Environment, aspect: _Aspect, error: RestError) -> Finding:
    first = error.findings[0]
    message = f"what is to be there besides TML was refused ({aspect.what}): {first.message}"
    return Finding("TD626", message, _place(environment), at=f"state[{aspect.aim.number}]", hint=first.hint)


def _place(environment: Environment) -> Location:
    return Location(f"environments/{environment.name}/environment.yaml")


def _permission(grant: Grant) -> Permission:
    return Permission(grant.principal, grant.type, grant.access)


def _refs(headers: Sequence[ObjectHeader]) -> list[ObjectRef]:
    return [ObjectRef(header.id, header.type or None) for header in headers]


def _chunks(everything: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]

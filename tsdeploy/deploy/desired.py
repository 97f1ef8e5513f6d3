"""What deployed objects are to have besides their TML: tags, sharing, an owner, an obj_id. Set, then looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

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
_Step: TypeAlias = "tuple[str, Callable[[], None]]"
_CHUNK = 50
_SHARABLE = frozenset({"LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "LOGICAL_COLUMN", "COLLECTION"})
_OWNED = frozenset({"LIVEBOARD", "ANSWER", "LOGICAL_TABLE"})


@dataclass(frozen=True, slots=True)
class StateResult:
    """What was set: one sentence each; and what is not as it should be."""

    done: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Aim:
    """One entry of the file with the objects that it is about, as they are now."""

    number: int
    state: DesiredState
    headers: tuple[ObjectHeader, ...]


def make_so(environment: Environment, session: Session, graph: Graph, guids: dict[str, str]) -> StateResult:
    """Bring deployed objects to the state that the environment describes; ``guids`` pairs document keys with GUIDs.

    Only what is missing is set, in calls of 50 objects, and looked up afterwards: a call that succeeds may have dropped
    a grant. What the file does not name is left alone. A finding TD626 for what was refused, TD627 for what is not
    there although it was accepted. Raises UsageError for a selector that is none.
    """
    aims = list(_aims(environment, session, graph, guids))
    done: list[str] = []
    findings: list[Finding] = []
    for aim in aims:
        for what, act in _steps(aim, session, graph, guids):
            try:
                act()
                done.append(what)
            except RestError as error:
                findings.append(_refused(environment, aim, what, error))
    if done:
        findings += _still_missing(environment, session, graph, guids)
    return StateResult(tuple(done), tuple(findings))


def _aims(environment: Environment, session: Session, graph: Graph, guids: dict[str, str]) -> Iterator[_Aim]:
    chosen = [select(state.objects, graph) for state in environment.state]
    wanted = tuple(sorted({guids[key] for keys in chosen for key in keys if key in guids}))
    found = search_metadata(session, SearchQuery(identifiers=wanted)) if wanted else ()
    headers = {one.id: one for one in found}
    for number, (state, keys) in enumerate(zip(environment.state, chosen, strict=True)):
        there = (headers.get(guids.get(key, "")) for key in sorted(keys))
        yield _Aim(number, state, tuple(one for one in there if one is not None))


def _steps(aim: _Aim, session: Session, graph: Graph, guids: dict[str, str]) -> Iterator[_Step]:
    """What is to be done: in words, and the call that does it."""
    yield from _tag_steps(aim, session)
    yield from _share_steps(aim, session)
    owner = aim.state.owner
    others = [one for one in aim.headers if one.type in _OWNED and owner not in (one.author_name, one.author_id)]
    for chunk in _chunks(others if owner else []):
        yield f"gave {len(chunk)} to {owner}", partial(assign_owner, session, _refs(chunk), owner)
    for updates in _chunks(_obj_ids(aim, graph, guids) if aim.state.obj_id else []):
        yield f"set {len(updates)} obj_ids", partial(update_obj_ids, session, updates)


def _tag_steps(aim: _Aim, session: Session) -> Iterator[_Step]:
    tags = aim.state.tags
    if not tags:
        return
    for name in sorted(set(tags) - tag_names(session)):
        yield f"made tag {name}", partial(create_tag, session, name)
    for chunk in _chunks([one for one in aim.headers if not set(tags) <= set(one.tags)]):
        yield f"tagged {len(chunk)} with {', '.join(tags)}", partial(assign_tags, session, _refs(chunk), tags)


def _share_steps(aim: _Aim, session: Session) -> Iterator[_Step]:
    permissions = [_permission(grant) for grant in aim.state.share]
    names = ", ".join(one.principal for one in permissions)
    for chunk in _chunks(_unshared(aim, session)):
        yield f"shared {len(chunk)} with {names}", partial(share, session, _refs(chunk), permissions)


def _unshared(aim: _Aim, session: Session) -> list[ObjectHeader]:
    """The objects that lack a grant."""
    if not aim.state.share:
        return []
    wanted = {_permission(grant) for grant in aim.state.share}
    sharable = [one for one in aim.headers if one.type in _SHARABLE]
    lacking = []
    for chunk in _chunks(sharable):
        given = shared_with(session, _refs(chunk))
        lacking += [one for one in chunk if not wanted <= given.get(one.id, frozenset())]
    return lacking


def _obj_ids(aim: _Aim, graph: Graph, guids: dict[str, str]) -> list[ObjIdUpdate]:
    by_guid = {guid: graph.documents[key].obj_id for key, guid in guids.items() if key in graph.documents}
    return [
        ObjIdUpdate(one.id, by_guid[one.id])
        for one in aim.headers
        if by_guid.get(one.id) and by_guid[one.id] != (one.obj_id or "")
    ]


def _still_missing(
    environment: Environment, session: Session, graph: Graph, guids: dict[str, str]
) -> Iterator[Finding]:
    for aim in _aims(environment, session, graph, guids):
        untagged = [one for one in aim.headers if not set(aim.state.tags) <= set(one.tags)]
        for what, lacking in (("a tag", untagged), ("a grant", _unshared(aim, session))):
            if lacking:
                names = ", ".join(one.name for one in lacking[:3]) + (" and more" if len(lacking) > 3 else "")
                message = f"{environment.name} accepted {what} for {len(lacking)} objects that do not have it: {names}"
                hint = "the user may lack the right to give it"
                yield Finding("TD627", message, _place(environment), at=f"state[{aim.number}]", hint=hint)


def _refused(environment: Environment, aim: _Aim, what: str, error: RestError) -> Finding:
    first = error.findings[0]
    message = f"what was to be done after the deploy failed ({what}): {first.message}"
    return Finding("TD626", message, _place(environment), at=f"state[{aim.number}]", hint=first.hint)


def _place(environment: Environment) -> Location:
    return Location(f"environments/{environment.name}/environment.yaml")


def _permission(grant: Grant) -> Permission:
    return Permission(grant.principal, grant.type, grant.access)


def _refs(headers: Sequence[ObjectHeader]) -> list[ObjectRef]:
    return [ObjectRef(header.id, header.type or None) for header in headers]


def _chunks(everything: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]

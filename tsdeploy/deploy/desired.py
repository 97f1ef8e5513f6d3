"""Give deployed objects what they are to have besides their TML. Set, then looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tsdeploy.config.environment import Environment
from tsdeploy.errors import Finding, RestError
from tsdeploy.plan.desired import (
    Aim,
    Aspect,
    Gift,
    aspects,
    headers_of,
    in_chunks,
    permissions_of,
    place_of_state,
    refs,
    those_of,
)
from tsdeploy.rest import ObjectHeader, Session
from tsdeploy.rest.obj_ids import ObjIdUpdate, update_obj_ids
from tsdeploy.rest.sharing import assign_owner, share
from tsdeploy.rest.tags import assign_tags, create_tag, tag_names

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class StateResult:
    """What was set: one sentence each; and what is not as it should be."""

    done: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def make_so(environment: Environment, session: Session, aims: Sequence[Aim]) -> StateResult:
    """Bring deployed objects to the state that the environment describes.

    Only what is missing is set, in calls of 50 objects, and all of it is looked up afterwards: a call that succeeds may
    have done nothing. What the file does not name is left alone. A finding TD626 for what was refused, TD627 for what
    was accepted and is not there. Raises RestError when the server cannot be asked.
    """
    headers = headers_of(session, aims)
    done: list[str] = []
    findings: list[Finding] = []
    accepted: list[Aspect] = []
    for aspect in aspects(aims, session):
        give = _GIVE[aspect.gift]
        try:
            lacking = aspect.lacking(those_of(aspect.aim, headers))
            done += [give(session, aspect.aim, chunk) for chunk in in_chunks(lacking)]
            accepted += [aspect] if lacking else []
        except RestError as error:
            findings.append(_refused(environment, aspect, error))
    headers = headers_of(session, [aspect.aim for aspect in accepted])
    for aspect in accepted:
        left = aspect.lacking(those_of(aspect.aim, headers))
        findings += [_dropped(environment, aspect, left)] if left else []
    return StateResult(tuple(done), tuple(findings))


def _tag(session: Session, aim: Aim, headers: Sequence[ObjectHeader]) -> str:
    tags = aim.state.tags
    new = sorted(set(tags) - tag_names(session))
    for name in new:
        create_tag(session, name)
    assign_tags(session, refs(headers), tags)
    return "".join(f"made tag {name}; " for name in new) + f"tagged {len(headers)} with {', '.join(tags)}"


def _share(session: Session, aim: Aim, headers: Sequence[ObjectHeader]) -> str:
    permissions = permissions_of(aim)
    share(session, refs(headers), permissions)
    return f"shared {len(headers)} with {', '.join(one.principal for one in permissions)}"


def _give_obj_ids(session: Session, aim: Aim, headers: Sequence[ObjectHeader]) -> str:
    update_obj_ids(session, [ObjIdUpdate(one.id, aim.objects[one.id]) for one in headers])
    return f"set {len(headers)} obj_ids"


def _give_away(session: Session, aim: Aim, headers: Sequence[ObjectHeader]) -> str:
    assign_owner(session, refs(headers), aim.state.owner)
    return f"gave {len(headers)} to {aim.state.owner}"


_GIVE: Final[Mapping[Gift, Callable[[Session, Aim, Sequence[ObjectHeader]], str]]] = {
    Gift.TAGS: _tag,
    Gift.SHARING: _share,
    Gift.OBJ_ID: _give_obj_ids,
    Gift.OWNER: _give_away,
}
"""What gives objects an aspect, and says in one sentence what it did."""


def _dropped(environment: Environment, aspect: Aspect, left: Sequence[ObjectHeader]) -> Finding:
    names = ", ".join(one.name for one in left[:_SHOWN]) + (" and more" if len(left) > _SHOWN else "")
    objects = "an object that does" if len(left) == 1 else f"{len(left)} objects that do"
    message = f"{environment.name} accepted {aspect.what} for {objects} not have it: {names}"
    hint = f"the user may lack the right to give it; the next  tsdeploy deploy {environment.name}  tries again"
    where, at = place_of_state(environment), f"state[{aspect.aim.number}]"
    return Finding("TD627", message, where, at=at, hint=hint)


def _refused(environment: Environment, aspect: Aspect, error: RestError) -> Finding:
    first = error.findings[0]
    message = f"what is to be there besides TML was refused ({aspect.what}): {first.message}"
    where, at = place_of_state(environment), f"state[{aspect.aim.number}]"
    return Finding("TD626", message, where, at=at, hint=first.hint)

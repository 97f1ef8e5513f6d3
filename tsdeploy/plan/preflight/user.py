"""Who is signed in, what the cluster can do, and whether the groups that rules name exist."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.plan.change import Change
from tsdeploy.plan.preflight.situation import Situation
from tsdeploy.rest import ApiError, existing_groups, system_info
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Path, node_at, path_text
from tsdeploy.transform.principals import groups_of

_IMPORTS = frozenset({"ADMINISTRATION", "DATAMANAGEMENT"})
_OBJ_ID_SINCE = (10, 8)


def check_privileges(situation: Situation) -> Iterator[tuple[str, Finding]]:
    """TD516: importing needs a privilege."""
    user = situation.session.user
    if user.privileges and not user.privileges & _IMPORTS:
        message = f"{user.name} may not import into {situation.name}: neither DATAMANAGEMENT nor ADMINISTRATION"
        yield "", Finding("TD516", message, hint="give the user DATAMANAGEMENT, through a group")


def check_features(situation: Situation) -> Iterator[tuple[str, Finding]]:
    """TD517: what is sent needs a newer release."""
    needs = {change.key: _needed(change) for change in situation.pending}
    if not any(needs.values()):
        return
    try:
        release = system_info(situation.session).release
    except ApiError:
        return  # only administrators may ask; the validation will tell
    for change in situation.pending:
        needed = needs[change.key]
        if release and needed > release[:2]:
            wanted, here = (".".join(map(str, numbers)) for numbers in (needed, release[:2]))
            message = f"{change.label} needs ThoughtSpot {wanted}; {situation.name} runs {here}"
            source = change.rendered.source
            is_too_new = source.kind.since > release[:2]
            where = Location(source.path) if is_too_new else _place(source, ("obj_id",))
            yield change.key, Finding("TD517", message, where, hint="upgrade the cluster first")


def _needed(change: Change) -> tuple[int, ...]:
    of_kind = change.rendered.source.kind.since
    return max(of_kind, _OBJ_ID_SINCE) if change.rendered.target.obj_id else of_kind


def check_groups(situation: Situation) -> Iterator[tuple[str, Finding]]:
    """TD520: a rule about data names a group that is not there, so that nobody is in it."""
    named = {change.key: dict(groups_of(change.rendered.document())) for change in situation.pending}
    wanted = sorted({group for groups in named.values() for group in groups})
    if not wanted:
        return
    try:
        there = existing_groups(situation.session, wanted)
    except ApiError:
        return  # not every user may ask
    for change in situation.pending:
        for group, path in named[change.key].items():
            if group not in there:
                message = f"{change.label} names the group {group}, which {situation.name} does not have"
                hint = "create it, or map it under groups: in the mapping"
                where, at = _place(change.rendered.source, path), path_text(path)
                yield change.key, Finding("TD520", message, where, at=at, hint=hint, severity=Severity.WARNING)


def _place(source: Document, path: Path) -> Location:
    """Where a path of what is rendered stands in the source; the file alone where a rule has put it there."""
    node = node_at(source.root, path)
    return Location(source.path) if node is None else source.at(node.start)

"""What would happen to one object, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tsdeploy.errors import Finding, Severity
from tsdeploy.plan.change import Action, Change
from tsdeploy.plan.edits import Edit, compare
from tsdeploy.plan.live import Live, LiveObject
from tsdeploy.tml.difference.change import Difference
from tsdeploy.tml.graph import Graph
from tsdeploy.tml.kinds import can_become
from tsdeploy.transform.inputs import Inputs, Rendered
from tsdeploy.transform.targets import Origin

_WHY_NEW = {
    Origin.DERIVED: "not in {name} yet; gets GUID {guid}, derived from the source's",
    Origin.KEPT: "not in {name} yet; keeps the source's GUID {guid}",
    Origin.SERVER: "not in {name} yet; {name} will choose the GUID",
    Origin.OBJ_ID: "no object of {name} has obj_id {obj_id}",
    Origin.RECORDED: "{name} no longer has {guid}, which is recorded for it; created again with that GUID",
    Origin.BOUND: "{name} has no {guid}, to which the mapping binds it; created with that GUID",
    Origin.FOUND: "not in {name} yet",
}
_SHOWN_EDITS = 3
_CONNECTED = frozenset({"table", "sql_view"})
"""Kinds whose TML names a connection."""


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """Everything that the fate of an object depends on.

    ``edits`` are what people changed in the target since the last deploy, ``overwrite`` the keys of objects where that
    may be lost. ``selected`` are the keys that the plan is about. ``offline``: what is live is only remembered.
    ``unrecorded`` are the keys of what a release left so, while ``objects.json`` has an earlier one.
    """

    inputs: Inputs
    live: Live
    edits: Mapping[str, Edit]
    overwrite: frozenset[str]
    selected: frozenset[str]
    graph: Graph
    offline: bool = False
    unrecorded: frozenset[str] = frozenset()


def decide(rendered: Rendered, situation: Situation) -> Change:
    """The change of one object."""
    why = next((finding for finding in rendered.findings if finding.is_error), None)
    if why is not None:
        return Change(Action.BLOCKED, rendered, why.message)
    there = situation.live.objects.get(rendered.key)
    change = _offline(rendered, there, situation) if situation.offline else _online(rendered, there, situation)
    wrong = (*_of_another_kind(change, situation), *_missing(change, situation))
    if wrong:
        return Change(Action.BLOCKED, rendered, wrong[0].message, change.differences, there, notes=wrong)
    return change


def unsure_updates(changes: Iterable[Change], inputs: Inputs) -> tuple[Finding, ...]:
    """An info TD549 where an offline plan has updates that may be none.

    Tables hold the GUID of their connection, which is known only where the target was asked before: their hash is
    another one without it.
    """
    unsure = [
        change
        for change in changes
        if change.action is Action.UPDATE and change.live is None and change.rendered.source.kind.name in _CONNECTED
    ]
    if inputs.known.connections or not unsure:
        return ()
    objects = "1 object is" if len(unsure) == 1 else f"{len(unsure)} objects are"
    name = inputs.environment
    message = f"{objects} perhaps as deployed last: the GUIDs of the connections of {name} are not known here"
    hint = f"tsdeploy plan {name}  asks for them; after that it can be told offline"
    return (Finding("TD549", message, hint=hint, severity=Severity.INFO),)


def with_new_links(change: Change, nameless: Mapping[str, str], graph: Graph) -> Change:
    """An object that is as git has it, but links to one whose GUID the server will choose, changes, too.

    ``nameless`` are the objects that the plan creates without a GUID, key → label.
    """
    linked = [nameless[key] for key in sorted(graph.links.get(change.key, frozenset())) if key in nameless]
    if not linked or change.action not in (Action.UNCHANGED, Action.ADOPT):
        return change
    return replace(change, action=Action.UPDATE, reason=f"links to {linked[0]}, whose GUID is known when it is there")


def _online(rendered: Rendered, there: LiveObject | None, situation: Situation) -> Change:
    inputs = situation.inputs
    record = inputs.objects.by_source().get(rendered.key)
    if there is None:
        return Change(Action.CREATE, rendered, _why_new(rendered, inputs.environment))
    same = record is not None and (record.hash, record.live) == (rendered.hash, there.hash)
    found = () if same or there.content.text == rendered.text else _differences(rendered, there)
    if not found:
        if rendered.key in situation.unrecorded:
            reason = "same content; recorded again, as objects.json lacks the last release"
            return Change(Action.ADOPT, rendered, reason, live=there)
        if record is not None:
            return Change(Action.UNCHANGED, rendered, "same content", live=there)
        return Change(Action.ADOPT, rendered, f"exists in {inputs.environment}, and is recorded now", live=there)
    reason = f"{len(found)} differences" if len(found) > 1 else "1 difference"
    reason = reason if record else f"{reason}; exists in {inputs.environment}, but was not deployed from here"
    edit = situation.edits.get(rendered.key)
    if edit is None or not edit.lost:
        return Change(Action.UPDATE, rendered, reason, found, there)
    if rendered.key in situation.overwrite:
        return Change(
            Action.UPDATE, rendered, f"{reason}; overwrites {_edits(edit)} made there", found, there, edit.lost
        )
    note = _would_overwrite(rendered, edit, inputs.environment)
    reason = f"a deploy would undo {_edits(edit)} in {inputs.environment} since the last one"
    return Change(Action.BLOCKED, rendered, reason, found, there, edit.lost, (note,))


def _offline(rendered: Rendered, there: LiveObject | None, situation: Situation) -> Change:
    """The hash of what was deployed last says whether anything changed; the remembered text says what."""
    name = situation.inputs.environment
    record = situation.inputs.objects.by_source().get(rendered.key)
    if record is None or not record.hash:
        return Change(Action.CREATE, rendered, f"was never deployed to {name}")
    if record.hash == rendered.hash:
        return Change(Action.UNCHANGED, rendered, "same as deployed last")
    found = _differences(rendered, there) if there else ()
    return Change(Action.UPDATE, rendered, f"not what was deployed last, from {record.commit[:8]}", found, there)


def _differences(rendered: Rendered, there: LiveObject) -> tuple[Difference, ...]:
    return compare(there.document, rendered.document(), keeps_views=rendered.keeps_views)


def _why_new(rendered: Rendered, name: str) -> str:
    target = rendered.target
    if not rendered.source.kind.owned:
        return f"{name} has none for this model yet"
    return _WHY_NEW[target.origin].format(name=name, guid=target.guid, obj_id=target.obj_id)


def _of_another_kind(change: Change, situation: Situation) -> Iterator[Finding]:
    """A finding TD546 for an object whose GUID is that of something else in the target, which it would write over."""
    if change.live is None or change.action is Action.UNCHANGED:
        return
    there, source = change.live.document, change.rendered.source
    if not can_become(there.kind.name, source.kind.name):
        environment = situation.inputs.environment
        message = f"{change.label} would write over {there.label}, which has its GUID in {environment}"
        hint = f"look who paired them, and bind the right one:  tsdeploy map bind {environment} {change.key} GUID"
        yield Finding("TD546", message, source.at(0), hint=hint)


def _missing(change: Change, situation: Situation) -> Iterator[Finding]:
    """A finding TD512 for each object that this one is built on, that is not there, and that is not selected."""
    if change.action not in (Action.CREATE, Action.UPDATE) or situation.offline:
        return
    name = situation.inputs.environment
    for key in sorted(situation.graph.dependencies[change.key] - situation.selected):
        if key not in situation.live.objects:
            label = situation.graph.documents[key].label
            message = f"{change.label} is built on {label}, which is not in {name} and not selected"
            hint = f"select it, too:  --select '+{change.label}'"
            yield Finding("TD512", message, change.rendered.source.at(0), hint=hint)


def _edits(edit: Edit) -> str:
    return f"{len(edit.lost)} edits" if len(edit.lost) > 1 else "1 edit"


def _would_overwrite(rendered: Rendered, edit: Edit, name: str) -> Finding:
    shown = "; ".join(difference.sentence for difference in edit.lost[:_SHOWN_EDITS])
    more = f" and {len(edit.lost) - _SHOWN_EDITS} more" if len(edit.lost) > _SHOWN_EDITS else ""
    label = rendered.source.label
    hint = f"take it into git:  tsdeploy drift {name} --take '{label}'  or lose it:  --overwrite-remote '{label}'"
    if edit.commit:
        more += f"; it is as commit {edit.commit[:8]} has it"
        hint = f"if that was deployed, commit its environments/{name}/objects.json and releases/; else {hint}"
    return Finding(
        "TD513",
        f"{label} was changed in {name} since the last deploy: {shown}{more}",
        rendered.source.at(0),
        hint=hint,
    )

"""Compare a release with what is live, object by object."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding
from tsdeploy.git import Repository
from tsdeploy.logs.events import note
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.plan.affected import breaking_findings, find_affected, security_findings
from tsdeploy.plan.change import Action, Affected, Change, Plan
from tsdeploy.plan.decide import Situation, decide, unsure_updates, with_new_links
from tsdeploy.plan.desired import find_settings
from tsdeploy.plan.edits import find_edits
from tsdeploy.plan.headers import Headers
from tsdeploy.plan.live import Live, known_of, last_known, read_live
from tsdeploy.plan.live_cache import LiveCache
from tsdeploy.plan.memo import load_memo, make_memo, release_digest, save_memo, still_holds
from tsdeploy.plan.personal_views import keeps_views
from tsdeploy.plan.preflight import preflight
from tsdeploy.plan.selection import Selection, overwrites, select_release
from tsdeploy.plan.unrecorded import with_unrecorded
from tsdeploy.release import load_release, release_inputs
from tsdeploy.rest import Session
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import Graph, build_graph
from tsdeploy.transform.inputs import Inputs, Rendered, Rendering
from tsdeploy.transform.render import render
from tsdeploy.transform.targets import Namespace

_LOG = logging.getLogger("tsdeploy.plan")


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What a plan is asked for.

    ``select`` are selectors and ``since`` a commit: only what both leave is planned. ``overwrite`` are selectors of
    objects whose remote edits may be lost. ``warehouse`` also asks the connections whether tables and columns exist,
    which can take minutes where a warehouse sleeps.
    """

    select: tuple[str, ...] = ()
    since: str = ""
    overwrite: tuple[str, ...] = ()
    warehouse: bool = False


def make_plan(
    project: Project,
    environment: Environment,
    session: Session,
    options: PlanOptions | None = None,
    *,
    quick: bool = False,
) -> Plan:
    """Plan the project's TML for an environment; nothing is written to it.

    ``quick``: where neither the release nor the target has changed since a plan that found nothing to do, the plan
    only says how many objects there are (``Plan.same``), without a change for each.

    Raises TmlError (the folder), ConfigError (mapping, environments), UsageError (selectors), GitError (no repository,
    no commit) and RestError. Objects that cannot be mapped are blocked changes of the plan, no exception.
    """
    wanted = options or PlanOptions()
    Repository.find(project.root).refuse_tracked(project.state)
    if quick and not (wanted.select or wanted.since or environment.state):
        plan = _remembered(project, environment, session)
        if plan is not None:
            return plan
    return _full_plan(project, environment, session, wanted)


def _remembered(project: Project, environment: Environment, session: Session) -> Plan | None:
    """The plan of the last time, if it still holds."""
    rules = load_mapping(environment.mapping_path, project.shown(environment.mapping_path))
    with LiveCache(project.live_cache(environment)) as cache:
        memo = load_memo(cache, release_digest(project, environment, rules))
    if memo is None or not still_holds(session, memo):
        return None
    inputs = Inputs(environment.name, rules, ObjectMap(), Namespace(environment.namespace, environment.new_guids))
    head = Repository.find(project.root).head()
    return Plan(environment.name, head, inputs, Rendering(()), (), same=memo.objects)


def asked_inputs(
    project: Project, environment: Environment, session: Session, documents: tuple[Document, ...]
) -> tuple[Inputs, Headers]:
    """What a release is rendered with when its target can be asked, and the headers that were read to tell."""
    inputs = release_inputs(project, environment)
    headers = Headers(session, documents)
    known = known_of(session, documents, inputs.mapping, inputs.objects, headers)
    return replace(inputs, known=known, keeps_views=keeps_views(session, environment, documents)), headers


def _full_plan(project: Project, environment: Environment, session: Session, wanted: PlanOptions) -> Plan:
    repository = Repository.find(project.root)
    head = repository.head()
    documents = load_release(project)
    inputs, headers = asked_inputs(project, environment, session, documents)
    rendering = render(documents, inputs)
    graph = build_graph(rendered.source for rendered in rendering.rendered)
    selection = select_release(project, environment, graph, wanted.select, wanted.since)
    with LiveCache(project.live_cache(environment)) as cache:
        live = read_live(session, _needed(rendering, graph, selection), headers=headers, cache=cache)
        cache.keep_known(inputs.known)
    caught = with_unrecorded(project, environment, inputs.objects, live.hashes())
    inputs = replace(inputs, objects=caught.objects)
    edits = find_edits(project, repository, rendering, live, inputs)
    lost = overwrites(wanted.overwrite, graph)
    situation = Situation(inputs, live, edits, lost, selection.keys, graph, unrecorded=caught.keys)
    changes = _decided(rendering, situation)
    affected = find_affected(session, changes, live)
    checked = preflight(session, inputs, changes, warehouse=wanted.warehouse)
    settings, untold = find_settings(environment, session, graph, inputs.objects, changes)
    plan = Plan(
        environment.name,
        head,
        inputs,
        rendering,
        tuple(_with_notes(change, checked.get(change.key, ())) for change in changes),
        (
            *rendering.findings,
            *selection.findings,
            *caught.findings,
            *checked.get("", ()),
            *breaking_findings(affected, inputs),
            *security_findings(changes, inputs),
            *untold,
        ),
        _removed(inputs.objects.records, rendering, headers) if selection.whole else (),
        affected,
        not selection.whole,
        settings=settings,
    )
    _note(plan)
    if _says_nothing(plan) and _is_stamped(live):
        memo = make_memo(release_digest(project, environment, inputs.mapping), len(changes), inputs.known, live)
        with LiveCache(project.live_cache(environment)) as cache:
            save_memo(cache, memo)
    return plan


def _note(plan: Plan) -> None:
    note(_LOG, "plan", environment=plan.environment, commit=plan.head.commit, changes=len(plan.changes))
    for change in plan.changes:
        note(_LOG, "change", object=change.label, action=change.action.value, why=change.reason)


def _is_stamped(live: Live) -> bool:
    """Whether the server said of everything when it was modified; without that nobody can tell that it was not."""
    return all(item.header.modified_ms for item in live.objects.values() if item.header is not None)


def _says_nothing(plan: Plan) -> bool:
    """Whether there is nothing to do and nothing to tell."""
    if plan.selected or plan.removed or plan.settings or plan.all_findings():
        return False
    return all(change.action is Action.UNCHANGED for change in plan.changes)


def make_offline_plan(project: Project, environment: Environment, options: PlanOptions | None = None) -> Plan:
    """The plan as far as it can be told without the server: from what was read and deployed last.

    Raises what ``make_plan`` raises, RestError aside.
    """
    wanted = options or PlanOptions()
    repository = Repository.find(project.root)
    repository.refuse_tracked(project.state)
    head = repository.head()
    with LiveCache(project.live_cache(environment)) as cache:
        inputs = replace(release_inputs(project, environment), known=cache.last_known_target())
        rendering = render(load_release(project), inputs)
        live = last_known(rendering.rendered, cache)
    graph = build_graph(rendered.source for rendered in rendering.rendered)
    selection = select_release(project, environment, graph, wanted.select, wanted.since)
    situation = Situation(inputs, live, {}, frozenset(), selection.keys, graph, offline=True)
    changes = _decided(rendering, situation)
    findings = (*rendering.findings, *selection.findings, *unsure_updates(changes, inputs))
    no_one: tuple[Affected, ...] = ()
    return Plan(
        environment.name, head, inputs, rendering, changes, findings, (), no_one, not selection.whole, "the last deploy"
    )


def _needed(rendering: Rendering, graph: Graph, selection: Selection) -> Iterator[Rendered]:
    """What must be read: the selected objects, and those they are built on, to know whether these are there."""
    near = set(selection.keys)
    for key in selection.keys:
        near |= graph.dependencies[key]
    return (item for item in rendering.rendered if item.key in near)


def _decided(rendering: Rendering, situation: Situation) -> tuple[Change, ...]:
    by_key = {rendered.key: rendered for rendered in rendering.rendered}
    order = (document.key for document in situation.graph.ordered())
    changes = [decide(by_key[key], situation) for key in order if key in situation.selected]
    nameless = {
        change.key: change.label
        for change in changes
        if change.action is Action.CREATE and not change.rendered.target.guid
    }
    return tuple(with_new_links(change, nameless, situation.graph) for change in changes)


def _with_notes(change: Change, notes: tuple[Finding, ...]) -> Change:
    """A change with what the look at the target found; an error blocks it."""
    wrong = next((note for note in notes if note.is_error), None)
    if wrong is None:
        return replace(change, notes=(*change.notes, *notes)) if notes else change
    return replace(change, action=Action.BLOCKED, reason=wrong.message, notes=(*change.notes, *notes))


def _removed(records: tuple[ObjectRecord, ...], rendering: Rendering, headers: Headers) -> tuple[ObjectRecord, ...]:
    """What was deployed once, left git, and is still there."""
    in_git = {rendered.key for rendered in rendering.rendered}
    gone = [record for record in records if record.hash and record.source not in in_git and record.guid]
    there = headers.by_guid(record.guid for record in gone)
    return tuple(record for record in gone if record.guid in there)

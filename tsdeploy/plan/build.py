"""Compare a release with what is live, object by object."""

from __future__ import annotations

from dataclasses import replace

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import Severity
from tsdeploy.git import Repository
from tsdeploy.plan.change import Action, Change, Plan
from tsdeploy.plan.live import Live, read_known, read_live
from tsdeploy.release import load_release, release_inputs
from tsdeploy.rest import Session
from tsdeploy.tml.difference.change import Difference, Weight
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import build_graph
from tsdeploy.transform.render import Inputs, Rendered, Rendering, render
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


def make_plan(project: Project, environment: Environment, session: Session) -> Plan:
    """Plan the project's TML for an environment; nothing is written anywhere.

    Raises TmlError (the folder), ConfigError (mapping, environments), GitError (no repository, no commit) and
    RestError. Objects that cannot be mapped are blocked changes of the plan, no exception.
    """
    head = Repository.find(project.root).head()
    documents = load_release(project)
    inputs = release_inputs(project, environment)
    inputs = replace(inputs, known=read_known(session, documents, inputs.mapping, inputs.objects))
    rendering = render(documents, inputs)
    live = read_live(session, rendering.rendered)
    return Plan(environment.name, head, inputs, rendering, _changes(rendering, live, inputs), rendering.findings)


def _changes(rendering: Rendering, live: Live, inputs: Inputs) -> tuple[Change, ...]:
    by_key = {rendered.key: rendered for rendered in rendering.rendered}
    order = build_graph(rendered.source for rendered in rendering.rendered).ordered()
    return tuple(_change(by_key[document.key], live, inputs) for document in order)


def _change(rendered: Rendered, live: Live, inputs: Inputs) -> Change:
    if any(finding.severity is Severity.ERROR for finding in rendered.findings):
        return Change(Action.BLOCKED, rendered, rendered.findings[0].message)
    there = live.documents.get(rendered.key)
    if there is None:
        return Change(Action.CREATE, rendered, _why_new(rendered, inputs.environment))
    if there.text == rendered.text:
        return Change(Action.UNCHANGED, rendered, "same text")
    found = compare(there, rendered.document())
    if not found:
        return Change(Action.UNCHANGED, rendered, "same content")
    recorded = rendered.key in inputs.objects.by_source()
    reason = f"{len(found)} differences" if len(found) > 1 else "1 difference"
    return Change(Action.UPDATE, rendered, reason if recorded else f"{reason}; exists, not recorded yet", found)


def compare(there: Document, wanted: Document) -> tuple[Difference, ...]:
    """What an import of the wanted text would change. Feedback is only ever added to: what is missing stays."""
    found = (difference for difference in describe(there, wanted) if difference.weight is not Weight.NOISE)
    if wanted.kind.name == "nls_feedback":
        found = (difference for difference in found if difference.after is not None)
    return tuple(found)


def _why_new(rendered: Rendered, name: str) -> str:
    target = rendered.target
    if not rendered.source.kind.owned:
        return f"{name} has none for this model yet"
    return _WHY_NEW[target.origin].format(name=name, guid=target.guid, obj_id=target.obj_id)

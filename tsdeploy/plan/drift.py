"""What people changed in a target by hand since the last deploy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.files import within, write_atomically
from tsdeploy.git import Repository
from tsdeploy.plan.build import asked_inputs
from tsdeploy.plan.edits import find_edits
from tsdeploy.plan.live import read_live
from tsdeploy.plan.live_cache import LiveCache
from tsdeploy.plan.unrecorded import with_unrecorded
from tsdeploy.release import load_release
from tsdeploy.rest import Session
from tsdeploy.tml.difference.change import Difference
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.selector import select
from tsdeploy.transform.inverse import Inverse
from tsdeploy.transform.render import render


@dataclass(frozen=True, slots=True, eq=False)
class DriftedObject:
    """An object that is not as the last deploy left it. ``verb`` is ``changed`` or ``deleted``.

    ``document`` is the object in git, ``live`` in the target, None when it was deleted there. ``exact`` is False where
    what was deployed cannot be told exactly any more, so that the differences may hold some of git's own.
    ``text`` is the live object in the source's terms, as it could stand in git; "" when it was deleted.
    """

    verb: str
    document: Document
    live: Document | None = None
    differences: tuple[Difference, ...] = ()
    exact: bool = True
    text: str = ""

    @property
    def label(self) -> str:
        """The object, as ``kind:name``."""
        return self.document.label


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """The deployed objects of an environment that are not as they were left, of ``deployed`` that were looked at."""

    environment: str
    objects: tuple[DriftedObject, ...]
    deployed: int

    def summary(self) -> str:
        """The stable last line."""
        changed = sum(item.verb == "changed" for item in self.objects)
        text = f"Drift: {changed} changed, {len(self.objects) - changed} deleted"
        return f"{text}, of {self.deployed} deployed to {self.environment}."


def find_drift(project: Project, environment: Environment, session: Session, selectors: tuple[str, ...] = ()) -> Drift:
    """Compare what is live with what the last deploy left there; nothing is written anywhere.

    Objects that were never deployed, and those that have left git, are not looked at. Raises what ``make_plan``
    raises.
    """
    repository = Repository.find(project.root)
    repository.refuse_tracked(project.state)
    documents = load_release(project)
    inputs, headers = asked_inputs(project, environment, session, documents)
    rendering = render(documents, inputs)
    chosen = select(selectors, build_graph(documents)) if selectors else None
    records = inputs.objects.by_source()
    deployed = [
        item
        for item in rendering.rendered
        if item.key in records and records[item.key].hash and (chosen is None or item.key in chosen)
    ]
    with LiveCache(project.live_cache(environment)) as cache:
        live = read_live(session, deployed, headers=headers, cache=cache)
    caught = with_unrecorded(project, environment, inputs.objects, live.hashes())
    inputs = replace(inputs, objects=caught.objects)
    edits = find_edits(project, repository, rendering, live, inputs)
    inverse = Inverse(rendering.rendered, inputs)
    found = []
    for item in deployed:
        edit = edits.get(item.key)
        if edit is not None:
            there = edit.live.document
            text = inverse.read_back(there).text
            found.append(DriftedObject("changed", item.source, there, edit.differences, edit.exact, text))
        elif item.key not in live.objects and item.source.kind.rest_type:
            found.append(DriftedObject("deleted", item.source))
    return Drift(environment.name, tuple(sorted(found, key=lambda one: (one.label, one.document.path))), len(deployed))


def take_drift(project: Project, drift: Drift) -> list[str]:
    """Write what people changed into the project's files, in the source's terms; the paths, sorted.

    What git changed in the same objects since the last deploy is overwritten: it is still in git's history. Raises
    TsdeployError TD001.
    """
    taken = [item for item in drift.objects if item.text]
    for item in taken:
        write_atomically(within(project.root, item.document.path), item.text.encode("utf-8"))
    return sorted(item.document.path for item in taken)

"""The calls that a deploy of a plan would make, for people who want to know before it happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tsdeploy.deploy.batches import closures, make_batches
from tsdeploy.deploy.work import PlannedWork
from tsdeploy.plan.change import Action, Plan


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """One call. ``objects`` are labels of what it carries."""

    method: str
    path: str
    what: str
    objects: tuple[str, ...] = ()


def expected_calls(plan: Plan, batch_size: int = 50) -> Iterator[ExpectedCall]:
    """The calls in their order.

    Where the server answers with other GUIDs than those sent, what holds them is sent again; a call that is lost is
    looked up. Neither can be known before.
    """
    adopted = tuple(change.label for change in plan.changes if change.action is Action.ADOPT)
    if adopted:
        yield from _look(adopted)
    graph = PlannedWork(plan).graph
    labels = {change.key: change.label for change in plan.changes}
    for _, phase in groupby(plan.pending(), key=lambda change: change.rendered.source.kind.phase):
        batches = make_batches(graph, [change.key for change in phase], batch_size)
        for keys in closures(batches, graph):
            what = "import_policy VALIDATE_ONLY"
            yield ExpectedCall("POST", "metadata/tml/import", what, tuple(labels[key] for key in keys))
        for batch in batches:
            sent = tuple(labels[key] for key in batch.keys)
            yield ExpectedCall("POST", "metadata/tml/import", "import_policy ALL_OR_NONE", sent)
            yield from _look(sent)


def _look(labels: tuple[str, ...]) -> Iterator[ExpectedCall]:
    yield ExpectedCall("POST", "metadata/search", "is it there?", labels)
    yield ExpectedCall("POST", "metadata/tml/export", "what is there?", labels)

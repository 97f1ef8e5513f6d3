"""The course of a run: phase after phase, everything validated before anything of it is published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from tsdeploy.deploy.batches import Batch, closures, make_batches
from tsdeploy.deploy.publish import Publisher
from tsdeploy.deploy.schedule import run_batches
from tsdeploy.deploy.work import Bench, Work, count, object_result, unresolved
from tsdeploy.errors import RestError
from tsdeploy.plan.edits import compare
from tsdeploy.tml.kinds import Phase
from tsdeploy.transform.inputs import Rendered


class Course:
    """Validates and publishes all changes of a work. What happened is in the notes of the bench."""

    def __init__(self, bench: Bench, work: Work) -> None:
        self._bench = bench
        self._work = work
        self._changes = {change.key: change for change in work.changes}
        self._publisher = Publisher(bench, work, self._changes)

    def run(self) -> None:
        """Validate, then go through the phases. Raises RestError when the server cannot be asked."""
        if self._is_open():
            phases = groupby(self._work.changes, key=lambda change: change.rendered.source.kind.phase)
            all(self._publish_phase([change.key for change in members]) for _, members in phases)

    def validate(self) -> None:
        """The gate alone: nothing is published."""
        try:
            self._is_open()
        except RestError as error:
            self._bench.notes.add(error.findings)

    def _is_open(self) -> bool:
        """Validate the objects, and of the later phases what does not wait for anything of this run: the server
        refuses feedback for a Model that is not there yet, and an alias of a column that is not.
        """
        pending = self._changes.keys()
        return self._accepts(
            key
            for key, change in self._changes.items()
            if change.rendered.source.kind.phase is Phase.OBJECTS
            or self._work.graph.upstream([key]).keys() & pending == {key}
        )

    def _accepts(self, keys: Iterable[str]) -> bool:
        """Validate objects with all that they are built on; whether anything of them may be published.

        One refused object keeps back everything. With ``on_error`` continue it is left out, with all that is built on
        it, and the rest is validated again.
        """
        bench, left = self._bench, self._batches(keys)
        while not bench.stop():
            sides = [self._work.rendered(call, bench.recorder.objects) for call in closures(left, self._work.graph)]
            calls = [call for call in sides if not bench.gate.knows(call)]
            if not calls:
                return True
            bench.progress(f"validating {count(list(dict.fromkeys(item.key for call in calls for item in call)))}")
            remarks = bench.gate.validate_all(calls, parallel=bench.settings.parallel, stop=bench.stop)
            bench.notes.add(remark.finding for remark in remarks)
            refused = {remark.key: remark.finding for remark in remarks if remark.finding.is_error}
            for key, finding in refused.items():
                bench.notes.put(key, object_result(self._changes[key], "failed", message=finding.message))
            if refused and bench.on_error != "continue":
                return False
            if refused:
                left = self._batches(key for batch in left for key in batch.keys)
        return False

    def _batches(self, keys: Iterable[str]) -> list[Batch]:
        """Batches of those that nothing keeps back."""
        wanted = [key for key in keys if not self._is_held_back(key)]
        return list(make_batches(self._work.graph, wanted, self._bench.settings.batch_size))

    def _is_held_back(self, key: str) -> bool:
        failed = self._bench.notes.failed
        return bool(failed) and not failed.isdisjoint(self._work.graph.upstream([key]))

    def _publish_phase(self, keys: Sequence[str], *, again: bool = False) -> bool:
        """Publish one phase; then once more what holds identities that came back. False ends the run."""
        bench, batches = self._bench, self._batches(keys)
        wanted = [key for batch in batches for key in batch.keys]
        rendered = self._work.rendered(wanted, bench.recorder.objects)
        open_ends = [finding for item in rendered for finding in unresolved(item, bench.environment)]
        bench.notes.add(open_ends)
        if open_ends or not self._accepts(wanted):
            return False
        batches = self._batches(wanted)
        run_batches(batches, self._publisher.publish, parallel=bench.settings.parallel, stop=self._is_stopped)
        if self._is_stopped():
            return False
        outdated = [] if again else self._outdated(wanted)
        return not outdated or self._publish_phase(outdated, again=True)

    def _is_stopped(self) -> bool:
        return self._bench.stop() or (self._bench.on_error != "continue" and bool(self._bench.notes.failed))

    def _outdated(self, keys: Sequence[str]) -> list[str]:
        """What would be sent differently now: the server chose a GUID that another object of the phase refers to."""
        sent = self._bench.notes.sent
        now = self._work.rendered([key for key in keys if key in sent], self._bench.recorder.objects)
        return [item.key for item in now if item.text != sent[item.key].text and _differ(sent[item.key], item)]


def _differ(sent: Rendered, now: Rendered) -> bool:
    return bool(compare(sent.document(), now.document(), keeps_views=now.keeps_views))

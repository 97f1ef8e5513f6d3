"""One call that publishes. A lost answer is looked up; only what is proved not to be there is sent once more."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile
from typing import Final

from tsdeploy.deploy.batches import Batch
from tsdeploy.deploy.queue import StillRunningError
from tsdeploy.deploy.release_folder import keep_sent, sent_text
from tsdeploy.deploy.settle import Call, Settler
from tsdeploy.deploy.work import Bench, Work, count, unresolved
from tsdeploy.errors import Finding, RestError, Severity
from tsdeploy.plan.change import Change
from tsdeploy.rest import ImportPolicy, UnknownOutcomeError
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.targets import Origin

POLICIES: Final = {"all_or_none": ImportPolicy.ALL_OR_NONE, "partial": ImportPolicy.PARTIAL}


class Publisher:
    """Publishes the batches of a run. Safe to use from several threads, as long as no object is in two of them."""

    def __init__(self, bench: Bench, work: Work, changes: Mapping[str, Change]) -> None:
        self._bench = bench
        self._work = work
        self._settler = Settler(bench, work, changes)

    def publish(self, batch: Batch) -> bool:
        """Publish a batch; whether all of it is done, or what is not done shall not keep back the rest."""
        careless = self._bench.on_error == "continue"
        parts = [part for part in batch.parts if not self._is_held_back(part)]
        keys = [key for part in parts for key in part]
        if not keys:
            return careless
        alone = careless and len(parts) > 1
        done = self._publish(keys, again=alone)
        untouched = all(self._bench.notes.results[key].status == "failed" for key in keys)
        if not done and alone and untouched:
            # One refused object kept back others that only shared its call.
            for part in takewhile(lambda _: not self._bench.stop(), parts):
                self._publish(part)
        return done or careless

    def _is_held_back(self, part: Sequence[str]) -> bool:
        """Whether something that the objects are built on failed in this run; their results say so then."""
        failed = self._bench.notes.failed - set(part)
        broken = sorted(failed & self._work.graph.upstream(part).keys()) if failed else ()
        if broken:
            label = self._work.graph.documents[broken[0]].label
            self._settler.fail(part, "not sent", f"is built on {label}, which failed")
        return bool(broken)

    def _publish(self, keys: Sequence[str], *, again: bool = False) -> bool:
        """Whether all of it is done. What is sent ``again`` in parts when it is turned away says then what is wrong."""
        bench = self._bench
        rendered = self._work.rendered(keys, bench.recorder.objects)
        findings = [finding for item in rendered for finding in unresolved(item, bench.environment)]
        # An earlier call may have brought GUIDs that change this one: what was not validated is not published.
        if not findings and not bench.gate.knows(rendered):
            findings = [remark.finding for remark in bench.gate.validate(rendered)]
        bench.notes.add(findings)
        if any(finding.is_error for finding in findings):
            self._settler.fail(keys, "failed", "its batch was not accepted", findings)
            return False
        call = self._send(tuple(rendered))
        if call.refused and again:
            call = replace(call, trouble=tuple(finding.as_warning() for finding in call.trouble))
        return self._settler.settle(self._sent_again(call) if call.is_lost else call)

    def _sent_again(self, call: Call) -> Call:
        """The call that is to be settled: a lost one of which nothing is there is sent once more.

        Only what is known before by its GUID or obj_id: if the first call should arrive after all, it finds the same
        objects. Validating again takes the server about as long as the import, so that it is over by the second look.
        """
        bench = self._bench
        until = time.monotonic() - call.seconds + bench.settings.resend_within

        def may_be_sent() -> bool:
            return not bench.stop() and time.monotonic() <= until and self._settler.is_untouched(call)

        try:
            if not all(map(_is_known_before, call.rendered)) or not may_be_sent():
                return call
            bench.progress(f"nothing of it is there; validating {count(call.rendered)} again, to send it once more")
            findings = [remark.finding for remark in bench.gate.validate(call.rendered)]
            errors = [finding for finding in findings if finding.is_error]
            if errors or not may_be_sent():
                return replace(call, trouble=(*call.trouble, *errors))
        except RestError:
            # Nothing is proved then; settling the call asks once more, and says so.
            return call
        self._settler.close(call)
        bench.notes.add([_resent(call, bench.environment)])
        return self._send(call.rendered)

    def _send(self, rendered: tuple[Rendered, ...]) -> Call:
        bench, policy = self._bench, POLICIES[self._bench.settings.policy]
        number = bench.notes.next_call(rendered)
        # The later phases are mostly of one object each: their calls would all read the same.
        bench.progress(f"publishing {rendered[0].source.label if len(rendered) == 1 else count(rendered)}")
        keep_sent(bench.sent, map(sent_text, rendered))
        intents = [{"key": item.key, "guid": item.target.guid, "hash": item.hash} for item in rendered]
        queued = bench.sender.queue is not None
        bench.journal.write("publish", call=number, policy=policy.value, queued=queued, objects=intents)
        started = time.monotonic()
        try:
            items = tuple(bench.sender.publish(rendered, policy, partial(self._note_task, number)))
        except UnknownOutcomeError as error:
            pending, seconds = isinstance(error, StillRunningError), time.monotonic() - started
            why = "the server is not done with it yet" if pending else "the answer was lost"
            bench.progress(f"{why}; looking at what is there")
            return Call(number, policy, rendered, seconds, trouble=error.findings, pending=pending)
        except RestError as error:
            bench.journal.write("refused", call=number)
            seconds = time.monotonic() - started
            return Call(number, policy, rendered, seconds, trouble=error.findings, refused=True)
        answers = [{"status": item.status.value, "guid": item.guid} for item in items]
        bench.journal.write("answer", call=number, objects=answers)
        return Call(number, policy, rendered, time.monotonic() - started, items)

    def _note_task(self, number: int, task: str) -> None:
        """The task of the queue that carries a call out: whoever finds the journal can ask about it."""
        self._bench.journal.write("task", call=number, id=task)


def _is_known_before(item: Rendered) -> bool:
    """Whether sending an object twice cannot make two of it.

    A GUID that was kept from the source may be taken in another Org of the cluster; the server chooses another then.
    """
    target = item.target
    is_sure = bool(target.guid) and target.origin is not Origin.KEPT
    return is_sure or bool(target.obj_id) or not item.source.kind.owned


def _resent(call: Call, environment: str) -> Finding:
    first = call.trouble[0].message
    message = f"the answer for {count(call.rendered)} was lost, and nothing of it was in {environment}: sent once more"
    return Finding("TD632", message, hint=f"nothing to do; the first time: {first}", severity=Severity.INFO)

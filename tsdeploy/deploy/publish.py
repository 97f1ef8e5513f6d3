"""One call that publishes. A lost answer is looked up, never sent again blindly."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

from tsdeploy.deploy.batches import Batch
from tsdeploy.deploy.release_folder import keep_sent, sent_text
from tsdeploy.deploy.settle import Call, Settler
from tsdeploy.deploy.work import Bench, Work, count, unresolved
from tsdeploy.errors import RestError, Severity
from tsdeploy.plan.change import Change
from tsdeploy.rest import ImportPolicy, UnknownOutcomeError
from tsdeploy.transform.inputs import Rendered

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
        done = self._publish(keys)
        untouched = all(self._bench.notes.results[key].status == "failed" for key in keys)
        if not done and careless and untouched and len(parts) > 1:
            # One refused object kept back others that only shared its call.
            for part in parts:
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

    def _publish(self, keys: Sequence[str]) -> bool:
        bench = self._bench
        rendered = self._work.rendered(keys, bench.recorder.objects)
        findings = [finding for item in rendered for finding in unresolved(item, bench.environment)]
        # An earlier call may have brought GUIDs that change this one: what was not validated is not published.
        if not findings and not bench.gate.knows(rendered):
            findings = [remark.finding for remark in bench.gate.validate(rendered)]
        bench.notes.add(findings)
        if any(finding.severity is Severity.ERROR for finding in findings):
            self._settler.fail(keys, "failed", "its batch was not accepted", findings)
            return False
        return self._settler.settle(self._send(tuple(rendered)))

    def _send(self, rendered: tuple[Rendered, ...]) -> Call:
        bench, policy = self._bench, POLICIES[self._bench.settings.policy]
        number = bench.notes.next_call(rendered)
        bench.progress(f"publishing {count(rendered)}")
        keep_sent(bench.sent, map(sent_text, rendered))
        intents = [{"key": item.key, "guid": item.target.guid, "hash": item.hash} for item in rendered]
        bench.journal.write("publish", call=number, policy=policy.value, objects=intents)
        started = time.monotonic()
        try:
            items = tuple(bench.sender.publish(rendered, policy))
        except UnknownOutcomeError as error:
            bench.progress("the answer was lost; looking at what is there")
            return Call(number, policy, rendered, time.monotonic() - started, trouble=error.findings)
        except RestError as error:
            bench.journal.write("refused", call=number)
            seconds = time.monotonic() - started
            return Call(number, policy, rendered, seconds, trouble=error.findings, refused=True)
        answers = [{"status": item.status.value, "guid": item.guid} for item in items]
        bench.journal.write("answer", call=number, objects=answers)
        return Call(number, policy, rendered, time.monotonic() - started, items)

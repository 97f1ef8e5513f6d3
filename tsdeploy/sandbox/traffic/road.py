"""The way of a request through a sandbox: limits, faults, the application, latency, and the log."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tsdeploy.sandbox.clock import Clock
from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.store.mint import Mint
from tsdeploy.sandbox.traffic.answers import refusal, spoiled, too_many
from tsdeploy.sandbox.traffic.exchange import Answer, Incoming, Notes
from tsdeploy.sandbox.traffic.faults import Faults
from tsdeploy.sandbox.traffic.latency import Delay, Latency
from tsdeploy.sandbox.traffic.limits import Buckets, Limits
from tsdeploy.sandbox.traffic.log import Request, RequestLog
from tsdeploy.sandbox.traffic.rules import Kind, Rule

Application = Callable[[Notes], Answer]
Pause = Callable[[float], object]

_REFUSALS = (Kind.STATUS, Kind.MAINTENANCE, Kind.EXPIRED_TOKEN)


@dataclass(slots=True)
class Traffic:
    """What happens to the requests of one sandbox. ``limits`` and ``latency`` are replaced while it runs."""

    clock: Clock
    mint: Mint
    limits: Limits = field(default_factory=Limits)
    latency: Latency = field(default_factory=Latency)
    faults: Faults = field(default_factory=Faults)
    requests: RequestLog = field(default_factory=RequestLog)
    _buckets: Buckets = field(default_factory=Buckets)

    def carry(self, incoming: Incoming, application: Application, pause: Pause) -> Answer | None:
        """The answer to a request, None for a connection that is reset. ``pause`` sleeps for some seconds."""
        answer: Answer | None
        begun, came, number = time.perf_counter(), self.clock.peek(), self.requests.number()
        notes = Notes()
        wait = self._buckets.wait(self.limits, incoming.client, incoming.endpoint)
        if wait:
            retry_after = str(math.ceil(wait)) if self.limits.retry_after else ""
            rules, answer = [], too_many(incoming.endpoint, retry_after, self.mint.incident())
        else:
            rules = self.faults.meet(incoming)
            answer = self._answered(incoming, rules, application, notes, pause)
        self.requests.add(
            Request(
                number=number,
                time=came,
                method=incoming.method,
                path=incoming.endpoint,
                caller=notes.caller,
                org_id=notes.org_id,
                status=answer.status if answer else 0,
                milliseconds=round((time.perf_counter() - begun) * 1000, 3),
                objects=notes.objects,
                received=len(incoming.body),
                sent=len(answer.body) if answer else 0,
                fault=" ".join(rule.id for rule in rules),
                body=self.requests.body(incoming),
            )
        )
        return answer

    def _answered(
        self, incoming: Incoming, rules: list[Rule], application: Application, notes: Notes, pause: Pause
    ) -> Answer | None:
        """Faults that keep a request from being applied come first; the sleep is outside of every transaction."""
        pause(_seconds(rules, applied=False))
        early = _first(rules, applied=False)
        if early is not None:
            return self._refused(early, incoming)
        answer = application(notes)
        pause(self.latency.of(incoming.endpoint).seconds(notes.objects) + _seconds(rules, applied=True))
        late = _first(rules, applied=True)
        if late is not None:
            return self._refused(late, incoming)
        for rule in rules:
            answer = spoiled(rule.fault, answer)
        return answer

    def _refused(self, rule: Rule, incoming: Incoming) -> Answer | None:
        if rule.fault.kind is Kind.RESET:
            return None
        return refusal(rule.fault, incoming.endpoint, self.mint.incident())


def _first(rules: list[Rule], *, applied: bool) -> Rule | None:
    """The first rule that replaces the answer, before or after the request was applied."""
    kinds = (Kind.RESET, *_REFUSALS)
    return next((rule for rule in rules if rule.fault.kind in kinds and rule.fault.applied is applied), None)


def _seconds(rules: list[Rule], *, applied: bool) -> float:
    slow = (rule.fault for rule in rules if rule.fault.kind is Kind.SLOW and rule.fault.applied is applied)
    return sum(fault.milliseconds for fault in slow) / 1000


def traffic_of(settings: Settings, clock: Clock, mint: Mint) -> Traffic:
    """The traffic of a new sandbox."""
    usual = Delay(settings.latency_per_call, settings.latency_per_object)
    return Traffic(clock, mint, Limits(on=settings.rate_limit), Latency(usual))

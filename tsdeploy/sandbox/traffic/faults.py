"""The faults of one sandbox: rules that are added and taken away while it runs."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import dataclass, field
from typing import Any

from tsdeploy.sandbox.traffic.exchange import Incoming
from tsdeploy.sandbox.traffic.rules import Rule, Trigger, read_rule


@dataclass(slots=True)
class _State:
    """How often a rule was looked at, and how often it happened."""

    rule: Rule
    random: random.Random
    calls: int = 0
    happened: int = 0

    def happens(self) -> bool:
        """Count a call that fits, and decide."""
        trigger: Trigger = self.rule.trigger
        self.calls += 1
        drawn = self.random.random() < trigger.probability
        due = trigger.nth in (0, self.calls) and (not trigger.every or self.calls % trigger.every == 0)
        if not (due and drawn) or (trigger.times and self.happened >= trigger.times):
            return False
        self.happened += 1
        return True


@dataclass(slots=True)
class Faults:
    """The rules, oldest first."""

    _states: dict[str, _State] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, path: str = "*", **options: Any) -> str:
        """Add a rule; its id. The options are those of ``Trigger`` and ``Fault``. Raises UsageError TD810."""
        with self._lock:
            rule = read_rule(f"fault-{next(self._numbers)}", {"kind": kind, "path": path, **options})
            self._states[rule.id] = _State(rule, random.Random(rule.trigger.seed))  # noqa: S311 - keeps no secret
        return rule.id

    def remove(self, identifier: str) -> bool:
        """Take a rule away; whether there was one."""
        with self._lock:
            return self._states.pop(identifier, None) is not None

    def clear(self) -> None:
        """Take all rules away."""
        with self._lock:
            self._states.clear()

    def happened(self, identifier: str) -> int:
        """How often a rule happened, 0 when there is none."""
        with self._lock:
            state = self._states.get(identifier)
            return state.happened if state else 0

    def to_json(self) -> list[dict[str, Any]]:
        """Each rule with how many requests fitted it, and how often it happened."""
        with self._lock:
            return [
                {**state.rule.to_json(), "calls": state.calls, "happened": state.happened}
                for state in self._states.values()
            ]

    def meet(self, incoming: Incoming) -> list[Rule]:
        """The rules that happen to a request, oldest first."""
        with self._lock:
            return [state.rule for state in self._states.values() if self._meets(state, incoming)]

    def _meets(self, state: _State, incoming: Incoming) -> bool:
        first = self._states.get(state.rule.trigger.after)
        waits = bool(state.rule.trigger.after) and (first is None or not first.happened)
        return not waits and state.rule.trigger.fits(incoming) and state.happens()

"""Events: what a room did or decided, said to the standard ``logging`` with the facts beside the name.

Each room has one logger, ``tsdeploy.ROOM``. Nothing is louder than INFO, so that nothing is printed by a program that
has not configured ``logging``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from tsdeploy.redact import Redactor
from tsdeploy.visible import json_text, visible


@dataclass(frozen=True, slots=True)
class Event:
    """The message of a log record. ``facts`` are numbers, texts, and lists and mappings of them; never a secret."""

    name: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{name}={_shown(value)}" for name, value in self.facts.items())])


class Discreet(logging.Formatter):
    """A formatter that lets no secret through which its redactor knows."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self.redactor = redactor


def note(log: logging.Logger, event: str, /, **facts: object) -> None:
    """Say what was decided or done."""
    if log.isEnabledFor(logging.INFO):
        log.info(Event(event, facts), stacklevel=2)


def detail(log: logging.Logger, event: str, /, **facts: object) -> None:
    """Say what something was made of, for those who look at everything."""
    if log.isEnabledFor(logging.DEBUG):
        log.debug(Event(event, facts), stacklevel=2)


def hide(secret: str) -> None:
    """Keep a secret out of every log that this process writes from now on, whoever writes to it."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Discreet):
            handler.formatter.redactor.learn(secret)


def _shown(value: object) -> str:
    if isinstance(value, str) and value and not any(character in value for character in ' "=\n\t\r'):
        return visible(value)
    return json_text(value) if isinstance(value, (str, list, tuple, dict)) else str(value)

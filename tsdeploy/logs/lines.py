"""How log records look: one line for people, one JSON object for machines. What is secret is taken out here."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone

from tsdeploy.logs.events import Discreet, Event
from tsdeploy.redact import Redactor
from tsdeploy.visible import json_text, visible

_OURS = "tsdeploy."


class Lines(Discreet):
    """``09:45:14.123 rest: call method=POST path=metadata/search status=200``, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        moment = _moment(record).strftime("%H:%M:%S.%f")[:-3]
        level = "" if record.levelno == logging.INFO else f"{record.levelname} "
        return visible(self.redactor.redact(f"{moment} {level}{_room(record)}: {_words(record)}"))


class JsonLines(Discreet):
    """A JSON object with time (ISO 8601, UTC), level, room, event, fields, and the id of the run."""

    def __init__(self, redactor: Redactor, run: str) -> None:
        super().__init__(redactor)
        self._run = run

    def format(self, record: logging.LogRecord) -> str:
        """Each value is redacted before it is written as JSON, so that a line is JSON whatever is taken out."""
        event = record.msg if isinstance(record.msg, Event) else Event(_words(record))
        return json_text(
            {
                "time": _moment(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "level": record.levelname,
                "run": self._run,
                "room": _room(record),
                "event": self.redactor.redact(event.name),
                "fields": self._clean(event.facts),
            }
        )

    def _clean(self, value: object) -> object:
        if isinstance(value, Mapping):
            return {self.redactor.redact(str(key)): self._clean(item) for key, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._clean(item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self.redactor.redact(str(value))


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, timezone.utc)


def _room(record: logging.LogRecord) -> str:
    """The room of one of our loggers, the name of any other."""
    return record.name.removeprefix(_OURS)


def _words(record: logging.LogRecord) -> str:
    """What the record says; of an exception only its type, because its text may quote anything."""
    try:
        said = record.getMessage()
    except (TypeError, ValueError):  # a library's arguments that do not fit its own format
        said = str(record.msg)
    error = record.exc_info[0] if record.exc_info else None
    return f"{said} ({error.__name__})" if error else said

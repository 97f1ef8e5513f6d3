"""The journal of a release: append-only, on disk before anything is sent and again when an answer came.

Each line is a JSON object whose ``sum`` is made of the line and of the sum before it, so that a line that was torn,
changed or taken away is noticed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Any, Protocol

from tsdeploy.errors import Finding, Location, TsdeployError
from tsdeploy.files import make_private, unwritten
from tsdeploy.logs.events import note

_LOG = logging.getLogger("tsdeploy.deploy")
_START = "0" * 16


@dataclass(frozen=True, slots=True)
class Event:
    """One line: what happened, when (ISO 8601, UTC), and the facts."""

    name: str
    at: str
    facts: Mapping[str, Any]


class Journal:
    """One JSON object a line, each forced to disk; safe to use from several threads.

    A journal that ends in a torn line, as a killed process leaves it, is cut there when it is opened again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        try:
            make_private(path.parent)
            whole = _whole_lines(path)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.ftruncate(handle, sum(len(line) for line, _ in whole))
        except OSError as error:
            raise _cannot_write(path, error) from None
        self._sum = whole[-1][1] if whole else _START
        self._file: IO[bytes] = os.fdopen(handle, "ab")

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, event: str, **facts: object) -> None:
        """Append an event and wait until the disk has it. Raises TsdeployError TD001 when the disk does not take it."""
        body = json.dumps({"at": datetime.now(timezone.utc).isoformat(), "event": event, **facts})
        with self._lock:
            self._sum = _sum(self._sum, body)
            try:
                self._file.write(f'{body[:-1]}, "sum": "{self._sum}"}}\n'.encode("ascii"))
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError as error:
                raise _cannot_write(self.path, error) from None
        note(
            _LOG, event, **{name: len(fact) if isinstance(fact, (list, dict)) else fact for name, fact in facts.items()}
        )


def _cannot_write(path: Path, error: OSError) -> TsdeployError:
    safe = "what was sent until then is looked up by the next run"
    return TsdeployError(unwritten(path, error, "write the journal", safe))


class NoJournal:
    """For runs that change nothing: there is nothing to write down."""

    def write(self, event: str, **facts: object) -> None:
        """Nothing."""


class Log(Protocol):
    """Where events are written."""

    def write(self, event: str, **facts: object) -> None:
        """Append an event."""


def read_journal(path: Path) -> tuple[Event, ...]:
    """The events of a journal; none where there is no file. A torn last line is left out.

    Raises TsdeployError TD615 when a line in the middle is not what was written.
    """
    return tuple(_events(path))


def _events(path: Path) -> Iterator[Event]:
    if not path.exists():
        return
    whole = _whole_lines(path)
    if path.read_bytes().count(b"\n") > len(whole):
        raise _damaged(path, len(whole) + 1)
    for number, (line, _) in enumerate(whole, start=1):
        try:
            value = json.loads(line)
            name, at = value.pop("event"), value.pop("at")
        except (ValueError, KeyError, RecursionError):
            # Whoever can push to a branch for backups can write one, with sums that are right.
            raise _damaged(path, number) from None
        yield Event(name, at, {key: item for key, item in value.items() if key != "sum"})


def _damaged(path: Path, line: int) -> TsdeployError:
    hint = f"move the folder {path.parent.name} away, then compare with  tsdeploy plan"
    return TsdeployError(Finding("TD615", "the journal was damaged", Location(str(path), line, 1), hint=hint))


def _whole_lines(path: Path) -> list[tuple[bytes, str]]:
    """The lines whose sums are right, each with its sum, from the beginning to the first that is not."""
    if not path.exists():
        return []
    found: list[tuple[bytes, str]] = []
    before = _START
    for line in path.read_bytes().splitlines(keepends=True):
        body, mark, tail = line.rpartition(b', "sum": "')
        text = body.decode("ascii", "replace") + "}"
        if not mark or tail != _sum(before, text).encode() + b'"}\n':
            break
        before = _sum(before, text)
        found.append((line, before))
    return found


def _sum(before: str, body: str) -> str:
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()[:16]

"""The journal of a deploy: append-only, on disk before anything is sent and again when an answer came."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import IO

from tsdeploy.errors import Finding, Location, TsdeployError


class Journal:
    """One JSON object a line, each forced to disk. Holds identities and hashes, never TML or secrets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            finding = Finding("TD001", f"cannot write the journal: {error.strerror}", Location(str(path)))
            raise TsdeployError(finding) from None
        self._file: IO[str] = os.fdopen(handle, "a", encoding="utf-8")

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, event: str, **facts: object) -> None:
        """Append an event and wait until the disk has it."""
        line = json.dumps({"at": datetime.now(timezone.utc).isoformat(), "event": event, **facts})
        self._file.write(line + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def open_journal(state: Path, environment: str, commit: str) -> Journal:
    """A new journal below the project's state folder, named by time and commit."""
    now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%fZ")
    return Journal(state / "journal" / environment / f"{now}-{commit[:8]}.jsonl")

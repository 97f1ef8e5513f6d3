"""The log of one run: what is kept for a crash, what is shown, what goes to a file."""

from __future__ import annotations

import io
import logging
import os
import stat
import sys
from collections import deque
from contextlib import ExitStack, suppress
from pathlib import Path
from secrets import token_hex
from types import TracebackType

from tsdeploy.errors import TsdeployError
from tsdeploy.files import unwritten
from tsdeploy.logs.events import Discreet
from tsdeploy.logs.lines import JsonLines, Lines
from tsdeploy.redact import Redactor
from tsdeploy.visible import visible

_KEPT = 50
_EVERYTHING = 2


class Logbook:
    """While it is open, everything that is logged in this process goes through its redactor.

    Only one is open at a time; it takes the place of whatever was configured for the root logger, and gives it back.
    ``run`` names the run in log and report.
    """

    def __init__(self) -> None:
        self.run = token_hex(4)
        self.redactor = Redactor()
        self.last: deque[logging.LogRecord] = deque(maxlen=_KEPT)
        self._verbosity = 0
        self._files: set[Path] = set()
        self._stack = ExitStack()

    def __enter__(self) -> Logbook:
        root = logging.getLogger()
        self._stack.callback(root.setLevel, root.level)
        root.setLevel(logging.INFO)
        self._add(_Memory(self.last), Discreet(self.redactor))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def show(self, verbosity: int) -> None:
        """Show more on standard error: from 1 on events, from 2 on what libraries and bodies say, too. Adds up."""
        if verbosity and not self._verbosity:
            self._add(_ToStandardError(), Lines(self.redactor))
        self._verbosity += verbosity
        if self._verbosity >= _EVERYTHING:
            logging.getLogger().setLevel(logging.DEBUG)

    def write(self, path: Path) -> None:
        """Append to a file, for its owner's eyes only. Raises TsdeployError TD001."""
        if path in self._files:
            return
        try:
            handler = _ToFile(path)
        except OSError as error:
            finding = unwritten(path, error, "write the log file", "nothing was begun", at="--log-file")
            raise TsdeployError(finding) from None
        self._files.add(path)
        self._add(handler, JsonLines(self.redactor, self.run))

    def _add(self, handler: logging.Handler, formatter: Discreet) -> None:
        root = logging.getLogger()
        handler.setFormatter(formatter)
        root.addHandler(handler)
        self._stack.callback(handler.close)
        self._stack.callback(root.removeHandler, handler)


class _Memory(logging.Handler):
    """Keeps the last records of our own rooms."""

    def __init__(self, records: deque[logging.LogRecord]) -> None:
        super().__init__(logging.INFO)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("tsdeploy."):
            self._records.append(record)


class _ToStandardError(logging.Handler):
    """Writes to what standard error is at the moment: a spinner may have put itself in front of it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.say(self.format(record))

    def say(self, line: str) -> None:
        """Write a line; where nothing can be written to standard error, there is nowhere to complain either."""
        with suppress(OSError):
            print(line, file=sys.stderr, flush=True)


class _ToFile(logging.Handler):
    """Appends lines to a file; when the disk refuses, says so once and lets the run go on."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        if os.name == "posix" and stat.S_ISREG(os.fstat(handle).st_mode):
            os.fchmod(handle, 0o600)
        self._file: io.FileIO | None = io.FileIO(handle, "ab")

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            return
        try:
            self._file.write(f"{self.format(record)}\n".encode("utf-8", "backslashreplace"))
        except OSError as error:
            self.close()
            said = visible(f"warning: the log ends here: cannot write {self._path}: {error.strerror}")
            _ToStandardError().say(said)

    def close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
        super().close()

"""Other programs, run with a limit of time and in a group of their own, so that nothing of them stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_GRACE = 5.0
"""Seconds in which a killed process is gone."""
_LOOK = 0.5
"""Seconds between two looks at whether a program still answers."""
_OWN_GROUP: dict[str, Any]
if sys.platform == "win32":
    _OWN_GROUP = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    _OWN_GROUP = {"start_new_session": True}
_LIFELINE = """
import os, signal, sys
if not os.read(int(sys.argv[1]), 1):
    os.killpg(int(sys.argv[2]), signal.SIGKILL)
"""
"""Reads until somebody writes, all being well, or until nobody is left who could: then the group has to go."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a program: its exit code, negative for a signal, and what it wrote."""

    code: int
    out: bytes
    err: bytes


@dataclass(frozen=True, slots=True)
class Program:
    """A command, word by word, and where it runs. ``variables`` are added to those of this process.

    ``without`` are variables that it does not get. With ``together`` standard error goes where standard output goes.
    ``lifeline`` ends it, and all that it started, even when this process is killed outright: for what may take long.
    """

    command: tuple[str, ...]
    folder: Path | None = None
    variables: Mapping[str, str] | None = None
    without: frozenset[str] = frozenset()
    together: bool = False
    lifeline: bool = False

    def run(self, given: bytes = b"", *, limit: float) -> Done:
        """Run it to its end, with ``given`` on standard input; what it left running ends, too.

        Raises OSError when it cannot be started, and subprocess.TimeoutExpired after ``limit`` seconds, when it has
        been ended.
        """
        with self._started(subprocess.STDOUT if self.together else subprocess.PIPE) as process:
            # What the program leaves running may hold the pipes open: it goes as soon as the program itself is gone.
            threading.Thread(target=_clear_up, args=(process,), daemon=True).start()
            out, err = process.communicate(given, limit)
        return Done(process.returncode, out, err or b"")

    @contextmanager
    def talk(self, *, limit: float) -> Iterator[Talk]:
        """Run it for questions and answers through pipes, each of which may take ``limit`` seconds.

        Raises OSError when it cannot be started.
        """
        with self._started(subprocess.DEVNULL) as process, Talk(process, limit) as talk:
            yield talk
            talk.end()

    @contextmanager
    def _started(self, errors: int) -> Iterator[subprocess.Popen[bytes]]:
        present = {name: value for name, value in os.environ.items() if name not in self.without}
        process = subprocess.Popen(  # noqa: S603 - no shell, and a list of words
            self.command,
            cwd=self.folder,
            env={**present, **(self.variables or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            **_OWN_GROUP,
        )
        try:
            with _lifeline(process) if self.lifeline else nullcontext():
                yield process
        finally:
            _end(process)


class Talk:
    """A program that is asked and answers. A read of ``answer`` is to be made while ``waiting``."""

    def __init__(self, process: subprocess.Popen[bytes], limit: float) -> None:
        assert process.stdin is not None and process.stdout is not None, "it was started with pipes"
        self._ask: IO[bytes] = process.stdin
        self.answer: IO[bytes] = process.stdout
        self.late = False
        self._process = process
        self._limit = limit
        self._since: float | None = None
        self._over = threading.Event()

    def __enter__(self) -> Talk:
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def say(self, *parts: bytes, now: bool = False) -> None:
        """Write to the program, with ``now`` at once. Raises EOFError when it is gone."""
        try:
            with self.waiting():
                for part in parts:
                    self._ask.write(part)
                if now:
                    self._ask.flush()
        except BrokenPipeError:
            raise EOFError from None

    def end(self) -> int:
        """Say that nothing more will come, and wait until the program has ended; its exit code."""
        with self.waiting():
            with suppress(OSError):
                self._ask.close()
            return self._process.wait()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While this takes longer than the limit the program is ended, ``late`` is true, and pipes are empty."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def kill(self) -> None:
        """End the program without letting it finish."""
        _kill_group(self._process)

    def _watch(self) -> None:
        while not self._over.wait(_LOOK):
            since = self._since
            if since is not None and time.monotonic() - since > self._limit:
                self.late = True
                _kill_group(self._process)
                return


@contextmanager
def _lifeline(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """A second process that ends the first one's group when this process is gone."""
    if sys.platform == "win32":
        yield
        return
    reading, writing = os.pipe()
    words = [sys.executable, "-I", "-S", "-c", _LIFELINE, str(reading), str(process.pid)]
    watcher = subprocess.Popen(words, pass_fds=(reading,), **_OWN_GROUP)  # noqa: S603 - no shell, and a list of words
    os.close(reading)
    try:
        yield
        # An interrupt closes the line without a word, which is what it means.
        os.write(writing, b".")
    finally:
        os.close(writing)
        with suppress(subprocess.TimeoutExpired):
            watcher.wait(_GRACE)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a program and everything that it started, and close its pipes."""
    _kill_group(process)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    for pipe in (process.stdin, process.stdout, process.stderr):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


def _clear_up(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        if process.poll() is None:
            tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(tree, capture_output=True, timeout=_GRACE, check=False)  # noqa: S603 - our own words
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)

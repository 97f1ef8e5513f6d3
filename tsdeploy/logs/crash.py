"""The report of a crash: what whoever mends it needs, and nothing that belongs to the user."""

from __future__ import annotations

import locale
import os
import platform
import shlex
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tsdeploy.logs.events import Event
from tsdeploy.logs.logbook import Logbook
from tsdeploy.version import __version__
from tsdeploy.visible import visible

_PACKAGES = ("click", "requests", "urllib3", "GitPython", "jsonschema", "rich", "ruamel.yaml", "PyYAML", "Flask")
_TECHNICAL = frozenset({"action", "call", "command", "method", "path", "request", "server_request", "status"})
"""Facts whose text is this program's or the server's own; any other may be the name of an object."""
_ABOUT_CODE = (AttributeError, ImportError, NameError, TypeError)
"""Exceptions that speak of code, not of data."""
_FRAMES = 40
_LIBRARIES = ("site-packages", "dist-packages", "tsdeploy")


def crash_report(error: BaseException, arguments: Sequence[str], book: Logbook) -> str:
    """A report in Markdown: versions, platform, command line, where it happened, and what was done before.

    What an exception says is left out but where it speaks of code, and so are local variables: they may quote anything.
    """
    moment = datetime.now(timezone.utc).isoformat(timespec="seconds")
    parts = [
        f"# tsdeploy {__version__}: {type(error).__name__}",
        f"Run {book.run}, {moment}",
        "There are no secrets, no TML and no names of objects in this report but for what the command line says.",
        _block("## Command", [visible(f"tsdeploy {shlex.join(arguments)}")]),
        _block("## Versions", _versions()),
        _block("## Where", _trace(error)),
        _block("## Before", map(_line, book.last)),
    ]
    return book.redactor.redact("\n\n".join(parts)) + "\n"


def write_crash(state: Path | None, run: str, report: str) -> Path:
    """Write a report into a project's ``.tsdeploy/crashes``, which git ignores, or else into a folder of its own.

    Raises OSError where it can be written to neither.
    """
    if state is not None:
        try:
            return _write(state / "crashes", run, report)
        except OSError:
            pass  # a read-only or full project; the other place may be neither
    return _write(Path(tempfile.mkdtemp(prefix="tsdeploy-")), run, report)


def _write(folder: Path, run: str, report: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="ascii")
    path = folder / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}-{run}.md"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(report)
    return path


def _block(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, "", "```text", *(line.replace("```", "'''") for line in lines), "```"])


def _versions() -> Iterator[str]:
    yield f"tsdeploy {__version__}"
    yield f"Python {platform.python_version()} ({platform.python_implementation()})"
    yield platform.platform()
    yield f"encoding {sys.getfilesystemencoding()}, locale {locale.getlocale()[0]}, in CI: {'CI' in os.environ}"
    for name in _PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is not installed"


def _trace(error: BaseException) -> Iterator[str]:
    """The exceptions, innermost cause first, each with its type and the lines of code that led to it."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _trace(cause)
        yield "led to"
    frames = traceback.extract_tb(error.__traceback__, limit=-_FRAMES)
    for frame in (one for one in frames if not one.filename.startswith("<")):
        yield f"{_place(frame.filename)}:{frame.lineno} in {frame.name}"
        yield f"    {frame.line or ''}"
    yield f"{type(error).__name__}: {error}" if isinstance(error, _ABOUT_CODE) else type(error).__name__


def _place(file: str) -> str:
    """A file of code, without the folders above its package: they say who works here."""
    parts = Path(file).parts
    starts = [number for number, part in enumerate(parts) if part in _LIBRARIES]
    return "/".join(parts[starts[-1] :] if starts else parts[-1:])


def _line(record: object) -> str:
    message = getattr(record, "msg", None)
    if not isinstance(message, Event):
        return "…"
    facts = " ".join(f"{name}={value}" for name, value in _technical(message.facts))
    return visible(f"{getattr(record, 'name', '')}: {message.name} {facts}".rstrip())


def _technical(facts: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in facts.items():
        plain = isinstance(value, (bool, int, float)) or name in _TECHNICAL
        yield name, value if plain else "…"

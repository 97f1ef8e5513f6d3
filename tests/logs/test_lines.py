"""Log lines for people and for machines, and what never stands in them."""

from __future__ import annotations

import base64
import html
import json
import logging
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsdeploy.errors import TsdeployError
from tsdeploy.logs.crash import crash_report
from tsdeploy.logs.events import detail, hide, note
from tsdeploy.logs.lines import Lines
from tsdeploy.logs.logbook import Logbook
from tsdeploy.redact import Redactor

LOG = logging.getLogger("tsdeploy.rest")
LIBRARY = logging.getLogger("urllib3.connectionpool")


@pytest.fixture
def book() -> Iterator[Logbook]:
    with Logbook() as opened:
        yield opened


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_line_for_machines(book: Logbook, tmp_path: Path) -> None:
    book.write(tmp_path / "log")
    note(LOG, "call", method="POST", status=200, ms=1.5, ids=["a", "b"], again=False)
    (line,) = lines(tmp_path / "log")
    assert datetime.fromisoformat(str(line.pop("time")).replace("Z", "+00:00")).utcoffset() is not None
    assert line == {
        "level": "INFO",
        "run": book.run,
        "room": "rest",
        "event": "call",
        "fields": {"method": "POST", "status": 200, "ms": 1.5, "ids": ["a", "b"], "again": False},
    }


def test_line_for_people(book: Logbook, capsys: pytest.CaptureFixture[str]) -> None:
    book.show(1)
    note(LOG, "call", method="POST", object="answer:a b", odd="\x1b[2J\u202e", said="two\nlines")
    shown = capsys.readouterr().err
    assert shown[12:] == ' rest: call method=POST object="answer:a b" odd=\\u001b[2J\\u202e said="two\\nlines"\n'


def test_how_much_is_shown(book: Logbook, capsys: pytest.CaptureFixture[str]) -> None:
    note(LOG, "before anybody asked")
    book.show(1)
    note(LOG, "event")
    detail(LOG, "outline")
    book.show(1)
    detail(LOG, "outline of another")
    LIBRARY.debug("what a %s says", "library")
    shown = [line[13:] for line in capsys.readouterr().err.splitlines()]
    assert shown == [
        "rest: event",
        "DEBUG rest: outline of another",
        "DEBUG urllib3.connectionpool: what a library says",
    ]


def test_file_is_for_its_owner_and_keeps_what_it_has(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("{}\n")
    file.chmod(0o644)
    for _ in range(2):
        with Logbook() as book:
            book.write(file)
            book.write(file)
            note(LOG, "event")
    assert len(lines(file)) == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_file_that_cannot_be_written(book: Logbook, tmp_path: Path) -> None:
    with pytest.raises(TsdeployError, match="TD001: cannot write the log file: Is a directory"):
        book.write(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_full_disk_ends_the_log_and_not_the_run(book: Logbook, capsys: pytest.CaptureFixture[str]) -> None:
    book.write(Path("/dev/full"))
    for _ in range(3):
        note(LOG, "event")
    assert capsys.readouterr().err == "warning: the log ends here: cannot write /dev/full: No space left on device\n"


def test_logging_is_left_as_it_was() -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    with Logbook() as book:
        book.show(2)
    assert (root.level, root.handlers) == before


def test_library_that_fills_in_its_own_message_wrongly() -> None:
    record = logging.LogRecord("urllib3", logging.WARNING, "x.py", 1, "%d bytes", ("many",), None)
    assert Lines(Redactor()).format(record)[13:] == "WARNING urllib3: %d bytes"


def test_exception_of_a_library_is_named_and_not_quoted(book: Logbook, capsys: pytest.CaptureFixture[str]) -> None:
    book.show(1)
    try:
        raise ValueError("row 17: Mrs Miller")
    except ValueError:
        LIBRARY.exception("broken")
    assert capsys.readouterr().err[13:] == "ERROR urllib3.connectionpool: broken (ValueError)\n"


def spellings(secret: str) -> Iterator[str]:
    """The ways in which a secret is written in logs, addresses, headers and dumps."""
    raw = secret.encode("utf-8")
    yield from (secret, quote(secret, safe=""), quote_plus(secret), html.escape(secret), repr(secret)[1:-1])
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], json.dumps(json.dumps(secret)))
    for before in (b"", b"u:", b"me:"):
        yield base64.b64encode(before + raw).decode()
        yield base64.urlsafe_b64encode(before + raw + b"x").decode()


SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("Cc", "Cf")), min_size=8)


@settings(max_examples=60, deadline=None)
@given(SECRETS)
def test_known_secret_is_in_no_log_and_no_crash_report(tmp_path_factory: pytest.TempPathFactory, secret: str) -> None:
    file = tmp_path_factory.mktemp("logs") / "log"
    with Logbook() as book, pytest.MonkeyPatch.context() as patch:
        shown = Shown()
        patch.setattr(sys, "stderr", shown)
        book.show(2)
        book.write(file)
        hide(secret)
        for spelling in spellings(secret):
            note(LOG, "call", method=spelling, nested={spelling: [spelling]})
            LIBRARY.debug("sent %s to %r", spelling, {"header": spelling})
        try:
            raise TypeError(secret)
        except TypeError as error:
            report = crash_report(error, ("export", f"--x={secret}"), book)
    everything = file.read_text("utf-8") + "".join(shown.lines) + report
    for line in file.read_text("utf-8").splitlines():
        json.loads(line)
    assert len(shown.lines) >= 20
    assert [one for one in spellings(secret) if one in everything] == []


class Shown:
    """Standard error that is kept."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, text: str) -> None:
        self.lines.append(text)

    def flush(self) -> None:
        """Nothing is held back."""

"""The journal: whole, torn, changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.deploy.journal import Journal, read_journal
from tsdeploy.errors import TsdeployError


def written(path: Path, *names: str) -> None:
    """A journal with events of these names."""
    with Journal(path) as journal:
        for number, name in enumerate(names):
            journal.write(name, number=number, text='a", "sum": "b')


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal.jsonl"
    written(path, "begin", "publish")
    written(path, "end")
    assert [(event.name, event.facts["number"]) for event in read_journal(path)] == [
        ("begin", 0),
        ("publish", 1),
        ("end", 0),
    ]
    assert path.stat().st_mode & 0o077 == 0


def test_journal_that_is_not_there_has_no_events(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "none") == ()


@given(st.integers(1, 40))
def test_torn_last_line_is_left_out_and_written_over(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    written(path, "begin", "publish")
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    assert [event.name for event in read_journal(path)] == ["begin"]
    written(path, "again")
    assert [event.name for event in read_journal(path)] == ["begin", "again"]


def test_changed_line_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    written(path, "begin", "publish", "end")
    path.write_bytes(path.read_bytes().replace(b"publish", b"PUBLISH"))
    with pytest.raises(TsdeployError) as caught:
        read_journal(path)
    assert caught.value.code == "TD615"
    assert caught.value.findings[0].location is not None
    assert caught.value.findings[0].location.line == 2


def test_line_that_was_taken_away_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    written(path, "begin", "publish", "end")
    first, _, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + last)
    with pytest.raises(TsdeployError):
        read_journal(path)

"""Listing, looking at, verifying and forgetting backups; which one a word means; schedules."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.backup.conftest import ANSWER, Lose, put, store
from tests.conftest import Cli, Estate
from tsdeploy.backup.manifest import BackedUp, Manifest, manifest_text
from tsdeploy.backup.moments import backup_at, end_of
from tsdeploy.backup.retention import prune, to_keep
from tsdeploy.backup.store import Snapshot, Store, open_store
from tsdeploy.backup.verify import verify
from tsdeploy.config.backing_up import Keep
from tsdeploy.errors import TsdeployError, UsageError
from tsdeploy.export.since import since_ms

NOW = datetime(2026, 11, 18, 12, tzinfo=timezone.utc)  # a Wednesday
DAY = 86400


def kept_at(folder: Path, *moments: datetime) -> Store:
    """A repository with an empty backup at each of the moments."""
    made = open_store(folder / "vault.git", "backup/x", make=True)
    for number, moment in enumerate(moments):
        with made.change() as change:
            change.write("number", str(number).encode())
            change.commit(f"Backup of x: {number}", made.head(), int(moment.timestamp()))
    return made


def test_versions_of_an_object_and_its_text_as_of_then(shop: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    with shop.session("dev") as session:
        text = cli("backup", "show", "dev", ANSWER, "--at", "latest").out
        put(session, text.replace("Twelve months", "Thirteen months"))
    cli("backup", "dev")
    second = store(shop).head()
    lose(ANSWER)
    cli("backup", "dev")
    shown = cli("backup", "show", "dev", ANSWER)
    assert [line.rsplit("  ")[-1] for line in shown.out.splitlines()[1:]] == ["deleted", "changed", "added"]
    assert "Thirteen months" in cli("backup", "show", "dev", ANSWER, "--at", second).out
    assert "error[TD539]" in cli("backup", "show", "dev", ANSWER, "--at", "today").err
    assert "error[TD539]" in cli("backup", "show", "dev", "nobody").err
    assert cli("backup", "list", "dev").out.endswith("3 backups in backup/dev.\n")


def test_a_damaged_backup_is_found_out(shop: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    kept = store(shop)
    path = next(path for path in kept.paths(kept.head()) if "Net Sales by Region" in path)
    other = next(path for path in kept.paths(kept.head()) if "table/SALES" in path)
    with kept.change() as change:
        change.write(path, b"something else")
        change.delete(other)
        change.write("stray.txt", b"")
        change.commit("tampered", kept.head(), kept.snapshots()[0].time)
    outcome = cli("backup", "verify", "dev")
    assert outcome.code == 1
    assert "is damaged" in outcome.out
    assert "has not the bytes it was backed up with" in outcome.err
    assert "lists a file that is not there" in outcome.err
    assert "does not list" in outcome.err


def test_what_is_no_backup_is_no_manifest(tmp_path: Path) -> None:
    kept = kept_at(tmp_path, NOW)
    with pytest.raises(TsdeployError, match="TD531"):
        verify(kept, kept.snapshots()[0])


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("today", "2026-11-18"),
        ("yesterday", "2026-11-17"),
        ("tuesday", "2026-11-17"),
        ("Wednesday", "2026-11-11"),
        ("2026-02-28", "2026-02-28"),
    ],
)
def test_a_day_means_its_end(word: str, end: str) -> None:
    assert end_of(word, NOW.timestamp()).isoformat() == f"{end}T23:59:59.999999+00:00"


@pytest.mark.parametrize(("text", "seconds"), [("90m", 5400), ("36h", 129600), ("7d", 7 * DAY), ("2w", 14 * DAY)])
def test_ages_count_back_from_now(text: str, seconds: int) -> None:
    assert since_ms(text, 1_000_000_000.0) == (1_000_000_000 - seconds) * 1000


def test_times_without_a_zone_are_utc() -> None:
    assert since_ms("2026-01-31T18:00", 0) == since_ms("2026-01-31T19:00+01:00", 0) == since_ms("2026-01-31T18:00Z", 0)


def test_the_last_backup_before_a_moment_is_taken(tmp_path: Path) -> None:
    kept = kept_at(tmp_path, NOW - timedelta(days=3), NOW - timedelta(days=2), NOW)
    found = [backup_at(kept, at, NOW.timestamp()).subject for at in ("latest", "yesterday", "50h", "monday")]
    assert found == ["Backup of x: 2", "Backup of x: 1", "Backup of x: 0", "Backup of x: 1"]
    first = kept.snapshots()[-1].commit
    assert backup_at(kept, first[:8], 0).commit == first
    with pytest.raises(UsageError, match="TD533"):
        backup_at(kept, "2020-01-01", NOW.timestamp())
    with pytest.raises(UsageError, match="TD506"):
        backup_at(kept, "the day before", NOW.timestamp())


def test_pruning_keeps_days_weeks_months_and_what_is_tagged(tmp_path: Path) -> None:
    kept = kept_at(tmp_path, *(NOW - timedelta(days=age) for age in range(60, -1, -1)))
    before = {one.time: one.tree for one in kept.snapshots()}
    pinned = kept.snapshots()[33]
    kept.git("tag", "keep-me", pinned.commit)
    done = prune(kept, Keep(daily=3, weekly=2, monthly=2, yearly=0))
    after = kept.snapshots()
    ages = [round((NOW.timestamp() - one.time) / DAY) for one in after]
    assert ages == [0, 1, 2, 3, 18, 33]
    assert len(done.dropped) == 61 - 6
    assert all(before[one.time] == one.tree for one in after)
    assert done.moved == ("keep-me",)
    assert kept.git("rev-parse", "keep-me").strip() == after[-1].commit
    assert prune(kept, Keep(daily=3, weekly=2, monthly=2, yearly=0)).dropped == ()


def test_a_dry_run_forgets_nothing(tmp_path: Path) -> None:
    kept = kept_at(tmp_path, NOW - timedelta(days=1), NOW)
    head = kept.head()
    assert len(prune(kept, Keep(1, 0, 0, 0), dry_run=True).dropped) == 1
    assert kept.head() == head


counts = st.builds(Keep, *(st.integers(0, 6) for _ in range(4)))
"""How many days, weeks, months and years to keep."""


@given(st.lists(st.integers(0, 900 * DAY), min_size=1, max_size=60), counts, st.sets(st.integers(0, 59)))
def test_what_is_promised_is_kept_and_nothing_else(ages: list[int], keep: Keep, tagged: set[int]) -> None:
    moments = [int(NOW.timestamp()) - age for age in sorted(ages)]
    snapshots = [Snapshot(f"{number:040x}", "", moment, "") for number, moment in enumerate(moments)]
    pinned = {snapshots[number].commit for number in tagged if number < len(snapshots)}
    promised = {snapshots[0].commit, *pinned}
    rules = ((keep.daily, "%Y-%m-%d"), (keep.weekly, "%G-%V"), (keep.monthly, "%Y-%m"), (keep.yearly, "%Y"))
    for count, period in rules:
        last_of: dict[str, str] = {}
        for one in reversed(snapshots):
            last_of[datetime.fromtimestamp(one.time, timezone.utc).strftime(period)] = one.commit
        promised.update(last_of[name] for name in sorted(last_of, reverse=True)[:count])
    assert to_keep(snapshots, keep, pinned) == promised


@settings(deadline=None, max_examples=6)  # each makes a repository
@given(st.lists(st.integers(0, 60 * DAY), min_size=2, max_size=8), counts, st.booleans())
def test_backups_that_stay_are_whole_and_the_latest_always_stays(ages: list[int], keep: Keep, tagged: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = whole_at(Path(folder), *(NOW - timedelta(seconds=age) for age in sorted(ages, reverse=True)))
        before = made.snapshots()
        if tagged:
            made.git("tag", "keep-me", before[-1].commit)
        done = prune(made, keep)
        after = made.snapshots()
        assert [one.tree for one in after] == [one.tree for one in done.kept]
        assert after[0].tree == before[0].tree
        assert {(one.time, one.tree) for one in after} <= {(one.time, one.tree) for one in before}
        assert not tagged or (after[-1].tree, made.git("rev-parse", "keep-me").strip()) == (
            before[-1].tree,
            after[-1].commit,
        )
        assert all(verify(made, one).intact for one in after)
        with made.change() as change:
            change.write("number", b"next")
            change.commit("Backup of x: next", made.head(), after[0].time)
        assert len(made.snapshots()) == len(after) + 1


def whole_at(folder: Path, *moments: datetime) -> Store:
    """A repository with a backup of one object, another each time, at each of the moments."""
    made = open_store(folder / "vault.git", "backup/x", make=True)
    for number, moment in enumerate(moments):
        text = f"guid: {ANSWER}\nanswer:\n  name: A {number}\n".encode()
        one = BackedUp(ANSWER, "answer", f"A {number}", "tml/a.answer.tml", hashlib.sha256(text).hexdigest(), ANSWER)
        manifest = Manifest("x", "", "", moment.timestamp(), 0, {ANSWER: one})
        with made.change() as change:
            change.write(one.path, text)
            change.write("sharing.json", b'{"objects": []}')
            change.write("manifest.json", manifest_text(manifest).encode())
            change.commit(f"Backup of x: {number}", made.head(), int(moment.timestamp()))
    return made


def test_a_change_that_is_not_committed_leaves_nothing(tmp_path: Path) -> None:
    kept = kept_at(tmp_path, NOW)
    head = kept.head()
    with kept.change() as change:
        change.write("more", b"x")
    assert kept.head() == head
    with pytest.raises(ZeroDivisionError), kept.change() as change:
        change.write("more", b"x" * 1_000_000)
        raise ZeroDivisionError
    assert kept.head() == head


@settings(deadline=None, max_examples=25)  # each makes a repository
@given(
    st.dictionaries(st.text("abcüß/ \"\\'.", min_size=1, max_size=8), st.binary(max_size=60), min_size=1, max_size=5)
)
def test_any_file_comes_back_as_it_was(files: dict[str, bytes]) -> None:
    paths = {
        f"d{number}/{name.strip('/. ') or 'x'}".replace("//", "/"): text
        for number, (name, text) in enumerate(files.items())
    }
    paths = {path: text for path, text in paths.items() if not any(part in ("", ".", "..") for part in path.split("/"))}
    with tempfile.TemporaryDirectory() as folder:
        made = open_store(Path(folder) / "vault.git", "b", make=True)
        with made.change() as change:
            for path, text in paths.items():
                change.write(path, text)
            change.commit("all", "", 1)
        assert dict(made.files(made.head(), paths)) == paths


def test_pruning_from_the_command_line(shop: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    lose(ANSWER)
    cli("backup", "dev")
    outcome = cli("backup", "prune", "dev", "--daily", "1", "--weekly", "0", "--monthly", "0", "--yearly", "0")
    assert outcome.out.endswith("Prune: 1 gone, 1 kept.\n")
    assert cli("backup", "verify", "dev").code == 0
    assert cli("backup", "dev").code == 0
    log = subprocess.run(
        ["git", "log", "--oneline", "backup/dev"], cwd=shop.project.root, capture_output=True, check=True
    )
    assert len(log.stdout.splitlines()) >= 1

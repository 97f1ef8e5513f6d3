"""Which backups to keep: the last one of each day, week, month and year, as many of each as are wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from tsdeploy.backup.store import Snapshot, Store, arrange
from tsdeploy.config.backing_up import Keep


@dataclass(frozen=True, slots=True)
class Pruned:
    """The backups that stay, the latest first, and those that go; ``moved`` are tags that now stand elsewhere."""

    kept: tuple[Snapshot, ...]
    dropped: tuple[Snapshot, ...]
    moved: tuple[str, ...] = ()


def to_keep(snapshots: Sequence[Snapshot], keep: Keep, pinned: Collection[str]) -> frozenset[str]:
    """The commits that stay: by the rules, the latest of all, and those that somebody has put a tag on."""
    chosen = {one.commit for one in snapshots if one.commit in pinned} | {one.commit for one in snapshots[:1]}
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (keep.daily, lambda at: at.date()),
        (keep.weekly, lambda at: at.isocalendar()[:2]),
        (keep.monthly, lambda at: (at.year, at.month)),
        (keep.yearly, lambda at: at.year),
    )
    for count, period in rules:
        chosen.update(_latest_of_each(snapshots, period, count))
    return frozenset(chosen)


def _latest_of_each(snapshots: Iterable[Snapshot], period: Callable[[datetime], object], count: int) -> Iterable[str]:
    seen: dict[object, str] = {}
    for one in snapshots:
        seen.setdefault(period(datetime.fromtimestamp(one.time, timezone.utc)), one.commit)
    return list(seen.values())[:count]


def prune(store: Store, keep: Keep, *, dry_run: bool = False) -> Pruned:
    """Make the branch's history one of the backups that stay. Their files and times stay the same; commits do not.

    Lightweight tags on backups move along. git frees the space when it next collects garbage. Raises GitError TD703,
    also when somebody backs up meanwhile.
    """
    snapshots = store.snapshots()
    tags = _tags(store)
    keeping = to_keep(snapshots, keep, set(tags.values()))
    kept = tuple(one for one in snapshots if one.commit in keeping)
    dropped = tuple(one for one in snapshots if one.commit not in keeping)
    if dry_run or not dropped:
        return Pruned(kept, dropped)
    renamed = _arranged(store, snapshots, kept)
    moved = []
    for tag, commit in tags.items():
        if renamed.get(commit, commit) != commit:
            store.git("update-ref", tag, renamed[commit], commit)
            moved.append(tag.removeprefix("refs/tags/"))
    store.git("update-ref", "-m", "prune", store.ref, renamed[kept[0].commit], snapshots[0].commit)
    return Pruned(kept, dropped, tuple(moved))


def _arranged(store: Store, snapshots: Sequence[Snapshot], kept: Sequence[Snapshot]) -> dict[str, str]:
    """Old commit → new commit. What is older than the first gap stays as it is."""
    oldest_first, keeping = list(reversed(snapshots)), {one.commit for one in kept}
    untouched = next(number for number, one in enumerate(oldest_first) if one.commit not in keeping)
    renamed = {one.commit: one.commit for one in oldest_first[:untouched]}
    parent = oldest_first[untouched - 1].commit if untouched else ""
    for one in oldest_first[untouched:]:
        if one.commit in keeping:
            parent = renamed[one.commit] = arrange(store, one, parent)
    return renamed


def _tags(store: Store) -> dict[str, str]:
    """Lightweight tags and the commits they stand on. An annotated one keeps its commit by itself."""
    listing = store.git("for-each-ref", "--format=%(refname)%00%(objecttype)%00%(objectname)", "refs/tags")
    lines = (line.split("\0") for line in listing.split("\n") if line)
    return {name: commit for name, kind, commit in lines if kind == "commit"}


def push_pruned(store: Store, remote: str) -> None:
    """Replace the remote's branch by the pruned one, unless it has changed since it was fetched. Raises GitError."""
    hint = f"git fetch {remote} {store.branch}, look what is there, and prune again"
    store.push(remote, "--force-with-lease", hint=hint)

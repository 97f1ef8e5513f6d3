"""Reading objects into the next backup, and again what moved while they were read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tsdeploy.backup.listing import Lister, Listing, to_read
from tsdeploy.backup.manifest import Manifest
from tsdeploy.backup.merging import Merge
from tsdeploy.backup.surroundings import Surroundings
from tsdeploy.errors import Finding, Severity
from tsdeploy.export.collect import Collector, Extent, look_up
from tsdeploy.export.parallel import threads
from tsdeploy.rest import ObjectHeader
from tsdeploy.rest.sharing import Permission

_ROUNDS: Final = 3
_NAMED: Final = 5

Progress: TypeAlias = "Callable[[int, int], None]"


@dataclass(slots=True)
class Reading:
    """What was read so far: TML goes to the merge, shares by GUID to ``sharing``.

    ``refused`` and ``left_out`` have a finding for what could not be read, by GUID. ``moving`` are objects that still
    changed when all was over: the backup may have them a moment earlier than what they are built on.
    """

    lister: Lister
    merge: Merge
    surroundings: Surroundings
    progress: Progress
    read: set[str] = field(default_factory=set)
    sharing: dict[str, tuple[Permission, ...]] = field(default_factory=dict)
    refused: dict[str, Finding] = field(default_factory=dict)
    left_out: dict[str, Finding] = field(default_factory=dict)
    moving: tuple[ObjectHeader, ...] = ()
    _vanished: bool = False

    def take(self, todo: Sequence[ObjectHeader]) -> None:
        """Read objects as they are now; what cannot be read keeps its last version, unless it is gone."""
        asked = {header.id for header in todo}
        self.read |= asked
        self.merge.expect(asked)
        collector = Collector(self.lister.session, Extent(associated=False, attached=True))
        with threads(1) as pool:
            sharing = pool.submit(self.surroundings.sharing, todo)
            for number, item in enumerate(collector.collect(todo), start=1):
                self.merge.add(item)
                self.progress(min(number, len(todo)), len(todo))
            self.sharing.update(sharing.result())
        gone = collector.refused.keys() - {
            header.id for header in look_up(self.lister.session, sorted(collector.refused))
        }
        self._vanished = self._vanished or bool(gone)
        self.merge.drop(gone)
        for known, found in ((self.refused, collector.refused), (self.left_out, collector.left_out)):
            kept = {guid: finding for guid, finding in known.items() if guid not in asked}
            known.clear()
            known.update(kept | {guid: finding for guid, finding in found.items() if guid not in gone})
        self.merge.drop_what_hung_on(asked - self.refused.keys() - self.left_out.keys() - gone)

    def take_all(self, known: Collection[str]) -> None:
        """Read everything; ``known`` are the GUIDs of what was backed up before."""
        self._go_on(self.lister.everything(known))
        self.take(list(self.merge.listing.headers.values()))

    def take_changed(self, before: Manifest, overlap: float) -> None:
        """Read what has changed since a backup while all is listed, then what is built on it."""
        since = before.server_time - overlap
        with threads(2) as pool:
            newest = pool.submit(self.lister.recent, since)
            everything = pool.submit(self.lister.everything, before.by_guid().keys(), sets_since=since)
            self.merge.listing = recent = newest.result()
            self.take(list(recent.headers.values()))
            self._go_on(everything.result())
        other = {header.id for header in self.merge.listing.newer_than(recent)}
        self.take([header for header in to_read(self.merge.listing, before, overlap) if header.id in other])

    def has_moved(self, since: float) -> bool:
        """Whether something was changed, made or deleted while it was read: one look at what is newest.

        ``since`` is the server's time before the first listing.
        """
        return self._vanished or bool(self.lister.recent(since).newer_than(self.merge.listing))

    def catch_up(self, since: float) -> None:
        """Read what has moved, until nothing moves any more."""
        for _ in range(_ROUNDS):
            self.take(self._moved(since))
            if not self.has_moved(since):
                return
        self.moving = tuple(self._moved(since))

    def _moved(self, since: float) -> list[ObjectHeader]:
        """What has to be read once more; what is deleted is dropped."""
        before = self.merge.listing
        self._vanished = False
        self._go_on(self.lister.everything(self.merge.guids(), sets_since=since))
        return self.merge.listing.newer_than(before)

    def _go_on(self, listing: Listing) -> None:
        self.merge.listing = listing
        self.merge.drop(listing.deleted)

    def findings(self) -> Iterable[Finding]:
        """What is not in the backup as it is now, each thing once."""
        yield from dict.fromkeys((*self.refused.values(), *self.left_out.values()))
        if self.moving:
            names = ", ".join(header.name for header in self.moving[:_NAMED])
            more = f" and {len(self.moving) - _NAMED} more" if len(self.moving) > _NAMED else ""
            message = f"still changed when the backup was over: {names}{more}"
            hint = "the next backup reads them again; at a quieter time of the day nothing moves"
            yield Finding("TD540", message, hint=hint, severity=Severity.WARNING)

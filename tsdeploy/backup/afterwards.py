"""Tags, sharing, owners and obj_ids as a backup has them, put on objects that were restored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from tsdeploy.backup.manifest import BackedUp
from tsdeploy.backup.needed import Naming
from tsdeploy.backup.staging import Restored
from tsdeploy.backup.surroundings import Surroundings
from tsdeploy.errors import Finding, RestError
from tsdeploy.export.collect import look_up
from tsdeploy.rest import ObjectHeader, ObjectRef, Session, assign_tags, create_tag, search_tags, unassign_tags
from tsdeploy.rest.obj_ids import ObjIdUpdate, update_obj_ids
from tsdeploy.rest.sharing import Permission, assign_owner, share

_CHUNK: Final = 50
_OWNED: Final = frozenset({"LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "CONNECTION"})

Key = TypeVar("Key")


@dataclass(slots=True)
class Afterwards:
    """Sets what differs, in calls of many objects; counts it, and notes what the server refuses."""

    session: Session
    contents: Restored
    naming: Naming
    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("tags", "shares", "owners", "obj_ids"), 0))
    findings: list[Finding] = field(default_factory=list)

    def bring(self, guids: Mapping[str, str], *, obj_ids: bool) -> None:
        """``guids`` pairs keys of the backup with GUIDs of the target, for the objects that are there again.

        Without ``obj_ids`` these are left as they are: where objects are mapped, they are what the mapping says.
        """
        headers = {header.id: header for header in look_up(self.session, sorted(set(guids.values())))}
        objects = self.contents.manifest.objects
        pairs = [(objects[key], headers[guid]) for key, guid in guids.items() if key in objects and guid in headers]
        self._tags(pairs)
        self._shares(pairs)
        if obj_ids:
            self._obj_ids(pairs)
        # Last, as whoever gives an object away may lose the right to it.
        self._owners(pairs)

    def _tags(self, pairs: Sequence[tuple[BackedUp, ObjectHeader]]) -> None:
        lacking: dict[str, list[ObjectHeader]] = defaultdict(list)
        surplus: dict[str, list[ObjectHeader]] = defaultdict(list)
        for wanted, header in pairs:
            for name in set(wanted.tags) - set(header.tags):
                lacking[name].append(header)
            for name in set(header.tags) - set(wanted.tags):
                surplus[name].append(header)
        known = {tag.name for tag in search_tags(self.session)}
        colors = {tag.name: tag.color for tag in self.contents.tags}
        for name in sorted(lacking):
            if name not in known:
                self._try("tags", 0, partial(create_tag, self.session, name, colors.get(name, "")))
            for chunk in _chunks(lacking[name]):
                self._try("tags", len(chunk), partial(assign_tags, self.session, _refs(chunk), [name]))
        for name in sorted(surplus):
            for chunk in _chunks(surplus[name]):
                self._try("tags", len(chunk), partial(unassign_tags, self.session, _refs(chunk), [name]))

    def _shares(self, pairs: Sequence[tuple[BackedUp, ObjectHeader]]) -> None:
        surroundings = Surroundings(self.session)
        present = surroundings.sharing([header for _, header in pairs])
        self.findings += surroundings.findings()
        groups: dict[Permission, list[ObjectHeader]] = defaultdict(list)
        for wanted, header in pairs:
            if header.id in present:
                shares = map(self.naming.share, self.contents.sharing.get(wanted.guid, ()))
                for change in _differences(present[header.id], filter(None, shares)):
                    groups[change].append(header)
        for change, headers in groups.items():
            for chunk in _chunks(headers):
                self._try("shares", len(chunk), partial(share, self.session, _refs(chunk), [change]))

    def _owners(self, pairs: Sequence[tuple[BackedUp, ObjectHeader]]) -> None:
        groups: dict[str, list[ObjectHeader]] = defaultdict(list)
        for wanted, header in pairs:
            author = self.naming.user(wanted.author) if wanted.author else header.author_name
            if author != header.author_name and header.type in _OWNED:
                groups[author].append(header)
        for author in sorted(groups):
            for chunk in _chunks(groups[author]):
                self._try("owners", len(chunk), partial(assign_owner, self.session, _refs(chunk), author))

    def _obj_ids(self, pairs: Sequence[tuple[BackedUp, ObjectHeader]]) -> None:
        updates = [
            ObjIdUpdate(header.id, wanted.obj_id)
            for wanted, header in pairs
            if wanted.obj_id and wanted.obj_id != header.obj_id
        ]
        for chunk in _chunks(updates):
            self._try("obj_ids", len(chunk), partial(update_obj_ids, self.session, chunk))

    def _try(self, what: str, count: int, act: Callable[[], None]) -> None:
        try:
            act()
            self.done[what] += count
        except RestError as error:
            message = f"not all {what.replace('_', ' ')} could be restored: {error.findings[0].message}"
            hint = "make the user, group or tag that is missing, and restore again: only what differs is set"
            self.findings.append(Finding("TD534", message, hint=hint))


def _differences(present: Iterable[Permission], wanted: Iterable[Permission]) -> Iterator[Permission]:
    """What has to be granted and, with ``NO_ACCESS``, taken away."""
    there, then = set(present), set(wanted)
    named = {(one.principal, one.type) for one in then}
    yield from sorted(then - there, key=repr)
    for one in sorted(there - then, key=repr):
        if (one.principal, one.type) not in named:
            yield Permission(one.principal, one.type, "NO_ACCESS")


def _refs(headers: Iterable[ObjectHeader]) -> list[ObjectRef]:
    return [ObjectRef(header.id, header.type or None) for header in headers]


def _chunks(everything: list[Key]) -> Iterator[list[Key]]:
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]

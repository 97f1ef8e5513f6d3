"""The next backup, made from the last one and from what was read since."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tsdeploy.backup.listing import Listing, with_header
from tsdeploy.backup.manifest import BackedUp, Manifest
from tsdeploy.backup.store import Change
from tsdeploy.export.collect import depends_of, key_of, owner_of
from tsdeploy.export.fetch import Fetched
from tsdeploy.export.paths import DEFAULT_LAYOUT, fresh_path
from tsdeploy.files import first_free
from tsdeploy.tml.document import Document

FOLDER = "tml"
SIGNS: Final = {"added": "+", "changed": "~", "deleted": "-"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One file of TML that is another than in the last backup. ``verb`` is a key of ``SIGNS``."""

    verb: str
    one: BackedUp

    def __str__(self) -> str:
        return f"{SIGNS[self.verb]} {self.one.kind}:{self.one.name}"


@dataclass(slots=True)
class Merge:
    """Starts from the last backup's objects; what is read goes into the change as it comes.

    What is read a second time replaces what was read first.
    """

    before: Manifest | None
    listing: Listing
    change: Change
    objects: dict[str, BackedUp] = field(default_factory=dict)
    _came: set[str] = field(default_factory=set)
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.before is not None:
            self.objects = dict(self.before.objects)
            self._taken = {one.path.casefold() for one in self.objects.values()}

    def add(self, item: Fetched) -> None:
        """A document as it is now. What came along and is not to be backed up is left out."""
        document, key = item.document, key_of(item.document)
        owner, header = owner_of(document), self.listing.headers.get(item.guid)
        if header is None and not owner:
            return
        content = document.text.encode("utf-8")
        digest = hashlib.sha256(content).hexdigest()
        old = self.objects.get(key)
        path = old.path if old else self._place(document)
        self._came.add(key)
        if old is None or old.sha256 != digest:
            self.change.write(path, content)
        self.objects[key] = BackedUp(
            key=key,
            kind=document.kind.name,
            name=document.name,
            path=path,
            sha256=digest,
            guid=item.guid,
            type=header.type if header else "",
            subtype=header.subtype if header else "",
            owner=owner,
            modified=(header.modified_ms or 0) if header else 0,
            obj_id=(header.obj_id or "") if header else "",
            author=header.author_name if header else "",
            tags=tuple(sorted(header.tags)) if header else (),
            depends=tuple(sorted(set(depends_of(document)) - {item.guid})),
        )

    def expect(self, owners: Collection[str]) -> None:
        """Objects are about to be read: what hung on them counts only if it comes with them."""
        self._came -= {key for key, one in self.objects.items() if one.guid in owners or one.owner in owners}

    def drop(self, gone: Collection[str]) -> None:
        """Objects, by GUID, are not there any more; neither is what hung on them."""
        for key, one in list(self.objects.items()):
            if one.guid in gone or (one.owner and one.owner in gone):
                self._delete(key)

    def drop_what_hung_on(self, owners: Collection[str]) -> None:
        """What hung on objects that were read, and did not come with them, is not there any more."""
        for key, one in list(self.objects.items()):
            if one.owner in owners and key not in self._came:
                self._delete(key)

    def refresh(self) -> None:
        """What headers say of objects whose text was not read again: names, tags, authors."""
        for key, one in self.objects.items():
            header = self.listing.headers.get(one.guid)
            if header is not None and key not in self._came:
                self.objects[key] = with_header(one, header)

    def guids(self) -> list[str]:
        """The GUIDs of what is in the backup and that a search lists."""
        return [one.guid for one in self.objects.values() if one.guid and one.type]

    def differences(self) -> list[Difference]:
        """What is another than in the last backup: what was added or changed, then what is gone."""
        before = self.before.objects if self.before else {}
        here = [
            Difference("changed" if key in before else "added", one)
            for key, one in self.objects.items()
            if key not in before or before[key].sha256 != one.sha256
        ]
        return here + [Difference("deleted", one) for key, one in before.items() if key not in self.objects]

    def _place(self, document: Document) -> str:
        path = first_free(Path(FOLDER) / fresh_path(document, DEFAULT_LAYOUT, {}), self._taken).as_posix()
        self._taken.add(path.casefold())
        return path

    def _delete(self, key: str) -> None:
        one = self.objects.pop(key)
        self.change.delete(one.path)
        self._taken.discard(one.path.casefold())

"""Writing accepted objects, or knowing what would be written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.importing.parts import Minter, Part
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.removal import column_changes
from tsdeploy.sandbox.importing.request import ImportRequest
from tsdeploy.sandbox.importing.ripple import find_renaming, spread
from tsdeploy.sandbox.importing.settle import Accepted
from tsdeploy.sandbox.importing.shape import Shaped, shape
from tsdeploy.sandbox.kinds import subtype
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.texts.items import value
from tsdeploy.sandbox.texts.presentation import Shown, present
from tsdeploy.sandbox.texts.reading import reread


@dataclass(frozen=True, slots=True)
class Published:
    """An object as it is after the import, or would be. ``diff`` is None for a new object."""

    part: Part
    item: StoredObject
    warnings: tuple[Problem, ...]
    diff: dict[str, int] | None
    author: User | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes the objects of one import, inside the transaction of its request."""

    cluster: Cluster
    request: ImportRequest
    minter: Minter

    def publish(self, accepted: Iterable[Accepted]) -> list[Published]:
        """Write all objects: first that they exist, so that references can be shaped, then what they are."""
        every = [(one, self._object(one)) for one in accepted]
        for one, item in every:
            if one.claim.existing is None:
                self.cluster.objects.save(item)
        taken: set[str] = set()
        published = [self._publish(one, item, taken) for one, item in every]
        renamings = [
            find_renaming(one.claim.existing, done.item)
            for (one, _), done in zip(every, published, strict=True)
            if one.claim.existing is not None
        ]
        spread(self.cluster, filter(None, renamings), frozenset(done.item.guid for done in published))
        return published

    def _publish(self, one: Accepted, item: StoredObject, taken: set[str]) -> Published:
        objects, claim = self.cluster.objects, one.claim
        shaped = shape(one, objects, self.minter, taken)
        item = replace(item, text=shaped.text)
        if claim.existing is not None and self._is_unchanged(claim.existing, item, shaped):
            return Published(claim.part, claim.existing, shaped.warnings, {}, self._author(claim.existing))
        objects.save(item)
        self.cluster.ripples.forget(item.guid)
        objects.set_links(item.guid, shaped.links)
        objects.set_inner_ids(item.guid, shaped.inner_ids)
        if claim.binding is not None:
            objects.bind(item.guid, claim.binding)
        return Published(claim.part, item, shaped.warnings, _diff(claim.existing, item), self._author(item))

    def _author(self, item: StoredObject) -> User | None:
        return self.cluster.users.find(item.author_id)

    def _is_unchanged(self, existing: StoredObject, item: StoredObject, shaped: Shaped) -> bool:
        """Whether an update says the same, however its identities are written."""
        bare, find = Shown(guid=False), self.cluster.objects.get
        if self.request.skip_diff_check:
            return False
        links = self.cluster.objects.links(existing.guid)
        before = present(existing, links, bare, find)
        return links == shaped.links and before == present(item, shaped.links, bare, find)

    def _object(self, one: Accepted) -> StoredObject:
        claim, now = one.claim, self.cluster.now()
        document = claim.part.document
        existing = claim.existing
        item = StoredObject(
            guid=claim.guid,
            org_id=existing.org_id if existing else self.request.org_id,
            root=document.kind.root,
            kind=document.kind.name,
            name=self._name(one),
            description=value(document.body, "description"),
            obj_id=claim.obj_id,
            subtype=subtype(document.kind.name),
            author_id=existing.author_id if existing else self.request.user_id,
            created=existing.created if existing else now,
            modified=now,
            modified_by=self.request.user_id,
            text=document.text,
        )
        return replace(item, obj_id=item.obj_id or self._auto_obj_id(item))

    def _name(self, one: Accepted) -> str:
        """The object's own name; feedback has none and is called like its Model."""
        document = one.claim.part.document
        model = None if document.kind.owned else self.cluster.objects.get(one.links.get("guid", ""))
        return model.name if model else document.name

    def _auto_obj_id(self, item: StoredObject) -> str:
        if not self.cluster.settings.auto_obj_ids or not guesses.has_obj_id(item.kind):
            return ""
        wanted = f"{''.join(item.name.split())}-{item.guid[:8]}"
        other = self.cluster.objects.by_obj_id(item.org_id, wanted)
        return wanted if other is None or other.guid == item.guid else ""


def _diff(existing: StoredObject | None, item: StoredObject) -> dict[str, int] | None:
    """How many columns an update changes; the keys that are seen are those of what changed."""
    if existing is None:
        return None
    changes = column_changes(reread(existing.text), reread(item.text))
    counts = {
        "columns_added": len(changes.added),
        "columns_updated": len(changes.updated),
        guesses.DIFF_DELETED: len(changes.deleted),
    }
    return {key: count for key, count in counts.items() if count}

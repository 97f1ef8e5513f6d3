"""Renames follow their users: what refers to a column or a Table that got another name is rewritten.

Objects hold each other by GUID; their text shows names as they are. Searches are rewritten later than the rest, as
seen on live clusters: an export right after a rename can contradict itself. Source: facts about the REST API,
section 7, and about TML, 4.1, rule 7, and section 6 ("ripple").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.importing.naming import columns_used
from tsdeploy.sandbox.importing.removal import renamed_columns
from tsdeploy.sandbox.importing.world import Subject, World, subject_stored
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.items import mappings
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.tml import edit
from tsdeploy.tml.columns.names import escape
from tsdeploy.tml.columns.use import Role, Use
from tsdeploy.tml.document import Document
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.syntax import Scalar

_QUALIFIER = "::"
_LATE = frozenset({Role.SEARCH})


@dataclass(frozen=True, slots=True)
class Renaming:
    """What an update renamed: the object as it was, its new name, and its columns, old name → new."""

    before: StoredObject
    name: str
    columns: Mapping[str, str]


def find_renaming(before: StoredObject, after: StoredObject) -> Renaming | None:
    """What an update renames; None for nothing that others repeat."""
    columns = renamed_columns(reread(before.text), reread(after.text))
    name = after.name if _is_repeated(before) else before.name
    return Renaming(before, name, columns) if columns or name != before.name else None


def _is_repeated(item: StoredObject) -> bool:
    """Whether others write the name of an object in front of its columns."""
    return reread(item.text).kind.is_data


def spread(cluster: Cluster, renamings: Iterable[Renaming], batch: frozenset[str]) -> None:
    """Rewrite what refers to renamed things. Objects of the batch were written anew and say what they say."""
    now = cluster.now()
    for renaming in renamings:
        world = World(cluster.objects, renaming.before.org_id, ())
        before = subject_stored(renaming.before)
        for guid in cluster.objects.dependents([before.guid]).get(before.guid, []):
            item = cluster.objects.get(guid) if guid not in batch else None
            if item is not None:
                _rewrite(cluster, item, _Rewriting(renaming, before, world), now)


def _rewrite(cluster: Cluster, item: StoredObject, rewriting: _Rewriting, now: int) -> None:
    """At once what is rewritten at once; the rest when it is due."""
    delay = cluster.settings.rename_delay_ms
    late = rewriting.text(item, cluster.ripples.text(item.guid) or item.text, frozenset())
    early = rewriting.text(item, item.text, _LATE) if delay else late
    if early != item.text:
        cluster.objects.save(replace(item, text=early))
    if late != early:
        cluster.ripples.set(item.guid, now + delay, late)


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """One renaming, and where its users are looked up."""

    renaming: Renaming
    before: Subject
    world: World

    def text(self, item: StoredObject, text: str, without: frozenset[Role]) -> str:
        """A text of a user with the new names, but for uses in some roles."""
        document = reread(text)
        user = Subject(item.guid, item.kind, item.name, document, item.obj_id)
        uses = columns_used(user, self.world.links(item.guid), self.world, self.before)
        wanted = [use for use in uses if use.column.document == self.before.guid and use.role not in without]
        edits = [*self._of_uses(document, wanted), *self._of_tables(document, item.guid)]
        return edit.apply(text, {one.start: one for one in edits}.values())

    def _of_uses(self, document: Document, uses: list[Use]) -> Iterator[Edit]:
        by_scalar: dict[int, list[Use]] = {}
        for use in uses:
            by_scalar.setdefault(use.scalar.start, []).append(use)
        for group in by_scalar.values():
            scalar = group[0].scalar
            value = self._value(scalar.value, group)
            if value == scalar.value:
                continue
            if group[0].is_key:
                yield edit.rename_key(scalar, value, document.dialect)
            else:
                yield edit.replace(document.text, scalar, value, document.dialect)

    def _value(self, value: str, uses: list[Use]) -> str:
        """A scalar's value with all its uses renamed, from the last to the first."""
        for use in sorted(uses, key=lambda use: use.start, reverse=True):
            if use.start == use.end:
                continue
            column = self.renaming.columns.get(use.column.column, "")
            if column:
                value = value[: use.start] + (escape(column) if use.escaped else column) + value[use.end :]
            prefix = (escape(self.before.name) if use.escaped else self.before.name) + _QUALIFIER
            if self.renaming.name != self.before.name and value[: use.start].endswith(prefix):
                name = escape(self.renaming.name) if use.escaped else self.renaming.name
                value = value[: use.start - len(prefix)] + name + _QUALIFIER + value[use.start :]
        return value

    def _of_tables(self, document: Document, guid: str) -> Iterator[Edit]:
        """The name in identity blocks, and where joins and paths repeat it; an alias stays."""
        if self.renaming.name == self.before.name:
            return
        links = self.world.links(guid)
        for reference in document.references:
            if reference.block is not None and links.get(reference.where) == self.before.guid:
                yield from self._renamed(document, reference.block.scalar("name"))
        for table in mappings(document.body, "model_tables"):
            for join in mappings(table, "joins"):
                yield from self._renamed(document, join.scalar("with"))
        for path in (*mappings(document.body, "table_paths"), *mappings(document.body, "rls_rules", "table_paths")):
            yield from self._renamed(document, path.scalar("table"))

    def _renamed(self, document: Document, scalar: Scalar | None) -> Iterator[Edit]:
        if scalar is not None and scalar.value == self.before.name:
            yield edit.replace(document.text, scalar, self.renaming.name, document.dialect)

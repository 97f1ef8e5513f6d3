"""Columns that an update takes away: silently, unless something needs them. Code 14544.

Source: facts about TML, 4.1, rules 7 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.world import World
from tsdeploy.sandbox.texts.columns import columns, uses
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True)
class ColumnChanges:
    """How the columns of an object change, by name. A column of a new name made of the same is renamed."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


def column_changes(before: Document, after: Document) -> ColumnChanges:
    """Compare the columns of two versions of an object."""
    old, new = columns(before), columns(after)
    fresh = {made_of for name, made_of in new.items() if name not in old}
    renamed = {name for name, made_of in old.items() if name not in new and made_of and made_of in fresh}
    sources = {old[name] for name in renamed}
    return ColumnChanges(
        added=tuple(name for name, made_of in new.items() if name not in old and made_of not in sources),
        updated=tuple(name for name in new if name in old and new[name] != old[name]) + tuple(sorted(renamed)),
        deleted=tuple(name for name in old if name not in new and name not in renamed),
    )


def check_removed_columns(
    claim: Claim, claims: Mapping[str, Claim], links: Mapping[str, dict[str, str]], world: World
) -> Iterator[Problem]:
    """A deleted column that others need. ``claims`` and ``links`` are the batch's, by GUID."""
    if claim.existing is None:
        return
    deleted = column_changes(reread(claim.existing.text), claim.part.document).deleted
    if not deleted:
        return
    needed: dict[str, list[str]] = {}
    for name, used in _users(claim, claims, links, world):
        for column in deleted:
            if column in used:
                needed.setdefault(column, []).append(name)
    if needed:
        yield problems.columns_in_use(needed)


def _users(
    claim: Claim, claims: Mapping[str, Claim], links: Mapping[str, dict[str, str]], world: World
) -> Iterator[tuple[str, frozenset[str]]]:
    """Who refers to an object, and which of its columns each uses, as they will be after the import."""
    assert claim.existing is not None
    for other in claims.values():
        if other is not claim:
            yield other.name, uses(other.part.document, claim.existing.name, claim.guid, links[other.guid])
    for guid in world.dependents(claim.guid):
        found = world.at(guid) if guid not in claims else None
        if found is not None:
            yield found.name, uses(found.document, claim.existing.name, claim.guid, world.objects.links(guid))

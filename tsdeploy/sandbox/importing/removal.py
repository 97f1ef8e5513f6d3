"""Columns that an update takes away: silently, unless something needs them. Code 14544.

Source: facts about TML, 4.1, rules 7 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.importing.naming import columns_used
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.request import Policy
from tsdeploy.sandbox.importing.world import Subject, World, subject_stored
from tsdeploy.sandbox.texts.columns import columns
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
    renamed = renamed_columns(before, after)
    sources = {old[name] for name in renamed}
    return ColumnChanges(
        added=tuple(name for name, made_of in new.items() if name not in old and made_of not in sources),
        updated=tuple(name for name in new if name in old and new[name] != old[name]) + tuple(sorted(renamed)),
        deleted=tuple(name for name in old if name not in new and name not in renamed),
    )


def renamed_columns(before: Document, after: Document) -> dict[str, str]:
    """Old name → new name of the columns that are made of the same as before."""
    old, new = columns(before), columns(after)
    fresh = {made_of: name for name, made_of in new.items() if name not in old and made_of}
    return {name: fresh[made_of] for name, made_of in old.items() if name not in new and made_of in fresh}


def check_removed_columns(claim: Claim, claims: Mapping[str, Claim], world: World, policy: Policy) -> Iterator[Problem]:
    """A deleted column that others need. ``claims`` are the batch's, by GUID."""
    if claim.existing is None:
        return
    deleted = column_changes(reread(claim.existing.text), claim.part.document).deleted
    if not deleted:
        return
    needed: dict[str, list[str]] = {}
    for name, used in _users(subject_stored(claim.existing), claims, world):
        for column in deleted:
            if column in used:
                needed.setdefault(column, []).append(name)
    if needed and guesses.names_dependents(claim.kind, policy):
        yield problems.columns_in_use(needed)
    elif needed:
        yield problems.tables_with_columns_in_use([claim.name])


def _users(before: Subject, claims: Mapping[str, Claim], world: World) -> Iterator[tuple[str, frozenset[str]]]:
    """Who refers to an object, and which of its columns each uses, as they will be after the import."""
    batch = [claim.guid for claim in claims.values() if before.guid in world.links(claim.guid).values()]
    stored = [guid for guid in world.dependents(before.guid) if guid not in claims]
    for guid in (*batch, *stored):
        found = world.at(guid) if guid != before.guid else None
        if found is not None:
            used = columns_used(found, world.links(guid), world, before)
            needed = (use for use in used if use.role not in guesses.ROLES_THAT_MAY_NAME_ANYTHING)
            yield found.name, frozenset(use.column.column for use in needed if use.column.document == before.guid)

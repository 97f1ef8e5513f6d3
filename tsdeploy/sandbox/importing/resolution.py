"""What the references of an object mean: obj_id, then GUID, then a name that is unique.

Source: facts about the REST API, section 7, rule 7; facts about TML, 4.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.world import Subject, World
from tsdeploy.sandbox.texts.items import value
from tsdeploy.tml.catalogue import Holds, Promotion
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import Reference, is_guid
from tsdeploy.tml.syntax import Path, node_at

_LIVEBOARDS = ("liveboard", "pinboard")


@dataclass(frozen=True, slots=True)
class Resolution:
    """The references of one object: place → GUID, and what is wrong with those that mean nothing."""

    links: dict[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a reference means, or why it means nothing."""

    target: Subject | None = None
    dead_fqn: bool = False
    ambiguous: bool = False


def resolve(claim: Claim, world: World, org_name: str) -> Resolution:
    """Resolve every reference of an object that has to mean something."""
    links: dict[str, str] = {"guid": claim.model} if claim.model else {}
    found: list[Problem] = []
    for reference in claim.part.document.references:
        if not _matters(reference) or reference.where in links:
            continue
        meaning = _meaning(reference, claim, world)
        if meaning.target is not None:
            links[reference.where] = meaning.target.guid
        found += _problems(reference, claim, meaning, org_name)
    return Resolution(links, tuple(found))


def find_connection(document: Document, world: World) -> Subject | None:
    """The connection that a Table or SQL view names."""
    for reference in document.references:
        if reference.place.targets == frozenset({"connection"}):
            return _identity(reference, world, "").target
    return None


def _matters(reference: Reference) -> bool:
    place = reference.place
    if place.holds is Holds.IDENTITY:
        return True
    return place.holds is Holds.GUID and place.promotion is Promotion.MAP


def _meaning(reference: Reference, claim: Claim, world: World) -> _Meaning:
    if reference.place.holds is Holds.GUID:
        found = world.at(reference.guid)
        return _Meaning(found)
    own = "" if reference.where.startswith(("table.joins_with", "table.rls_rules")) else claim.guid
    return _identity(reference, world, own, root=claim.part.document.kind.root)


def _identity(reference: Reference, world: World, own: str, *, root: str = "") -> _Meaning:
    kinds = reference.place.targets
    for found in (world.with_obj_id(reference.obj_id), world.at(reference.guid), _by_guid_id(reference, world)):
        if found is not None and found.kind in kinds:
            return _Meaning(found)
    named = [found for found in world.named(reference.name, kinds) if found.guid != own]
    preferred = guesses.preferred_by_name(root, [found.kind for found in named])
    named = [found for found in named if found.kind in preferred]
    target = named[0] if len(named) == 1 else None
    return _Meaning(target, dead_fqn=bool(reference.guid), ambiguous=len(named) > 1)


def _by_guid_id(reference: Reference, world: World) -> Subject | None:
    """Aggregated models carry the GUID as ``id``."""
    return world.at(reference.name) if is_guid(reference.name) else None


def _problems(reference: Reference, claim: Claim, meaning: _Meaning, org_name: str) -> Iterator[Problem]:
    if meaning.target is None and _has_to_exist(reference, claim):
        yield _missing(reference, claim, org_name, ambiguous=meaning.ambiguous)
    if meaning.dead_fqn:
        yield problems.dead_fqn(reference.guid, reference.name)


def _has_to_exist(reference: Reference, claim: Claim) -> bool:
    return reference.place.holds is Holds.IDENTITY or claim.kind not in guesses.KINDS_WITH_DANGLING_GUIDS


def _missing(reference: Reference, claim: Claim, org_name: str, *, ambiguous: bool) -> Problem:
    place, part = str(reference.place), part_of(reference.path)
    document = claim.part.document
    if place.endswith(".connection"):
        return problems.connection_missing()
    if "joins_with[]" in place:
        join = value(node_at(document.root, reference.path[:3]), "name")
        skipped = problems.skipped_relationship(join, reference.guid or reference.name, org_name, reference.path[:3])
        return replace(skipped, warning=guesses.SKIPPED_JOIN_IS_WARNING)
    if reference.place.holds is Holds.GUID:
        return guesses.object_missing(reference.guid, reference.where)
    if ambiguous:
        return problems.same_name(part)
    return _source_missing(reference, document, part)


def _source_missing(reference: Reference, document: Document, part: Path) -> Problem:
    root = document.kind.root
    if root == "column_security_rules":
        return problems.referenced_table_missing(reference.name)
    if root in ("table", "sql_view", "view", "model", "worksheet") and "aggregated" not in reference.where:
        return problems.tables_missing(reference.name or reference.says, part)
    missing = problems.source_missing(reference.name or reference.says, reference.guid, reference.name)
    if root in _LIVEBOARDS and part:
        return problems.in_visualization(viz_name(document, part), missing, part)
    return missing


def viz_name(document: Document, part: Path) -> str:
    """What people call a visualization: its answer's name, else its id."""
    viz = node_at(document.root, part)
    return value(viz, "answer", "name") or value(viz, "id")


def part_of(path: Path) -> Path:
    """The visualization, join or rule set that a path is inside of; () for none."""
    if len(path) > 2 and path[1] in ("visualizations", "joins_with"):
        return path[:3]
    return path[:2] if len(path) > 1 and path[1] == "rls_rules" else ()

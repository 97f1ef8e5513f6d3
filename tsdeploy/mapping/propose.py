"""Which object of the target each object of the source may be: proposals with their evidence, nothing assumed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from tsdeploy.mapping.locations import TableLocation


class Evidence(str, Enum):
    """What a proposal stands on, the strongest first."""

    OBJ_ID = "obj_id"
    """Both have the same obj_id, by which the server itself tells them."""
    TABLE = "table"
    """Both stand for the same table of the warehouse, after the mapping's rules: the server's own rule, too."""
    NAME = "name"
    """Both have the same name and kind, which proves nothing: names are not unique."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object of the source or of the target. ``place`` is where a table is, in the target's names."""

    kind: str
    name: str
    guid: str
    obj_id: str = ""
    place: TableLocation | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair that may be. ``unique``: nothing else of the target has this evidence for it, and it for nothing else."""

    source: Candidate
    target: Candidate
    evidence: Evidence
    unique: bool

    @property
    def why(self) -> str:
        """The evidence in words."""
        said = {
            Evidence.OBJ_ID: f"same obj_id {self.source.obj_id}",
            Evidence.TABLE: f"same table {self.source.place}",
            Evidence.NAME: f"same name and kind {self.source.kind}:{self.source.name}",
        }
        return said[self.evidence]


def propose(
    sources: Sequence[Candidate],
    targets: Sequence[Candidate],
    by: Collection[Evidence] = tuple(Evidence),
) -> list[Proposal]:
    """Proposals for each source by its strongest evidence, several where that is ambiguous.

    What is paired with certainty by stronger evidence is no candidate for weaker.
    """
    found: list[Proposal] = []
    open_sources, open_targets = list(sources), list(targets)
    for evidence in (one for one in Evidence if one in by):
        some = list(_by(evidence, open_sources, open_targets))
        found += some
        settled = {one.source.guid for one in some}
        taken = {one.target.guid for one in some if one.unique}
        open_sources = [one for one in open_sources if one.guid not in settled]
        open_targets = [one for one in open_targets if one.guid not in taken]
    order = {one.guid: number for number, one in enumerate(sources)}
    return sorted(found, key=lambda one: (order[one.source.guid], one.target.guid))


def _by(evidence: Evidence, sources: Iterable[Candidate], targets: Iterable[Candidate]) -> Iterator[Proposal]:
    there: dict[object, list[Candidate]] = defaultdict(list)
    here: dict[object, list[Candidate]] = defaultdict(list)
    for candidates, grouped in ((sources, here), (targets, there)):
        for candidate in candidates:
            sign = _sign(evidence, candidate)
            if sign is not None:
                grouped[sign].append(candidate)
    for sign, group in here.items():
        unique = len(group) == 1 and len(there.get(sign, ())) == 1
        for source in group:
            for target in there.get(sign, ()):
                yield Proposal(source, target, evidence, unique)


def _sign(evidence: Evidence, candidate: Candidate) -> object:
    """What two objects must share; None where this one has nothing to share."""
    if evidence is Evidence.OBJ_ID:
        return candidate.obj_id or None
    if evidence is Evidence.TABLE:
        return candidate.place if candidate.place and candidate.place.table else None
    return (candidate.kind, candidate.name)

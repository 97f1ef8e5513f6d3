"""Pairs for objects that have none: proposed with their evidence, and bound where there is only one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import ConfigError, Finding
from tsdeploy.mapping.edit import Addition
from tsdeploy.mapping.pairs import Pair, poisoned
from tsdeploy.mapping.propose import Evidence, Proposal, propose
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.pairing.candidates import live_candidates, source_candidates
from tsdeploy.pairing.files import bound_pairs, documents_of, effective_pairs, files_of, recorded_pairs
from tsdeploy.rest import Session
from tsdeploy.tml.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Proposals:
    """Pairs that may be right. Findings are what would be wrong with the mapping if all ``certain`` ones were bound."""

    proposals: tuple[Proposal, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def certain(self) -> tuple[Proposal, ...]:
        """Those that nothing else competes with."""
        return tuple(one for one in self.proposals if one.unique)


def propose_pairs(
    project: Project, environment: Environment, session: Session, by: Sequence[Evidence] = tuple(Evidence)
) -> Proposals:
    """Ask an environment what it has, and propose a counterpart for each object that has none; nothing is written.

    A proposal is a guess to be looked at: names prove nothing. Raises ConfigError and RestError.
    """
    files = files_of(project, environment)
    rules = load_mapping(environment.mapping_path, files.shown)
    present = effective_pairs(bound_pairs(rules), recorded_pairs(files.objects_file()))
    sources = source_candidates(documents_of(project), rules, {pair.source.lower() for pair in present})
    kinds = {source.kind for source in sources}
    types = {kind.rest_type for kind in KINDS.values() if kind.name in kinds and kind.rest_type}
    targets = live_candidates(session, types, {pair.target.lower() for pair in present})
    found = Proposals(tuple(propose(sources, targets, by)))
    pairs = (Pair(one.source.guid.lower(), one.target.guid) for one in found.certain)
    return Proposals(found.proposals, tuple(poisoned([*present, *pairs])))


def bind_proposals(project: Project, environment: Environment, found: Proposals) -> int:
    """Write what is certain into ``mapping.yaml``; how many pairs. Raises ConfigError with the findings, if any."""
    ConfigError.raise_for(found.findings)
    pairs = {one.source.guid.lower(): one.target.guid for one in found.certain}
    files_of(project, environment).add(Addition({"objects": pairs}))
    return len(pairs)

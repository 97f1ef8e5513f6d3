"""Which objects of a batch can be imported, and as what.

Every object is judged as if all the others succeeded; those that fail are taken out and the rest is judged again,
until nothing more fails. So the order in a batch does not matter, and an object falls with what it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tsdeploy.sandbox.importing.checks import Context, check
from tsdeploy.sandbox.importing.checks.answers import used_cohorts
from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.importing.identify import Registry
from tsdeploy.sandbox.importing.parts import Minter, Part
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.removal import check_removed_columns
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.resolution import resolve
from tsdeploy.sandbox.importing.world import World
from tsdeploy.sandbox.store.objects import Objects


@dataclass(frozen=True, slots=True)
class Accepted:
    """An object that can be imported: its claim, its references, and what is said about it."""

    claim: Claim
    links: dict[str, str]
    warnings: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Settled:
    """A batch that is judged."""

    accepted: list[Accepted] = field(default_factory=list)
    refused: dict[Part, tuple[Problem, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judge:
    """What a batch is judged by."""

    objects: Objects
    request: ImportRequest
    minter: Minter

    def settle(self, parts: Iterable[Part]) -> Settled:
        """Judge a batch until nothing more fails."""
        settled = Settled()
        left = list(parts)
        while True:
            accepted, refused = self._judge(left)
            settled.refused.update(refused)
            if not refused:
                settled.accepted = accepted
                return settled
            left = [part for part in left if part not in refused]

    def _judge(self, parts: list[Part]) -> tuple[list[Accepted], dict[Part, tuple[Problem, ...]]]:
        registry = Registry(self.objects, self.request.org_id, self.request.create_new, self.minter)
        identities = registry.identify(parts)
        refused: dict[Part, tuple[Problem, ...]] = {part: (problem,) for part, problem in identities.refused.items()}
        claims = {claim.guid: claim for claim in identities.claims}
        world = World(self.objects, self.request.org_id, claims.values())
        resolutions = {guid: resolve(claim, world, self.request.org_name) for guid, claim in claims.items()}
        links = {guid: resolution.links for guid, resolution in resolutions.items()}
        accepted = []
        for guid, claim in claims.items():
            context = Context(claim, links[guid], world)
            found = [*resolutions[guid].problems, *check(context)]
            found += check_removed_columns(claim, claims, links, world)
            found = self._lenient(found)
            if claim.notice:
                found.append(claim.notice)
            if all(problem.warning for problem in found):
                accepted.append(Accepted(claim, {**links[guid], **used_cohorts(context)}, tuple(found)))
            else:
                refused[claim.part] = tuple(found)
        return accepted, refused

    def _lenient(self, found: list[Problem]) -> list[Problem]:
        """Under PARTIAL_OBJECT a bad part goes and the object stays."""
        if self.request.policy is not Policy.PARTIAL_OBJECT:
            return found
        return [problem.dropped() if problem.part else problem for problem in found]

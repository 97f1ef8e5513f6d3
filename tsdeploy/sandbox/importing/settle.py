"""Which objects of a batch can be imported, and as what.

Every object is judged as if all the others succeeded; those that fail are taken out and the rest is judged again,
until nothing more fails. So the order in a batch does not matter, and an object falls with what it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.importing.actions import find_lost_actions
from tsdeploy.sandbox.importing.checks import Context, check
from tsdeploy.sandbox.importing.checks.cohorts import used_cohorts
from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.importing.identify import Registry
from tsdeploy.sandbox.importing.naming import unknown_names
from tsdeploy.sandbox.importing.parts import Minter, Part
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.removal import check_removed_columns
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.resolution import Resolution, resolve
from tsdeploy.sandbox.importing.world import World, subject_of
from tsdeploy.sandbox.texts.columns import column_names
from tsdeploy.tml.columns.use import Unknown


@dataclass(frozen=True, slots=True)
class Accepted:
    """An object that can be imported: its claim, its references, and what is said about it.

    ``keeps_views``: a Liveboard keeps the views that its text leaves out.
    """

    claim: Claim
    links: dict[str, str]
    warnings: tuple[Problem, ...] = ()
    keeps_views: bool = False


@dataclass(slots=True)
class Settled:
    """A batch that is judged."""

    accepted: list[Accepted] = field(default_factory=list)
    refused: dict[Part, tuple[Problem, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judge:
    """What a batch is judged by."""

    cluster: Cluster
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
        identities = Registry(self.cluster, self.request, self.minter).identify(parts)
        refused: dict[Part, tuple[Problem, ...]] = {part: (problem,) for part, problem in identities.refused.items()}
        claims = {claim.guid: claim for claim in identities.claims}
        world = World(self.cluster.objects, self.request.org_id, claims.values())
        resolutions = {guid: resolve(claim, world, self.request.org_name) for guid, claim in claims.items()}
        world.settle_links({guid: resolution.links for guid, resolution in resolutions.items()})
        accepted = []
        for guid, claim in claims.items():
            context = self._context(claim, world, resolutions[guid])
            found = self._problems(context, resolutions[guid], claims)
            if all(problem.warning for problem in found):
                links = {**context.links, **used_cohorts(context)}
                accepted.append(Accepted(claim, links, tuple(found), self.request.keep_personal_views))
            else:
                refused[claim.part] = tuple(found)
        return accepted, refused

    def _context(self, claim: Claim, world: World, resolution: Resolution) -> Context:
        context = Context(claim, resolution.links, world, self.request, self.cluster.warehouses)
        return replace(context, unknown=tuple(self._unknown(context, resolution)))

    def _unknown(self, context: Context, resolution: Resolution) -> Iterator[Unknown]:
        """The names that mean nothing, but for those of parts whose source is missing: that is said already."""
        without_source = [problem.part for problem in resolution.problems if problem.part or not problem.warning]
        if () in without_source or self._is_left_unread(context):
            return
        for found in unknown_names(subject_of(context.claim), context.links, context.world):
            if not any(found.path[: len(part)] == part for part in without_source):
                yield found

    def _is_left_unread(self, context: Context) -> bool:
        """Whether a Model is so large that its columns are looked at only where the import asks for it."""
        if self.request.large_metadata:
            return False
        count = len(column_names(context.document))
        return not guesses.is_read_by_default(count, self.cluster.settings.large_model_columns)

    def _problems(self, context: Context, resolution: Resolution, claims: Mapping[str, Claim]) -> list[Problem]:
        """Everything that is said about one object, the notice that it is updated in place at the end."""
        claim = context.claim
        found = [*resolution.problems, *check(context), *find_lost_actions(context)]
        found += check_removed_columns(claim, claims, context.world, self.request.policy)
        notice = [claim.notice] if claim.notice else []
        return [*self._lenient(found), *notice]

    def _lenient(self, found: list[Problem]) -> list[Problem]:
        """Under PARTIAL_OBJECT a bad part goes and the object stays."""
        if self.request.policy is not Policy.PARTIAL_OBJECT:
            return found
        return [problem.dropped() if problem.part else problem for problem in found]

"""Deciding who the objects of a batch are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.importing.parts import Minter, Part
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.resolution import find_connection
from tsdeploy.sandbox.importing.world import Subject, World
from tsdeploy.sandbox.store.objects import Binding, Objects, StoredObject
from tsdeploy.sandbox.texts.items import value
from tsdeploy.tml.references import is_guid

_ATTACHED = frozenset({"column_alias", "column_security_rules"})
"""Kinds of which an object has one at most."""


@dataclass(frozen=True, slots=True)
class Identities:
    """The claims of a batch, and the parts that cannot have the identity they ask for."""

    claims: list[Claim] = field(default_factory=list)
    refused: dict[Part, Problem] = field(default_factory=dict)


class RefusedError(Exception):
    """A part cannot have the identity it asks for."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Registry:
    """What identities are decided against."""

    objects: Objects
    org_id: int
    create_new: bool
    minter: Minter

    def identify(self, parts: Iterable[Part]) -> Identities:
        """Claims for all parts, in order of rank, so that a Table's connection is known before the Table."""
        found = Identities()
        for part in sorted(parts, key=lambda part: part.document.kind.rank):
            try:
                claim = self._claim(part, found.claims)
                _refuse_twice(claim, found.claims)
            except RefusedError as refusal:
                found.refused[part] = refusal.problem
            else:
                found.claims.append(claim)
        return found

    def _claim(self, part: Part, earlier: list[Claim]) -> Claim:
        kind = part.document.kind.name
        if kind == "nls_feedback":
            return self._feedback(part)
        if kind == "table":
            return self._table(part, earlier)
        if kind in _ATTACHED:
            return self._attached(part, earlier)
        existing = self._existing(part)
        return self._update(part, existing) if existing else self._create(part)

    def _existing(self, part: Part) -> StoredObject | None:
        """The object that obj_id or, without one, GUID names."""
        document = part.document
        if self.create_new:
            return None
        if document.obj_id:
            return self._same_kind(part, self.objects.by_obj_id(self.org_id, document.obj_id))
        found = self.objects.get(document.guid) if document.guid else None
        return self._same_kind(part, found) if found and found.org_id == self.org_id else None

    def _same_kind(self, part: Part, found: StoredObject | None) -> StoredObject | None:
        if found is not None and not guesses.may_become(found.kind, part.document.kind.name):
            raise RefusedError(guesses.wrong_kind(found.guid, found.kind, part.document.kind.name))
        return found

    def _update(self, part: Part, existing: StoredObject, binding: Binding | None = None) -> Claim:
        wanted = part.document.obj_id
        notice = problems.guid_notice(existing.guid, wanted) if wanted and wanted == existing.obj_id else None
        return Claim(part, existing.guid, existing.obj_id, existing, binding, notice)

    def _create(self, part: Part, binding: Binding | None = None) -> Claim:
        return Claim(part, self._new_guid(part), self._new_obj_id(part), None, binding)

    def _new_guid(self, part: Part) -> str:
        """The GUID given, if it is free and may be used; else a new one."""
        given = _given_guid(part)
        free = given and self.objects.get(given) is None and not self.objects.inner_owner(given)
        if free and guesses.keeps_given_guid(has_obj_id=bool(part.document.obj_id)):
            return given
        return self.minter.mint(part, "guid")

    def _new_obj_id(self, part: Part) -> str:
        wanted = part.document.obj_id
        taken = bool(wanted) and self.objects.by_obj_id(self.org_id, wanted) is not None
        return "" if taken else wanted

    def _table(self, part: Part, earlier: list[Claim]) -> Claim:
        binding = self._binding(part, earlier)
        bound = self._bound(binding, earlier)
        existing = self._existing(part)
        if existing is not None:
            if bound not in ("", existing.guid):
                raise RefusedError(problems.other_table_bound())
            return self._update(part, existing, binding)
        if not bound:
            return self._create(part, binding)
        document, other = part.document, self.objects.get(bound)
        if self.create_new or other is None or not (document.guid or document.obj_id):
            raise RefusedError(problems.table_exists(bound))
        return self._update(part, other, binding)

    def _binding(self, part: Part, earlier: list[Claim]) -> Binding | None:
        """What a Table stands for; None without a connection that is there."""
        connection = self._connection(part, earlier)
        body = part.document.body
        names = (value(body, "db"), value(body, "schema"), value(body, "db_table"))
        return Binding(connection.guid, *names) if connection and names[2] else None

    def _connection(self, part: Part, earlier: list[Claim]) -> Subject | None:
        world = World(self.objects, self.org_id, [claim for claim in earlier if claim.kind == "connection"])
        return find_connection(part.document, world)

    def _bound(self, binding: Binding | None, earlier: list[Claim]) -> str:
        """The GUID of the Table that stands for the same, in the batch or in the Org."""
        if binding is None:
            return ""
        in_batch = next((claim.guid for claim in earlier if claim.binding == binding), "")
        return in_batch or self.objects.bound(binding)

    def _feedback(self, part: Part) -> Claim:
        """Feedback is known by its Model, which has to be committed before. Codes 14500 and 14531."""
        document = part.document
        model = self.objects.by_obj_id(self.org_id, document.obj_id) if document.obj_id else None
        model = model or (self.objects.get(document.guid) if document.guid else None)
        if model is None or model.org_id != self.org_id or model.kind not in ("model", "worksheet"):
            says = document.obj_id or document.guid
            raise RefusedError(problems.source_missing(says, document.guid, document.name))
        return replace(self._attached_to(part, model.guid), model=model.guid)

    def _attached(self, part: Part, earlier: list[Claim]) -> Claim:
        existing = self._existing(part)
        if existing is not None:
            return self._update(part, existing)
        world = World(self.objects, self.org_id, earlier)
        for reference in part.document.references:
            target = world.with_obj_id(reference.obj_id) or world.at(reference.guid)
            named = world.named(reference.name, reference.place.targets)
            target = target or (named[0] if len(named) == 1 else None)
            if target is not None:
                return self._attached_to(part, target.guid)
        return self._create(part)

    def _attached_to(self, part: Part, target: str) -> Claim:
        """The object of the part's kind that hangs on another; a new one where there is none."""
        for guid in self.objects.dependents([target]).get(target, []):
            found = self.objects.get(guid)
            if found is not None and found.kind == part.document.kind.name:
                return Claim(part, found.guid, found.obj_id, found)
        return Claim(part, self.minter.mint(part, "guid"), "")


def _given_guid(part: Part) -> str:
    given = part.document.guid
    if given and not is_guid(given):
        raise RefusedError(guesses.malformed_guid())
    return given.lower()


def _refuse_twice(claim: Claim, earlier: list[Claim]) -> None:
    for other in earlier:
        if other.guid == claim.guid or (claim.obj_id and other.obj_id == claim.obj_id):
            raise RefusedError(guesses.twice_in_batch(claim.guid))

"""Deciding who the objects of a batch are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.access import Access
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.claims import Claim
from tsdeploy.sandbox.importing.parts import Minter, Part
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.request import ImportRequest
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


@dataclass(slots=True)
class _Earlier:
    """The claims of a batch so far, found by what they claim."""

    claims: list[Claim] = field(default_factory=list)
    connections: list[Claim] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    bound: dict[Binding, str] = field(default_factory=dict)

    def add(self, claim: Claim) -> None:
        """Remember a claim. Raises RefusedError where it claims what another one has."""
        identities = {claim.guid, f"obj_id {claim.obj_id}"} if claim.obj_id else {claim.guid}
        if not self.taken.isdisjoint(identities):
            raise RefusedError(guesses.twice_in_batch(claim.guid))
        self.taken |= identities
        self.claims.append(claim)
        if claim.kind == "connection":
            self.connections.append(claim)
        if claim.binding is not None:
            self.bound.setdefault(claim.binding, claim.guid)


class RefusedError(Exception):
    """A part cannot have the identity it asks for."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Registry:
    """What identities are decided against."""

    cluster: Cluster
    request: ImportRequest
    minter: Minter

    @property
    def objects(self) -> Objects:
        """The objects that are there."""
        return self.cluster.objects

    @property
    def org_id(self) -> int:
        """The Org that is imported into."""
        return self.request.org_id

    def identify(self, parts: Iterable[Part]) -> Identities:
        """Claims for all parts, in order of rank, so that a Table's connection is known before the Table."""
        earlier, refused = _Earlier(), dict[Part, Problem]()
        access = Access(self.cluster, self.request.user_id, self.org_id)
        for part in sorted(parts, key=lambda part: part.document.kind.rank):
            try:
                claim = self._claim(part, earlier)
                self._refuse_foreign(claim, access)
                earlier.add(claim)
            except RefusedError as refusal:
                refused[part] = refusal.problem
        return Identities(earlier.claims, refused)

    def _refuse_foreign(self, claim: Claim, access: Access) -> None:
        """What is not the caller's to change stays as it is."""
        changed = claim.existing or self.objects.get(claim.model)
        everywhere = guesses.may_update_elsewhere(all_orgs=self.request.all_orgs, is_admin=access.is_admin)
        if changed is not None and not everywhere and not access.may_modify(changed):
            is_rules = changed.kind == "column_security_rules"
            raise RefusedError(problems.no_rules_access() if is_rules else problems.no_access(changed.name))

    def _claim(self, part: Part, earlier: _Earlier) -> Claim:
        kind = part.document.kind.name
        if kind == "worksheet" and not guesses.LEGACY_WORKSHEETS_ARE_ACCEPTED:
            raise RefusedError(problems.syntax_error())
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
        if self.request.create_new:
            return None
        if document.obj_id:
            return self._same_kind(part, self.objects.by_obj_id(self.org_id, document.obj_id))
        found = self.objects.get(document.guid) if document.guid else None
        if found is None or not (found.org_id == self.org_id or self.request.all_orgs):
            return None
        return self._same_kind(part, found)

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
        kept = self.request.keep_guids or guesses.keeps_given_guid(has_obj_id=bool(part.document.obj_id))
        if free and kept:
            return given
        return self.minter.mint(part, "guid")

    def _new_obj_id(self, part: Part) -> str:
        wanted = part.document.obj_id
        taken = bool(wanted) and self.objects.by_obj_id(self.org_id, wanted) is not None
        return "" if taken else wanted

    def _table(self, part: Part, earlier: _Earlier) -> Claim:
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
        has_identity = bool(document.guid or document.obj_id)
        if self.request.create_new or other is None or not guesses.updates_bound_table(has_identity=has_identity):
            raise RefusedError(problems.table_exists(bound))
        return self._update(part, other, binding)

    def _binding(self, part: Part, earlier: _Earlier) -> Binding | None:
        """What a Table stands for; None without a connection that is there."""
        connection = self._connection(part, earlier)
        body = part.document.body
        names = (value(body, "db"), value(body, "schema"), value(body, "db_table"))
        return Binding(connection.guid, *names) if connection and names[2] else None

    def _connection(self, part: Part, earlier: _Earlier) -> Subject | None:
        world = World(self.objects, self.org_id, earlier.connections)
        return find_connection(part.document, world)

    def _bound(self, binding: Binding | None, earlier: _Earlier) -> str:
        """The GUID of the Table that stands for the same, in the batch or in the Org."""
        if binding is None:
            return ""
        return earlier.bound.get(binding) or self.objects.bound(binding)

    def _feedback(self, part: Part) -> Claim:
        """Feedback is known by its Model, which has to be committed before. Codes 14500 and 14531."""
        document = part.document
        model = self.objects.by_obj_id(self.org_id, document.obj_id) if document.obj_id else None
        model = model or (self.objects.get(document.guid) if document.guid else None)
        if model is None or model.org_id != self.org_id or model.kind not in ("model", "worksheet"):
            says = document.obj_id or document.guid
            raise RefusedError(problems.source_missing(says, document.guid, document.name))
        return replace(self._attached_to(part, model.guid), model=model.guid)

    def _attached(self, part: Part, earlier: _Earlier) -> Claim:
        existing = self._existing(part)
        if existing is not None:
            return self._update(part, existing)
        world = World(self.objects, self.org_id, earlier.claims)
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

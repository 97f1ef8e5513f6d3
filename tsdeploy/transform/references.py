"""Rewrites the references of one document to the target's identities; what has none is a finding."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.errors import Finding
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.tml.references import Reference, is_guid, is_inner, is_link
from tsdeploy.tml.syntax import Scalar
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.identities import Identities
from tsdeploy.transform.inputs import Inputs
from tsdeploy.transform.ledger import Category, Outcome
from tsdeploy.transform.pointing import Holder
from tsdeploy.transform.reference_findings import ReferenceFindings
from tsdeploy.transform.rewriting import Rewriting, Why, because
from tsdeploy.transform.targets import Origin, Target
from tsdeploy.transform.warehouse import Move

_INNER = Why("inner GUID")
_LINK = Why("link")


class References:
    """The references of one document, rewritten one by one. ``move`` is where the document's table goes."""

    def __init__(
        self, rewriting: Rewriting, rules: DocumentRules, identities: Identities, inputs: Inputs, move: Move | None
    ) -> None:
        self._rewriting = rewriting
        self._rules = rules
        self._identities = identities
        self._inputs = inputs
        self._move = move
        self._source = identities.documents.get(rewriting.document.key, rewriting.document)
        self._findings = ReferenceFindings(rewriting.document, inputs)
        self._pending: list[str] = []

    @property
    def pending(self) -> tuple[str, ...]:
        """Labels of the objects whose GUID only an import will tell; their references are provisional."""
        return tuple(dict.fromkeys(self._pending))

    def rewrite(self) -> list[Finding]:
        """Rewrite all of them."""
        links: dict[int, tuple[Scalar, list[tuple[Reference, str]]]] = {}
        findings: list[Finding] = []
        for reference in self._rewriting.document.references:
            if is_link(reference):
                assert reference.scalar is not None
                found = self._link(reference, findings)
                links.setdefault(reference.scalar.start, (reference.scalar, []))[1].append((reference, found))
            else:
                findings += self._rewrite_one(reference)
        for scalar, found_links in links.values():
            parts = [(reference.start, reference.end, guid) for reference, guid in found_links]
            self._rewriting.splice(scalar, parts, at=found_links[0][0].where, why=_LINK)
        return findings

    def _rewrite_one(self, reference: Reference) -> Iterator[Finding]:
        if is_inner(reference):
            yield from self._rewrite_inner(reference)
        elif "connection" in reference.place.targets:
            yield from self._rewrite_connection(reference)
        else:
            target = self._resolve(reference)
            if isinstance(target, Finding):
                yield target
            elif reference.block is not None:
                yield from self._rewrite_block(reference, target)
            elif reference.guid:
                self._rewrite_scalar(reference, target)
            elif reference.obj_id:
                self._rewrite_obj_id(reference, target)
            # A bare name is left: names are the same in the target, and there is no place for a GUID.

    def _rewrite_inner(self, reference: Reference) -> Iterator[Finding]:
        """Inner GUIDs: as an earlier deploy read them back, else derived; the server may still mint others."""
        assert reference.scalar is not None
        guid = self._inner_guid(reference)
        if guid:
            self._rewriting.set(reference.scalar, guid, at=reference.where, why=_INNER)
        else:
            yield self._findings.not_in_target(reference)

    def _inner_guid(self, reference: Reference) -> str:
        """The target's inner GUID; "" when nobody knows the source's, or a rule binds it to what is no GUID."""
        if not is_guid(reference.guid):
            # Local to its document, and no identity.
            return reference.guid
        guid = self._known_inner(reference.guid)
        kept = Outcome.KEPT if guid == reference.guid else Outcome.MAPPED
        self._rules.ledger.enter(Category.INNER, reference.guid, kept if guid else Outcome.UNMAPPED)
        return guid

    def _known_inner(self, guid: str) -> str:
        namespace = self._inputs.namespace
        bound = self._rules.bound(guid.lower())
        if bound is not None:
            return parse_binding(bound.target).guid
        if guid in self._identities.inner:
            return self._identities.inner[guid]
        if guid not in self._identities.minted:
            return ""
        return guid if namespace.new_guids == "keep" else namespace.derive(guid)

    def _rewrite_connection(self, reference: Reference) -> Iterator[Finding]:
        """A connection is the target's own, by name; its GUID is written where it is known."""
        rule = self._move.why.get("connection") if self._move else None
        if rule is not None and self._move is not None:
            wanted, why = self._move.target.connection, because(rule)
            self._rules.ledger.enter(Category.CONNECTIONS, reference.name, Outcome.MAPPED)
        elif reference.obj_id and not self._inputs.mapping.connections.covering(reference.name):
            self._rules.ledger.enter(Category.CONNECTIONS, reference.name or reference.obj_id, Outcome.KEPT)
            self._point(reference, Target("", reference.obj_id, Origin.OBJ_ID), Why("obj_id"))
            return
        else:
            wanted, named = self._rules.name(self._inputs.mapping.connections, Category.CONNECTIONS, reference.name)
            if named is None:
                yield self._findings.no_connection(reference)
                return
            why = because(named)
        yield from self._name_connection(reference, wanted, why)

    def _name_connection(self, reference: Reference, wanted: str, why: Why) -> Iterator[Finding]:
        block = reference.block
        if block is None:
            assert reference.scalar is not None
            self._rewriting.set(reference.scalar, wanted, at=reference.where, why=why)
            return
        name = block.scalar("name")
        if name is not None:
            self._rewriting.set(name, wanted, at=f"{reference.where}.name", why=why)
        if reference.obj_id and wanted == reference.name:
            self._point(reference, Target("", reference.obj_id, Origin.OBJ_ID), why)
            return
        target = self._connection(reference, wanted)
        if isinstance(target, Finding):
            yield target
            target = Target("", "", Origin.BOUND)
        self._point(reference, target, why, insert=bool(target.guid) and self._inputs.known.online)

    def _connection(self, reference: Reference, wanted: str) -> Target | Finding:
        """The connection of a name in the target: one of the release where those are deployed, else one it has."""
        if self._inputs.mapping.manage_connections:
            found = self._identities.index.meant(self._source, reference)
            if len(found) == 1:
                return self._identities.targets[found[0].key]
        guids = self._inputs.known.connections.get(wanted, ())
        if self._inputs.known.online and len(guids) != 1:
            return self._findings.connection_not_there(reference, wanted, len(guids))
        return Target(guids[0] if len(guids) == 1 else "", "", Origin.BOUND)

    def _rewrite_block(self, reference: Reference, target: Target) -> Iterator[Finding]:
        block = reference.block
        assert block is not None
        odd = [key for key in ("fqn", "obj_id") if key in block.nodes and block.scalar(key) is None]
        if odd:
            yield self._findings.odd_identity(reference, odd[0])
            return
        why = Why(f"reference to {reference.name or reference.says}", target.rule)
        name = block.scalar("name")
        if target.name and name is not None:
            self._rewriting.set(name, target.name, at=f"{reference.where}.name", why=why)
        self._point(reference, target, why, insert=self._inputs.mapping.pin_names)

    def _point(self, reference: Reference, target: Target, why: Why, *, insert: bool = True) -> None:
        assert reference.block is not None
        Holder(reference.block, reference.where, "fqn").point(self._rewriting, target, why, insert=insert)

    def _rewrite_scalar(self, reference: Reference, target: Target) -> None:
        assert reference.scalar is not None
        guid = target.guid
        if not guid:
            self._pending.append(reference.says)
            guid = self._inputs.namespace.derive(target.obj_id or reference.guid)
        self._rewriting.set(reference.scalar, guid, at=reference.where, why=Why("reference", target.rule))

    def _rewrite_obj_id(self, reference: Reference, target: Target) -> None:
        """A root obj_id that is another object's: feedback carries its model's."""
        if reference.scalar is not None and (target.obj_id or target.guid):
            Holder(self._rewriting.document.root, "", "guid").point(
                self._rewriting, target, Why("reference", target.rule)
            )

    def _link(self, reference: Reference, findings: list[Finding]) -> str:
        if is_inner(reference):
            return self._inner_guid(reference) or reference.guid
        target = self._resolve(reference)
        if isinstance(target, Finding):
            findings.append(target)
            return reference.guid
        # The server does not follow links: one to an object that is still to be created is written again afterwards.
        return target.guid or self._inputs.namespace.derive(target.obj_id or reference.guid)

    def _resolve(self, reference: Reference) -> Target | Finding:
        """What a reference means in the target: an object of the release, or one that is known from before."""
        said, found = self._found(reference)
        if isinstance(found, Finding):
            outcome = Outcome.UNMAPPED
        else:
            same = found.guid in ("", reference.guid) and found.obj_id == reference.obj_id
            outcome = Outcome.KEPT if same else Outcome.MAPPED
        self._rules.ledger.enter(Category.OBJECTS, said, outcome)
        return found

    def _found(self, reference: Reference) -> tuple[str, Target | Finding]:
        """The key of the object that is meant, or what the reference says; and its target."""
        known = self._by_identity(reference)
        if known is not None:
            return reference.says, known
        found = self._identities.index.meant(self._source, reference)
        if len(found) > 1:
            return reference.says, self._findings.ambiguous(reference, found)
        if found:
            return found[0].key, self._identities.targets[found[0].key]
        names = (f"{kind}:{reference.name}" for kind in sorted(reference.place.targets)) if reference.name else ()
        bound = self._rules.bound(*names)
        if bound is not None:
            return reference.says, self._inputs.known.bound(bound)
        if reference.obj_id and self._inputs.mapping.identity in ("auto", "obj_id"):
            return reference.says, Target("", reference.obj_id, Origin.OBJ_ID)
        return reference.says, self._findings.not_in_target(reference)

    def _by_identity(self, reference: Reference) -> Target | None:
        """What is bound or recorded for an object out of the release: before its name is taken for another's."""
        index = self._identities.index
        if reference.guid in index.by_guid or reference.obj_id in index.by_obj_id:
            return None
        bound = self._rules.bound(reference.guid.lower(), reference.obj_id)
        if bound is not None:
            return self._inputs.known.bound(bound)
        recorded = self._identities.recorded.get(reference.guid)
        return Target(recorded.guid, "", Origin.RECORDED) if recorded is not None and recorded.guid else None

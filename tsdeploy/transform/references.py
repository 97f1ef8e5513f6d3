"""Rewrites the references of one document to the target's identities; what has none is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tsdeploy.errors import Finding
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import Reference, is_guid, is_inner, is_link
from tsdeploy.tml.syntax import Scalar
from tsdeploy.transform.identities import Identities
from tsdeploy.transform.rewriting import Rewriting
from tsdeploy.transform.targets import Origin, Target

if TYPE_CHECKING:
    from tsdeploy.transform.render import Inputs


class References:
    """The references of one document, rewritten one by one."""

    def __init__(self, rewriting: Rewriting, identities: Identities, inputs: Inputs) -> None:
        self._rewriting = rewriting
        self._identities = identities
        self._inputs = inputs
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
                links.setdefault(id(reference.scalar), (reference.scalar, []))[1].append((reference, found))
            else:
                findings += self._rewrite_one(reference)
        for scalar, found_links in links.values():
            self._rewrite_links(scalar, found_links)
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
            # A bare name is left: names are the same in the target, and there is no place for a GUID.

    def _rewrite_inner(self, reference: Reference) -> Iterator[Finding]:
        """Inner GUIDs: as an earlier deploy read them back, else derived; the server may still mint others."""
        assert reference.scalar is not None
        guid = self._inner_guid(reference)
        if guid:
            self._rewriting.set(reference.scalar, guid, at=reference.where, why="inner GUID")
        else:
            yield self._not_in_target(reference)

    def _inner_guid(self, reference: Reference) -> str:
        """The target's inner GUID; "" when neither the release nor an earlier deploy knows the source's."""
        namespace = self._inputs.namespace
        if not is_guid(reference.guid):
            # Local to its document, and no identity.
            return reference.guid
        bound = self._inputs.mapping.objects.get(reference.guid.lower())
        if bound is not None:
            return bound.target
        if reference.guid in self._identities.inner:
            return self._identities.inner[reference.guid]
        if reference.guid not in self._identities.minted:
            return ""
        return reference.guid if namespace.new_guids == "keep" else namespace.derive(reference.guid)

    def _rewrite_connection(self, reference: Reference) -> Iterator[Finding]:
        """A connection is the target's own, by name; its GUID is written where it is known."""
        block, mapping = reference.block, self._inputs.mapping
        rule = mapping.connections.get(reference.name)
        if rule is None:
            if reference.obj_id:
                self._point(reference, Target("", reference.obj_id, Origin.OBJ_ID), "obj_id")
            else:
                yield self._no_connection(reference)
            return
        why = f"connections rule, {rule.location}"
        if block is None:
            assert reference.scalar is not None
            self._rewriting.set(reference.scalar, rule.target, at=reference.where, why=why)
            return
        name = block.scalar("name")
        if name is not None:
            self._rewriting.set(name, rule.target, at=f"{reference.where}.name", why=why)
        if reference.obj_id and rule.target == reference.name:
            self._point(reference, Target("", reference.obj_id, Origin.OBJ_ID), why)
            return
        guids = self._inputs.known.connections.get(rule.target, ())
        if self._inputs.known.online and len(guids) != 1:
            yield self._connection_not_there(reference, rule.target, len(guids))
        self._point(reference, Target(guids[0] if len(guids) == 1 else "", "", Origin.BOUND), why)

    def _rewrite_block(self, reference: Reference, target: Target) -> Iterator[Finding]:
        block = reference.block
        assert block is not None
        odd = [key for key in ("fqn", "obj_id") if key in block.entries and block.scalar(key) is None]
        if odd:
            document = self._rewriting.document
            where = document.at(block.entries[odd[0]][0].start)
            hint = "export the object again"
            yield Finding("TD210", f"{odd[0]} must be text", where, at=f"{reference.where}.{odd[0]}", hint=hint)
            return
        self._point(reference, target, f"reference to {reference.name or reference.says}")

    def _point(self, reference: Reference, target: Target, why: str) -> None:
        """Leave exactly one of ``obj_id`` and ``fqn`` in an identity block: both is a version conflict (14009)."""
        block = reference.block
        assert block is not None
        wanted, value = ("obj_id", target.obj_id) if target.obj_id else ("fqn", target.guid)
        present = [key for key in ("fqn", "obj_id") if block.scalar(key) is not None]
        at = reference.where
        if not value:
            for key in present:
                self._rewriting.delete(block, key, at=at, why=why)
        elif wanted in present:
            scalar = block.scalar(wanted)
            assert scalar is not None
            self._rewriting.set(scalar, value, at=f"{at}.{wanted}", why=why)
            for key in present:
                if key != wanted:
                    self._rewriting.delete(block, key, at=at, why=why)
        elif present:
            self._rewriting.rename(block, present[0], wanted, value, at=at, why=why)
        else:
            after = next(key for key in ("alias", "name", "id") if key in block.entries)
            self._rewriting.insert_after(block, after, (wanted, value), at=at, why=why)

    def _rewrite_scalar(self, reference: Reference, target: Target) -> None:
        assert reference.scalar is not None
        guid = target.guid
        if not guid:
            self._pending.append(reference.says)
            guid = self._inputs.namespace.derive(target.obj_id or reference.guid)
        self._rewriting.set(reference.scalar, guid, at=reference.where, why="reference")

    def _link(self, reference: Reference, findings: list[Finding]) -> str:
        if is_inner(reference):
            return self._inner_guid(reference) or reference.guid
        target = self._resolve(reference)
        if isinstance(target, Finding):
            findings.append(target)
            return reference.guid
        # The server does not follow links: one to an object that is still to be created is written again afterwards.
        return target.guid or self._inputs.namespace.derive(target.obj_id or reference.guid)

    def _rewrite_links(self, scalar: Scalar, links: list[tuple[Reference, str]]) -> None:
        value = scalar.value
        for reference, guid in sorted(links, key=lambda link: -link[0].start):
            value = value[: reference.start] + guid + value[reference.end :]
        self._rewriting.set(scalar, value, at=links[0][0].where, why="link")

    def _resolve(self, reference: Reference) -> Target | Finding:
        """What a reference means in the target: an object of the release, or one that is known from before."""
        found = self._identities.index.meant(self._rewriting.document, reference)
        if len(found) > 1:
            return self._ambiguous(reference, found)
        if found:
            return self._identities.targets[found[0].key]
        if reference.obj_id:
            return Target("", reference.obj_id, Origin.OBJ_ID)
        bound = self._inputs.mapping.objects.get(reference.guid.lower())
        if bound is not None:
            return Target(bound.target, "", Origin.BOUND)
        recorded = self._identities.recorded.get(reference.guid)
        if recorded is not None and recorded.guid:
            return Target(recorded.guid, "", Origin.RECORDED)
        return self._not_in_target(reference)

    def _not_in_target(self, reference: Reference) -> Finding:
        document, name = self._rewriting.document, self._inputs.environment
        known = self._inputs.source_objects.guids().get(reference.guid)
        called = f" ({known.kind}:{known.name})" if known else f" ({reference.name})" if reference.name else ""
        bind = f"objects: {{{reference.guid}: GUID-in-{name}}}" if reference.guid else "give it a GUID with export_fqn"
        return Finding(
            "TD204",
            f"reference to an object that {name} does not have: {reference.says}{called}",
            document.at(reference.position),
            at=reference.where,
            hint=f"export that object too, or bind it in {self._inputs.mapping.file}:  {bind}",
        )

    def _ambiguous(self, reference: Reference, found: tuple[Document, ...]) -> Finding:
        document = self._rewriting.document
        places = ", ".join(other.path for other in found)
        return Finding(
            "TD207",
            f"{reference.name} may be any of {len(found)} objects: {places}",
            document.at(reference.position),
            at=reference.where,
            hint="add the fqn (GUID) of the right one to the reference",
        )

    def _no_connection(self, reference: Reference) -> Finding:
        document, name = self._rewriting.document, self._inputs.environment
        return Finding(
            "TD201",
            f"no rule says what connection {reference.says} is in {name}",
            document.at(reference.position),
            at=reference.where,
            hint=f"add to connections: in {self._inputs.mapping.file}:  {reference.name}: NAME-IN-{name.upper()}",
        )

    def _connection_not_there(self, reference: Reference, wanted: str, count: int) -> Finding:
        document, name = self._rewriting.document, self._inputs.environment
        there = sorted(self._inputs.known.connections)
        message = f"{name} has {count} connections called {wanted}" if count else f"{name} has no connection {wanted}"
        known = f"; there are: {', '.join(there)}" if there else ""
        return Finding(
            "TD202",
            message,
            document.at(reference.position),
            at=reference.where,
            hint=f"create the connection in {name}, or mend connections: in {self._inputs.mapping.file}{known}",
        )

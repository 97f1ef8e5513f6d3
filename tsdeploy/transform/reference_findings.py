"""What is said of a reference that has no counterpart in the target, with the line to add to the mapping."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.errors import Finding
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import Reference
from tsdeploy.transform.inputs import Inputs


@dataclass(frozen=True, slots=True)
class ReferenceFindings:
    """The findings of one document's references."""

    document: Document
    inputs: Inputs

    def not_in_target(self, reference: Reference) -> Finding:
        """TD204: neither the release nor what is known of the target has the object."""
        name, mapping = self.inputs.environment, self.inputs.mapping
        known = self.inputs.source_objects.guids().get(reference.guid)
        called = f" ({known.kind}:{known.name})" if known else f" ({reference.name})" if reference.name else ""
        bind = f"objects: {{{reference.guid}: GUID-in-{name}}}" if reference.guid else "give it a GUID with export_fqn"
        message = f"reference to an object that {name} does not have: {reference.says}{called}"
        return self._finding(
            "TD204", reference, message, f"export that object too, or bind it in {mapping.file}:  {bind}"
        )

    def ambiguous(self, reference: Reference, found: tuple[Described, ...]) -> Finding:
        """TD207: a name that several objects of the release have."""
        places = ", ".join(other.path for other in found)
        message = f"{reference.name} may be any of {len(found)} objects: {places}"
        return self._finding("TD207", reference, message, "add the fqn (GUID) of the right one to the reference")

    def no_connection(self, reference: Reference) -> Finding:
        """TD201: no rule for a connection."""
        name, mapping = self.inputs.environment, self.inputs.mapping
        called = reference.name or reference.says
        message = f"no rule says what connection {called} is in {name}"
        there = ", ".join(sorted(self.inputs.known.connections))
        has = f"  ({name} has {there})" if there else ""
        hint = f"add to connections: in {mapping.file}:  {called}: NAME-IN-{name.upper()}{has}"
        return self._finding("TD201", reference, message, hint)

    def connection_not_there(self, reference: Reference, wanted: str, count: int) -> Finding:
        """TD202: the target has no connection of the name, or several."""
        name, connections = self.inputs.environment, sorted(self.inputs.known.connections)
        message = f"{name} has {count} connections called {wanted}" if count else f"{name} has no connection {wanted}"
        there = f"; there are: {', '.join(connections)}" if connections else ""
        hint = f"create the connection in {name}, or mend connections: in {self.inputs.mapping.file}{there}"
        return self._finding("TD202", reference, message, hint)

    def odd_identity(self, reference: Reference, key: str) -> Finding:
        """TD210: an identity that is no text."""
        assert reference.block is not None
        where = self.document.at(reference.block.entries[key][0].start)
        at = f"{reference.where}.{key}"
        return Finding("TD210", f"{key} must be text", where, at=at, hint="export the object again")

    def _finding(self, code: str, reference: Reference, message: str, hint: str) -> Finding:
        where = self.document.at(reference.position)
        return Finding(code, message, where, at=reference.where, hint=hint)

"""Source documents and a mapping become the documents of one environment. Pure: no I/O, nothing guessed.

Only places of the catalogue and places that a rule names are touched; what cannot be mapped is a finding with
the line to add to the mapping.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tsdeploy.config.objects import ObjectMap
from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.rules import Mapping, TextRule, unused_rule
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.selector import matches
from tsdeploy.tml.syntax import Path, path_text, walk
from tsdeploy.transform.identities import Identities, identities_of
from tsdeploy.transform.leftovers import SourceNames, find_guids, find_leftovers
from tsdeploy.transform.references import References
from tsdeploy.transform.rewriting import Rewrite, Rewriting
from tsdeploy.transform.targets import Known, Namespace, Origin, Target, resolve_targets
from tsdeploy.transform.warehouse import rewrite_location, target_location

_NEVER_ESCAPED = re.compile(r"[A-Za-z0-9_.-]+")
"""Text that stands in a file as it is, whatever the quotes: where it does not, no scalar needs to be looked at."""

REFERENCED_ONLY = frozenset({"connection"})
"""Kinds that are there for the others to refer to, and are never written: they hold secrets."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a rendering depends on besides the documents.

    ``objects`` is the target's map and ``source_objects`` the source's; ``environment`` is the target's name,
    for messages.
    """

    environment: str
    mapping: Mapping
    objects: ObjectMap
    namespace: Namespace
    source_objects: ObjectMap = field(default_factory=ObjectMap)
    source_names: SourceNames = field(default_factory=SourceNames)
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """One object as it will be sent. ``pending`` are references to objects whose GUID only the import will tell."""

    source: Document
    text: str
    target: Target
    rewrites: tuple[Rewrite, ...] = ()
    findings: tuple[Finding, ...] = ()
    pending: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key of the source object."""
        return self.source.key

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def document(self) -> Document:
        """The rendered text, parsed; in messages it is called by the source's path."""
        return parse_document(self.text, self.source.path)


@dataclass(frozen=True, slots=True)
class Rendering:
    """All objects of a release for one environment."""

    rendered: tuple[Rendered, ...]
    referenced: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = ()

    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of the release and of each object, in document order."""
        return (*self.findings, *(finding for rendered in self.rendered for finding in rendered.findings))


def render(documents: Iterable[Document], inputs: Inputs) -> Rendering:
    """Rewrite every document for the target."""
    everything = tuple(documents)
    written = tuple(document for document in everything if document.kind.name not in REFERENCED_ONLY)
    targets = targets_of(written, inputs)
    identities = identities_of(
        everything,
        targets,
        inputs.objects,
        source_objects=inputs.source_objects,
        bound=(rule.target for rule in inputs.mapping.objects.values()),
    )
    used: set[TextRule] = set()
    rendered = tuple(_render_one(document, identities, inputs, used) for document in written)
    unused = [unused_rule(rule) for rule in inputs.mapping.text if rule not in used]
    referenced = tuple(document for document in everything if document.kind.name in REFERENCED_ONLY)
    return Rendering(rendered, referenced, (*unused, *_doubled_targets(written, targets)))


def targets_of(documents: Iterable[Document], inputs: Inputs) -> dict[str, Target]:
    """The target identity of each document, by key."""
    written = tuple(documents)
    placed = ((document.key, target_location(document, inputs.mapping)) for document in written)
    return resolve_targets(
        written,
        mapping=inputs.mapping,
        objects=inputs.objects,
        known=inputs.known,
        namespace=inputs.namespace,
        locations={key: location for key, location in placed if location is not None},
    )


def _render_one(document: Document, identities: Identities, inputs: Inputs, used: set[TextRule]) -> Rendered:
    rewriting = Rewriting(document)
    target = identities.targets[document.key]
    references = References(rewriting, identities, inputs)
    _rewrite_root(rewriting, target)
    findings = [*rewrite_location(rewriting, inputs.mapping), *references.rewrite()]
    if not document.kind.known:
        findings.append(_unknown_kind(document))
    _rewrite_text(rewriting, inputs.mapping, used)
    text, rewrites = rewriting.finish()
    findings += _leftovers(document, text, inputs)
    if not any(finding.severity is Severity.ERROR for finding in findings):
        findings += find_guids(document, text, identities.foreign)
    return Rendered(document, text, target, rewrites, tuple(findings), references.pending)


def _rewrite_root(rewriting: Rewriting, target: Target) -> None:
    """Give the document the target's identity, at the root, where alone the server reads it."""
    document = rewriting.document
    root = document.root
    if not document.kind.owned or document.kind.name == "monitor_alert" or not document.kind.known:
        return
    guid = root.scalar("guid")
    why = f"identity: {target.origin.value}"
    if target.origin is Origin.OBJ_ID or not target.guid:
        if guid is not None:
            rewriting.delete(root, "guid", at="", why=why)
    elif guid is not None:
        rewriting.set(guid, target.guid, at="guid", why=why)
    else:
        rewriting.insert_first(root, ("guid", target.guid), at="", why=why)


def _rewrite_text(rewriting: Rewriting, mapping: Mapping, used: set[TextRule]) -> None:
    document = rewriting.document
    rules = [rule for rule in mapping.text if rule.selector == "*" or matches(rule.selector, document)]
    if not any(rule.find in document.text or not _NEVER_ESCAPED.fullmatch(rule.find) for rule in rules):
        return
    for path, scalar in walk(document.root):
        for rule in rules:
            if rule.find in rewriting.value(scalar) and _in_scope(rule.path, path):
                used.add(rule)
                value = rewriting.value(scalar).replace(rule.find, rule.to)
                rewriting.set(scalar, value, at=path_text(path), why=f"text rule, {rule.location}")


def _in_scope(scope: str, path: Path) -> bool:
    """Whether the steps of a rule's path stand in a row in a path, list positions aside."""
    wanted = [step for step in scope.replace("[]", "").split(".") if step]
    steps = [step for step in path if isinstance(step, str)]
    return not wanted or any(steps[at : at + len(wanted)] == wanted for at in range(len(steps)))


def _leftovers(document: Document, text: str, inputs: Inputs) -> list[Finding]:
    """Look for the source's names in the result; findings point at the source's lines."""
    names = inputs.source_names
    folded = text.casefold()
    if not any(name and name.casefold() in folded for name in (names.host, *names.databases)):
        return []
    left = {finding.at for finding in find_leftovers(parse_document(text, document.path), names, inputs.mapping)}
    return [found for found in find_leftovers(document, names, inputs.mapping) if found.at in left]


def _unknown_kind(document: Document) -> Finding:
    return Finding(
        "TD111",
        f"unknown kind of object {document.kind.root}: it passes through as it is",
        document.at(document.body.start),
        hint="update tsdeploy, or take the file out of the folder",
        severity=Severity.WARNING,
    )


def _doubled_targets(documents: Iterable[Document], targets: dict[str, Target]) -> list[Finding]:
    """Two objects of the release must not become one in the target."""
    first: dict[str, Document] = {}
    findings = []
    for document in documents:
        guid = targets[document.key].guid
        other = first.setdefault(guid, document) if guid else document
        if other is not document:
            message = f"{document.label} and {other.label} would become the same object {guid}"
            hint = "bind one of them to another GUID under objects: in the mapping"
            findings.append(Finding("TD203", message, document.at(0), hint=hint))
    return findings

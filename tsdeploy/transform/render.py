"""Source documents and a mapping become the documents of one environment. Pure: no I/O, nothing guessed.

Only places of the catalogue and places that a rule names are touched; what cannot be mapped is a finding with
the line to add to the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.config.secrets import Secret
from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.review import review
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.entries import bare_entry
from tsdeploy.tml.syntax import Path
from tsdeploy.transform.carry import Carried, carried
from tsdeploy.transform.connections import check_values, rewrite_connection
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.hosts import rewrite_hosts
from tsdeploy.transform.identities import identities_of, minted_in
from tsdeploy.transform.inputs import Inputs, Rendered, Rendering
from tsdeploy.transform.ledger import Category, Coverage, Ledger, Outcome
from tsdeploy.transform.leftovers import find_guids, find_leftovers
from tsdeploy.transform.pointing import Holder
from tsdeploy.transform.principals import rewrite_principals
from tsdeploy.transform.properties import rewrite_properties, rewrite_text
from tsdeploy.transform.references import References
from tsdeploy.transform.rewriting import Rewriting, Why
from tsdeploy.transform.scopes import Scopes
from tsdeploy.transform.targets import Origin, Resolver, Target, recorded_guids, resolve_targets
from tsdeploy.transform.warehouse import Move, arrival, rewrite_columns, rewrite_location, source_location

_OUTCOMES = {Origin.OBJ_ID: Outcome.KEPT, Origin.KEPT: Outcome.KEPT, Origin.NONE: Outcome.UNMAPPED}
"""What becomes of an object's identity; of any other origin it is mapped."""


class Renderer:
    """Renders the documents of a release, one by one.

    It is made from all of them, but keeps only what each says of itself, so that the documents need not be in memory
    at once. Two sorts of rule need the documents themselves: columns that are carried through those that use them, and
    selectors that follow dependencies.
    """

    def __init__(self, documents: Iterable[Document], inputs: Inputs) -> None:
        self._inputs = inputs
        self._ledger = Ledger()
        rules = tuple(inputs.mapping.rules())
        carries = any(rule.carry for rule in inputs.mapping.columns)
        whole = carries or any("+" in text for rule in rules for text in rule.scope)
        self._entries: list[Described] = []
        kept: list[Document] = []
        locations: dict[str, TableLocation] = {}
        inner: set[str] = set()
        for document in documents:
            self._entries.append(document if whole else bare_entry(document))
            inner.update(minted_in(document))
            location = source_location(document)
            if location is not None:
                locations[document.key] = location
            if carries:
                kept.append(document)
        self._scopes = Scopes(self._entries)
        self._moves = {key: Move(where, *self._rules(key).move(where)) for key, where in locations.items()}
        written = [entry for entry in self._entries if self.writes(entry)]
        self._targets = resolve_targets(written, self._resolver())
        self._identities = identities_of(
            self._entries,
            self._targets,
            inputs.objects,
            source_objects=inputs.source_objects,
            bound=(
                *(parse_binding(rule.target).guid for rule in inputs.mapping.objects.values()),
                *(guid for guids in inputs.known.connections.values() for guid in guids),
            ),
            minted=inner,
        )
        self._carried = carried(kept, lambda document: self._rules(document.key)) if carries else Carried()

    def writes(self, document: Described) -> bool:
        """Whether the document is sent. Connections hold secrets: they are there for others to refer to, unless the
        mapping says that the project manages them.
        """
        return document.kind.name != "connection" or self._inputs.mapping.manage_connections

    def render(self, document: Document) -> Rendered:
        """One document of the release, as it will be sent."""
        inputs, rules, move = self._inputs, self._rules(document.key), self._moves.get(document.key)
        rewriting, target = Rewriting(document), self._targets[document.key]
        references = References(rewriting, rules, self._identities, inputs, move)
        secrets: list[tuple[Path, Secret]] = []
        _rewrite_root(rewriting, target)
        if document.kind.owned:
            self._ledger.enter(Category.OBJECTS, document.key, _OUTCOMES.get(target.origin, Outcome.MAPPED))
        findings = [*references.rewrite(), *self._carried.rewrite(rewriting, document.key)]
        if move is not None:
            findings += rewrite_location(rewriting, rules, move)
            rewrite_columns(rewriting, rules, move)
        is_connection = document.kind.name == "connection"
        findings += rewrite_connection(rewriting, rules) if is_connection else ()
        findings += rewrite_principals(rewriting, rules)
        rewrite_hosts(rewriting, rules)
        findings += rewrite_properties(rewriting, rules, secrets)
        rewrite_text(rewriting, rules)
        findings += check_values(rewriting, rules, secrets) if is_connection else ()
        text, rewrites = rewriting.finish()
        findings += self._judge(document, target)
        findings += find_leftovers(document, text, inputs.source_names, inputs.mapping)
        if not any(finding.is_error for finding in findings):
            findings += find_guids(document, text, self._identities.foreign)
        told = tuple(findings)
        return Rendered(document, text, target, rewrites, told, references.pending, tuple(secrets), inputs.keeps_views)

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the rules and with the release as a whole; to be asked for when all is rendered."""
        mapping = self._inputs.mapping
        return (
            *review(mapping),
            *self._ledger.findings(mapping),
            *self._unknown_names(),
            *_doubled_targets(self._entries, self._targets),
        )

    def coverage(self) -> Coverage:
        """How far the mapping covers what was rendered."""
        return self._ledger.coverage()

    def _rules(self, key: str) -> DocumentRules:
        return DocumentRules(self._inputs.mapping, self._inputs.environment, self._scopes, self._ledger, key)

    def _resolver(self) -> Resolver:
        inputs = self._inputs
        return Resolver(
            strategy=inputs.mapping.identity,
            known=inputs.known,
            namespace=inputs.namespace,
            recorded=recorded_guids(inputs.objects),
            found={key: guid for entry in self._entries if (guid := self._found(key := entry.key, entry))},
            bound=self._rules("").bound,
        )

    def _found(self, key: str, entry: Described) -> str:
        """What is there by the server's own rule: a table at its place, a connection of its name."""
        known = self._inputs.known
        if key in self._moves:
            return known.tables.get(arrival(self._moves[key], self._inputs.mapping), "")
        if entry.kind.name == "connection":
            rules = self._inputs.mapping.connections.covering(entry.name)
            guids = known.connections.get(rules[0].apply(entry.name) or "", ()) if rules else ()
            return guids[0] if len(guids) == 1 else ""
        return ""

    def _judge(self, document: Document, target: Target) -> Iterator[Finding]:
        if not document.kind.known:
            message = f"unknown kind of object {document.kind.root}: it passes through as it is"
            hint = "update tsdeploy, or take the file out of the folder"
            where = document.at(document.body.start)
            yield Finding("TD111", message, where, hint=hint, severity=Severity.WARNING)
        if target.origin is Origin.NONE:
            strategy, file = self._inputs.mapping.identity, self._inputs.mapping.file
            message = f"{document.label} has no identity in {self._inputs.environment} by  identity: {strategy}"
            hint = f"bind it under objects: in {file}, or choose another strategy there"
            yield Finding("TD232", message, document.at(0), hint=hint)

    def _unknown_names(self) -> Iterator[Finding]:
        """Bindings to a name that the target does not have exactly once."""
        known, name = self._inputs.known, self._inputs.environment
        for rule in self._inputs.mapping.objects.values() if known.online else ():
            binding = parse_binding(rule.target)
            count = len(known.names.get(binding.key, ()))
            if binding.name and count != 1:
                message = f"{name} has {count or 'no'} objects {binding.key}"
                yield Finding("TD227", message, rule.location, hint="bind it by GUID or obj_id")


def render(documents: Iterable[Document], inputs: Inputs) -> Rendering:
    """Rewrite every document for the target."""
    everything = tuple(documents)
    renderer = Renderer(everything, inputs)
    rendered = tuple(renderer.render(document) for document in everything if renderer.writes(document))
    referenced = tuple(document for document in everything if not renderer.writes(document))
    return Rendering(rendered, referenced, renderer.findings(), renderer.coverage())


def _rewrite_root(rewriting: Rewriting, target: Target) -> None:
    """Give the document the target's identity, at the root, where alone the server reads it."""
    document = rewriting.document
    kind = document.kind
    if not kind.owned or kind.name == "monitor_alert" or not kind.known or target.origin is Origin.NONE:
        return
    Holder(document.root, "", "guid").point(rewriting, target, Why(f"identity: {target.origin.value}", target.rule))


def _doubled_targets(documents: Iterable[Described], targets: dict[str, Target]) -> list[Finding]:
    """Two objects of the release must not become one in the target."""
    first: dict[str, Described] = {}
    findings = []
    for document in documents:
        target = targets.get(document.key)
        # What hangs on an object carries that one's obj_id.
        own = (target.guid, target.obj_id) if target is not None and document.kind.owned else ()
        others = [(other, name) for name in own if name and (other := first.setdefault(name, document)) is not document]
        for other, name in others[:1]:
            message = f"{document.label} and {other.label} would become the same object {name}"
            hint = "bind one of them to another object under objects: in the mapping"
            findings.append(Finding("TD203", message, document.at(0), hint=hint))
    return findings

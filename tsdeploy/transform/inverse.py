"""Reads live objects of a target back in the source's terms, so that both can be compared like with like.

What is live as it was sent becomes what the source has, byte for byte. What somebody changed, moved or added there is
translated by the rules turned round; what has no counterpart in the source stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.mapping.inverse import inverted
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.entries import bare_entry
from tsdeploy.tml.graph import index
from tsdeploy.tml.references import Reference, is_inner, is_link
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.hosts import rewrite_hosts
from tsdeploy.transform.identities import Identities
from tsdeploy.transform.inputs import Inputs, Rendered
from tsdeploy.transform.ledger import Ledger
from tsdeploy.transform.principals import rewrite_principals
from tsdeploy.transform.properties import rewrite_properties, rewrite_text
from tsdeploy.transform.references import References
from tsdeploy.transform.restoring import Restoring
from tsdeploy.transform.rewriting import Rewriting
from tsdeploy.transform.scopes import Scopes
from tsdeploy.transform.targets import Known, Origin, Target
from tsdeploy.transform.warehouse import Move, rewrite_columns, rewrite_location, source_location


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A live object in the source's terms. ``source`` is the object of the release that it is; None for another."""

    source: Document | None
    text: str

    def document(self, path: str) -> Document:
        """The text, parsed, under a path to show."""
        return parse_document(self.text, self.source.path if self.source else path)


class Inverse:
    """The way back from a target, for one release. ``findings`` name the rules that have none (TD228)."""

    def __init__(self, rendered: Iterable[Rendered], inputs: Inputs) -> None:
        self._rendered = tuple(rendered)
        self._counterparts = {key: item for item in self._rendered for key in _keys(item)}
        rules, self.findings = inverted(inputs.mapping)
        self._rules: Rules = rules
        self._scopes = Scopes([item.source for item in self._rendered])
        self._identities = _identities(self._rendered, inputs)
        self._inputs = replace(inputs, mapping=rules, objects=ObjectMap(), known=Known())

    def read_back(self, live: Document) -> ReadBack:
        """One live object."""
        counterpart = self._counterpart(live)
        settled: set[int] = set()
        rewriting = Rewriting(live, settled)
        if counterpart is not None:
            Restoring(counterpart.source, counterpart.document(), live, rewriting, settled).restore()
        left = tuple(one for one in live.references if not _is_settled(one, settled) and self._is_known(one))
        rewriting.document = replace(live, references=left)
        self._translate(rewriting, counterpart.key if counterpart else live.key)
        text, _ = rewriting.finish()
        return ReadBack(counterpart.source if counterpart else None, text)

    def _translate(self, rewriting: Rewriting, key: str) -> None:
        """Apply the rules turned round to what is not settled. What no rule speaks of stays, so findings are moot."""
        rules = DocumentRules(self._rules, self._inputs.environment, self._scopes, Ledger(), key)
        location = source_location(rewriting.document)
        move = Move(location, *rules.move(location)) if location else None
        References(rewriting, rules, self._identities, self._inputs, move).rewrite()
        if move is not None:
            list(rewrite_location(rewriting, rules, move))
            rewrite_columns(rewriting, rules, move)
        list(rewrite_principals(rewriting, rules))
        rewrite_hosts(rewriting, rules)
        list(rewrite_properties(rewriting, rules, []))
        rewrite_text(rewriting, rules)

    def _counterpart(self, live: Document) -> Rendered | None:
        own = [live.guid, live.obj_id] if live.kind.owned else []
        keys = [*own, *(f"{live.kind.name}:{identity}" for identity in (live.guid, live.obj_id) if identity)]
        return next((self._counterparts[key] for key in keys if key and key in self._counterparts), None)

    def _is_known(self, reference: Reference) -> bool:
        """Whether the source has a GUID for what a GUID in a scalar or a link means; blocks need none."""
        if reference.block is not None or "connection" in reference.place.targets:
            return True
        if is_inner(reference):
            return reference.guid in self._identities.inner
        found = self._identities.index.resolve(reference)
        if found:
            target = self._identities.targets[found[0].key]
            return bool(target.guid) or (bool(target.obj_id) and not is_link(reference) and not reference.guid)
        return reference.guid in self._identities.recorded or reference.guid.lower() in self._rules.objects


def _is_settled(reference: Reference, settled: set[int]) -> bool:
    node = reference.block if reference.block is not None else reference.scalar
    return node is not None and node.start in settled


def _keys(item: Rendered) -> Iterator[str]:
    """What a live object is known by."""
    identities = [item.target.guid, item.target.obj_id]
    if not item.source.kind.owned:
        sent = item.document()
        identities = [sent.guid, sent.obj_id]
    elif item.source.kind.name == "monitor_alert":
        identities.append(item.document().guid)
    for identity in filter(None, identities):
        if item.source.kind.owned:
            yield identity
        yield f"{item.source.kind.name}:{identity}"


def _identities(rendered: tuple[Rendered, ...], inputs: Inputs) -> Identities:
    """Who is who, from the target's side: an object there stands for one of the source."""
    there: list[Described] = []
    targets: dict[str, Target] = {}
    for item in rendered:
        if item.source.kind.owned:
            entry = replace(bare_entry(item.source), guid=item.target.guid, obj_id=item.target.obj_id)
            there.append(entry)
            source = item.source
            name = "" if source.guid or source.obj_id else source.name
            targets[entry.key] = Target(source.guid, source.obj_id, Origin.RECORDED, name)
    return Identities(
        documents={},
        index=index(there),
        targets=targets,
        recorded={record.guid: _turned(record) for record in inputs.objects if record.guid and record.source},
        inner=_inner(rendered, inputs),
        minted=frozenset(),
        foreign=frozenset(),
    )


def _turned(record: ObjectRecord) -> ObjectRecord:
    return ObjectRecord(record.kind, record.name, guid=record.source, source=record.guid)


def _inner(rendered: Iterable[Rendered], inputs: Inputs) -> Mapping[str, str]:
    """The target's inner GUID → the source's: as it was read back, and as it is sent."""
    pairs = {new: old for record in inputs.objects for old, new in record.inner.items()}
    for item in rendered:
        minted = [one for one in item.source.references if one.place.promotion is Promotion.MINT]
        if minted:
            sent = {(one.path, one.start): one.guid for one in item.document().references}
            pairs |= {sent[one.path, one.start]: one.guid for one in minted if (one.path, one.start) in sent}
    return pairs

"""What another tool's mapping file says, in this project's terms: records, bindings and rules.

The other tools replace raw text in whole files. Here each replacement becomes the narrowest rules that have the same
effect on the TML at hand: for connections and tables where it touches these, else for text at the places it touches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.edit import Addition, Rule
from tsdeploy.mapping.foreign.model import Foreign, GuidPair, Move, lossy
from tsdeploy.mapping.pairs import Pair, paired_twice, poisoned
from tsdeploy.pairing.files import MappingFiles
from tsdeploy.pairing.raw_text import raw_rules
from tsdeploy.tml.document import Document

_LOSSY = frozenset({"TD320", "TD323"})


@dataclass(frozen=True, slots=True)
class Carried:
    """What is to be written: records for ``objects.json``, and the rest for ``mapping.yaml``."""

    records: tuple[ObjectRecord, ...]
    addition: Addition
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Here:
    """What is known here: the source's objects, in git or in its own map, and the target's map."""

    documents: tuple[Document, ...]
    source: ObjectMap
    target: ObjectMap

    def records(self) -> dict[str, ObjectRecord]:
        """GUID in the source → a record for the target, with what is known of the object."""
        known = {
            guid.lower(): ObjectRecord(one.kind, one.name, source=guid) for guid, one in self.source.guids().items()
        }
        for document in self.documents:
            if document.kind.owned and document.guid:
                record = ObjectRecord(document.kind.name, document.name, source=document.key)
                known[document.guid.lower()] = record
        there = self.target.by_source()
        return {guid: there.get(record.source, record) for guid, record in known.items()}


def carry(foreign: Foreign, here: Here) -> Carried:
    """Turn a mapping file into records and rules; what cannot be carried over is a finding at its line."""
    pairs = [Pair(pair.source, pair.target, pair.location) for pair in foreign.pairs]
    findings = [*foreign.findings, *poisoned(pairs), *paired_twice(pairs)]
    records, bound, more = _placed(foreign.pairs, here)
    raw = raw_rules(foreign.replacements, here.documents)
    connections, tables, moved = _moves(foreign.moves)
    addition = Addition(
        entries={"connections": {**raw.connections, **connections}, "objects": bound},
        rules={"tables": [*tables, *raw.tables], "text": raw.text},
    )
    findings += (*more, *raw.findings, *moved, *_unmapped(foreign))
    return Carried(tuple(records), addition, tuple(findings))


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of it: the rules that were not there yet, all findings, and whether anything was written."""

    rules: Addition
    findings: tuple[Finding, ...]
    written: bool


def bring_in(carried: Carried, files: MappingFiles, *, lossy: bool, write: bool) -> Brought:
    """Write what was carried over, unless an error stands against it. ``lossy`` leaves out what cannot be carried.

    Raises ConfigError TD311 when ``mapping.yaml`` cannot be edited safely.
    """
    lacking, contradictions = files.lacks(carried.addition)
    findings = softened([*carried.findings, *contradictions], lossy=lossy)
    written = write and not any(finding.is_error for finding in findings)
    if written:
        files.add(lacking, carried.records)
    return Brought(lacking, tuple(findings), written)


def softened(findings: Iterable[Finding], *, lossy: bool) -> list[Finding]:
    """The findings; what cannot be carried over is only a warning where that was asked for."""
    return [finding.as_warning() if lossy and finding.code in _LOSSY else finding for finding in findings]


def _placed(pairs: Iterable[GuidPair], here: Here) -> tuple[list[ObjectRecord], dict[str, str], list[Finding]]:
    """Records of objects that are known here, bindings for the others, and findings for pairs that contradict."""
    known = here.records()
    records: list[ObjectRecord] = []
    bound: dict[str, str] = {}
    findings = []
    for pair in pairs:
        record = known.get(pair.source)
        if record is None:
            bound[pair.source] = pair.target
            if pair.inner:
                message = f"the GUIDs inside {pair.source} are left out: the object is not in git"
                hint = "export the object, and import the file again"
                findings.append(lossy(message, pair.location, hint).as_warning())
        elif record.guid and record.guid.lower() != pair.target:
            findings.append(_contradicts(pair, record))
        else:
            # What a deploy has read back is newer than what a file says.
            records.append(replace(record, guid=pair.target, inner={**pair.inner, **record.inner}))
    return records, bound, findings


def _contradicts(pair: GuidPair, record: ObjectRecord) -> Finding:
    message = f"{record.kind}:{record.name} is recorded as {record.guid} already, not as {pair.target}"
    hint = "delete the record from objects.json if it is wrong, and import again"
    return Finding("TD317", message, pair.location, at=pair.source, hint=hint)


def _moves(moves: Iterable[Move]) -> tuple[dict[str, str], list[Rule], list[Finding]]:
    """Rules for connections and tables; a connection has one name in the target, whatever its tables are."""
    connections: dict[str, str] = {}
    tables: list[Rule] = []
    findings = []
    for move in moves:
        name, there = move.source.connection, move.target.connection
        if connections.setdefault(name, there) != there:
            message = f"connection {name} would be {connections[name]} and {there}: here a connection has one name"
            findings.append(lossy(message, move.location, "leave it out with --lossy, and split the connection"))
            continue
        ends = [
            {part: text for part in ("db", "schema", "table") if (text := getattr(end, part))}
            for end in (move.source, move.target)
        ]
        if ends[0]:
            tables.append({"from": {"connection": name, **ends[0]}, "to": ends[1]})
    return connections, tables, findings


def _unmapped(foreign: Foreign) -> list[Finding]:
    if not foreign.unmapped:
        return []
    message = f"objects of the file without a counterpart, which stay unmapped: {len(foreign.unmapped)}"
    return [Finding("TD321", message, severity=Severity.INFO)]

"""This project's records and rules in the other tools' terms: pairs, moves, and raw text to replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.secrets import expand_variables
from tsdeploy.config.yaml_file import ConfigFile
from tsdeploy.errors import Finding, Location
from tsdeploy.mapping.foreign.model import Foreign, GuidPair, Move, Replacement, lossy
from tsdeploy.mapping.locations import TableLocation, location_parts
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.mapping.model import TextRule
from tsdeploy.pairing.raw_text import KEYS
from tsdeploy.tml.dialect import Dialect, scalar_text
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import is_guid
from tsdeploy.tml.syntax import walk
from tsdeploy.transform.properties import in_scope
from tsdeploy.transform.scopes import Scopes
from tsdeploy.transform.warehouse import source_location, target_location

_VARIABLE = "${env:"


def outgoing(documents: Sequence[Document], rules: Rules, file: ConfigFile | None, objects: ObjectMap) -> Foreign:
    """What is to be written into another tool's file. ``file`` is ``mapping.yaml`` as it is written.

    What only holds for some objects has them as owners; what cannot be said in raw text is a finding TD320.
    """
    pairs = _pairs(rules, objects)
    moves = tuple(_moves(documents, rules, file))
    findings: list[Finding] = []
    texts = _text_replacements(_Estate(documents, moves), _text_rules(rules, file), findings)
    hosts = (Replacement(rule.source, rule.target, rule.location) for rule in rules.hosts if not rule.keeps)
    known = {pair.source for pair in pairs}
    owned = (document.guid.lower() for document in documents if document.kind.owned and document.guid)
    replacements = (*move_replacements(moves, documents), *hosts, *texts)
    return Foreign(
        pairs=pairs,
        replacements=replacements,
        moves=tuple(dict.fromkeys(moves)),
        unmapped=tuple(guid for guid in owned if guid not in known),
        findings=(*findings, *_not_carried(rules)),
    )


def expanded(foreign: Foreign) -> Foreign:
    """The same with variables of the environment put in, for tools that have none. Raises ConfigError TD305."""
    moves = (
        replace(move, target=TableLocation(**{part: expand_variables(text, move.location) for part, text in given}))
        for move in foreign.moves
        for given in (move.target.given().items(),)
    )
    replacements = (replace(one, to=expand_variables(one.to, one.location)) for one in foreign.replacements)
    return replace(foreign, moves=tuple(moves), replacements=tuple(replacements))


def move_replacements(moves: Sequence[Move], documents: Iterable[Document]) -> Iterator[Replacement]:
    """Raw replacements such as ``db: DEV`` → ``db: PROD`` with the effect of the moves.

    ``moves`` are those of the tables among the documents, in their order. Where a name does not move alike for all
    tables that have it, each table owns its replacement.
    """
    tables = [document for document in documents if source_location(document) is not None]
    targets: dict[tuple[str, str], set[str]] = defaultdict(set)
    for move in moves:
        for part in KEYS:
            targets[part, getattr(move.source, part)].add(getattr(move.target, part))
    for document, move in zip(tables, moves, strict=True):
        for part, key in KEYS.items():
            old, new = getattr(move.source, part), getattr(move.target, part)
            if old and old != new:
                owner = "" if len(targets[part, old]) == 1 else document.guid.lower()
                find, to = (f"{key}: {_as_written(value)}" for value in (old, new))
                yield Replacement(find, to, move.location, owner)


def _pairs(rules: Rules, objects: ObjectMap) -> tuple[GuidPair, ...]:
    """Recorded pairs, and over them those that are bound by hand."""
    recorded = objects.by_source()
    pairs = {
        source.lower(): GuidPair(source.lower(), record.guid.lower(), inner=dict(record.inner))
        for source, record in recorded.items()
        if is_guid(source) and record.guid
    }
    for rule in rules.objects.values():
        if is_guid(rule.source) and is_guid(rule.target):
            inner = pairs[rule.source.lower()].inner if rule.source.lower() in pairs else {}
            pairs[rule.source.lower()] = GuidPair(rule.source.lower(), rule.target.lower(), rule.location, inner)
    return tuple(pairs.values())


def _not_carried(rules: Rules) -> Iterator[Finding]:
    """Rules that raw text cannot stand for. What keeps its name needs no rule there."""
    for rule in rules.objects.values():
        if not (is_guid(rule.source) and is_guid(rule.target)):
            message = f"{rule.source} → {rule.target} is no pair of GUIDs, and the other tools know only these"
            yield lossy(message, rule.location, "bind it by GUID, or leave it out with --lossy")
    names = (rule for rule in (*rules.groups, *rules.users) if not rule.keeps)
    for other in (*names, *rules.columns, *rules.properties):
        yield lossy(f"the other tools have nothing like {other}", other.location, "leave it out with --lossy")


def _as_written(value: str) -> str:
    """A value as tables have it in TML; a variable of the environment stands for one that needs no quotes."""
    return value if _VARIABLE in value else scalar_text(value, Dialect.JACKSON)


def _moves(documents: Iterable[Document], rules: Rules, file: ConfigFile | None) -> Iterator[Move]:
    """Where each table goes, with variables of the environment as they are written in the file."""
    written = _written_targets(file)
    names = file.value.get("connections", {}) if file else {}
    for document in documents:
        source, target = source_location(document), target_location(document, rules)
        if source is None or target is None:
            continue
        _, why = rules.move(source)
        parts = {part: written.get(rule.location, {}).get(part, "") for part, rule in why.items()}
        if isinstance(names, dict):
            parts.setdefault("connection", names.get(source.connection, ""))
        kept = {part: text for part, text in parts.items() if _VARIABLE in text}
        yield Move(source, replace(target, **kept), Location(rules.file))


def _written_targets(file: ConfigFile | None) -> dict[Location, dict[str, str]]:
    """The place of each rule for tables, and its target as it is written."""
    if file is None:
        return {}
    rules = enumerate(file.value.get("tables", ()))
    return {file.at("tables", number): location_parts(rule["to"]) for number, rule in rules}


def _text_rules(rules: Rules, file: ConfigFile | None) -> list[TextRule]:
    """The rules for text, with variables of the environment as they are written in the file."""
    entries = file.value.get("text", ()) if file else ()
    written = {file.at("text", number): str(entry["to"]) for number, entry in enumerate(entries) if file}
    return [replace(rule, to=written.get(rule.location, rule.to)) for rule in rules.text]


class _Estate:
    """The documents, and what stands at each of their places in the target as far as rules for tables say."""

    def __init__(self, documents: Sequence[Document], moves: Iterable[Move]) -> None:
        # Connections are never written, so nothing is replaced in them.
        self.documents = [document for document in documents if document.kind.name != "connection"]
        self._scopes = Scopes(documents)
        self._moved = {
            (key, getattr(move.source, part)): getattr(move.target, part)
            for move in moves
            for part, key in KEYS.items()
        }

    def coverage(self, document: Document, rules: Sequence[TextRule]) -> list[bool]:
        """For each value that holds the rules' text, whether replacing it there is what this project does, too."""
        own = [rule for rule in rules if self._scopes.covers(rule.scope, document.key)]
        find, to = rules[0].find, rules[0].to
        return [
            any(in_scope(rule, path) for rule in own)
            or self._moved.get((str(path[-1]), scalar.value)) == scalar.value.replace(find, to)
            for path, scalar in walk(document.root)
            if find in scalar.value
        ]


def _text_replacements(estate: _Estate, rules: Iterable[TextRule], findings: list[Finding]) -> Iterator[Replacement]:
    """Raw replacements with the effect of text rules; rules for the same text are taken together."""
    grouped: dict[tuple[str, str], list[TextRule]] = defaultdict(list)
    for rule in rules:
        grouped[rule.find, rule.to].append(rule)
    for (find, to), same in grouped.items():
        coverage = {one: estate.coverage(one, same) for one in estate.documents if find in one.text}
        touched = [document for document, covered in coverage.items() if any(covered)]
        if all(all(covered) for covered in coverage.values()):
            yield Replacement(find, to, same[0].location)
        elif all(all(coverage[document]) and document.guid for document in touched):
            yield from (Replacement(find, to, same[0].location, document.guid.lower()) for document in touched)
        else:
            message = f"{find!r} is replaced at some places of an object and kept at others"
            findings.append(lossy(message, same[0].location, "the other tools replace it in the whole file; --lossy"))

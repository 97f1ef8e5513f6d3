"""Raw replacements over whole files, turned into rules that have the same effect on the TML at hand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.edit import Rule
from tsdeploy.mapping.foreign.model import Replacement, lossy
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Path, path_text, walk
from tsdeploy.transform.warehouse import source_location

_KEY_VALUE = re.compile(r"([A-Za-z_]\w*): (.+)", re.DOTALL)
KEYS = {"connection": "name", "db": "db", "schema": "schema", "table": "db_table"}
"""The part of a table's location → its key in TML."""
_LOCATION = frozenset(KEYS.values())
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class RawRules:
    """The rules that replacements became."""

    connections: dict[str, str] = field(default_factory=dict)
    tables: list[Rule] = field(default_factory=list)
    text: list[Rule] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def raw_rules(replacements: Sequence[Replacement], documents: Sequence[Document]) -> RawRules:
    """Rules for the documents. Replacements run in order, each over what the ones before it left.

    One that touches nothing is left out with a warning (TD322); where there are no documents to look at, all are
    taken as they are.
    """
    made = RawRules()
    # Connections are never written, so what stands in them alone needs no rule.
    written = [document for document in documents if document.kind.name != "connection"]
    if not documents:
        for one in replacements:
            _add_literal(one, made)
        return made
    used: set[int] = set()
    _add_connections(replacements, documents, made, used)
    made.tables.extend(_tables(replacements, documents, used))
    made.text.extend(_text(replacements, written, used))
    for number, one in enumerate(replacements):
        if number not in used:
            made.findings.append(_unused(one, written))
    return made


def replaced(one: Replacement, key: str, value: str) -> str:
    """What a replacement makes of a value under a key, as it stands in a file."""
    pair = _KEY_VALUE.fullmatch(one.find)
    there = _KEY_VALUE.fullmatch(one.to)
    if pair and there and pair[1] == key == there[1] and value.startswith(_bare(pair[2])):
        return _bare(there[2]) + value[len(_bare(pair[2])) :]
    return value.replace(one.find, one.to)


def _bare(value: str) -> str:
    """A value without the quotes that it has in the file."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def _chain(replacements: Sequence[Replacement], document: Document, key: str, value: str, used: set[int]) -> str:
    """The value after every replacement that is for the document; ``used`` collects those that changed it."""
    for number, one in enumerate(replacements):
        after = replaced(one, key, value) if _is_for(one, document) else value
        if after != value:
            used.add(number)
            value = after
    return value


def _is_for(one: Replacement, document: Document) -> bool:
    return not one.owner or one.owner == document.guid.lower()


def _add_connections(
    replacements: Sequence[Replacement], documents: Iterable[Document], made: RawRules, used: set[int]
) -> None:
    """Rules for connections; one that would not be called alike everywhere is a finding, and gets none."""
    targets: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for path, scalar in walk(document.root):
            if path[-2:] == ("connection", "name"):
                targets[scalar.value].add(_chain(replacements, document, "name", scalar.value, used))
    for name, found in targets.items():
        if len(found) > 1:
            message = f"connection {name} would be {' and '.join(sorted(found))}: here a connection has one name"
            made.findings.append(lossy(message, None, "leave it out with --lossy, and split the connection"))
        elif found != {name}:
            made.connections[name] = found.pop()


def _tables(replacements: Sequence[Replacement], documents: Iterable[Document], used: set[int]) -> Iterator[Rule]:
    """A rule for each name of a database, schema or table that changes; for one table where they differ."""
    targets: dict[tuple[str, str], set[str]] = defaultdict(set)
    moved: list[tuple[Mapping[str, str], str, str]] = []
    for document in documents:
        location = source_location(document)
        if location is None:
            continue
        for part in ("db", "schema", "table"):
            value = getattr(location, part)
            target = _chain(replacements, document, KEYS[part], value, used) if value else ""
            targets[part, value].add(target)
            if target != value:
                where = {name: text for name in ("db", "schema", "table") if (text := getattr(location, name))}
                moved.append((where, part, target))
    shared = {(part, where[part]): target for where, part, target in moved if len(targets[part, where[part]]) == 1}
    for (part, value), target in shared.items():
        yield {"from": {part: value}, "to": {part: target}}
    for own, part, target in moved:
        if (part, own[part]) not in shared:
            yield {"from": own, "to": {part: target}}


def _text(replacements: Sequence[Replacement], documents: Iterable[Document], used: set[int]) -> Iterator[Rule]:
    """Text rules in the order of the replacements, each for the kind and the place that it touches."""
    touched: dict[int, dict[tuple[str, str], None]] = defaultdict(dict)
    for document in documents:
        wanted = [(number, one) for number, one in enumerate(replacements) if _is_for(one, document)]
        for path, scalar in walk(document.root) if wanted else ():
            if not _is_location(path):
                value = scalar.value
                for number, one in wanted:
                    after = replaced(one, str(path[-1]), value)
                    if after != value:
                        scope = one.owner or f"{document.kind.name}:*"
                        touched[number][scope, _INDEX.sub("[]", path_text(path[1:] or path))] = None
                        value = after
    used.update(touched)
    for number in sorted(touched):
        find, to = _literal(replacements[number])
        for scope, place in touched[number]:
            yield {"in": scope, "path": place, "find": find, "to": to}


def _is_location(path: Path) -> bool:
    """Whether rules for connections and tables decide what stands there."""
    return path[-2:] == ("connection", "name") or (len(path) == 2 and path[0] == "table" and path[1] in _LOCATION)


def _literal(one: Replacement) -> tuple[str, str]:
    """What is replaced in a value, without the key that it may be written with."""
    pair, there = _KEY_VALUE.fullmatch(one.find), _KEY_VALUE.fullmatch(one.to)
    if pair and there and pair[1] == there[1]:
        return _bare(pair[2]), _bare(there[2])
    return one.find, one.to


def _add_literal(one: Replacement, made: RawRules) -> None:
    pair = _KEY_VALUE.fullmatch(one.find)
    find, to = _literal(one)
    part = next((name for name, key in KEYS.items() if pair and pair[1] == key and name != "connection"), "")
    if part and not one.owner:
        made.tables.append({"from": {part: find}, "to": {part: to}})
    else:
        made.text.append(({"in": one.owner} if one.owner else {}) | {"find": find, "to": to})


def _unused(one: Replacement, documents: Iterable[Document]) -> Finding:
    """The replacement touches no value; in raw text it may still have matched keys or line ends."""
    if any(one.find in document.text and _is_for(one, document) for document in documents):
        message = f"{one.find!r} matches more than a value: keys, quotes or line ends"
        return lossy(message, one.location, "write a rule for the value alone, or leave it out with --lossy")
    return Finding(
        "TD322",
        f"{one.find!r} matches nothing in the TML of this project, so it is left out",
        one.location,
        hint="rules that match nothing are errors here",
        severity=Severity.WARNING,
    )

"""What must not be left in a text that goes to another environment: the source's host, databases and GUIDs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tsdeploy.errors import Finding
from tsdeploy.mapping.model import Mapping, TextRule
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.patterns import Pattern, pattern_of
from tsdeploy.tml.syntax import Path, Scalar, path_text, walk
from tsdeploy.transform.hosts import link_places
from tsdeploy.transform.properties import in_scope

_GUID_MIDDLE = re.compile(r"-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-")
"""What every GUID has inside; a search for it is several times as fast as one for the whole."""
_BEFORE, _AFTER = 8, 12
_PASSED_THROUGH = re.compile(r"\bsql_\w+\s*\(", re.IGNORECASE)
"""A formula that hands SQL to the warehouse."""


@dataclass(frozen=True, slots=True)
class SourceNames:
    """Names that belong to the source environment alone."""

    host: str = ""
    databases: frozenset[str] = frozenset()
    schemas: frozenset[str] = frozenset()

    def appear_in(self, text: str) -> bool:
        """Whether any of them stands in a text."""
        folded = text.casefold()
        return any(name and name.casefold() in folded for name in (self.host, *self.databases, *self.schemas))


def source_names(source_url: str, mapping: Mapping) -> SourceNames:
    """The source's host, and the databases and schemas that a rule maps to another name."""
    moved: dict[str, set[str]] = {"db": set(), "schema": set()}
    for rule in mapping.tables:
        for part, names in moved.items():
            before, after = getattr(rule.source, part), getattr(rule.target, part)
            if before and after and before != after:
                names.add(before)
    return SourceNames(urlsplit(source_url).netloc, frozenset(moved["db"]), frozenset(moved["schema"]))


def find_leftovers(document: Document, text: str, names: SourceNames, mapping: Mapping) -> list[Finding]:
    """A finding for each name of the source in links and SQL of the rewritten text; it points at the source's line."""
    if not names.appear_in(text):
        return []
    left = {(at, name) for at, _, name in _look(parse_document(text, document.path), names, mapping.text)}
    found = ((at, scalar, name) for at, scalar, name in _look(document, names, mapping.text) if (at, name) in left)
    return [_left(document, at, scalar, name, names, mapping) for at, scalar, name in found]


def find_guids(document: Document, text: str, foreign: frozenset[str]) -> Iterator[Finding]:
    """A finding for each GUID of a source object that is left in a rewritten text, wherever it stands."""
    for guid in sorted(foreign.intersection(_guids(text))):
        yield Finding(
            "TD209",
            f"the GUID of an object of the source environment would be left in the text: {guid}",
            document.at(max(0, document.text.find(guid))),
            hint="bind it under objects: in the mapping, to itself if it is right as it is",
        )


def _guids(text: str) -> Iterator[str]:
    for match in _GUID_MIDDLE.finditer(text):
        yield text[max(0, match.start() - _BEFORE) : match.end() + _AFTER]


def _look(document: Document, names: SourceNames, texts: Iterable[TextRule]) -> Iterator[tuple[Path, Scalar, str]]:
    links = link_places(document.kind.root)
    kept = [rule for rule in texts if rule.find == rule.to]
    for path, scalar in walk(document.root):
        for name in _names_in(pattern_of(path), scalar.value, names, links):
            if not any(name in rule.to and in_scope(rule, path) for rule in kept):
                yield path, scalar, name


def _names_in(pattern: Pattern, value: str, names: SourceNames, links: frozenset[Pattern]) -> Iterator[str]:
    if names.host and pattern in links and names.host.casefold() in value.casefold():
        yield names.host
    is_formula = pattern[-3:] == ("formulas", "[]", "expr") and _PASSED_THROUGH.search(value) is not None
    if pattern == ("sql_view", "sql_query") or is_formula:
        yield from (name for name in sorted(names.databases) if _stands_in(name, value))
        yield from (name for name in sorted(names.schemas) if _is_schema_in(name, value))


def _stands_in(name: str, sql: str) -> bool:
    return re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", sql, re.IGNORECASE) is not None


def _is_schema_in(name: str, sql: str) -> bool:
    """Whether a name stands where SQL names a schema; elsewhere in front of a dot it may be a table's alias."""
    place = rf"(?:\.\s*|\b(?:from|join|into|update|table)\s+)[\"`\[]?{re.escape(name)}[\"`\]]?\s*\."
    return re.search(place, sql, re.IGNORECASE) is not None


def _left(document: Document, path: Path, scalar: Scalar, name: str, names: SourceNames, mapping: Mapping) -> Finding:
    place = path_text(tuple(step for step in path[1:] if not isinstance(step, int)))
    rule = f'text: in {mapping.file}:  - {{in: "{document.label}", path: {place}, find: {name}, to: …}}'
    host = f"hosts: in {mapping.file}:  {name}: HOST-IN-TARGET"
    return Finding(
        "TD206",
        f"{name} of the source environment would be left in the text",
        document.at(scalar.start),
        at=path_text(path),
        hint=f"add to {host if name == names.host else rule}",
    )

"""What must not be left in a text that goes to another environment: the source's host, databases and GUIDs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from tsdeploy.errors import Finding
from tsdeploy.mapping.rules import Mapping
from tsdeploy.tml.catalogue import Holds, places
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import GUID_PATTERN
from tsdeploy.tml.syntax import Path, Scalar, path_text, walk

_GUID = re.compile(GUID_PATTERN)


@dataclass(frozen=True, slots=True)
class SourceNames:
    """Names that belong to the source environment alone."""

    host: str = ""
    databases: frozenset[str] = frozenset()


def source_names(source_url: str, mapping: Mapping) -> SourceNames:
    """The source's host, and the databases that a rule maps to another name."""
    moved = {
        rule.source.db
        for rule in mapping.tables
        if rule.source.db and rule.target.db and rule.source.db != rule.target.db
    }
    return SourceNames(urlsplit(source_url).netloc, frozenset(moved))


def find_leftovers(document: Document, names: SourceNames, mapping: Mapping) -> Iterator[Finding]:
    """A finding for each host in a link and each database in SQL that is still the source's."""
    for path, scalar in walk(document.root):
        pattern = _pattern(path)
        if (
            names.host
            and names.host.casefold() in scalar.value.casefold()
            and pattern in _link_places(document.kind.root)
        ):
            yield _left(document, path, scalar, names.host, mapping)
        if pattern == ("sql_view", "sql_query"):
            for database in sorted(names.databases):
                if re.search(rf"(?<![\w$]){re.escape(database)}(?![\w$])", scalar.value, re.IGNORECASE):
                    yield _left(document, path, scalar, database, mapping)


def find_guids(document: Document, text: str, foreign: frozenset[str]) -> Iterator[Finding]:
    """A finding for each GUID of a source object that is left in a rewritten text, wherever it stands."""
    for guid in sorted(foreign.intersection(_GUID.findall(text))):
        yield Finding(
            "TD209",
            f"the GUID of an object of the source environment would be left in the text: {guid}",
            document.at(max(0, document.text.find(guid))),
            hint="bind it under objects: in the mapping, to itself if it is right as it is",
        )


@cache
def _link_places(root: str) -> frozenset[tuple[str, ...]]:
    return frozenset(place.pattern for place in places(root) if place.holds is Holds.LINKS)


def _pattern(path: Path) -> tuple[str, ...]:
    return tuple("[]" if isinstance(step, int) else step for step in path)


def _left(document: Document, path: Path, scalar: Scalar, name: str, mapping: Mapping) -> Finding:
    place = path_text(tuple(step for step in path[1:] if not isinstance(step, int)))
    return Finding(
        "TD206",
        f"{name} of the source environment would be left in the text",
        document.at(scalar.start),
        at=path_text(path),
        hint=f'add to text: in {mapping.file}:  - {{in: "{document.label}", path: {place}, find: {name}, to: …}}',
    )

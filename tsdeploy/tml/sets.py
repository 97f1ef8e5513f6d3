"""Which sets (cohorts) an answer uses. TML names them nowhere but in the text of the search and in a list of names.

A word in brackets is a column, a formula, a parameter or a set. It is a set for sure only where exactly one set of
that name hangs on the answer's own data source, and neither that source nor the answer calls a column so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from tsdeploy.tml.described import Described
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import Reference
from tsdeploy.tml.syntax import Mapping, Node, Path, Scalar, Sequence

D = TypeVar("D", bound=Described)
D_co = TypeVar("D_co", bound=Described, covariant=True)

_TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|\[((?:[^\[\]\\]|\\.)+)\]", re.DOTALL)
"""A literal, which is data, or a name in brackets; old exports escape special characters of names."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COLUMN_LISTS = ("columns", "worksheet_columns", "view_columns", "sql_view_columns", "formulas", "parameters")
_OWN_NAMES = ("formulas", "parameters", "cohorts")


class _Resolver(Protocol[D_co]):
    def resolve(self, reference: Reference) -> tuple[D_co, ...]: ...


def set_uses(documents: Iterable[D], identities: _Resolver[D]) -> Iterator[tuple[D, D]]:
    """Pairs of a document and a set that one of its answers uses. Documents without their text use none."""
    documents = list(documents)
    sets = _sets_by_source(documents, identities)
    if not sets:
        return
    for document in documents:
        if isinstance(document, Document):
            for answer, sources in _answers(document, identities):
                for name in _mentioned(answer):
                    used = [one for source in sources for one in sets.get((id(source), name), ())]
                    if len(used) == 1 and used[0] is not document and not _is_column(name, answer, sources):
                        yield document, used[0]


def search_names(query: str) -> Iterator[str]:
    """The names in brackets of a search query, without escapes and without a ``Model::`` in front."""
    for match in _TOKEN.finditer(query):
        if match.group(1):
            yield _ESCAPED.sub(r"\1", match.group(1)).rpartition("::")[2]


def _sets_by_source(documents: Iterable[D], identities: _Resolver[D]) -> dict[tuple[int, str], list[D]]:
    """Sets by the model they hang on and their name."""
    found: dict[tuple[int, str], list[D]] = {}
    for document in documents:
        if document.kind.name != "cohort":
            continue
        models = {
            id(model)
            for reference in document.references
            if reference.path[-1] in ("worksheet", "model") and "answer" not in reference.path
            for model in identities.resolve(reference)
        }
        for model in models:
            found.setdefault((model, document.name), []).append(document)
    return found


def _answers(document: Document, identities: _Resolver[D]) -> Iterator[tuple[Mapping, list[D]]]:
    """The answers in a document, each with its data sources."""
    sources: dict[Path, list[D]] = {}
    for reference in document.references:
        if len(reference.path) > 2 and reference.path[-2] == "tables":
            sources.setdefault(reference.path[:-2], []).extend(identities.resolve(reference))
    for path, found in sources.items():
        answer = _node_at(document.root, path)
        if isinstance(answer, Mapping) and answer.scalar("search_query") is not None:
            yield answer, found


def _node_at(node: Node, path: Path) -> Node | None:
    found: Node | None = node
    for step in path:
        if isinstance(found, Sequence) and isinstance(step, int):
            found = found.items[step]
        else:
            found = found.get(str(step)) if isinstance(found, Mapping) else None
    return found


def _mentioned(answer: Mapping) -> frozenset[str]:
    query = answer.scalar("search_query")
    listed = answer.get("referenced_cohorts")
    items = listed.items if isinstance(listed, Sequence) else []
    named = (item.value for item in items if isinstance(item, Scalar))
    return frozenset((*search_names(query.value if query else ""), *named))


def _is_column(name: str, answer: Mapping, sources: Iterable[Described]) -> bool:
    bodies = [source.body for source in sources if isinstance(source, Document)]
    return name in _names(answer, _OWN_NAMES) or any(name in _names(body, _COLUMN_LISTS) for body in bodies)


def _names(node: Node, lists: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for key in lists:
        items = node.get(key) if isinstance(node, Mapping) else None
        for item in items.items if isinstance(items, Sequence) else ():
            scalar = item.scalar("name") if isinstance(item, Mapping) else None
            if scalar is not None:
                found.add(scalar.value)
    return found

"""What the searches of a document name. Sets are named nowhere else, so this is all that tells who uses which."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.tml.columns.names import tokens
from tsdeploy.tml.document import Document
from tsdeploy.tml.spots import Spot, spot_at
from tsdeploy.tml.syntax import Path

_OWN_NAMES = ("formulas", "parameters", "cohorts")


@dataclass(frozen=True, slots=True)
class Search:
    """A search by the path of its answer, and the names in it that the answer does not give to parts of its own."""

    path: Path
    names: tuple[str, ...]


def searches_of(document: Document) -> tuple[Search, ...]:
    """The searches of a document's answers that name anything."""
    paths = dict.fromkeys(answer for reference in document.references if (answer := answer_path(reference.path)))
    answers = (spot for path in paths if (spot := spot_at(document, path)) is not None)
    found = (Search(answer.path, tuple(sorted(_names(answer)))) for answer in answers)
    return tuple(search for search in found if search.names)


def answer_path(path: Path) -> Path:
    """The path of the answer that has a table at a path among its sources; () where it is no such path."""
    return path[:-2] if len(path) > 2 and path[-2] == "tables" else ()


def _names(answer: Spot) -> set[str]:
    query = answer.text_of("search_query")
    if answer.get("search_query") is None:
        return set()
    named = {_bare(token) for token in tokens(query)}
    named.update(spot.text for spot in answer.each("referenced_cohorts"))
    return named - _own(answer) - {""}


def _bare(token: str) -> str:
    """The name without a ``Model::`` in front."""
    return token.rpartition("::")[2]


def _own(answer: Spot) -> set[str]:
    return {spot.text for key in _OWN_NAMES for spot in answer.each(key, "name")}

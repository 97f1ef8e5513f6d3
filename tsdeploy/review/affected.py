"""The objects that a change affects, and what stops working in them, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tsdeploy.review.losses import Losses
from tsdeploy.review.reach import Reach
from tsdeploy.review.report import AffectedObject
from tsdeploy.tml.columns.use import ColumnRef, Role, Use
from tsdeploy.tml.compare import DocumentPair
from tsdeploy.tml.difference.change import Phrase, Quoted
from tsdeploy.tml.difference.labels import items_at, text_at
from tsdeploy.tml.document import Document

_OF_AN_ANSWER = (Role.ANSWER_COLUMN, Role.TABLE, Role.CHART)
"""What an answer does with what its search finds."""
_NEVER_AFFECTED = "collection"
"""A collection lists objects; what is in them is not its concern."""


def affected_objects(reach: Reach, losses: Losses, changed: Iterable[DocumentPair]) -> list[AffectedObject]:
    """Those that stand on something that changes, broken ones first, then near ones."""
    told = _Telling(reach, losses, list(changed))
    found = (told.object(key) for key in reach.distances)
    affected = [item for item in found if item is not None]
    return sorted(affected, key=lambda item: (not item.breaks, item.changed, item.distance, item.label, item.path))


class _Telling:
    def __init__(self, reach: Reach, losses: Losses, changed: list[DocumentPair]) -> None:
        self._reach = reach
        self._losses = losses
        self._labels = {reach.key_of(pair.newest): pair.newest.label for pair in changed}
        self._gone = frozenset(reach.key_of(pair.newest) for pair in changed if pair.after is None)
        self._broken = losses.breakage.by_document()

    def object(self, key: str) -> AffectedObject | None:
        """What becomes of one; None where nothing does."""
        document, distance = self._reach.graph.documents[key], self._reach.distances[key]
        uses = self._broken.get(key, ())
        if key in self._gone or document.kind.name == _NEVER_AFFECTED or not (distance or uses):
            return None
        removed = sorted(self._reach.graph.dependencies[key] & self._gone)
        lost = (("uses ", Quoted(self._labels[one]), ", which is removed") for one in removed)
        renamed = sorted(one for one, callers in self._reach.named.items() if key in callers)
        calls = (("calls ", Quoted(self._labels[one]), " by the name that it had") for one in renamed)
        culprits = {self._losses.culprit(use) for use in uses} | {*removed, *renamed}
        upstream = self._reach.graph.upstream([key])
        return AffectedObject(
            key,
            document.kind.name,
            document.name,
            document.path,
            distance,
            tuple(sorted(self._labels[other] for other in upstream if other in self._labels and other != key)),
            tuple(dict.fromkeys((*lost, *calls, *_sentences(key, uses, self._losses.documents)))),
            tuple(dict.fromkeys(use.part for use in uses if use.part)),
            changed=key in self._labels,
            broken_by=tuple(sorted(self._labels[one] for one in culprits)),
        )


def _sentences(key: str, uses: Iterable[Use], documents: Mapping[str, Document]) -> Iterator[Phrase]:
    """One for each visualization, and one for each place outside of any."""
    titles = _titles(documents[key]) if key in documents else {}
    places: dict[_Place, dict[ColumnRef, None]] = {}
    for use in uses:
        made = use.makes.column if use.makes and not use.part else ""
        role = Role.SEARCH if use.role in _OF_AN_ANSWER else use.role
        places.setdefault(_Place(use.part, made, "" if made or use.part else role.value), {})[use.column] = None
    for place, columns in places.items():
        yield (*place.phrase(titles), *_listed(columns, documents))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where columns are used: in a visualization, to make another column, or in some other role."""

    part: str
    made: str
    role: str

    def phrase(self, titles: Mapping[str, str]) -> Phrase:
        if self.made:
            return (Quoted(self.made), " is built on ")
        if not self.part:
            return (f"its {self.role} uses ",)
        title = titles.get(self.part)
        called: Phrase = (Quoted(title, marks=True), " (", Quoted(self.part), ")") if title else (Quoted(self.part),)
        return ("visualization ", *called, " uses ")


def _listed(columns: Iterable[ColumnRef], documents: Mapping[str, Document]) -> Phrase:
    """``A, B of model:Sales``: the columns by whose they are."""
    by_source: dict[str, list[str]] = {}
    for column in columns:
        by_source.setdefault(documents[column.document].label, []).append(column.column)
    parts: list[str | Quoted] = []
    for label, names in by_source.items():
        parts += (piece for name in names for piece in (", ", Quoted(name)))
        parts += (" of ", Quoted(label))
    return tuple(parts[1:])


def _titles(document: Document) -> dict[str, str]:
    """What the visualizations of a Liveboard are called, by their ids."""
    items = items_at(document.body, "visualizations")
    return {text_at(item, "id"): text_at(item, "answer.name") for item in items}

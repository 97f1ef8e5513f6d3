"""What breaks without a column, as text in 80 columns and as plain data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tsdeploy.graph.text import WIDTH
from tsdeploy.tml.columns.graph import Breakage
from tsdeploy.tml.columns.use import ColumnRef, Use
from tsdeploy.tml.document import Document
from tsdeploy.visible import cells, shortened, visible

_ARROW = " → "
_INDENT = "  "
_MAX_STEPS = 8
"""Of a longer chain only the ends are shown, or a model of formulas upon formulas would fill pages."""


@dataclass(frozen=True, slots=True, eq=False)
class BreakageReport:
    """What breaks without a column, in the documents that are to be shown."""

    column: ColumnRef
    breakage: Breakage
    documents: Mapping[str, Document]
    shown: Collection[str]

    def text(self) -> str:
        """The broken objects, nearest first, with each place as file:line:col; ends with a line break."""
        broken = self._broken()
        direct = sum(any(map(self.breakage.is_direct, uses)) for uses in broken.values())
        count = "1 object breaks" if len(broken) == 1 else f"{len(broken)} objects break"
        tail = f": {count}" + (f", {direct} of them directly" if broken else "")
        lines = [shortened(self._shown(self.column), WIDTH - cells(tail)) + tail]
        for key, uses in broken.items():
            lines += ["", shortened(visible(self.documents[key].label), WIDTH), *self._object(uses)]
        return "".join(f"{line}\n" for line in lines)

    def plain(self) -> dict[str, Any]:
        """The column, all columns that go with it, and the objects that break with their uses.

        Names are as in the TML. ``built_on`` of a column that goes leads, step by step, to the one that was asked for.
        """
        return {
            "column": self._plain_column(self.column),
            "gone": [
                {**self._plain_column(column), "built_on": self._plain_column(use.column) if use else None}
                for column, use in self.breakage.gone.items()
            ],
            "objects": [self._plain_object(key, uses) for key, uses in self._broken().items()],
        }

    def _broken(self) -> dict[str, tuple[Use, ...]]:
        return {key: uses for key, uses in self.breakage.by_document().items() if key in self.shown}

    def _object(self, uses: tuple[Use, ...]) -> Iterator[str]:
        by_column: dict[ColumnRef, list[Use]] = {}
        for use in uses:
            by_column.setdefault(use.column, []).append(use)
        for group in by_column.values():
            yield from self._chain(group[0])
            for use in group:
                yield from self._place(use)

    def _chain(self, use: Use) -> Iterator[str]:
        chain = self.breakage.chain(use)
        steps = [self._shown(step.column) for step in chain[: _MAX_STEPS - 1]]
        if len(chain) >= _MAX_STEPS:
            steps = [*steps[: -_MAX_STEPS // 2], "…", *(self._shown(step.column) for step in chain[-_MAX_STEPS // 2 :])]
        line = _INDENT + _ARROW.join(steps)
        if cells(line) <= WIDTH:
            yield line
            return
        for number, step in enumerate(steps):
            yield shortened(_INDENT + (_ARROW.lstrip() if number else "") + step, WIDTH)

    def _place(self, use: Use) -> Iterator[str]:
        place = _INDENT * 2 + _end(str(self.documents[use.document].at(use.position)), WIDTH - len(_INDENT) * 2)
        what = visible(_what(use))
        if cells(place) + cells(_INDENT + what) <= WIDTH:
            yield place + _INDENT + what
        else:
            yield place
            yield shortened(_INDENT * 4 + what, WIDTH)

    def _shown(self, column: ColumnRef) -> str:
        return visible(f"{self.documents[column.document].label}::{column.column}")

    def _plain_column(self, column: ColumnRef) -> dict[str, str]:
        document = self.documents[column.document]
        return {"object": document.label, "key": column.document, "name": column.column}

    def _plain_object(self, key: str, uses: tuple[Use, ...]) -> dict[str, Any]:
        document = self.documents[key]
        return {
            "key": key,
            "kind": document.kind.name,
            "name": document.name,
            "path": document.path,
            "direct": any(map(self.breakage.is_direct, uses)),
            "uses": [self._plain_use(document, use) for use in uses],
        }

    def _plain_use(self, document: Document, use: Use) -> dict[str, Any]:
        where = document.at(use.position)
        return {
            "file": where.file,
            "line": where.line,
            "column": where.column,
            "at": use.where,
            "role": use.role.value,
            "visualization": use.part or None,
            "makes": use.makes.column if use.makes else None,
            "uses": self._plain_column(use.column),
        }


def _what(use: Use) -> str:
    of = f" of {use.makes.column}" if use.makes else ""
    return use.role.value + of + (f" in {use.part}" if use.part else "")


def _end(place: str, limit: int) -> str:
    """A place with the start cut away where it is too long: line and column are what matters."""
    text = visible(place)
    if cells(text) <= limit:
        return text
    kept: list[str] = []
    used = 1
    for character in reversed(text):
        used += cells(character)
        if used > limit:
            break
        kept.append(character)
    return "…" + "".join(reversed(kept))

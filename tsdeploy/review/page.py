"""A review as one HTML file that needs nothing else: what changed, whom it hits, and Liveboards as pictures.

Everything from outside is data in a JSON block and reaches the page as text; see ``graph.page``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from tsdeploy.errors import Finding
from tsdeploy.graph.drawing import draw
from tsdeploy.graph.layout import NODE_HEIGHT, NODE_WIDTH, lay_out
from tsdeploy.graph.page import PageParts, assembled
from tsdeploy.graph.palette import sort_of
from tsdeploy.plan.change import Action, Change
from tsdeploy.review.finding_groups import group_findings
from tsdeploy.review.outlook import Outlook
from tsdeploy.review.pictures import COLUMNS, Tab, Tile, draw_liveboard
from tsdeploy.review.report import AffectedObject, Review, ReviewedObject, by_kind
from tsdeploy.review.risk import Judged, Risk
from tsdeploy.review.text_diff import Row, side_by_side
from tsdeploy.review.wording import kind_words
from tsdeploy.tml.difference.change import Phrase
from tsdeploy.transform.ledger import Outcome
from tsdeploy.visible import shortened, visible

_MOST_NODES = 400
"""A graph of more objects is no picture any more; then only what breaks is drawn."""
_VIZ = re.compile(r"visualizations\[([^\]]*)\]")
_NAME_CELLS = 23
_VALUE = 4000


def review_page(review: Review) -> str:
    """The page."""
    body, style = _part("page.html"), _part("page.css")
    script = "".join(map(_part, ("page_elements.js", "page_pictures.js", "page_graph.js", "page.js")))
    return assembled(PageParts(body, style, script), f"Review of {review.head.shown}", page_data(review))


def _part(name: str) -> str:
    return (files("tsdeploy.review") / name).read_text(encoding="utf-8")


def page_data(review: Review) -> dict[str, Any]:
    """What the script shows. All text is visible text; ids of objects are their numbers in ``objects``."""
    verdict = review.verdict()
    page = _Page(review, {item.newest.path: number for number, item in enumerate(review.objects)})
    users = [one for one in review.untouched() if not one.breaks]
    return {
        "verdict": {"mood": verdict.mood.value, "text": verdict.text},
        "base": visible(review.base.shown),
        "head": visible(review.head.shown),
        "risks": [{"name": risk.value, "count": review.count(risk)} for risk in Risk],
        "objects": [page.object(item) for item in review.objects],
        "broken": {"summary": by_kind(review.broken()), "objects": [page.affected(one) for one in review.broken()]},
        "users": {"summary": by_kind(users), "objects": [page.affected(one) for one in users]},
        "settings": [{"path": visible(one.path), "verb": one.verb, "meaning": one.meaning} for one in review.settings],
        "outlooks": [_outlook(one) for one in review.outlooks if not one.is_empty],
        "findings": _findings(review.findings),
        "old_findings": _findings(review.old_findings),
        "graph": page.graph(),
        "columns": COLUMNS,
    }


@dataclass(frozen=True, slots=True)
class _Page:
    """A review with the numbers that its objects have on the page, by path."""

    review: Review
    numbers: Mapping[str, int]

    def object(self, item: ReviewedObject) -> dict[str, Any]:
        newest = item.newest
        own = next((one for one in self.review.broken() if one.path == newest.path), None)
        users = [one for one in self.review.affected if newest.label in one.uses]
        return {
            **_called(newest.kind.name, newest.name),
            "path": visible(newest.path),
            "guid": visible(newest.guid or newest.obj_id),
            "verb": item.verb,
            "risk": item.risk.value,
            "why": _phrase(item.why),
            "changes": [_change(change) for change in item.changes],
            "text": _text(item),
            "picture": _picture(item, own.parts if own else ()) if newest.kind.name == "liveboard" else None,
            "breaks": [_phrase(one) for one in own.breaks] if own else [],
            "users": [self.affected(one) | {"by_this": newest.label in one.broken_by} for one in users],
            "findings": _findings(
                one for one in self.review.findings if one.location and one.location.file == newest.path
            ),
        }

    def affected(self, item: AffectedObject) -> dict[str, Any]:
        return {
            **_called(item.kind, item.name),
            "object": self.numbers.get(item.path, -1),
            "breaks": [_phrase(one) for one in item.breaks],
            "parts": len(item.parts),
        }

    def graph(self) -> dict[str, Any]:
        """The changed objects and those that stand on them, placed; ``object`` is the number of a changed one."""
        shown = _drawn(self.review)
        drawing = draw(self.review.graph.within(shown))
        places = lay_out(drawing)
        numbers = {key: number for number, key in enumerate(drawing.nodes)}
        broken = {item.key for item in self.review.broken()}
        return {
            "width": NODE_WIDTH,
            "height": NODE_HEIGHT,
            "left_out": len(self.review.graph.documents) - len(shown),
            "nodes": [
                {
                    "label": f"{node.kind}:{node.name}",
                    "kind": kind_words(node.kind),
                    "short": shortened(node.name, _NAME_CELLS),
                    "sort": sort_of(node.kind),
                    "x": places[key].x,
                    "y": places[key].y,
                    "needs": [numbers[other] for other in node.needs],
                    "broken": key in broken,
                    "object": self.numbers.get(self.review.graph.documents[key].path, -1),
                }
                for key, node in drawing.nodes.items()
            ],
        }


def _called(kind: str, name: str) -> dict[str, Any]:
    return {"kind": kind_words(visible(kind)), "sort": sort_of(kind), "name": visible(name)}


def _change(change: Judged) -> dict[str, Any]:
    found = change.difference
    return {
        "risk": change.risk.value,
        "head": _phrase(found.head),
        "old": _value(found.old),
        "new": _value(found.new),
        "why": _phrase(change.why),
        "line": found.location.line if found.location else 0,
    }


def _value(text: str | None) -> list[str] | None:
    """The lines of a value."""
    return None if text is None else [visible(line) for line in text[:_VALUE].split("\n")]


def _phrase(phrase: Phrase) -> list[list[str]]:
    """Pairs of ``w`` for words of this project or ``q`` for words from outside, and the text."""
    return [["w", part] if isinstance(part, str) else ["q", visible(part.text)] for part in phrase if str(part)]


def _text(item: ReviewedObject) -> dict[str, Any]:
    sides = (one.text if one else "" for one in (item.before, item.after))
    found = side_by_side(*sides)
    return {"rows": [_row(row) if row else None for row in found.rows], "missing": found.missing}


def _row(row: Row) -> list[Any]:
    return [row.old, _line(row.before), row.new, _line(row.after), row.same]


def _line(text: str) -> str:
    """A line with its indentation."""
    bare = text.lstrip(" ")
    return " " * (len(text) - len(bare)) + visible(bare)


def _picture(item: ReviewedObject, broken: Iterable[str]) -> list[dict[str, Any]]:
    covers = (place for one in item.changes if one.risk is not Risk.NOISE for place in one.difference.covers)
    changed = (found.group(1) for place in covers if (found := _VIZ.match(place)))
    pairs = draw_liveboard(item.before, item.after, changed, broken)
    return [{"before": _tab(pair.before), "after": _tab(pair.after)} for pair in pairs]


def _tab(tab: Tab | None) -> dict[str, Any] | None:
    return {"name": visible(tab.name), "tiles": list(map(_tile, tab.tiles))} if tab else None


def _tile(tile: Tile) -> dict[str, Any]:
    return {
        "id": visible(tile.id),
        "name": visible(tile.name),
        "chart": visible(tile.chart),
        "place": [tile.x, tile.y, tile.width, tile.height],
        "marks": [mark.value for mark in tile.marks],
        "inner": list(map(_tile, tile.inner)),
        "elsewhere": visible(tile.elsewhere),
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    changes = outlook.plan.changes if outlook.plan else ()
    rows = outlook.plan.rendering.coverage.rows if outlook.plan else ()
    return {
        "name": visible(outlook.environment),
        "told": outlook.told[:1].upper() + outlook.told[1:] + ".",
        "planned": outlook.plan is not None,
        "counts": {action.value: outlook.count(action) for action in Action},
        "changes": [_planned(one) for one in changes if one.action is not Action.UNCHANGED],
        "coverage": [
            [row.category.value, *(row.count(outcome) for outcome in Outcome)] for row in rows
        ],  # kept, variable, mapped, unmapped
        "findings": _findings((*outlook.findings, *outlook.problems())),
    }


def _planned(change: Change) -> dict[str, str]:
    return {"action": change.action.value, "label": visible(change.label), "reason": visible(change.reason)}


def _findings(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Each once, with all its places."""
    return [
        {
            "severity": group.finding.severity.value,
            "code": group.finding.code,
            "message": visible(group.finding.message),
            "where": visible(group.places),
            "hint": visible(group.finding.hint),
        }
        for group in group_findings(dict.fromkeys(findings))
    ]


def _drawn(review: Review) -> frozenset[str]:
    everything = frozenset(review.graph.documents)
    if len(everything) <= _MOST_NODES:
        return everything
    weighty = {item.newest.path for item in review.objects if item.risk in (Risk.BREAKING, Risk.RISKY)}
    keys: Iterable[str] = [
        *(item.key for item in review.broken()),
        *(key for key, document in review.graph.documents.items() if document.path in weighty),
    ]
    return frozenset(list(dict.fromkeys(keys))[:_MOST_NODES])

"""The graph as text: a tree of what each object depends on, in 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tsdeploy.graph.drawing import Drawing, Node
from tsdeploy.visible import cells, shortened

WIDTH = 80
_MAX_DEPTH = 14
"""Deeper branches are shown as trees of their own, so that a long chain does not run out of the page."""

_ABOVE, _BELOW, _CYCLE, _LINK = "↑", "↓", "⟲", "⇢"
_MEANING = {
    _ABOVE: "shown above",
    _BELOW: "continued below",
    _CYCLE: "in a cycle",
    _LINK: "only a hyperlink",
}


def text_of(drawing: Drawing) -> str:
    """The tree, its legend and the cycles, every line at most 80 columns wide; ends with a line break."""
    tree = _Tree(drawing, frozenset(key for group in drawing.cycles for key in group))
    lines = [_counts(drawing), *tree.lines()]
    legend = [f"{mark} {meaning}" for mark, meaning in _MEANING.items() if mark in tree.used]
    if legend:
        lines += ["", "   ".join(legend)]
    if drawing.cycles:
        lines += ["", *_cycles(drawing)]
    return "".join(f"{shortened(line, WIDTH)}\n" for line in lines)


def _counts(drawing: Drawing) -> str:
    parts = (
        _number(len(drawing.nodes), "object"),
        f"{drawing.edges} dependencies" if drawing.edges != 1 else "1 dependency",
        _number(drawing.links, "link"),
        _number(drawing.depth, "level"),
    )
    return ", ".join(parts)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _cycles(drawing: Drawing) -> Iterator[str]:
    yield "Cycles, whose objects need each other and are published together:"
    for group in drawing.cycles:
        for number, key in enumerate(group):
            yield f"  {'-' if number == 0 else ' '} {drawing.nodes[key].label}"


@dataclass(slots=True)
class _Branch:
    """A node that is about to be shown: the lines in front of it, and what stands in front of its children."""

    key: str
    lead: str = ""
    rail: str = ""
    depth: int = 0
    is_link: bool = False


@dataclass(slots=True)
class _Tree:
    """A walk that shows each object's dependencies once."""

    drawing: Drawing
    looped: frozenset[str]
    used: set[str] = field(default_factory=set)
    _shown: set[str] = field(default_factory=set)
    _later: list[str] = field(default_factory=list)
    _after_lone: bool = False

    def lines(self) -> Iterator[str]:
        for top in self._tops():
            yield from self._tree(top)
            while self._later:
                yield from self._tree(self._later.pop(0))

    def _tops(self) -> Iterator[str]:
        """What nothing else needs, then what is left: a cycle at the top needs itself."""
        nodes = sorted(self.drawing.nodes.values(), key=lambda node: -node.level)
        yield from (node.key for node in nodes if not node.used_by)
        yield from (node.key for node in nodes if node.key not in self._shown)

    def _tree(self, top: str) -> Iterator[str]:
        if top in self._shown:
            return
        is_lone = not _children(_Branch(top), self.drawing.nodes[top])
        if not (is_lone and self._after_lone):
            yield ""
        self._after_lone = is_lone
        stack = [_Branch(top)]
        while stack:
            branch = stack.pop()
            node = self.drawing.nodes[branch.key]
            marks = self._marks(branch, node)
            yield _line(branch, node, marks)
            if not branch.is_link and _ABOVE not in marks and _BELOW not in marks:
                self._shown.add(node.key)
                stack += reversed(_children(branch, node))

    def _marks(self, branch: _Branch, node: Node) -> list[str]:
        marks = [_CYCLE] if node.key in self.looped else []
        if branch.is_link:
            marks = [_LINK]
        elif node.key in self._shown:
            marks.append(_ABOVE)
        elif branch.depth >= _MAX_DEPTH and (node.needs or node.links):
            marks.append(_BELOW)
            self._later.append(node.key)
        self.used.update(marks)
        return marks


def _children(branch: _Branch, node: Node) -> list[_Branch]:
    keys = [(key, False) for key in node.needs] + [(key, True) for key in node.links]
    last = len(keys) - 1
    return [
        _Branch(
            key,
            branch.rail + ("└─ " if number == last else "├─ "),
            branch.rail + ("   " if number == last else "│  "),
            branch.depth + 1,
            is_link,
        )
        for number, (key, is_link) in enumerate(keys)
    ]


def _line(branch: _Branch, node: Node, marks: list[str]) -> str:
    tail = "".join(f" {mark}" for mark in marks)
    return branch.lead + shortened(node.label, WIDTH - cells(branch.lead) - cells(tail)) + tail

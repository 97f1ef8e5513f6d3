"""List items spliced: removed, or joined to another list."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.syntax import Mapping, Node, Path, Scalar, Sequence, node_at


def remove_items(text: str, parent: Mapping, key: str, indexes: Collection[int]) -> list[Edit]:
    """The edits that take items out of the list under a key; the key goes with its last item."""
    node = parent.get(key)
    if not isinstance(node, Sequence) or not indexes:
        return []
    if len(set(indexes)) >= len(node.items):
        return edit.delete(text, parent, (key,))
    return [Edit(*span(text, node, index), "") for index in sorted(set(indexes))]


def span(text: str, node: Sequence, index: int) -> tuple[int, int]:
    """Where an item of a block list stands, from the start of its dash's line to the end of its last line."""
    start = _line_start(text, node.items[index].start)
    if index + 1 < len(node.items):
        return start, _line_start(text, node.items[index + 1].start)
    return start, _end(text, node.items[index])


def item_text(document: Document, path: tuple[str, ...], index: int) -> str:
    """The lines of an item of a list in the content, its dash in the first column."""
    node = child(document.body, *path)
    assert isinstance(node, Sequence), "its items were just counted"
    return shifted(document.text[slice(*span(document.text, node, index))], -dash_column(document.text, node))


def dash_column(text: str, node: Sequence) -> int:
    """The column of a list's dashes."""
    line = text[slice(*span(text, node, 0))]
    return len(line) - len(line.lstrip(" "))


def shifted(written: str, by: int) -> str:
    """Lines moved to the right, or to the left as far as they can go."""
    lines = written.splitlines(keepends=True)
    if by >= 0:
        return "".join(" " * by + line if line.strip() else line for line in lines)
    return "".join(line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines)


def append_items(document: Document, key: str, items: Collection[str]) -> Document:
    """A document with more items in a list of its content; the list is made where there is none."""
    node = child(document.body, key)
    if not items:
        return document
    if isinstance(node, Sequence) and node.items:
        end = span(document.text, node, len(node.items) - 1)[1]
        added = shifted("".join(items), dash_column(document.text, node))
    else:
        end = _end(document.text, document.body)
        added = f"  {key}:\n" + shifted("".join(items), 2)
    return parse_document(edit.apply(document.text, [Edit(end, end, added)]), document.path)


def _end(text: str, node: Node) -> int:
    last = _last(node)
    if text[last.end - 1 : last.end] == "\n":
        return last.end
    found = text.find("\n", last.end)
    return len(text) if found < 0 else found + 1


def _last(node: Node) -> Node:
    if isinstance(node, Mapping) and node.entries and not node.flow:
        return _last(next(reversed(node.entries.values()))[1])
    if isinstance(node, Sequence) and node.items and not node.flow:
        return _last(node.items[-1])
    return node


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def remove(text: str, root: Node, paths: Iterable[Path]) -> list[Edit]:
    """The edits that take out what stands at paths: list items and keys, none inside another."""
    by_parent: dict[Path, list[str | int]] = {}
    for path in dict.fromkeys(paths):
        by_parent.setdefault(path[:-1], []).append(path[-1])
    edits: list[Edit] = []
    for parent, steps in by_parent.items():
        node = node_at(root, parent)
        if isinstance(node, Mapping):
            edits += edit.delete(text, node, [step for step in steps if isinstance(step, str)])
        elif isinstance(holder := node_at(root, parent[:-1]), Mapping):
            indexes = [step for step in steps if isinstance(step, int)]
            edits += remove_items(text, holder, str(parent[-1]), indexes)
    return edits


def child(node: Node | None, *path: str) -> Node | None:
    """The node under a path of keys, or None."""
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def mappings(node: Node | None, *path: str) -> list[Mapping]:
    """The items of a list under a path of keys that are mappings."""
    found = child(node, *path)
    return [item for item in found.items if isinstance(item, Mapping)] if isinstance(found, Sequence) else []


def texts(node: Node | None, *path: str) -> list[str]:
    """The scalars of a list under a path of keys, or the one scalar that stands there."""
    found = child(node, *path)
    if isinstance(found, Scalar):
        return [found.value]
    return [item.value for item in found.items if isinstance(item, Scalar)] if isinstance(found, Sequence) else []


def value(node: Node | None, *path: str) -> str:
    """The scalar under a path of keys, or ""."""
    found = child(node, *path)
    return found.value if isinstance(found, Scalar) else ""

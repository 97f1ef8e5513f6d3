"""How the things in a document are called in a sentence."""

from __future__ import annotations

import html
import re
from collections import Counter

from tsdeploy.tml.difference.change import Phrase, Quoted
from tsdeploy.tml.difference.deltas import Scope
from tsdeploy.tml.difference.lists import item_label, rule_of
from tsdeploy.tml.difference.vocabulary import Thing
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Node, Scalar, Sequence, node_at

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</(?:p|h[1-6]|li|div|tr|ul|ol|table|blockquote)\s*>|<(?:br|hr)[^<>]*>", re.IGNORECASE)
_TITLE_LENGTH = 40


def text_at(node: Node | None, path: str) -> str:
    """The text at a path of keys below a node, "" where there is none."""
    found = node_at(node, tuple(path.split(".")))
    return found.value if isinstance(found, Scalar) else ""


def items_at(node: Node | None, path: str) -> list[Node]:
    """The items of the list at a path of keys below a node."""
    found = node_at(node, tuple(path.split(".")))
    return found.items if isinstance(found, Sequence) else []


def note_text(markup: str) -> str:
    """The words of a note, without its HTML."""
    return " ".join(note_blocks(markup))


def note_blocks(markup: str) -> list[str]:
    """The words of a note, each heading and paragraph by itself."""
    blocks = (" ".join(html.unescape(_TAG.sub("", block)).split()) for block in _BREAK.split(markup))
    return [block for block in blocks if block]


class Names:
    """What the two versions call their visualizations, and which of their joins share an end."""

    def __init__(self, before: Document, after: Document) -> None:
        self._after = after
        self._titles: dict[str, Phrase] = {}
        self._plain: dict[str, str] = {}
        self._twice: set[str] = set()
        for document in (before, after):
            for item in items_at(document.body, "visualizations"):
                self._titles[text_at(item, "id")] = _visualization(item)
                self._plain[text_at(item, "id")] = _title(item)
            for item in items_at(document.body, "groups"):
                self._plain[text_at(item, "id")] = text_at(item, "name")
            ends = Counter(_end(item) for item in items_at(document.body, "joins_with"))
            self._twice |= {end for end, count in ends.items() if count > 1}

    def tile(self, visualization: str) -> Phrase:
        """The visualization or group that a tile shows."""
        return self._titles.get(visualization) or ("tile ", Quoted(visualization))

    def title(self, shown: str) -> str:
        """What a visualization or a group is called, by its id; the id where it has no name."""
        return self._plain.get(shown) or shown

    def thing(self, thing: Thing, scope: Scope, around: Scope | None, *, old: bool = False) -> Phrase:
        """A thing as the version with it calls it, the old one where asked for."""
        newest = scope.after if scope.after is not None else scope.before
        item = scope.before if old and scope.before is not None else newest
        if thing.code == "visualization":
            return _visualization(item)
        if thing.code == "join":
            return self._join(thing, scope, item, around)
        if thing.code == "filter":
            return (f"{thing.words} ", Quoted(scope.label.rpartition("::")[2] or scope.label))
        return (f"{thing.words} ", Quoted(_own_name(item, scope) if old else scope.label, thing.marks))

    def _join(self, thing: Thing, scope: Scope, item: Node | None, around: Scope | None) -> Phrase:
        if thing.absorbs and around is not None:
            return ("join ", Quoted(around.label), " → ", Quoted(scope.label))
        end = _end(item)
        if not end:
            return ("join ", Quoted(scope.label))
        phrase: Phrase = ("join ", Quoted(self._after.name), " → ", Quoted(end))
        return (*phrase, " (", Quoted(scope.label), ")") if end in self._twice else phrase


def _own_name(item: Node | None, scope: Scope) -> str:
    rule = rule_of(scope.pattern[:-1])
    return (item_label(item, rule.keys) if rule and item is not None else "") or scope.label


def _end(join: Node | None) -> str:
    return text_at(join, "destination.name") or text_at(join, "with.name")


def _visualization(item: Node | None) -> Phrase:
    id_ = Quoted(text_at(item, "id"))
    title = _title(item)
    words = "note " if text_at(item, "note_tile.html_parsed_string") else "visualization "
    return (words, Quoted(title, marks=True), " (", id_, ")") if title else (words, id_)


def _title(item: Node | None) -> str:
    note = text_at(item, "note_tile.html_parsed_string")
    return "".join(note_blocks(note)[:1])[:_TITLE_LENGTH] if note else text_at(item, "answer.name")

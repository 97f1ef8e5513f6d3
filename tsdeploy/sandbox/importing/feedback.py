"""Feedback adds up: what a Model has stays, the same phrase is replaced, the rest is appended.

Source: facts about the REST API, section 7 ("additive, phrase-dedup"); facts about TML, section 1.
"""

from __future__ import annotations

from tsdeploy.sandbox.texts.items import child, dash_column, mappings, shifted, span, value
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.syntax import Mapping, Sequence

_LIST = "feedback"


def merge_feedback(before: Document, after: Document) -> Document:
    """The feedback of a Model with more added to it. Numbers of new entries follow those that are there."""
    kept = child(before.body, _LIST)
    if not isinstance(kept, Sequence) or not kept.items or not mappings(after.body, _LIST):
        return after
    places = {_key(item): number for number, item in enumerate(mappings(before.body, _LIST))}
    after = _renumbered(before, after, places)
    added = child(after.body, _LIST)
    assert isinstance(added, Sequence), "its items were just counted"
    shift = dash_column(before.text, kept) - dash_column(after.text, added)
    replaced: dict[int, str] = {}
    appended = ""
    for number, item in enumerate(mappings(after.body, _LIST)):
        written = shifted(after.text[slice(*span(after.text, added, number))], shift)
        place = places.get(_key(item))
        if place is None:
            appended += written
        else:
            replaced[place] = written
    end = span(before.text, kept, len(kept.items) - 1)[1]
    edits = [Edit(*span(before.text, kept, place), written) for place, written in replaced.items()]
    return parse_document(edit.apply(before.text, [*edits, Edit(end, end, appended)]), after.path)


def _key(item: Mapping) -> tuple[str, str]:
    return value(item, "type"), value(item, "feedback_phrase")


def _renumbered(before: Document, after: Document, places: dict[tuple[str, str], int]) -> Document:
    """Numbers are local to the file: an entry that is replaced keeps its number, new ones count on."""
    old = mappings(before.body, _LIST)
    following = len(old)
    edits = []
    for item in mappings(after.body, _LIST):
        place = places.get(_key(item))
        if place is None:
            following += 1
        scalar = item.scalar("id")
        number = str(following) if place is None else value(old[place], "id")
        if scalar is not None and scalar.value != number:
            edits.append(edit.replace(after.text, scalar, number, after.dialect))
    return parse_document(edit.apply(after.text, edits), after.path)

"""How differences look on a terminal and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from tsdeploy.cli.output import safe
from tsdeploy.errors import plain_location
from tsdeploy.tml.compare import ObjectDiff
from tsdeploy.tml.difference.change import Difference, Phrase, Weight
from tsdeploy.tml.difference.excerpt import excerpt
from tsdeploy.visible import cells, shortened, visible

_WIDTH = 80
_NAME = 40
_ROOM = _WIDTH - 8
_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
ONLY = {Weight.LAYOUT: " (layout only)", Weight.NOISE: " (noise only)"}
"""What is said of an object whose differences are all light."""


def shown_objects(found: Sequence[ObjectDiff], *, noise: bool) -> list[ObjectDiff]:
    """The objects that are shown at all: those that differ only in noise are left out unless it is asked for."""
    return [item for item in found if noise or item.weight is not Weight.NOISE]


def shown_differences(item: ObjectDiff, *, noise: bool) -> list[Difference]:
    """The differences of an object that are shown."""
    return [difference for difference in item.differences if noise or difference.weight is not Weight.NOISE]


def text_lines(found: Sequence[ObjectDiff], *, noise: bool) -> Iterator[str]:
    """The differences as lines of at most 80 columns, and a summary."""
    for item in shown_objects(found, noise=noise):
        yield from object_lines(item, noise=noise)
    yield from summary(found, noise=noise)


def object_lines(item: ObjectDiff, *, noise: bool) -> Iterator[str]:
    """One object and what differs in it."""
    sign, color = _SIGNS[item.verb]
    only = ONLY.get(item.weight, "")
    yield f"{click.style(sign, fg=color, bold=True)} {_short(item.label, _WIDTH - 2 - len(only))}{only}"
    for difference in shown_differences(item, noise=noise):
        yield from difference_lines(difference)


def summary(found: Sequence[ObjectDiff], *, noise: bool) -> Iterator[str]:
    """The last lines: how many objects differ, and how much is hidden."""
    shown = shown_objects(found, noise=noise)
    counts = {verb: sum(item.verb == verb for item in shown) for verb in _SIGNS}
    yield "Diff: " + ", ".join(f"{count} {verb}" for verb, count in counts.items()) + "."
    hidden = sum(difference.weight is Weight.NOISE for item in found for difference in item.differences)
    if hidden and not noise:
        yield f"Hidden: {hidden} {'difference' if hidden == 1 else 'differences'} that nobody made; see --noise."


def phrase_text(phrase: Phrase) -> str:
    """A phrase with the document's words in it shortened and made safe."""
    return "".join(
        part if isinstance(part, str) else str(replace(part, text=_short(part.text, _NAME))) for part in phrase
    )


def difference_lines(difference: Difference) -> Iterator[str]:
    """A sentence in one line, else its values below it, else each value in a line of its own."""
    head = phrase_text(difference.head)
    noise = "  (noise)" if difference.weight is Weight.NOISE else ""
    values = _values(difference)
    colon = ":" if difference.predicate else ""
    line = f"    {head}{colon} {values}{noise}" if values else f"    {head}{noise}"
    if values is not None and cells(line) <= _WIDTH:
        yield line
        return
    yield from _wrapped(f"{head}{noise}")
    if values is not None:
        yield from [f"      {values}"] if values else ()
        return
    old, new = excerpt(difference.old or "", difference.new or "", _ROOM)
    if difference.old is not None:
        yield f"      - {shortened(safe(old), _ROOM)}"
    if difference.new is not None:
        yield f"      + {shortened(safe(new), _ROOM)}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False)


def _values(difference: Difference) -> str | None:
    """Both values in a row; "" where there are none, None where they do not fit on one line."""
    values = [value for value in (difference.old, difference.new) if value is not None]
    if any("\n" in value or len(value) > _WIDTH for value in values):
        return None
    text = " → ".join(map(safe, values))
    return text if cells(text) <= _ROOM else None


def _short(text: str, limit: int) -> str:
    return shortened(visible(text), limit)


def objects_json(found: Sequence[ObjectDiff], *, noise: bool) -> list[dict[str, object]]:
    """The objects that differ as plain data."""
    return [
        {
            "object": item.label,
            "path": item.path,
            "change": item.verb,
            "weight": item.weight.value,
            "differences": [difference_json(one) for one in shown_differences(item, noise=noise)],
        }
        for item in shown_objects(found, noise=noise)
    ]


def difference_json(difference: Difference) -> dict[str, object]:
    """One difference as plain data; the place is in the old text when the new one does not have it."""
    return {
        "what": difference.what,
        "weight": difference.weight.value,
        "sentence": difference.sentence,
        "at": difference.at,
        "covers": list(difference.covers),
        "before": difference.before,
        "after": difference.after,
        **plain_location(difference.location),
    }

"""How differences look in a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tsdeploy.cli.differences import ONLY, shown_differences, shown_objects, summary
from tsdeploy.cli.markdown import code
from tsdeploy.tml.compare import ObjectDiff
from tsdeploy.tml.difference.change import Difference, Phrase, Weight
from tsdeploy.tml.difference.excerpt import excerpt

_LIMIT = 120
_VERBS = {"added": "Added", "removed": "Removed", "changed": "Changed"}


def markdown_lines(found: Sequence[ObjectDiff], *, noise: bool) -> Iterator[str]:
    """A heading for each object, a bullet for each difference; every word of the documents is inline code."""
    for item in shown_objects(found, noise=noise):
        yield f"#### {_VERBS[item.verb]} {code(item.label)}{ONLY.get(item.weight, '')}"
        yield ""
        yield from (f"- {_sentence(difference)}" for difference in shown_differences(item, noise=noise))
        if item.verb == "changed":
            yield ""
    yield from summary(found, noise=noise)


def _sentence(difference: Difference) -> str:
    head = _phrase(difference.head)
    if difference.weight is Weight.NOISE:
        head += " (noise)"
    if difference.old is None and difference.new is None:
        return head
    old, new = excerpt(difference.old or "", difference.new or "", _LIMIT)
    sides = [code(text) for text, side in ((old, difference.old), (new, difference.new)) if side is not None]
    return f"{head}{':' if difference.predicate else ''} {' → '.join(sides)}"


def _phrase(phrase: Phrase) -> str:
    return "".join(part if isinstance(part, str) else code(part.text) for part in phrase)

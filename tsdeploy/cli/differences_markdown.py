"""How differences look in a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tsdeploy.cli.differences import ONLY, shown_differences, shown_objects, summary
from tsdeploy.markdown import code
from tsdeploy.review.wording import sentence
from tsdeploy.tml.compare import ObjectDiff

_VERBS = {"added": "Added", "removed": "Removed", "changed": "Changed"}


def markdown_lines(found: Sequence[ObjectDiff], *, noise: bool) -> Iterator[str]:
    """A heading for each object, a bullet for each difference; every word of the documents is inline code."""
    for item in shown_objects(found, noise=noise):
        yield f"#### {_VERBS[item.verb]} {code(item.label)}{ONLY.get(item.weight, '')}"
        yield ""
        yield from (f"- {sentence(difference)}" for difference in shown_differences(item, noise=noise))
        if item.verb == "changed":
            yield ""
    yield from summary(found, noise=noise)

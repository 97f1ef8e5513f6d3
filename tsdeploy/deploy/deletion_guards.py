"""What the guards of an environment say of deletions: how many, and of what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tsdeploy.config.environment import Environment
from tsdeploy.deploy.deletion import Doomed
from tsdeploy.deploy.work import count
from tsdeploy.plan.guards import Refusal
from tsdeploy.tml.selector import matches

NAMES: Final = ("max_delete", "max_delete_percent")
"""The guards that only deletions know."""


def refused_deletions(
    environment: Environment, what: str, doomed: Sequence[Doomed], deployed: int
) -> Iterator[tuple[str, Refusal]]:
    """Each refusal with its guard's name: TD624 size, TD554 protection.

    ``what`` is the prune or the rollback that deletes; ``deployed`` is how many objects were deployed from here.
    """
    guards = environment.guards
    percent = 100 * len(doomed) / deployed if deployed else 0.0
    sizes = (
        ("max_delete", guards.max_delete, len(doomed), count(doomed), ""),
        ("max_delete_percent", guards.max_delete_percent, percent, f"{percent:.0f} % of what was deployed", " %"),
    )
    for name, limit, value, shown, unit in sizes:
        if limit is not None and value > limit:
            message = f"the {what} deletes {shown}; {environment.name} allows {limit:g}{unit}"
            yield name, ("TD624", message, f"tsdeploy {what} {environment.name} --plan  lists them")
    for one in doomed:
        for selector in guards.protect:
            if matches(selector, one.live.document):
                message = f"{one.label} is protected in {environment.name} by {selector}"
                yield "protect", ("TD554", message, "take the selector out of guards.protect in a reviewed commit")

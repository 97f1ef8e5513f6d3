"""Custom actions that an object is associated with. Those that the Org lacks are dropped without a word.

Source: facts about TML, 2.5 ("associations were gone after import into an org that lacks the action").
"""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks import Context
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.world import World
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.tml.syntax import Mapping, Path, node_at

_KEY = "action_object_associations"
_ACTION = frozenset({"action_object"})


def find_lost_actions(context: Context) -> Iterator[Problem]:
    """The associations that lead nowhere, each as a part to drop."""
    document = context.document
    root: Path = (document.kind.root,)
    holders: list[Path] = [root]
    for index in range(len(mappings(document.body, "visualizations"))):
        viz = (*root, "visualizations", index)
        holders += [viz, (*viz, "answer")]
    for holder in holders:
        for index, association in enumerate(mappings(node_at(document.root, holder), _KEY)):
            if not _is_there(association, context.world):
                yield problems.silently((*holder, _KEY, index))


def _is_there(association: Mapping, world: World) -> bool:
    by_guid = world.at(value(association, "action_id"))
    if by_guid is not None and by_guid.kind in _ACTION:
        return True
    return bool(world.named(value(association, "action_name"), _ACTION))

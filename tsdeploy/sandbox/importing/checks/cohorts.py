"""Sets: what they stand on, and which searches use them."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.texts.items import child, mappings, value
from tsdeploy.tml.columns.names import tokens
from tsdeploy.tml.syntax import Node


def check_cohort(context: Context) -> Iterator[Problem]:
    """A set stands on ``worksheet``, and on no other key."""
    if child(context.document.body, "worksheet") is None:
        yield problems.empty_cohort()


def used_cohorts(context: Context) -> dict[str, str]:
    """The sets that searches of an object name: place → GUID."""
    sources = [context.world.at(guid) for guid in dict.fromkeys(context.links.values())]
    known = {
        cohort.name: cohort.guid
        for source in sources
        if source is not None and source.document.kind.is_data
        for cohort in context.world.cohorts_on(source)
    }
    named = (token for answer in _answers(context) for token in tokens(value(answer, "search_query")))
    return {f"set {token}": known[token] for token in named if token in known}


def _answers(context: Context) -> list[Node]:
    body = context.document.body
    vizzes = [child(viz, "answer") for viz in mappings(body, "visualizations")]
    return [node for node in (body, *vizzes) if node is not None]

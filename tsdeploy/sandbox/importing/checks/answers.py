"""Searches of answers, visualizations and sets: every token is a column, formula, parameter or set."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.resolution import viz_name
from tsdeploy.sandbox.importing.world import Subject
from tsdeploy.sandbox.texts.columns import column_names, formula_ids
from tsdeploy.sandbox.texts.items import child, mappings, value
from tsdeploy.tml.syntax import Node

_TOKEN = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)+)\]")
_ESCAPE = re.compile(r"\\(.)")


def check_answer(context: Context) -> Iterator[Problem]:
    """A saved answer."""
    yield from _unknown_tokens(context, context.document.body, f"{context.document.kind.root}.tables")


def check_visualizations(context: Context) -> Iterator[Problem]:
    """Each visualization of a Liveboard."""
    root = context.document.kind.root
    for index, viz in enumerate(mappings(context.document.body, "visualizations")):
        part = (root, "visualizations", index)
        answer = child(viz, "answer")
        for problem in _unknown_tokens(context, answer, f"{root}.visualizations[{index}].answer.tables"):
            yield problems.in_visualization(viz_name(context.document, part), problem, part)


def check_cohort(context: Context) -> Iterator[Problem]:
    """A set stands on ``worksheet``, and on no other key."""
    if child(context.document.body, "worksheet") is None:
        yield problems.empty_cohort()


def used_cohorts(context: Context) -> dict[str, str]:
    """The sets that searches of an object name: place → GUID."""
    models = set(context.links.values())
    found: dict[str, str] = {}
    for answer in _answers(context):
        for token in search_tokens(answer):
            for cohort in context.world.named(token, frozenset({"cohort"})):
                if context.world.model_of(cohort) in models:
                    found[f"set {token}"] = cohort.guid
    return found


def _answers(context: Context) -> list[Node]:
    body = context.document.body
    vizzes = [child(viz, "answer") for viz in mappings(body, "visualizations")]
    return [node for node in (body, *vizzes) if node is not None]


def search_tokens(answer: Node | None) -> list[str]:
    """What a search names in brackets, without escapes."""
    return [_ESCAPE.sub(r"\1", token) for token in _TOKEN.findall(value(answer, "search_query"))]


def _unknown_tokens(context: Context, answer: Node | None, tables: str) -> Iterator[Problem]:
    sources = _sources(context, tables)
    if not sources:
        return  # without a source there is nothing to compare with
    known = {name for source in sources for name in _offered(context, source)} | _own(answer)
    for token in dict.fromkeys(search_tokens(answer)):
        if token not in known and token.rpartition("::")[2] not in known:
            yield problems.unknown_token(token)


def _sources(context: Context, tables: str) -> list[Subject]:
    found = [context.target(place) for place in context.links if place.startswith(f"{tables}[")]
    return [source for source in found if source is not None]


def _offered(context: Context, source: Subject) -> set[str]:
    """Columns, formulas and parameters of a source, and the sets that stand on it."""
    offered = {*column_names(source.document), *formula_ids(source.document)}
    offered |= {value(parameter, "name") for parameter in mappings(source.document.body, "parameters")}
    return offered | context.world.cohorts_on(source)


def _own(answer: Node | None) -> set[str]:
    """Formulas, parameters and sets that an answer brings along."""
    names = {value(item, "name") for key in ("formulas", "parameters", "cohorts") for item in mappings(answer, key)}
    ids = {value(formula, "id") for formula in mappings(answer, "formulas")}
    return names | ids | {f"formula_{name}" for name in names}

"""Groups and users: in row-level and column security, alerts, aliases and actions, as owners and authors.

A group that is named in the security of a table decides who sees what. None is passed on that no rule speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tsdeploy.errors import Finding
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.mapping.places import Steps, find_scalars, parse_path
from tsdeploy.tml.document import Document
from tsdeploy.tml.syntax import Path, Scalar, path_text
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.ledger import Category
from tsdeploy.transform.rewriting import Rewriting, because

EVERYBODY = frozenset({"TS_WILDCARD_ALL"})
"""Words of ThoughtSpot that stand for all groups."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where principals are named. ``strict``: one without a rule is an error; ``in_text``: inside an expression."""

    pattern: str
    category: Category
    strict: bool = True
    in_text: bool = False

    @property
    def steps(self) -> Steps:
        return _steps(self.pattern)


@cache
def _steps(pattern: str) -> Steps:
    return parse_path(pattern) or ()


_G, _U = Category.GROUPS, Category.USERS
_PLACES: dict[str, tuple[_Place, ...]] = {
    "table": (_Place("table.rls_rules.rules[].expr", _G, in_text=True),),
    **{
        root: (_Place(f"{root}.formulas[].expr", _G, in_text=True),)
        for root in ("view", "model", "worksheet", "answer")
    },
    "column_security_rules": (
        _Place("column_security_rules.rules[].accessible_groups.group_name[]", _G),
        _Place("column_security_rules.abac_rules[].expr", _G, in_text=True),
    ),
    "monitor_alert": (
        _Place("monitor_alert[].subscribed_group[].group_name", _G),
        *(
            _Place(f"monitor_alert[].{who}.{key}", _U, strict=False)
            for who in ("creator", "subscribed_user[]")
            for key in ("username", "user_email")
        ),
    ),
    "column_alias": (_Place("column_alias.columns[].groups[].name", _G),),
    "action_object": (_Place("action_object.user_groups[]", _G),),
    "cohort": (_Place("cohort.owner", _U, strict=False),),
    **{
        root: (
            _Place(f"{root}.visualizations[].answer.formulas[].expr", _G, in_text=True),
            *(_Place(f"{root}.views[].author.{key}", _U, strict=False) for key in ("username", "user_email")),
        )
        for root in ("liveboard", "pinboard")
    },
}
_SYSTEM = {"ts_groups": Category.GROUPS, "ts_username": Category.USERS}
_COMPARED = frozenset({"=", "!=", "<>", "==", "in", "not in", "contains"})
_TOKEN = re.compile(
    r"(?P<literal>'(?:[^'\\]|\\.?)*(?:'|\Z)|\"(?:[^\"\\]|\\.?)*(?:\"|\Z))|(?P<name>\[(?:[^\]\\]|\\.?)*(?:\]|\Z))"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>==|!=|<>|[=(){},])",
    re.DOTALL,
)
_BRACKETS = frozenset("(){},")


@dataclass(frozen=True, slots=True)
class Named:
    """A principal in an expression: ``text[start:end]``, without its quotes."""

    category: Category
    start: int
    end: int


def rewrite_principals(rewriting: Rewriting, rules: DocumentRules) -> Iterator[Finding]:
    """Rename groups and users; TD226 for each one in security that no rule speaks of."""
    document = rewriting.document
    for place in _PLACES.get(document.kind.root, ()):
        if place.in_text and not any(word in document.text for word in _SYSTEM):
            continue
        for path, scalar in find_scalars(document.root, place.steps):
            if place.in_text:
                yield from _in_expression(rewriting, rules, path, scalar)
            else:
                yield from _whole(rewriting, rules, place, (path, scalar))


def groups_of(document: Document) -> Iterator[tuple[str, Path]]:
    """The groups that a document names, each with its path; the word for all groups is none."""
    for place in _PLACES.get(document.kind.root, ()):
        for path, scalar in find_scalars(document.root, place.steps):
            if place.in_text:
                found = (one for one in principals(scalar.value) if one.category is Category.GROUPS)
                yield from ((scalar.value[one.start : one.end], path) for one in found)
            elif place.category is Category.GROUPS and scalar.value not in EVERYBODY:
                yield scalar.value, path


def principals(expression: str) -> Iterator[Named]:
    """The texts that an expression compares with ``ts_groups`` and ``ts_username``, alone or in a list."""
    tokens = [(match.lastgroup or "", match.group().lower(), match) for match in _TOKEN.finditer(expression)]
    for at, (kind, word, _) in enumerate(tokens):
        if kind == "word" and word in _SYSTEM:
            for found in (*_literals(tokens, at, 1), *_literals(tokens, at, -1)):
                start, end = found.span()
                is_closed = end - start > 1 and expression[end - 1] == expression[start]
                yield Named(_SYSTEM[word], start + 1, end - 1 if is_closed else end)


def _literals(tokens: list[tuple[str, str, re.Match[str]]], at: int, step: int) -> list[re.Match[str]]:
    """The literals on one side of a system variable, if it is compared with them."""
    operator, position = "", at + step
    while 0 <= position < len(tokens) and (tokens[position][1] in _COMPARED or tokens[position][1] == "not"):
        operator, position = tokens[position][1], position + step
    # contains ( ts_groups , 'x' )
    is_call = at - 2 >= 0 and tokens[at - 1][1] == "(" and tokens[at - 2][1] == "contains"
    if not operator and not (is_call and step > 0):
        return []
    found = []
    while 0 <= position < len(tokens) and (tokens[position][0] == "literal" or tokens[position][1] in _BRACKETS):
        if tokens[position][0] == "literal":
            found.append(tokens[position][2])
            before = tokens[position + step][1] if 0 <= position + step < len(tokens) else ""
            if before != ",":
                break
        position += step
    return found


def _in_expression(rewriting: Rewriting, rules: DocumentRules, path: Path, scalar: Scalar) -> Iterator[Finding]:
    text = rewriting.value(scalar)
    for named in sorted(set(principals(text)), key=lambda named: -named.start):
        name = text[named.start : named.end]
        target, rule = rules.name(_rules(rules, named.category), named.category, name)
        if rule is None:
            yield _no_rule(rewriting, rules, (path, scalar), (named.category, name))
        elif target != name and (text[named.start - 1] in target or "\\" in target):
            yield _ends_early(rewriting, (path, scalar), rule, target)
        elif target != name:
            text = text[: named.start] + target + text[named.end :]
            rewriting.set(scalar, text, at=path_text(path), why=because(rule))


def _whole(rewriting: Rewriting, rules: DocumentRules, place: _Place, found: tuple[Path, Scalar]) -> Iterator[Finding]:
    path, scalar = found
    name = rewriting.value(scalar)
    if not name or name in EVERYBODY:
        return
    target, rule = rules.name(_rules(rules, place.category), place.category, name)
    if rule is not None:
        rewriting.set(scalar, target, at=path_text(path), why=because(rule))
    elif place.strict:
        yield _no_rule(rewriting, rules, found, (place.category, name))


def _rules(rules: DocumentRules, category: Category) -> NameRules:
    return rules.mapping.groups if category is Category.GROUPS else rules.mapping.users


def _ends_early(rewriting: Rewriting, found: tuple[Path, Scalar], rule: NameRule, target: str) -> Finding:
    path, scalar = found
    message = f"{target}, by {rule}, would end the text that it stands in"
    hint = "what follows would be read as part of the rule: use the other quotes in the source, or another name"
    return Finding("TD226", message, rewriting.document.at(scalar.start), at=path_text(path), hint=hint)


def _no_rule(
    rewriting: Rewriting, rules: DocumentRules, found: tuple[Path, Scalar], who: tuple[Category, str]
) -> Finding:
    path, scalar = found
    section, name = who[0].value, who[1]
    message = f"no rule says what the {section.removesuffix('s')} {name} is in {rules.environment}"
    there = f"NAME-IN-{rules.environment.upper()}"
    hint = f"add to {section}: in {rules.mapping.file}:  {name}: {there}  (or the same name, to keep it)"
    return Finding("TD226", message, rewriting.document.at(scalar.start), at=path_text(path), hint=hint)

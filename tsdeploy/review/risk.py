"""How much a change can hurt, and why: the weights of a review, decided difference by difference."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from tsdeploy.review.conditions import Tendency, tendency
from tsdeploy.tml.difference.change import Difference, Phrase, Weight
from tsdeploy.tml.document import Document
from tsdeploy.tml.spots import body


class Risk(str, Enum):
    """What a reviewer has to think of a change, the worst first."""

    BREAKING = "breaking"
    """Something that others use goes away, or who sees which data changes."""
    RISKY = "risky"
    """Numbers may change, or users that git does not know may break."""
    ORDINARY = "ordinary"
    """What an object says or shows."""
    COSMETIC = "cosmetic"
    """Where and in which colour it shows it."""
    NOISE = "noise"
    """What a server, a release or an editor changes by itself."""

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Risk).index(self)


def worst(risks: list[Risk]) -> Risk:
    """The worst of some risks; noise where there are none."""
    return min(risks, key=lambda risk: risk.rank, default=Risk.NOISE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A difference with its risk. ``why`` says what is bad about it, in the words of a reviewer, where anything is."""

    difference: Difference
    risk: Risk
    why: Phrase = ()


_BY_WEIGHT = {
    Weight.STRUCTURE: Risk.RISKY,
    Weight.CONTENT: Risk.ORDINARY,
    Weight.LAYOUT: Risk.COSMETIC,
    Weight.NOISE: Risk.NOISE,
}

_DATA: tuple[tuple[str, Risk, str], ...] = (
    # Joins.
    ("join.type.*", Risk.BREAKING, "another join type keeps or drops other rows"),
    ("join.cardinality.*", Risk.BREAKING, "another cardinality can count rows twice"),
    ("join.one_to_one.*", Risk.BREAKING, "another cardinality can count rows twice"),
    ("join.removed", Risk.BREAKING, "searches across this join stop working"),
    ("join.added", Risk.RISKY, "searches may take another way through the tables"),
    ("join.*", Risk.RISKY, "the same search may give other numbers"),
    # Who sees what.
    ("rls_path.*", Risk.BREAKING, "row-level security looks rows up in another way"),
    ("rls_table.*", Risk.RISKY, "row-level security reads other tables"),
    ("rls_rule.renamed", Risk.ORDINARY, ""),
    ("csr_rule.removed", Risk.BREAKING, "a column is no longer hidden from anybody"),
    ("csr_rule.added", Risk.RISKY, "a column is hidden from people who see it now"),
    ("csr_rule.*", Risk.BREAKING, "a column is shown to other people"),
    # Where data comes from.
    ("*.connection.*", Risk.BREAKING, "the data comes from another connection"),
    ("table.moved", Risk.BREAKING, "the data comes from another table of the warehouse"),
    ("column.db_column_name.*", Risk.RISKY, "the column shows other data"),
    ("column.source.*", Risk.RISKY, "the column shows other data"),
    ("table.reference.*", Risk.BREAKING, "the data comes from another table"),
    ("*.sql.*", Risk.RISKY, "the same columns may hold other data"),
    ("*.definition.*", Risk.RISKY, "the same columns may hold other data"),
    # Types.
    ("*.data_type.*", Risk.BREAKING, "formulas, filters and charts may not take the new type"),
    ("column.column_type.*", Risk.BREAKING, "a measure is not used as an attribute is"),
    ("*.aggregation.*", Risk.RISKY, "the same search gives other numbers"),
    ("formula.expression.*", Risk.RISKY, "the same search gives other numbers"),
    ("formula.changed", Risk.RISKY, "the same search gives other numbers"),
    ("filter.*", Risk.RISKY, "the same search gives other numbers"),
    ("set_group.*", Risk.RISKY, "the same search gives other numbers"),
    ("condition.*", Risk.RISKY, "the same search gives other numbers"),
    ("parameter.default.*", Risk.RISKY, "who does not choose gets other numbers"),
    ("choice.removed", Risk.RISKY, "who has chosen it gets an error"),
    # New things that nobody uses yet.
    ("column.added", Risk.ORDINARY, ""),
    ("formula.added", Risk.ORDINARY, ""),
    ("parameter.added", Risk.ORDINARY, ""),
    ("table.added", Risk.ORDINARY, ""),
)
"""Differences of tables, views, Models and sets, by ``what``: the first pattern that fits decides."""

_CONNECTION: tuple[tuple[str, Risk, str], ...] = (
    ("object.description.*", Risk.ORDINARY, ""),
    ("object.renamed", Risk.RISKY, "tables are bound to a connection by its name"),
    ("property.added", Risk.RISKY, "all tables of the connection read through it"),
    ("*", Risk.BREAKING, "all tables of the connection read through it"),
)

_IDENTITY: tuple[tuple[str, Risk, str], ...] = (
    ("object.guid.*", Risk.BREAKING, "with another GUID a deploy creates a second object"),
    ("object.obj_id.*", Risk.BREAKING, "with another obj_id a deploy creates a second object"),
    ("object.kind.*", Risk.BREAKING, "an object cannot become one of another kind"),
    ("object.bypass_rls.*", Risk.BREAKING, "row-level security is switched on or off for the whole Model"),
)

_SHOWN: tuple[tuple[str, Risk, str], ...] = (("source.*", Risk.RISKY, "it searches other data"),)
"""Differences of answers, Liveboards and what else shows data."""

_GONE = (
    "column.removed",
    "formula.removed",
    "parameter.removed",
    "column.renamed",
    "formula.renamed",
    "parameter.renamed",
)
"""What takes a name away that others may use; whether they do is found out from the graph of columns."""


def judge(difference: Difference, before: Document, after: Document) -> Judged:
    """The risk of one difference between two versions of an object, as far as these tell."""
    if difference.weight is Weight.NOISE:
        return Judged(difference, Risk.NOISE)
    if difference.what.startswith(("rls_rule.", "object.rls_rules.")):
        return _row_level_security(difference, before, after)
    if difference.what.startswith("join.") and _is_way_of_security(difference, before, after):
        return _found(difference, Risk.BREAKING, "row-level security looks rows up across this join")
    for pattern, risk, why in (*_IDENTITY, *_rules(after)):
        if fnmatchcase(difference.what, pattern):
            return _found(difference, risk, why)
    risk = _BY_WEIGHT[difference.weight]
    if risk is Risk.RISKY and not _is_data(after):
        # The formulas and columns of an answer are its own: nobody else uses them.
        risk = Risk.ORDINARY
    return _found(difference, risk, "what is built on it may show something else" if risk is Risk.RISKY else "")


def takes_away(difference: Difference, document: Document) -> bool:
    """Whether a name that others may use like a column is gone with this difference of a document."""
    return difference.what in _GONE or (difference.what == "object.renamed" and document.kind.name == "cohort")


def _is_data(document: Document) -> bool:
    return document.kind.is_data or document.kind.name in ("cohort", "column_security_rules")


def _rules(document: Document) -> tuple[tuple[str, Risk, str], ...]:
    if document.kind.name == "connection":
        return _CONNECTION
    return _DATA if _is_data(document) else _SHOWN


def _row_level_security(difference: Difference, before: Document, after: Document) -> Judged:
    """Rules of one table add up: whom either lets see a row, sees it. So only a first rule, or one less, is tighter."""
    old, new = _rule_count(before), _rule_count(after)
    if difference.what == "rls_rule.renamed":
        return Judged(difference, Risk.ORDINARY)
    if new == 0:
        return _found(difference, Risk.BREAKING, "no rule is left: everybody sees every row")
    if old == 0:
        return _found(difference, Risk.RISKY, "people may see fewer rows than before")
    if difference.what == "rls_rule.added":
        return _found(difference, Risk.BREAKING, "rules add up: whom either lets see a row, sees it")
    return _found(difference, *_CONDITIONS[_tendency(difference)])


def _is_way_of_security(difference: Difference, *versions: Document) -> bool:
    """Whether a path of row-level security goes across the join that differs."""
    names = (spot.text for one in versions for spot in body(one).each("rls_rules", "table_paths", "join_path", "join"))
    return any(difference.at.startswith(f"joins_with[{name}]") for name in names)


_CONDITIONS = {
    Tendency.LOOSER: (Risk.BREAKING, "a condition is gone: people see rows that they did not see"),
    Tendency.TIGHTER: (Risk.RISKY, "one more condition: people may see fewer rows than before"),
    Tendency.OTHER: (Risk.BREAKING, "who sees which rows changes"),
}


def _tendency(difference: Difference) -> Tendency:
    before, after = difference.before, difference.after
    is_condition = len(difference.covers) == 1 and difference.at.endswith(".expr")
    told = is_condition and isinstance(before, str) and isinstance(after, str)
    return tendency(str(before), str(after)) if told else Tendency.OTHER


def _found(difference: Difference, risk: Risk, why: str) -> Judged:
    return Judged(difference, risk, (why,) if why else ())


def _rule_count(document: Document) -> int:
    return sum(1 for _ in body(document).each("rls_rules", "rules"))

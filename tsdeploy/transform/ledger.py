"""What the rules of a mapping did in one rendering: which were used, and what is mapped, kept or unmapped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.model import Mapping, Rule, TextRule


class Category(str, Enum):
    """What is covered: the rows of the table."""

    OBJECTS = "objects"
    INNER = "inner GUIDs"
    CONNECTIONS = "connections"
    TABLES = "table locations"
    COLUMNS = "columns"
    GROUPS = "groups"
    USERS = "users"
    HOSTS = "hosts in links"
    PROPERTIES = "properties"


class Outcome(str, Enum):
    """What becomes of a name or an identity. The later one counts where two places differ."""

    KEPT = "kept"
    VARIABLE = "variable"
    MAPPED = "mapped"
    UNMAPPED = "unmapped"


_WEIGHTS = {outcome: weight for weight, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class Row:
    """How many names or identities of one category came out how."""

    category: Category
    counts: Counter[Outcome]

    def count(self, outcome: Outcome) -> int:
        """How many came out so."""
        return self.counts[outcome]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a mapping covers a release. A category of which the release names nothing has no row."""

    rows: tuple[Row, ...] = ()
    unmapped: tuple[tuple[Category, str], ...] = ()


class Ledger:
    """Written while documents are rendered, read when all of them are."""

    def __init__(self) -> None:
        self._outcomes: dict[tuple[Category, str], Outcome] = {}
        self._decided: dict[int, Rule] = {}
        self._matched: dict[int, Rule] = {}

    def enter(self, category: Category, name: str, outcome: Outcome) -> None:
        """What becomes of a name or an identity."""
        before = self._outcomes.get((category, name))
        if before is None or _WEIGHTS[before] < _WEIGHTS[outcome]:
            self._outcomes[category, name] = outcome

    def use(self, rule: Rule) -> None:
        """The rule decided something."""
        self._decided[id(rule)] = rule

    def match(self, rules: Iterable[Rule]) -> None:
        """The rules would have decided, were it not for others."""
        self._matched.update((id(rule), rule) for rule in rules)

    def coverage(self) -> Coverage:
        """All that was entered, by category."""
        counts: dict[Category, Counter[Outcome]] = {category: Counter() for category in Category}
        for (category, _), outcome in self._outcomes.items():
            counts[category][outcome] += 1
        unmapped = sorted(key for key, outcome in self._outcomes.items() if outcome is Outcome.UNMAPPED)
        return Coverage(
            tuple(Row(category, counts[category]) for category in Category if counts[category]), tuple(unmapped)
        )

    def findings(self, mapping: Mapping) -> list[Finding]:
        """TD310 for a text rule that matches nothing; of the file's own rules, TD220 unused and TD221 shadowed ones.

        Included files serve several environments: what is of no use in one of them is no mistake.
        """
        idle = [rule for rule in mapping.rules() if id(rule) not in self._decided]
        return [self._idle(rule) for rule in idle if isinstance(rule, TextRule) or rule.location.file == mapping.file]

    def _idle(self, rule: Rule) -> Finding:
        what = str(rule)
        if isinstance(rule, TextRule):
            hint = "delete the rule, or widen its in: and path:"
            return Finding("TD310", f"text rule matches nothing: {rule.find!r}", rule.location, hint=hint)
        if id(rule) in self._matched:
            message, hint = f"the rule never decides anything, more specific ones do: {what}", "delete one or the other"
            return Finding("TD221", message, rule.location, hint=hint, severity=Severity.WARNING)
        message, hint = f"nothing in the release is what the rule is for: {what}", "delete the rule, or correct it"
        return Finding("TD220", message, rule.location, hint=hint, severity=Severity.WARNING)

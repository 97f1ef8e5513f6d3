"""Rules for names: connections, objects, groups, users and hosts, with one ``*`` that stands for any text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tsdeploy.errors import Location

STAR = "*"


@dataclass(frozen=True, slots=True)
class NameRule:
    """A name, or an identity, of the source and what it is in the target.

    A ``*`` in ``source`` stands for any text, which the ``*`` in ``target`` repeats. ``section`` is the key of the
    file that the rule stands under.
    """

    source: str
    target: str
    location: Location
    scope: tuple[str, ...] = ()
    section: str = ""

    def __str__(self) -> str:
        return f"{self.section}: {self.source}"

    @property
    def subject(self) -> object:
        """What the rule is about; a second rule about the same would contradict it."""
        return (self.section, self.scope, self.source)

    @property
    def is_pattern(self) -> bool:
        """Whether it is for more than one name."""
        return STAR in self.source

    @property
    def keeps(self) -> bool:
        """Whether names stay as they are."""
        return self.source == self.target

    def apply(self, name: str) -> str | None:
        """What a name becomes; None where the rule is for others."""
        if not self.is_pattern:
            return self.target if name == self.source else None
        before, _, after = self.source.partition(STAR)
        if len(name) < len(before) + len(after) or not (name.startswith(before) and name.endswith(after)):
            return None
        return self.target.replace(STAR, name[len(before) : len(name) - len(after)], 1)


@dataclass(frozen=True, slots=True)
class NameRules:
    """The rules of one section, found by name.

    A rule with a scope wins over one without, an exact name over a ``*``, more text around the ``*`` over less.
    """

    rules: tuple[NameRule, ...] = ()
    _exact: dict[str, tuple[NameRule, ...]] = field(init=False, repr=False, compare=False)
    _patterns: tuple[NameRule, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        exact: dict[str, tuple[NameRule, ...]] = {}
        for rule in sorted(self.rules, key=_weight):
            if not rule.is_pattern:
                exact[rule.source] = (*exact.get(rule.source, ()), rule)
        object.__setattr__(self, "_exact", exact)
        patterns = (rule for rule in self.rules if rule.is_pattern)
        object.__setattr__(self, "_patterns", tuple(sorted(patterns, key=_weight)))

    def __iter__(self) -> Iterator[NameRule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def covering(self, name: str) -> tuple[NameRule, ...]:
        """The rules for a name, the one that wins first, scopes aside."""
        exact = self._exact.get(name, ())
        patterns = tuple(rule for rule in self._patterns if rule.apply(name) is not None)
        return exact if not patterns else tuple(sorted((*exact, *patterns), key=_weight))


def _weight(rule: NameRule) -> tuple[bool, bool, int]:
    return (not rule.scope, rule.is_pattern, -len(rule.source))

"""The nouns of ``mapping.yaml``: rules written by people, each with its place in the file and its scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tsdeploy.config.secrets import Secret
from tsdeploy.errors import Location
from tsdeploy.mapping.locations import PARTS, TableLocation
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.mapping.places import Steps

Scope: TypeAlias = "tuple[str, ...]"
"""Selectors of the objects that a rule is for; empty for all."""

Strategy = Literal["auto", "obj_id", "recorded", "found", "derived", "keep", "server"]
"""How objects get their identity in the target; see ``transform.targets``."""


@dataclass(frozen=True, slots=True)
class TableRule:
    """A table at ``source`` moves to ``target``."""

    source: TableLocation
    target: TableLocation
    location: Location
    scope: Scope = ()

    def __str__(self) -> str:
        return f"tables: {str(self.source) or 'all tables'}"

    @property
    def subject(self) -> object:
        """What the rule is about; a second rule about the same would contradict it."""
        return (self.scope, self.source)

    def speaks_of(self, part: str) -> bool:
        """Whether the rule says where this part of a location goes: it names the part, or one that holds it."""
        named = [PARTS.index(name) for name in (*self.source.given(), *self.target.given())]
        return not named or min(named) <= PARTS.index(part)


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """A column of the warehouse has another name in the target.

    ``carry``: ThoughtSpot's own column is renamed, too, where it is called like the warehouse's.
    """

    table: TableLocation
    column: str
    target: str
    location: Location
    scope: Scope = ()
    carry: bool = False

    def __str__(self) -> str:
        return "columns: " + ".".join(filter(None, (str(self.table), self.column)))

    @property
    def subject(self) -> object:
        """As of a TableRule."""
        return (self.scope, self.table, self.column)


@dataclass(frozen=True, slots=True)
class PropertyRule:
    """Any scalar by its path below the root key; with ``only``, where it has this value.

    It becomes ``to``, is kept where that is None, or is ``secret``, which the request alone holds.
    """

    path: str
    steps: Steps
    to: str | None
    location: Location
    scope: Scope = ()
    only: str | None = None
    secret: Secret | None = None

    def __str__(self) -> str:
        return f"properties: {self.path}"

    @property
    def subject(self) -> object:
        """As of a TableRule."""
        return (self.scope, self.path, self.only)


@dataclass(frozen=True, slots=True)
class TextRule:
    """Literal text in the scope of selectors and a path."""

    find: str
    to: str
    path: str
    location: Location
    scope: Scope = ()

    def __str__(self) -> str:
        return f"text: {self.find!r}"

    @property
    def subject(self) -> object:
        """As of a TableRule."""
        return (self.scope, self.path, self.find)


Rule: TypeAlias = "NameRule | TableRule | ColumnRule | PropertyRule | TextRule"
Applies: TypeAlias = "Callable[[Scope], bool]"


def everywhere(scope: Scope) -> bool:
    """For a look at rules that leaves their scopes aside."""
    return True


@dataclass(frozen=True, slots=True)
class Mapping:
    """The rules of one environment. ``source`` is the environment that they are made for, "" where they do not say."""

    file: str = ""
    source: str = ""
    source_location: Location | None = None
    connections: NameRules = field(default_factory=NameRules)
    tables: tuple[TableRule, ...] = ()
    objects: dict[str, NameRule] = field(default_factory=dict)
    groups: NameRules = field(default_factory=NameRules)
    users: NameRules = field(default_factory=NameRules)
    columns: tuple[ColumnRule, ...] = ()
    properties: tuple[PropertyRule, ...] = ()
    hosts: NameRules = field(default_factory=NameRules)
    text: tuple[TextRule, ...] = ()
    identity: Strategy = "auto"
    pin_names: bool = True
    manage_connections: bool = False

    def rules(self) -> Iterator[Rule]:
        """All rules, section by section."""
        yield from self.connections
        yield from self.tables
        yield from self.objects.values()
        yield from self.groups
        yield from self.users
        yield from self.columns
        yield from self.properties
        yield from self.hosts
        yield from self.text

    def table_rules(self, table: TableLocation, applies: Applies = everywhere) -> tuple[TableRule, ...]:
        """The rules that cover a table, the most specific first; of as specific ones, one with a scope."""
        covering = (rule for rule in self.tables if rule.source.covers(table) and applies(rule.scope))
        return tuple(sorted(covering, key=lambda rule: (rule.source.specificity, bool(rule.scope)), reverse=True))

    def move(self, table: TableLocation, applies: Applies = everywhere) -> tuple[TableLocation, dict[str, TableRule]]:
        """Where a table is in the target, and the rule that says so for each part that a rule gives.

        Each part is decided by the most specific rule that gives it, so that a rule for one table need not repeat
        what a rule for its database says. A connection that no rule for tables gives stays the source's.
        """
        moved = {part: getattr(table, part) for part in PARTS}
        why: dict[str, TableRule] = {}
        for rule in self.table_rules(table, applies):
            for part, text in rule.target.given().items():
                if part not in why:
                    moved[part], why[part] = text, rule
        return TableLocation(**moved), why

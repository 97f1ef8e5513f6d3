"""``mapping.yaml``: rules written by people, read with the place of each, so that findings can point at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tsdeploy.config.secrets import expand_variables
from tsdeploy.config.yaml_file import ConfigFile, load_config, load_schema
from tsdeploy.errors import ConfigError, Finding, Location, Severity
from tsdeploy.tml.references import is_guid

_PARTS = ("connection", "db", "schema", "table")


@dataclass(frozen=True, slots=True)
class TableLocation:
    """Any part of where a table lives in the warehouse; "" is any (in ``from``) or unchanged (in ``to``)."""

    connection: str = ""
    db: str = ""
    schema: str = ""
    table: str = ""

    @property
    def specificity(self) -> tuple[int, tuple[bool, ...]]:
        """More parts win; of as many, the finer part."""
        given = (bool(self.table), bool(self.schema), bool(self.db), bool(self.connection))
        return (sum(given), given)

    def covers(self, other: TableLocation) -> bool:
        """Whether every part given here is the other's."""
        return all(not getattr(self, part) or getattr(self, part) == getattr(other, part) for part in _PARTS)

    def __str__(self) -> str:
        return ".".join(filter(None, (self.connection, self.db, self.schema, self.table)))


@dataclass(frozen=True, slots=True)
class TableRule:
    """A table at ``source`` moves to ``target``."""

    source: TableLocation
    target: TableLocation
    location: Location


@dataclass(frozen=True, slots=True)
class NameRule:
    """A name, or a GUID, of the source and what it is in the target."""

    source: str
    target: str
    location: Location


@dataclass(frozen=True, slots=True)
class TextRule:
    """Literal text in the scope of a selector and a path."""

    find: str
    to: str
    selector: str
    path: str
    location: Location


@dataclass(frozen=True, slots=True)
class Mapping:
    """The rules of one environment."""

    file: str = ""
    connections: dict[str, NameRule] = field(default_factory=dict)
    tables: tuple[TableRule, ...] = ()
    objects: dict[str, NameRule] = field(default_factory=dict)
    text: tuple[TextRule, ...] = ()

    def table_rules(self, table: TableLocation) -> tuple[TableRule, ...]:
        """The rules that cover a table, the most specific first."""
        covering = (rule for rule in self.tables if rule.source.covers(table))
        return tuple(sorted(covering, key=lambda rule: rule.source.specificity, reverse=True))

    def move(self, table: TableLocation) -> tuple[TableLocation, dict[str, TableRule]]:
        """Where a table is in the target, its connection aside, and the rule that says so for each part that moves.

        Each part is decided by the most specific rule that gives it, so that a rule for one table need not repeat
        what a rule for its database says.
        """
        moved = {part: getattr(table, part) for part in _PARTS[1:]}
        why: dict[str, TableRule] = {}
        for rule in self.table_rules(table):
            for part in _PARTS[1:]:
                if getattr(rule.target, part) and part not in why:
                    moved[part] = getattr(rule.target, part)
                    why[part] = rule
        return TableLocation(table.connection, **moved), why


def load_mapping(path: Path, shown: str) -> Mapping:
    """Read the rules; none when there is no file.

    Raises ConfigError TD302, TD303, TD305 (unset variable), TD308 (two rules for the same tables) or TD309 (two
    objects bound to one).
    """
    if not path.exists():
        return Mapping(file=shown)
    file = load_config(path, load_schema("tsdeploy.mapping", "mapping"), what="mapping file", shown=shown)
    findings: list[Finding] = []
    mapping = Mapping(
        file=shown,
        connections=_names(file, "connections", findings),
        tables=_tables(file, findings),
        objects=_names(file, "objects", findings),
        text=_texts(file, findings),
    )
    findings += (*_same_tables(mapping), *_same_targets(mapping))
    if findings:
        raise ConfigError(findings[0], *findings[1:])
    return mapping


def _names(file: ConfigFile, section: str, findings: list[Finding]) -> dict[str, NameRule]:
    rules = {}
    for source, target in file.value.get(section, {}).items():
        where = file.key_at(section, source)
        key = source.lower() if is_guid(source) else source
        rules[key] = NameRule(key, _expanded(target, where, findings), where)
    return rules


def _tables(file: ConfigFile, findings: list[Finding]) -> tuple[TableRule, ...]:
    rules = []
    for number, rule in enumerate(file.value.get("tables", ())):
        where = file.at("tables", number)
        source, target = (_location(rule[end], where, findings) for end in ("from", "to"))
        if target.connection:
            hint = "a connection is renamed under connections:"
            findings.append(
                Finding("TD303", "to: cannot name a connection", where, at=f"tables[{number}].to", hint=hint)
            )
        rules.append(TableRule(source, target, where))
    return tuple(rules)


def _location(value: Any, where: Location, findings: list[Finding]) -> TableLocation:
    parts = dict(zip(_PARTS[1:], value.split("."), strict=False)) if isinstance(value, str) else value
    return TableLocation(**{part: _expanded(text, where, findings) for part, text in parts.items()})


def _texts(file: ConfigFile, findings: list[Finding]) -> tuple[TextRule, ...]:
    rules = []
    for number, rule in enumerate(file.value.get("text", ())):
        where = file.at("text", number)
        to = _expanded(rule["to"], where, findings)
        rules.append(TextRule(rule["find"], to, rule.get("in", "*"), rule.get("path", ""), where))
    return tuple(rules)


def _expanded(text: str, where: Location, findings: list[Finding]) -> str:
    try:
        return expand_variables(text, where)
    except ConfigError as error:
        findings += error.findings
        return text


def _same_tables(mapping: Mapping) -> list[Finding]:
    first: dict[TableLocation, TableRule] = {}
    findings = []
    for rule in mapping.tables:
        other = first.setdefault(rule.source, rule)
        if other is not rule:
            message = (
                f"a second rule for {str(rule.source) or 'all tables'}; the first is in line {other.location.line}"
            )
            findings.append(Finding("TD308", message, rule.location, hint="keep one of the two"))
    return findings


def _same_targets(mapping: Mapping) -> list[Finding]:
    first: dict[str, NameRule] = {}
    findings = []
    for rule in mapping.objects.values():
        other = first.setdefault(rule.target, rule)
        if other is not rule:
            message = f"{rule.source} and {other.source} are bound to the same object {rule.target}"
            findings.append(Finding("TD309", message, rule.location, hint="two objects cannot become one"))
    return findings


def unused_rule(rule: TextRule) -> Finding:
    """The finding for a text rule that matched nothing."""
    return Finding(
        "TD310",
        f"text rule matches nothing: {rule.find!r}",
        rule.location,
        hint="delete the rule, or widen its in: and path:",
        severity=Severity.ERROR,
    )

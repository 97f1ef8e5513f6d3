"""The rules of a mapping turned round: from the target's names to the source's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.locations import PARTS, TableLocation
from tsdeploy.mapping.model import ColumnRule, Mapping, PropertyRule, Rule, TableRule, TextRule
from tsdeploy.mapping.names import STAR, NameRule, NameRules

R = TypeVar("R", NameRule, TableRule, ColumnRule, PropertyRule, TextRule)


def inverted(mapping: Mapping) -> tuple[Mapping, tuple[Finding, ...]]:
    """The rules that lead back, and TD228 for each one that has no way back.

    Without a way back are rules with which another one shares its target, and those that replace something without
    saying what: ``{from: {table: T}, to: {db: PROD}}`` does not say from which database.
    """
    lost: list[Rule] = []
    turned = replace(
        mapping,
        connections=_names(mapping.connections, lost),
        groups=_names(mapping.groups, lost),
        users=_names(mapping.users, lost),
        hosts=_names(mapping.hosts, lost),
        tables=_kept(((rule, _table(rule, mapping)) for rule in mapping.tables), lost),
        objects={rule.source: rule for rule in map(_object, mapping.objects.values())},
        columns=_kept(((rule, _column(rule, mapping)) for rule in mapping.columns), lost),
        # Of these, each goes over what the ones before it left: the way back begins with the last.
        properties=_kept(
            ((one, _property(one)) for one in reversed(mapping.properties) if not _says_nothing(one)), lost
        ),
        text=_kept(((rule, _text(rule)) for rule in reversed(mapping.text)), lost),
        identity="auto",
        pin_names=False,
    )
    return turned, tuple(_no_way_back(rule) for rule in lost)


def _names(rules: NameRules, lost: list[Rule]) -> NameRules:
    return NameRules(_kept(((rule, _name(rule)) for rule in rules), lost))


def _kept(pairs: Iterable[tuple[R, R | None]], lost: list[Rule]) -> tuple[R, ...]:
    """The rules that lead back. Of those that would lead to different sources none is kept."""
    turned = list(pairs)
    first: dict[object, R] = {}
    doubled = set()
    for rule, back in turned:
        if back is not None and first.setdefault(back.subject, rule) is not rule:
            doubled.add(back.subject)
    kept = []
    for rule, back in turned:
        if back is None or back.subject in doubled:
            lost.append(rule)
        else:
            kept.append(back)
    return tuple(kept)


def _name(rule: NameRule) -> NameRule | None:
    if rule.is_pattern and STAR not in rule.target:
        return None
    target = rule.target.lower() if rule.section == "hosts" else rule.target
    return replace(rule, source=target, target=rule.source)


def _object(rule: NameRule) -> NameRule:
    source = rule.source
    if parse_binding(source).key != source or (":" in source and not parse_binding(source).kind):
        source = f"obj_id:{source}"
    return replace(rule, source=parse_binding(rule.target).key, target=source)


def _table(rule: TableRule, mapping: Mapping) -> TableRule | None:
    """Where the tables of a rule arrive depends on coarser rules, too: they decide what this one leaves open."""
    there = _arrival(rule.source, mapping)
    back = {part: getattr(rule.source, part) for part in PARTS if getattr(there, part)}
    changed = {part: text for part, text in back.items() if text != getattr(there, part)}
    if not all(changed.values()):
        return None
    return replace(rule, source=there, target=TableLocation(**changed))


def _arrival(source: TableLocation, mapping: Mapping) -> TableLocation:
    moved, why = mapping.move(source)
    rules = mapping.connections.covering(source.connection) if "connection" not in why else ()
    return replace(moved, connection=rules[0].apply(source.connection) or "") if rules else moved


def _column(rule: ColumnRule, mapping: Mapping) -> ColumnRule:
    return replace(rule, table=_arrival(rule.table, mapping), column=rule.target, target=rule.column)


def _property(rule: PropertyRule) -> PropertyRule | None:
    return replace(rule, only=rule.to, to=rule.only) if rule.only is not None and rule.to is not None else None


def _says_nothing(rule: PropertyRule) -> bool:
    """Whether a value is kept, or is a secret that no server gives back."""
    return rule.to is None


def _text(rule: TextRule) -> TextRule | None:
    return replace(rule, find=rule.to, to=rule.find) if rule.to else None


def _no_way_back(rule: Rule) -> Finding:
    message = f"what {rule} makes cannot be read back by rule"
    hint = "what a deploy has made of it is still recognised; only changes in the target are shown in its own words"
    return Finding("TD228", message, rule.location, hint=hint, severity=Severity.WARNING)

"""Connections that a project deploys itself: nothing of the source's warehouse may be left in them, and no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.config.secrets import Secret
from tsdeploy.errors import Finding
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.places import Steps, find_scalars, parse_path
from tsdeploy.tml import syntax
from tsdeploy.tml.secret_names import names_secret
from tsdeploy.tml.syntax import Path, Scalar, path_text
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.ledger import Category, Outcome
from tsdeploy.transform.rewriting import Rewriting, because

_PARTS = {"db_name": "db", "schema_name": "schema", "table_name": "table"}
_VARIABLE = re.compile(r"\$\{[^{}]*\}")


def _path(text: str) -> Steps:
    return parse_path(text) or ()


_VALUES = (_path("properties[].value"), _path("connection_configurations[].properties[].value"))
_GROUPS = _path("connection_configurations[].user_group_ids[]")
_DATABASES = _path("selected_databases[]")


def rewrite_connection(rewriting: Rewriting, rules: DocumentRules) -> Iterator[Finding]:
    """Rename the connection, and the databases, tables and groups that it names."""
    body = rewriting.document.body
    assert isinstance(body, syntax.Mapping)
    name = body.scalar("name")
    if name is None:
        return
    target, rule = rules.name(rules.mapping.connections, Category.CONNECTIONS, name.value)
    if rule is None:
        there = f"NAME-IN-{rules.environment.upper()}"
        hint = f"add to connections: in {rules.mapping.file}:  {name.value}: {there}"
        message = f"no rule says what connection {name.value} is in {rules.environment}"
        yield Finding("TD201", message, rewriting.document.at(name.start), "connection.name", hint)
    else:
        rewriting.set(name, target, at="connection.name", why=because(rule))
    for path, scalar in find_scalars(body, _DATABASES, ("connection",)):
        _move(rewriting, rules, TableLocation(name.value, db=scalar.value), {"db": (path, scalar)})
    yield from _groups(rewriting, rules)
    _external_tables(rewriting, rules, name.value)


def check_values(rewriting: Rewriting, rules: DocumentRules, secrets: list[tuple[Path, Secret]]) -> Iterator[Finding]:
    """TD229 for each value of a property that no rule speaks of, and for each secret that is none."""
    body = rewriting.document.body
    spoken = {path for path, _ in secrets}
    for rule in rules.properties():
        found = find_scalars(body, rule.steps, ("connection",))
        spoken.update(path for path, scalar in found if rule.only in (None, scalar.value))
    for steps in _VALUES:
        for path, scalar in find_scalars(body, steps, ("connection",)):
            key = _key_of(body, path)
            is_secret = names_secret(key)
            value = rewriting.value(scalar)
            safe = _VARIABLE.fullmatch(value) is not None
            if safe or (path in spoken and not is_secret) or (not is_secret and not value):
                continue
            yield _open(rewriting, rules, path, scalar, key, is_secret=is_secret)


def _open(
    rewriting: Rewriting, rules: DocumentRules, path: Path, scalar: Scalar, key: str, *, is_secret: bool
) -> Finding:
    label = rewriting.document.label
    value = 'secret: "${env:NAME}"' if is_secret else "to: VALUE-IN-TARGET"
    place = path_text(path[1:]).replace(f"[{path[-2]}]", f"[key={key}]")
    hint = f'add to properties: in {rules.mapping.file}:  - {{in: "{label}", path: "{place}", {value}}}'
    what = "the secret" if is_secret else "the property"
    where = rewriting.document.at(scalar.start)
    return Finding("TD229", f"no rule gives {what} {key} of {label}", where, path_text(path), hint)


def _key_of(body: syntax.Node, path: Path) -> str:
    """The ``key`` beside a value."""
    node = syntax.node_at(body, path[1:-1])
    scalar = node.scalar("key") if isinstance(node, syntax.Mapping) else None
    return scalar.value if scalar else ""


def _groups(rewriting: Rewriting, rules: DocumentRules) -> Iterator[Finding]:
    for path, scalar in find_scalars(rewriting.document.body, _GROUPS, ("connection",)):
        rule = rules.bound(scalar.value.lower())
        guid = parse_binding(rule.target).guid if rule is not None else ""
        if rule is not None and guid:
            rewriting.set(scalar, guid, at=path_text(path), why=because(rule))
            continue
        hint = f"bind it in {rules.mapping.file}:  objects: {{{scalar.value}: GUID-in-{rules.environment}}}"
        message = f"{rules.environment}'s group for {scalar.value} is not known"
        yield Finding("TD204", message, rewriting.document.at(scalar.start), path_text(path), hint)


def _external_tables(rewriting: Rewriting, rules: DocumentRules, connection: str) -> None:
    body = rewriting.document.body
    root = body.get("table") if isinstance(body, syntax.Mapping) else None
    for number, item in enumerate(root.items if isinstance(root, syntax.Sequence) else ()):
        block = item.get("external_table") if isinstance(item, syntax.Mapping) else None
        if not isinstance(block, syntax.Mapping):
            continue
        here: Path = ("connection", "table", number, "external_table")
        found = {part: ((*here, key), scalar) for key, part in _PARTS.items() if (scalar := block.scalar(key))}
        location = TableLocation(connection, **{part: scalar.value for part, (_, scalar) in found.items()})
        _move(rewriting, rules, location, found)


def _move(
    rewriting: Rewriting, rules: DocumentRules, location: TableLocation, found: dict[str, tuple[Path, Scalar]]
) -> None:
    moved, why = rules.move(location)
    rules.ledger.enter(Category.TABLES, str(location), Outcome.MAPPED if why else Outcome.KEPT)
    for part, (path, scalar) in found.items():
        if part in why:
            rewriting.set(scalar, getattr(moved, part), at=path_text(path), why=because(why[part]))

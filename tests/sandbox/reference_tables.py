"""The generated parts of the sandbox's page: endpoints with their options, guesses, settings, kinds of faults."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import ModuleType

import tsdeploy.sandbox.settings
import tsdeploy.sandbox.traffic.rules
from tsdeploy.sandbox import admin, guesses
from tsdeploy.sandbox.endpoints import ENDPOINTS
from tsdeploy.sandbox.offered import NO_EFFECT, NOT_OFFERED
from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.traffic.rules import Fault, Kind, Trigger
from tsdeploy.sandbox.v1.app import ROUTES
from tsdeploy.sandbox.web.arguments import Argument
from tsdeploy.sandbox.web.endpoint import Endpoint

_GUESS = re.compile(r"^(Guessed|Recorded text|Seen[^:,]*|Made up): *")


def tables() -> dict[str, str]:
    """Name of a generated part → its Markdown."""
    return {
        "endpoints": _table(("endpoint", "since", "options", "state"), map(_endpoint_row, _by_path(ENDPOINTS))),
        "v1": _table(("route", "state"), ((_code(f"{r.method} {r.base}{r.path}"), _state(r.handler)) for r in ROUTES)),
        "not-offered": _table(("not offered", "instead"), NOT_OFFERED.items()),
        "admin": _table(("route", "what it does", "takes"), map(_admin_row, admin.ENDPOINTS)),
        "guesses": _table(("guess", "what was chosen"), ((_code(name), text) for name, text in guess_texts())),
        "settings": f"{_prose(Settings)}\n\n{_table(('setting', 'default'), _setting_rows())}",
        "faults": _table(("kind", "what happens"), ((_code(kind.value), text) for kind, text in _kind_texts())),
        "rules": f"{_prose(Trigger)}\n\n{_prose(Fault)}\n\n{_table(('key', 'default'), _rule_rows())}",
    }


def option_names(arguments: Iterable[Argument], prefix: str = "") -> Iterator[str]:
    """Every option of an endpoint, nested ones with a path."""
    for argument in arguments:
        yield prefix + argument.name
        yield from option_names(argument.fields, f"{prefix}{argument.name}.")


def guess_texts() -> list[tuple[str, str]]:
    """Each guess by name with what its docstring says. A guess without one is an empty text."""
    return sorted((name, _GUESS.sub("", text)) for name, text in _documented(guesses) if not name.startswith("_"))


def _endpoint_row(endpoint: Endpoint) -> tuple[str, str, str, str]:
    parts = set(re.findall(r"<(\w+)>", endpoint.path))
    without = NO_EFFECT.get(endpoint.path, ())
    names = [name for name in option_names(endpoint.arguments) if name not in parts]
    shown = " ".join(_code(name) for name in names if name not in without)
    if without:
        shown += f" – without effect: {' '.join(map(_code, without))}"
    return _code(f"{endpoint.method} {endpoint.path}"), endpoint.since, shown, _state(endpoint.handler)


def _admin_row(endpoint: Endpoint) -> tuple[str, str, str]:
    parts = set(re.findall(r"<(\w+)>", endpoint.path))
    takes = " ".join(_code(argument.name) for argument in endpoint.arguments if argument.name not in parts)
    said = " ".join((endpoint.handler.__doc__ or "").split("\n\n")[0].split())
    said = re.sub(r"^``[^`]*``[:.,]? *", "", said).replace("``", "`")
    return _code(f"{endpoint.method} {endpoint.path}"), said[:1].upper() + said[1:], takes


def _state(handler: Callable[..., object]) -> str:
    found = sorted(_guesses_of(inspect.getmodule(handler), handler.__name__))
    return f"done; guess: {', '.join(map(_code, found))}" if found else "done"


def _guesses_of(module: ModuleType | None, name: str) -> set[str]:
    """The guesses that a function of a module uses, and those of the functions of the module that it calls."""
    assert module is not None, "a handler is a function of a module"
    functions = _functions(module)
    found: set[str] = set()
    left, seen = [name], {name}
    while left:
        calls, used = functions.get(left.pop(), (frozenset[str](), frozenset[str]()))
        found |= used
        left += [call for call in calls if call not in seen]
        seen |= calls
    return {one for one in found if not one.startswith("_")}


@cache
def _functions(module: ModuleType) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Function or constant → the names it mentions, and the guesses among them."""
    tree = ast.parse(inspect.getsource(module))
    found = {}
    for node in tree.body:
        for name in _defined(node):
            mentioned = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            used = {
                inner.attr
                for inner in ast.walk(node)
                if isinstance(inner, ast.Attribute)
                and isinstance(inner.value, ast.Name)
                and inner.value.id == "guesses"
            }
            found[name] = (frozenset(mentioned - {name}), frozenset(used))
    return found


def _documented(module: ModuleType) -> Iterator[tuple[str, str]]:
    body = ast.parse(inspect.getsource(module)).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        for name in _defined(node):
            text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else _said_by(after)
            yield name, " ".join((text or "").split("\n\n")[0].split()).replace("``", "`")


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return [target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)]


def _said_by(node: ast.stmt | None) -> str:
    value = node.value if isinstance(node, ast.Expr) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _kind_texts() -> Iterator[tuple[Kind, str]]:
    tree = ast.parse(inspect.getsource(tsdeploy.sandbox.traffic.rules))
    kinds = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Kind")
    for node, after in zip(kinds.body, [*kinds.body[1:], None], strict=True):
        for name in _defined(node):
            yield Kind[name], _said_by(after)


def _setting_rows() -> Iterator[tuple[str, str]]:
    usual = Settings()
    for item in fields(Settings):
        if item.name not in ("name", "admin_token"):
            yield _code(item.name), _value(getattr(usual, item.name))


def _rule_rows() -> Iterator[tuple[str, str]]:
    trigger, fault = Trigger(), Fault(Kind.NOTHING)
    for item in (*fields(Trigger), *fields(Fault)):
        if item.name != "kind":
            yield _code(item.name), _value(getattr(trigger if item in fields(Trigger) else fault, item.name))


def _prose(described: type) -> str:
    """What a docstring says of the fields, as one paragraph."""
    said = " ".join((inspect.getdoc(described) or "").partition("\n\n")[2].split()).replace("``", "`")
    return "\n".join(textwrap.wrap(said, 116))


def _value(value: object) -> str:
    return _code(json.dumps(value)) if value not in (None, (), {}, "") else "none"


def _by_path(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    return sorted(endpoints, key=lambda endpoint: (endpoint.path, endpoint.method))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)])


def used_words(folder: Path) -> set[str]:
    """Every text in the package that is not the name in the declaration of an option."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        declared = {id(name) for node in ast.walk(tree) for name in _declared_name(node)}
        found.update(
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in declared
        )
    return found


def _declared_name(node: ast.AST) -> Iterator[ast.expr]:
    declarators = ("text", "number", "flag", "enum", "group", "Argument")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in declarators and node.args:
        yield node.args[0]

"""The page of the Python API: the public names as their source declares them, and what they say of themselves."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from types import FunctionType

import tsdeploy
from tests.docs.prose import prose, row

HEAD = """\
# Python

Every public name; [examples](../python.md) are on a page of their own. Functions return results and print nothing;
failures are exceptions that carry findings. Generated from the names themselves; all of them are typed.
"""
MODULES = ("tsdeploy", "tsdeploy.rest", "tsdeploy.sandbox")

Declared = ast.FunctionDef | ast.ClassDef


def python_page() -> str:
    """The whole page."""
    return HEAD + "".join(f"\n{part}\n" for name in MODULES for part in _module(name))


def _module(name: str) -> Iterator[str]:
    module = importlib.import_module(name)
    yield f"## {name}"
    yield _docstring(inspect.getdoc(module))
    if name == tsdeploy.__name__:
        yield _by_job()
    public = sorted(filter(str.isidentifier, module.__all__), key=str.casefold)
    for one in public:
        thing = getattr(module, one)
        if isinstance(thing, type | FunctionType):
            yield f"### {name}.{one}"
            yield from _declared(thing)


def _by_job() -> str:
    """The names of the top level, by the part of the package that they come from."""
    jobs: dict[str, list[str]] = {}
    for home, names in tsdeploy._HOMES.items():
        jobs.setdefault(home.split(".")[1], []).extend(names)
    rows = "".join(row(f"`{job}`", ", ".join(map(_linked, names))) for job, names in jobs.items())
    return f"| part | names |\n|---|---|\n{rows}".rstrip()


def _linked(name: str) -> str:
    return f"[{name}](#tsdeploy{name.lower()})"


def _declared(thing: type | FunctionType) -> Iterator[str]:
    lines = textwrap.dedent(inspect.getsource(thing)).splitlines()
    node = ast.parse("\n".join(lines)).body[0]
    assert isinstance(node, Declared)
    shown = _head(lines, node) if isinstance(node, ast.FunctionDef) else _fields(lines, node)
    yield f"```python\n{shown}\n```"
    yield _docstring(ast.get_docstring(node))
    if members := [one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]:
        yield "\n".join(map(_member, members))


def _head(lines: list[str], node: ast.FunctionDef) -> str:
    """The lines of a function up to its docstring."""
    return "\n".join(lines[node.lineno - 1 : node.body[0].lineno - 1]).removesuffix(":")


def _fields(lines: list[str], node: ast.ClassDef) -> str:
    """What a class is made from: its fields or members, else the arguments of its constructor."""
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name == "__init__":
            return "\n".join([lines[node.lineno - 1], *lines[one.lineno - 1 : one.body[0].lineno - 1]])
    fields = [one for one in node.body if isinstance(one, ast.AnnAssign | ast.Assign) and not _private(one)]
    shown = [line for one in fields for line in lines[one.lineno - 1 : one.end_lineno]]
    return "\n".join([lines[node.lineno - 1], *shown])


def _private(field: ast.AnnAssign | ast.Assign) -> bool:
    target = field.target if isinstance(field, ast.AnnAssign) else field.targets[0]
    return not isinstance(target, ast.Name) or target.id.startswith("_")


def _member(node: ast.FunctionDef) -> str:
    is_property = any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list)
    names = [one.arg for one in (*node.args.args, *node.args.kwonlyargs) if one.arg not in ("self", "cls")]
    shown = node.name if is_property else f"{node.name}({', '.join(names)})"
    return f"- `{shown}`: {_docstring(ast.get_docstring(node))}".replace("\n", " ")


def _docstring(text: str | None) -> str:
    """A docstring, with the blocks that are indented in it as they are."""
    parts = (text or "").split("\n\n")
    return "\n\n".join(part if part.startswith("    ") else prose(part) for part in parts)

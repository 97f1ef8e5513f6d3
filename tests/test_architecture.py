"""Imports follow the flow of data: a room imports from rooms to its left, never from its right."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tsdeploy

PACKAGE = Path(tsdeploy.__file__).parent

MAY_IMPORT = {
    "version": set[str](),
    "errors": set[str](),
    "visible": set[str](),
    "files": {"errors"},
    "bundled": {"errors"},
    "git": {"errors", "tml"},
    "git_drivers": {"errors", "files", "git"},
    "tml": {"errors", "files", "version"},
    "config": {"errors", "files", "tml"},
    "rest": {"errors", "config", "version"},
    "sessions": {"config", "rest"},
    "export": {"errors", "files", "git", "tml", "config", "rest", "visible"},
    "mapping": {"errors", "tml", "config"},
    "transform": {"errors", "tml", "config", "mapping"},
    "release": {"errors", "tml", "config", "mapping", "transform"},
    "explain": {"errors"},
    "graph": {"errors", "tml", "visible"},
    "markdown": {"visible"},
    "pipelines": {"errors", "files", "config", "version"},
    "check": {"errors", "visible", "version", "tml", "config", "mapping", "transform", "release", "explain"},
    "plan": {
        "config",
        "errors",
        "export",
        "files",
        "git",
        "mapping",
        "release",
        "rest",
        "sessions",
        "tml",
        "transform",
        "version",
    },
    "deploy": {
        "config",
        "errors",
        "export",
        "files",
        "git",
        "plan",
        "rest",
        "tml",
        "transform",
        "version",
        "visible",
    },
    "review": {
        "check",
        "config",
        "errors",
        "files",
        "git",
        "graph",
        "markdown",
        "plan",
        "release",
        "sessions",
        "tml",
        "transform",
        "visible",
    },
    "backup": {"errors", "files", "visible", "tml", "config", "rest", "export", "plan", "deploy", "git", "transform"},
    "pairing": {
        "config",
        "deploy",
        "errors",
        "files",
        "git",
        "mapping",
        "plan",
        "release",
        "rest",
        "tml",
        "transform",
        "visible",
    },
    "sandbox": {"errors", "files", "tml", "version"},
}
"""Room → the rooms it may import. ``demo``, ``cli`` and the package itself stand on top of all."""


def imports_of(room: str) -> Iterator[tuple[str, str]]:
    """File and imported room, for every import of another room."""
    files = [PACKAGE / f"{room}.py"] if (PACKAGE / f"{room}.py").exists() else (PACKAGE / room).rglob("*.py")
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tsdeploy"):
                modules = (
                    [node.module or ""] if "." in (node.module or "") else [f"tsdeploy.{a.name}" for a in node.names]
                )
                for module in modules:
                    other = module.split(".")[1]
                    if other != room:
                        yield file.relative_to(PACKAGE).as_posix(), other


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_room_imports_only_from_its_left(room: str) -> None:
    assert {(file, other) for file, other in imports_of(room) if other not in MAY_IMPORT[room]} == set()


def test_every_room_is_listed() -> None:
    rooms = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms - {"__init__", "__main__", "cli", "demo"} == set(MAY_IMPORT)


def test_sandbox_shares_no_code_with_the_client() -> None:
    assert "rest" not in {other for _, other in imports_of("sandbox")}
    assert "sandbox" not in {other for _, other in imports_of("rest")}

"""Imports follow the flow of data: a room imports from rooms to its left, never from its right."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import tsdeploy

PACKAGE = Path(tsdeploy.__file__).parent

MAY_IMPORT = {
    "version": set[str](),
    "errors": set[str](),
    "visible": set[str](),
    "nearest": set[str](),
    "redact": set[str](),
    "programs": set[str](),
    "logs": {"errors", "files", "redact", "visible", "version"},
    "git_command": {"errors", "git_safety", "logs", "programs"},
    "files": {"errors"},
    "bundled": {"errors"},
    "git_safety": {"errors"},
    "git": {"errors", "git_command", "git_safety"},
    "git_drivers": {"errors", "files", "git"},
    "tml": {"errors", "files", "nearest", "version"},
    "config": {"errors", "files", "nearest", "tml", "version"},
    "rest": {"errors", "config", "logs", "redact", "version"},
    "sessions": {"config", "rest"},
    "export": {"errors", "files", "git", "logs", "tml", "config", "rest", "visible"},
    "mapping": {"errors", "tml", "config"},
    "transform": {"errors", "tml", "config", "mapping"},
    "schemas": {"config"},
    "release": {"errors", "files", "tml", "config", "mapping", "transform"},
    "explain": set[str](),
    "graph": {"errors", "config", "git", "tml", "visible"},
    "markdown": {"visible"},
    "pipelines": {"errors", "files", "config", "version"},
    "scaffold": {"errors", "files", "tml"},
    "check": {
        "config",
        "errors",
        "explain",
        "nearest",
        "release",
        "tml",
        "transform",
        "version",
        "visible",
    },
    "plan": {
        "config",
        "errors",
        "export",
        "files",
        "git",
        "mapping",
        "nearest",
        "release",
        "rest",
        "sessions",
        "tml",
        "transform",
        "version",
        "logs",
    },
    "deploy": {
        "config",
        "errors",
        "export",
        "files",
        "git",
        "git_command",
        "plan",
        "rest",
        "sessions",
        "tml",
        "transform",
        "visible",
        "logs",
        "programs",
    },
    "review": {
        "check",
        "config",
        "errors",
        "files",
        "git",
        "git_command",
        "graph",
        "logs",
        "mapping",
        "markdown",
        "plan",
        "release",
        "rest",
        "sessions",
        "tml",
        "transform",
        "visible",
    },
    "backup": {
        "errors",
        "git_command",
        "git_safety",
        "logs",
        "programs",
        "files",
        "version",
        "visible",
        "tml",
        "config",
        "rest",
        "export",
        "plan",
        "deploy",
        "git",
        "mapping",
    },
    "completion": {"config", "explain", "tml"},
    "doctor": {"errors", "version", "config", "rest", "git", "git_drivers", "mapping", "deploy", "sessions"},
    "pairing": {
        "config",
        "deploy",
        "errors",
        "export",
        "files",
        "git",
        "mapping",
        "nearest",
        "plan",
        "release",
        "rest",
        "scaffold",
        "tml",
        "transform",
        "visible",
    },
    "set_up": {"config", "files", "git", "git_drivers", "pairing", "pipelines", "scaffold"},
    "sandbox": {"errors", "files", "programs", "tml"},
}
"""Room → the rooms it may import. ``demo``, ``cli`` and the package itself stand on top of all."""

SHARED = frozenset({"errors", "files", "logs", "nearest", "programs", "redact", "version", "visible"})
"""Small rooms that the others use without much ado, so that the page does not name them."""

PAGE = PACKAGE.parent / "docs" / "architecture.md"


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


def test_nothing_is_allowed_that_nobody_needs() -> None:
    spare = {room: allowed - {other for _, other in imports_of(room)} for room, allowed in MAY_IMPORT.items()}
    assert {room: rooms for room, rooms in spare.items() if rooms} == {}


def test_the_directions_make_no_circle() -> None:
    order = tuple(TopologicalSorter(MAY_IMPORT).static_order())
    assert order.index("tml") < order.index("transform") < order.index("plan") < order.index("deploy")


def test_every_room_is_listed() -> None:
    rooms = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms - {"__init__", "__main__", "cli", "demo"} == set(MAY_IMPORT)


def test_sandbox_shares_no_code_with_the_client() -> None:
    assert "rest" not in {other for _, other in imports_of("sandbox")}
    assert "sandbox" not in {other for _, other in imports_of("rest")}


def test_the_page_about_architecture_has_every_room() -> None:
    page = PAGE.read_text("utf-8")
    assert {room for room in MAY_IMPORT if f"`{room}/`" not in page and f"`{room}.py`" not in page} == set()


def test_the_page_says_what_each_room_imports(request: pytest.FixtureRequest) -> None:
    def row(line: re.Match[str]) -> str:
        allowed = MAY_IMPORT.get(line["room"])
        if allowed is None:
            return line[0]
        return f"{line['start']}| {', '.join(room for room in MAY_IMPORT if room in allowed - SHARED) or '–'} |"

    page = PAGE.read_text("utf-8")
    wanted = re.sub(r"(?m)^(?P<start>\| `(?P<room>\w+)(?:/|\.py)` \| [^|]* )\| [^|]* \|$", row, page)
    if request.config.getoption("--update"):
        PAGE.write_text(wanted, "utf-8")
        page = wanted
    assert page == wanted

"""What is read cannot blow up, and nothing in it is carried out."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tsdeploy
from tests.check.looking import findings
from tests.review.repositories import Workshop
from tests.security.repetition import is_ambiguous
from tsdeploy.check.look_alikes import drawn
from tsdeploy.config.yaml_file import read_config
from tsdeploy.errors import ConfigError, TmlError
from tsdeploy.mapping.places import parse_path
from tsdeploy.rest.answers import parse_json
from tsdeploy.sandbox.lookup import like
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.folder import duplicates, load_folder
from tsdeploy.tml.selector import glob_matches
from tsdeploy.tml.syntax import MAX_CHARACTERS, parse
from tsdeploy.tml.tape import MAX_DEPTH

PACKAGE = Path(tsdeploy.__file__).parent
NAMES = "answer:\n  name: "
BOMBS = {
    "an alias": ("a: &a [x]\nb: *a\n", "TD108"),
    "a billion laughs": ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "TD108"),
    "an anchor that holds itself": ("&a [*a]\n", "TD108"),
    "a merge key": ("a: &a {b: c}\n<<: *a\n", "TD108"),
    "a tag": ("a: !!python/object/apply:os.system [id]\n", "TD108"),
    "a tag of YAML's own": ("a: !!binary aGk=\n", "TD108"),
    "a tag that a directive declares": ("%TAG ! tag:yaml.org,2002:python/\n---\na: !name:os.system ''\n", "TD108"),
    "depth": ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "TD109"),
    "depth in blocks": ("- " * (MAX_DEPTH + 1) + "x", "TD109"),
    "depth that never ends": ("[" * 200_000, "TD109"),
    "depth in JSON": ('{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1), "TD109"),
    "a key twice": ("a: 1\na: 2\n", "TD106"),
    "a key twice in JSON": ('{"a": 1, "a": 2}', "TD106"),
    "a second document": ("a: 1\n---\nb: 2\n", "TD105"),
    "a key that is a list": ("? [a]\n: b\n", "TD102"),
    "a NUL": ("a: \0\n", "TD102"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_s20_yaml_is_text_and_positions_and_nothing_else(bomb: str) -> None:
    text, code = BOMBS[bomb]
    with pytest.raises(TmlError) as caught:
        parse(text, "x")
    assert caught.value.code == code


def test_s20_a_file_has_a_largest_size() -> None:
    with pytest.raises(TmlError, match="TD109"):
        parse("a" * (MAX_CHARACTERS + 1), "x")


@pytest.mark.parametrize("value", ["9" * 5000, "-" + "9" * 5000, "0." + "1" * 5000, "9" * 400 + ".0", "1e999", ".inf"])
def test_s21_endless_numbers_are_text(value: str) -> None:
    schema = {"type": "object", "properties": {"n": {"type": ["integer", "number"]}}}
    with pytest.raises(ConfigError, match="TD303: must be a whole number or a number"):
        read_config(f"n: {value}\n", schema, path=Path("x"), shown="x")
    assert parse_path(f"a[{value}]") is None


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 100_000, b"\xff", b'{"a": 1', b"nope"])
def test_s22_json_that_blows_up_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):
        parse_json(body)


def compiled() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern that a module of the package keeps."""
    for found in pkgutil.walk_packages(tsdeploy.__path__, "tsdeploy."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            yield from (
                (f"{found.name}.{key}", one) for key, one in vars(module).items() if isinstance(one, re.Pattern)
            )


def test_s23_no_pattern_repeats_what_repeats() -> None:
    patterns = dict(compiled())
    assert len(patterns) > 100
    assert [name for name, pattern in patterns.items() if is_ambiguous(pattern)] == []


@pytest.mark.parametrize("pattern", ["(a+)+", r"(?:\w*x*)*", "(a|b+)*", "(?:(?:x+))*y", r"(\s*-\s*)*[ -]", "(.*,?)*"])
def test_s23_a_pattern_that_does_is_found(pattern: str) -> None:
    assert is_ambiguous(re.compile(pattern)) == (pattern != r"(\s*-\s*)*[ -]")


def test_s23_no_pattern_of_a_user_is_a_regular_expression() -> None:
    """Neither of these comes back when it is one."""
    assert not glob_matches("*a" * 40 + "*b", "a" * 4000)
    assert not like("%a" * 40 + "%b", "a" * 4000)
    assert glob_matches("(a+)+", "(a+)+")


FORBIDDEN = {"pickle", "marshal", "shelve", "zipfile", "tarfile", "csv", "ctypes", "xmlrpc", "telnetlib", "ftplib"}
BUILTINS = {"eval", "exec", "compile", "__import__"}


def test_s24_nothing_that_is_read_is_carried_out_or_unpacked() -> None:
    """No pickles, archives, evaluation or shells, and no tables for spreadsheets, in which a formula could stand."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
                found += [(path.name, name) for name in names if name.split(".")[0] in FORBIDDEN]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
                found.append((path.name, node.func.id))
            elif isinstance(node, ast.keyword) and node.arg == "shell":
                found.append((path.name, "shell"))
    assert found == []


def test_s25_a_long_text_is_read_once() -> None:
    """A scalar of megabytes, and a document of a hundred thousand values, are documents like any other."""
    assert parse_document(f"{NAMES}{'x' * 2_000_000}\n", "x").name.startswith("xxx")
    body = "".join(f"  k{number}: v\n" for number in range(100_000))
    assert parse_document(f"{NAMES}x\n{body}", "x").name == "x"


def test_s26_one_guid_in_two_spellings_is_one_object(workshop: Workshop) -> None:
    """The server takes it for one: the second file would overwrite what the first one is deployed as."""
    original = workshop.file("Executive Weekly Summary")
    guid = parse_document(original.read_text(encoding="utf-8"), "x").guid
    text = original.read_text(encoding="utf-8").replace(guid, guid.upper(), 1)
    original.with_name("copy.liveboard.tml").write_text(text, encoding="utf-8")
    assert [one.code for one in duplicates(load_folder(workshop.project.tml).documents)] == ["TD110"]


TWINS = ("S\u0430les", "Sa\u200dles", "Sal\u0435s", "Sales\u3164", "Sales\u00a0", "\uff33ales", "Sale\u0455")


@pytest.mark.parametrize("twin", TWINS, ids=ascii)
def test_s27_names_that_only_look_the_same_are_told_at_both(twin: str) -> None:
    names = ("Sales", "Margin", twin)
    files = {f"{number}.tml": json.dumps({"answer": {"name": name}}) for number, name in enumerate(names)}
    told = [one for one in findings(files) if one.code == "TD134"]
    assert [one.location and one.location.file for one in told] == ["0.tml", "2.tml"]
    assert all(
        re.search(r": character \d is ([A-Z -]+|missing), there ([A-Z -]+|missing)$", one.message) for one in told
    )


def test_s27_names_that_people_can_tell_apart_are_no_finding() -> None:
    names = (
        "Sales",
        "SALES",
        "Plan I",
        "Plan l",
        "Größe",
        "Grosse",
        "Grösse",
        "売上",
        "売土",
        "Отчёт",
        "Отчет",
        "x²",
        "x³",
    )
    files = {f"{number}.tml": json.dumps({"answer": {"name": name}}) for number, name in enumerate(names)}
    assert [one for one in findings(files) if one.code == "TD134"] == []


@given(st.text())
def test_s27_what_looks_the_same_as_itself(name: str) -> None:
    assert drawn(name) == drawn(unicodedata.normalize("NFD", name)) == drawn(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    "written", ["Store Perf\u043ermance", '"Store Perf\\u043ermance"', ">-\n    Store Perf\u043ermance"]
)
def test_s27_a_review_finds_the_object_that_a_new_one_looks_like(workshop: Workshop, written: str) -> None:
    original = workshop.file("Store Performance")
    text = re.sub(
        r"guid: \S+", f"guid: {'ab' * 4}-0000-4000-8000-{'0' * 12}", original.read_text(encoding="utf-8"), count=1
    )
    forged = text.replace("  name: Store Performance\n", f"  name: {written}\n", 1)
    original.with_name("new.liveboard.tml").write_text(forged, encoding="utf-8")
    assert "TD134" in {one.code for one in workshop.review().findings}

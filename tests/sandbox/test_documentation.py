"""The page about the sandbox is what the sandbox is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tsdeploy.sandbox
from tests.sandbox.reference_tables import guess_texts, option_names, tables, used_words
from tests.tml.real_files import REPOSITORY
from tsdeploy.sandbox.endpoints import ENDPOINTS
from tsdeploy.sandbox.offered import NO_EFFECT

PAGE = REPOSITORY / "docs" / "sandbox.md"
PACKAGE = Path(str(tsdeploy.sandbox.__file__)).parent


@pytest.mark.parametrize("name", tables())
def test_a_generated_part_is_up_to_date(name: str, request: pytest.FixtureRequest) -> None:
    block = re.compile(rf"(?<=<!-- begin: {name} -->\n).*?(?=\n<!-- end: {name} -->)", re.DOTALL)
    page = PAGE.read_text("utf-8")
    if request.config.getoption("--update"):
        page = block.sub(lambda _: tables()[name], page)
        PAGE.write_text(page, "utf-8")
    found = block.search(page)
    assert found
    assert found.group() == tables()[name]


def test_every_guess_says_what_was_chosen() -> None:
    assert [name for name, text in guess_texts() if not text] == []


def test_options_without_effect_are_options() -> None:
    declared = {endpoint.path: set(option_names(endpoint.arguments)) for endpoint in ENDPOINTS}

    assert {path: names for path, names in NO_EFFECT.items() if not set(names) <= declared[path]} == {}


def test_an_option_that_nothing_mentions_is_declared_to_have_no_effect() -> None:
    used = used_words(PACKAGE)

    unused = {
        (endpoint.path, name)
        for endpoint in ENDPOINTS
        for name in option_names(endpoint.arguments)
        if name.rpartition(".")[2] not in used
    }

    assert unused - {(path, name) for path, names in NO_EFFECT.items() for name in names} == set()


def test_every_command_line_of_the_page_is_understood() -> None:
    from click.testing import CliRunner

    from tsdeploy.cli.sandbox import command

    lines = re.findall(r"^tsdeploy sandbox (\w+)(.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(lines) >= 6
    for name, rest in lines:
        options = set(re.findall(r" (--[\w-]+)", rest))
        said = CliRunner().invoke(command, [name, "--help"]).output
        assert {option for option in options if option not in said} == set()

"""The reference is what the code says: commands, files, error codes and the Python API."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.docs.code_page import SUBJECTS, code_page
from tests.docs.command_page import command_page
from tests.docs.file_tables import FILES, file_table
from tests.docs.pages import DOCS
from tests.docs.python_page import python_page
from tsdeploy.explain.pages import all_pages

PAGES = {"commands": command_page, "errors": code_page, "python": python_page}


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str, request: pytest.FixtureRequest) -> None:
    path, make = DOCS / "reference" / f"{name}.md", PAGES[name]
    if request.config.getoption("--update"):
        path.write_text(make(), encoding="utf-8")
    assert path.read_text("utf-8") == make()


@pytest.mark.parametrize("name", FILES)
def test_the_keys_of_a_file_are_up_to_date(name: str, request: pytest.FixtureRequest) -> None:
    path = DOCS / "files.md"
    block = re.compile(rf"(?<=<!-- begin: {name} -->\n).*?(?=\n<!-- end: {name} -->)", re.DOTALL)
    page = path.read_text("utf-8")
    if request.config.getoption("--update"):
        page = block.sub(lambda _: file_table(name), page)
        path.write_text(page, "utf-8")
    found = block.search(page)
    assert found
    assert found.group() == file_table(name)


def test_codes_begin_with_the_number_of_their_subject() -> None:
    assert {code[:3] for code in all_pages()} <= set(SUBJECTS)


def test_every_page_is_made_anew_from_nothing() -> None:
    makers: list[Callable[[], str]] = [*PAGES.values(), *(lambda name=name: file_table(name) for name in FILES)]
    assert all(make() == make() for make in makers)

"""Every example of the documentation is one: commands have these options, files are valid, Python works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Estate
from tests.docs.command_lines import command_lines, complaint
from tests.docs.file_tables import FILES
from tests.docs.pages import DOCS, PAGES, Block, all_blocks, blocks
from tests.pipelines.reading import read
from tests.tml.real_files import REPOSITORY
from tsdeploy.config.yaml_file import load_schema, read_config
from tsdeploy.errors import ConfigError
from tsdeploy.mapping.foreign.tolerant import read_json

LINES = [(block, words) for block in all_blocks("sh", "console", "text", "") for words in command_lines(block)]
SCHEMAS = {name: load_schema(package, name) for name, (package, _) in FILES.items()}
AUTH = 'auth: {type: token, token: "${env:TOKEN}"}'
NEEDED = {"version": "version: 1", "url": "url: https://example.com", "auth": AUTH}
"""What an excerpt of a file lacks to be a whole one."""
DECLARATIONS = DOCS / "reference" / "python.md"


def test_every_task_begins_with_commands() -> None:
    tasks = set(DOCS.glob("how-to/*.md")) - {DOCS / "how-to" / "index.md", DOCS / "how-to" / "airflow.md"}
    assert {page for page in tasks if blocks(page)[0].language != "sh"} == set()
    assert len(LINES) > 300


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_commands_and_options_of_a_page_exist(page: Path) -> None:
    wrong = [(str(block), words, complaint(words)) for block, words in LINES if block.page == page]
    assert [one for one in wrong if one[-1]] == []


def test_a_wrong_command_line_is_noticed() -> None:
    lines = (["deploi"], ["plan", "prod", "--detial"], ["plan"], ["plan", "a", "b"], ["check", "--format", "pdf"])
    assert [line for line in lines if not complaint(line)] == []


@pytest.mark.parametrize("block", all_blocks("yaml"), ids=str)
def test_files_are_valid(block: Block) -> None:
    value = read(block.text)
    if isinstance(value, list):
        assert "uses" in value[0], "the steps of a workflow"
        return
    complaints = [_complaint(block, value, schema) for schema in _fitting(block, value)]
    assert complaints
    assert "" in complaints, complaints


def _fitting(block: Block, value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schemas of the files that have these keys; that of its title, where the block has one."""
    name = Path(block.title).stem
    named = SCHEMAS.get(name)
    return [named] if named else [one for one in SCHEMAS.values() if value.keys() <= one["properties"].keys()]


def _complaint(block: Block, value: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    missing = [NEEDED[key] for key in schema["required"] if key in NEEDED and key not in value]
    try:
        read_config("\n".join([block.text, *missing]), schema, path=Path("example.yaml"), shown=str(block))
    except ConfigError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("block", all_blocks("json"), ids=str)
def test_mapping_files_of_other_tools_are_read(block: Block) -> None:
    assert read_json(block.text, "parent-child", str(block)).value


@pytest.mark.parametrize("block", [one for one in all_blocks("python") if one.page != DECLARATIONS], ids=str)
def test_python_compiles(block: Block) -> None:
    compile(block.text, str(block), "exec")


def test_the_task_for_airflow_and_dagster_promotes(retail: Estate, capfd: pytest.CaptureFixture[str]) -> None:
    from tsdeploy import ExportOrder, export_environment

    with retail.session("dev") as session:
        export_environment(retail.project, retail.project.environment("dev"), session, ExportOrder(commit=True))
    capfd.readouterr()
    block = next(one for one in blocks(DOCS / "how-to" / "airflow.md") if one.title == "promotion.py")
    names: dict[str, Any] = {}
    exec(compile(block.text, block.title, "exec"), names)
    assert set(names["promote"](str(retail.project.root), "prod").values()) == {"done"}
    assert capfd.readouterr() == ("", "")


def test_the_excerpt_of_the_demo_is_in_its_output() -> None:
    (excerpt,) = (block for block in blocks(DOCS / "index.md") if block.language == "text")
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    pattern = r"(?:.*\n)*?".join(re.escape(f"{line}\n") for line in excerpt.text.splitlines())
    assert re.search(pattern, readme)

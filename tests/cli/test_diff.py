"""``tsdeploy diff``: what it compares, what it prints, and that nothing from a document escapes into a terminal."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.conftest import Cli, Estate
from tests.golden_files import assert_golden
from tsdeploy.bundled import bundled
from tsdeploy.markdown import code

ANSWER = "guid: 11111111-1111-4111-8111-11111111111{0}\nanswer:\n  name: {1}\n  search_query: '[Day]'\n"

CHANGES = {
    "model/Retail Sales.*": {
        "name: Net Sales\n    column_id": "name: Net Revenue\n    column_id",
        "sum ( [SALES::COST_AMOUNT] )": "2 * sum ( [SALES::COST_AMOUNT] )",
        "type: LEFT_OUTER": "type: INNER",
        "id: eb6bd2fb": "id: eb6bd2fc",
    },
    "liveboard/Store Performance.*": {
        "type: COLUMN": "type: BAR",
        'Viz_3\n        x: 0\n        "y": 4': 'Viz_3\n        x: 6\n        "y": 4',
        "Figures are complete": "All figures are complete",
        "viz_guid: 9da671f0": "viz_guid: 9da671f1",
    },
    "liveboard/Inventory Health.*": {"182.5": "190"},
    "sql_view/*": {"AND t.IS_OPEN": "AND t.IS_OPEN AND s.QUANTITY > 0"},
    "table/SALES.*": {"name: SALE_ID": 'name: "SALE_ID"'},
}


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders ``before`` and ``after`` with the retail samples, changed in many ways."""
    monkeypatch.chdir(tmp_path)
    for name in ("before", "after"):
        shutil.copytree(bundled("samples") / "retail", tmp_path / name)
    for pattern, changes in CHANGES.items():
        (path,) = (tmp_path / "after").glob(pattern)
        text = path.read_bytes().decode("utf-8")
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_bytes(text.encode("utf-8"))
    (removed,) = (tmp_path / "after/collection").iterdir()
    removed.unlink()
    (tmp_path / "after/new.tml").write_text(ANSWER.format(1, "Orders by Day"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_two_folders(folders: Path, cli: Cli, request: pytest.FixtureRequest, form: str) -> None:
    outcome = cli("diff", "before/", "after/", "--format", form)
    assert (outcome.code, outcome.err) == (0, "")
    suffix = {"text": "txt", "markdown": "md", "json": "json"}[form]
    assert_golden(request, f"diff/folders.{suffix}", outcome.out)


def test_noise_on_request(folders: Path, cli: Cli, request: pytest.FixtureRequest) -> None:
    assert_golden(request, "diff/folders-noise.txt", cli("diff", "before/", "after/", "--noise").out)


def test_lines_fit_a_terminal(folders: Path, cli: Cli) -> None:
    lines = cli("diff", "before/", "after/", "--noise").out.splitlines()
    assert max(len(click.unstyle(line)) for line in lines) <= 80


def test_nothing_differs(folders: Path, cli: Cli) -> None:
    outcome = cli("diff", "before/", "before/", "--exit-code")
    assert (outcome.code, outcome.out) == (0, "Diff: 0 added, 0 removed, 0 changed.\n")


def test_exit_code_on_request(folders: Path, cli: Cli) -> None:
    assert cli("diff", "before/", "after/", "--exit-code").code == 3
    assert cli("diff", "before/", "after/", "-s", "table:SALES", "--exit-code").code == 0
    assert cli("diff", "before/", "after/", "-s", "table:SALES", "--exit-code", "--noise").code == 3


def test_selectors_narrow_it(folders: Path, cli: Cli) -> None:
    out = cli("diff", "before/", "after/", "--select", "liveboard:Inv*").out
    assert re.findall(r"^[~+-] (.*)$", out, re.MULTILINE) == ["liveboard:Inventory Health (layout only)"]


def test_a_selector_that_names_nothing_is_refused(folders: Path, cli: Cli) -> None:
    outcome = cli("diff", "before/", "after/", "--select", "model:Nope")
    assert outcome.code == 2
    assert "error[TD011]" in outcome.err


def test_a_removed_object_can_be_selected(folders: Path, cli: Cli) -> None:
    assert "- collection:Retail Leadership\n" in cli("diff", "before/", "after/", "-s", "collection:*").out


def test_an_unreadable_file_is_an_error_beside_the_rest(folders: Path, cli: Cli) -> None:
    (folders / "after/bad.tml").write_bytes(b"answer: [\n")
    outcome = cli("diff", "before/", "after/")
    assert outcome.code == 1
    assert "+ answer:Orders by Day" in outcome.out
    assert "error[TD102]" in outcome.err


def test_an_unreadable_file_of_the_old_side_is_a_warning(folders: Path, cli: Cli) -> None:
    (folders / "before/bad.tml").write_bytes(b"answer: [\n")
    outcome = cli("diff", "before/", "after/")
    assert outcome.code == 0
    assert "warning[TD102]" in outcome.err


def test_hostile_names_reach_neither_the_terminal_nor_the_markup(tmp_path: Path, cli: Cli) -> None:
    evil = "\\e[31m@admin #12 https://evil.example/ <img src=x> `` ` ]( \\u202e"
    for name, query in (("a", "[Day]"), ("b", "\\e]0;x\\a <script>")):
        (tmp_path / name).mkdir()
        text = f'answer:\n  name: "{evil}"\n  search_query: "{query}"\n'
        (tmp_path / name / "x.tml").write_text(text, encoding="utf-8")
    sides = (str(tmp_path / "a"), str(tmp_path / "b"))
    for form in ("text", "markdown", "json"):
        out = cli("diff", *sides, "--format", form).out
        assert all(line.isprintable() for line in out.splitlines())
    tokens = MarkdownIt("commonmark").parse(cli("diff", *sides, "--format", "markdown").out)
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "code_inline"}
    assert not any("evil" in child.content or "script" in child.content for child in inline if child.type == "text")


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_code_is_one_span_whatever_is_in_it(text: str) -> None:
    (paragraph,) = [token for token in MarkdownIt("commonmark").parse(f"- x {code(text)}: y") if token.children]
    children = paragraph.children or []
    assert [child.type for child in children] == ["text", "code_inline", "text"]
    assert (children[0].content, children[2].content) == ("x ", ": y")


def commit_samples(estate: Estate) -> None:
    shutil.copytree(bundled("samples") / "retail", estate.project.root / "tml")
    estate.commit("samples")


def change(estate: Estate, pattern: str, old: str, new: str) -> None:
    (path,) = (estate.project.root / "tml").glob(pattern)
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode(), 1))


def test_the_working_folder_against_the_last_commit(estate: Estate, cli: Cli) -> None:
    commit_samples(estate)
    change(estate, "model/Retail*", "type: LEFT_OUTER", "type: INNER")
    outcome = cli("diff")
    assert outcome.out == (
        "~ model:Retail Sales\n    join CUSTOMERS → HOME_STORES: type LEFT_OUTER → INNER\n"
        "Diff: 0 added, 0 removed, 1 changed.\n"
    )
    (found,) = json.loads(cli("diff", "--format", "json").out)["objects"]
    (difference,) = found["differences"]
    assert (difference["what"], difference["line"], difference["column"]) == ("join.type.changed", 26, 13)
    assert difference["file"].startswith("tml/model/Retail Sales")


@pytest.mark.parametrize("sides", [("HEAD~1", "HEAD"), ("HEAD~1..HEAD",), ("HEAD~1..",), ("HEAD~1",)])
def test_commits(estate: Estate, cli: Cli, sides: tuple[str, ...]) -> None:
    commit_samples(estate)
    change(estate, "answer/Store*", "top 20", "top 10")
    estate.commit("less")
    out = cli("diff", *sides).out
    assert "~ answer:Store League by Sales per Square Foot\n    search query changed" in out


def test_a_commit_that_is_not_there(estate: Estate, cli: Cli) -> None:
    outcome = cli("diff", "v9")
    assert outcome.code == 2
    assert "error[TD704]: there is no commit v9" in outcome.err


def test_a_name_that_is_a_folder_and_a_branch(estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_samples(estate)
    monkeypatch.chdir(estate.project.root)
    shutil.copytree(estate.project.root / "tml", estate.project.root / "main")
    outcome = cli("diff", "main")
    assert outcome.code == 2
    assert "error[TD021]: main is a folder and a commit" in outcome.err
    assert cli("diff", "./main").code == 0
    assert cli("diff", "refs/heads/main").code == 0


def test_more_than_two_sides(estate: Estate, cli: Cli) -> None:
    outcome = cli("diff", "a", "b", "c")
    assert outcome.code == 2
    assert "error[TD023]" in outcome.err


def test_the_release_of_an_environment(retail: Estate, cli: Cli) -> None:
    assert cli("export", "dev", "--commit").code == 0
    outcome = cli("diff", "HEAD", "env:prod", "-s", "table:SALES", "--format", "json")
    (found,) = json.loads(outcome.out)["objects"]
    sentences = [one["sentence"] for one in found["differences"]]
    assert "table moved: HARBOR_DEV.RETAIL.SALES → HARBOR_PROD.RETAIL.SALES" in sentences


def test_what_is_live_in_the_source(retail: Estate, cli: Cli) -> None:
    assert cli("export", "dev", "--commit").code == 0
    assert cli("diff", "live:dev", "HEAD", "--exit-code").code == 0
    change(retail, "model/Retail*", "type: LEFT_OUTER", "type: INNER")
    outcome = cli("diff", "live:dev", str(retail.project.root / "tml"), "--exit-code")
    assert outcome.code == 3
    assert "join CUSTOMERS → HOME_STORES: type LEFT_OUTER → INNER\n" in outcome.out


def test_what_is_live_in_a_target(retail: Estate, cli: Cli) -> None:
    assert cli("export", "dev", "--commit").code == 0
    assert cli("deploy", "prod", "--yes").code == 0
    retail.commit("record")
    change(retail, "liveboard/Store*", "type: COLUMN", "type: BAR")
    retail.commit("chart")
    outcome = cli("diff", "live:prod", "env:prod", "-s", "liveboard:*")
    assert outcome.out == (
        '~ liveboard:Store Performance\n    visualization "Net Sales by Region" (Viz_3): chart type COLUMN → BAR\n'
        "Diff: 0 added, 0 removed, 1 changed.\n"
    )


def test_an_environment_that_is_not_there(estate: Estate, cli: Cli) -> None:
    assert "error[TD306]" in cli("diff", "env:prd").err
    assert "error[TD306]" in cli("diff", "live:prd").err

"""Names that mean nothing: wherever a column can be named, and only where all that it might be in is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.looking import ANSWER, MODEL, RETAIL, findings, retail, seen
from tests.tml.real_files import CORPUS, RETAIL_OBJ_ID
from tests.tml.real_files import RETAIL as SAMPLES
from tsdeploy.tml.document import parse_document

ESTATES = [SAMPLES, RETAIL_OBJ_ID, *sorted(path for path in CORPUS.glob("*") if path.is_dir())]
NAMING = {"TD140", "TD141", "TD143", "TD144", "TD145", "TD171"}
BODY = "model:\n    name: Retail\n    fqn: 11111111-0000-4000-8000-000000000003\n"
OTHER = MODEL.replace("000000000003", "0000000000b3").replace("name: Retail", "name: Second")


def besides(text: str) -> list[str]:
    """What is found with one more file in the closed folder."""
    return seen({**RETAIL, "x.tml": text})


def test_view() -> None:
    text = (
        "view:\n  name: V\n  tables:\n  - name: Retail\n  search_query: '[Net] [Gone]'\n"
        "  formulas:\n  - name: F\n    expr: '[Retail::Nett]'\n"
        "  view_columns:\n  - name: Net\n    search_output_column: Total Nowhere\n"
    )
    assert besides(text) == [
        "warning TD145 x.tml:5:25 model:Retail has no column Gone",
        "error TD140 x.tml:8:13 Retail::Nett: model:Retail has no column Nett",
    ]


def test_formula_that_names_a_column_of_nobody() -> None:
    assert seen(retail("Retail.tml", "[Rate]", "[Rat]")) == [
        "warning TD145 Retail.tml:16:35 there is no column Rat here"
    ]


def test_filter_and_parameter_of_a_model() -> None:
    more = "  filters:\n  - column:\n    - Nett\n  columns:\n"
    assert seen(retail("Retail.tml", "  columns:\n", more)) == [
        "warning TD145 Retail.tml:22:7 there is no column Nett here"
    ]


def test_parameter_of_an_answer() -> None:
    files = {**RETAIL, "Net.tml": f"{ANSWER}  parameter_values:\n    Rate: '1'\n    Rat: '2'\n"}
    assert seen(files) == ["warning TD145 Net.tml:15:5 model:Retail has no parameter Rat"]


def test_alias_of_a_column() -> None:
    assert besides(f"column_alias:\n  name: L\n  {BODY}  columns:\n  - name: Nett\n") == [
        "warning TD145 x.tml:7:11 model:Retail has no column Nett"
    ]


def test_column_security() -> None:
    table = "table:\n    name: SALES\n    fqn: 11111111-0000-4000-8000-000000000001\n"
    text = f"column_security_rules:\n  name: R\n  {table}  rules:\n  - column_name: NETT\n"
    assert besides(text) == ["warning TD145 x.tml:7:18 table:SALES has no column NETT"]


def test_feedback() -> None:
    text = (
        "guid: 11111111-0000-4000-8000-000000000003\nnls_feedback:\n  feedback:\n  - id: '1'\n"
        "    type: REFERENCE_QUESTION\n    access: GLOBAL\n    feedback_phrase: net\n    search_tokens: '[Nett]'\n"
        "    rating: UPVOTE\n"
    )
    assert "warning TD145 x.tml:8:22 model:Retail has no column Nett" in besides(text)


def test_set() -> None:
    text = f"cohort:\n  name: Big\n  {BODY}  config:\n    anchor_column_id: Nett\n"
    assert "warning TD145 x.tml:7:23 model:Retail has no column Nett" in besides(text)


def test_what_a_search_shows_is_not_told_again() -> None:
    shown = "  answer_columns:\n  - name: Nett\n  table:\n    ordered_column_ids:\n    - Nett\n"
    files = {**RETAIL, "Net.tml": retail("Net.tml", "[Net]", "[Nett]")["Net.tml"] + shown}
    assert seen(files) == ["warning TD145 Net.tml:8:19 model:Retail has no column Nett"]


def test_a_name_is_told_once_for_each_text() -> None:
    found = seen(retail("Net.tml", "[Net] [Region]", "[Nett] [Region] sort by [Nett]"))
    assert found == ["warning TD145 Net.tml:8:19 model:Retail has no column Nett"]


def test_several_sources_are_all_named() -> None:
    answer = ANSWER.replace(
        "  search_query", "  - name: Second\n    fqn: 11111111-0000-4000-8000-0000000000b3\n  search_query"
    ).replace("[Region]", "[Area]")
    (line, *_) = [line for line in seen({**RETAIL, "Second.tml": OTHER, "Net.tml": answer}) if "TD145" in line]
    assert line == "warning TD145 Net.tml:10:25 none of model:Retail, model:Second has a column Area"


@pytest.mark.parametrize(
    ("file", "old", "new", "hint"),
    [
        ("Retail.tml", "column_id: SALES::NET", "column_id: SALES::NETT", "did you mean NET?"),
        ("Retail.tml", "HOME::REGION", "HOMES::REGION", "did you mean HOME?"),
        ("Retail.tml", "HOME::REGION", "Zzz::REGION", "a table is called by its alias where it has one"),
        ("Retail.tml", "formula_id: formula_Margin", "formula_id: formula_Marge", "did you mean formula_Margin?"),
        ("Net.tml", "[formula_Share]", "[formula_Shares]", "did you mean formula_Share?"),
        ("Net.tml", "[Region]", "[Regions]", "did you mean Region?"),
        ("Net.tml", "[Region]", "[Qqq]", "rename it here, too, or bring it back"),
    ],
)
def test_hint(file: str, old: str, new: str, hint: str) -> None:
    assert [found.hint for found in findings(retail(file, old, new)) if found.code in NAMING] == [hint]


@pytest.mark.parametrize("folder", ESTATES, ids=lambda folder: folder.name)
def test_what_is_in_no_file_makes_no_name_unknown(folder: Path) -> None:
    """Real packages without each of their objects in turn. Sets aside: no model says which there are."""
    files = {path.as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.tml"))}
    for missing in ["", *files]:
        if not missing or parse_document(files[missing], missing).kind.name != "cohort":
            left = {name: text for name, text in files.items() if name != missing}
            assert {found.code for found in findings(left)} & NAMING == set(), missing

"""Columns, formulas, joins and paths of tables and models."""

from __future__ import annotations

import pytest

from tests.check.looking import RETAIL, retail, seen

WORKSHEET = """\
guid: 11111111-0000-4000-8000-000000000006
worksheet:
  name: Old Retail
  tables:
  - name: SALES
  - name: STORES
  joins:
  - name: SALES_to_STORES
    source: SALES
    destination: STORES
    type: INNER
  table_paths:
  - id: SALES_1
    table: SALES
    join_path:
    - {}
  - id: STORES_1
    table: STORES
    join_path:
    - join:
      - SALES_to_STORES
  formulas:
  - name: Twice
    expr: "[SALES_1::NET] * 2"
  worksheet_columns:
  - name: Net
    column_id: SALES_1::NET
  - name: Twice
    formula_id: Twice
"""


def worksheet(old: str = "", new: str = "") -> dict[str, str]:
    assert old in WORKSHEET
    return {**RETAIL, "Old.tml": WORKSHEET.replace(old, new, 1)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "column_id: SALES::NET",
            "column_id: SALES::NETT",
            "TD140 Retail.tml:22:16 SALES::NETT: table:SALES has no column NETT",
        ),
        (
            "column_id: HOME::REGION",
            "column_id: STORES::REGION",
            "TD140 Retail.tml:24:16 STORES::REGION: there is no table STORES here",
        ),
        ("[SALES::NET]", "[SALES::GROSS]", "TD140 Retail.tml:16:18 SALES::GROSS: table:SALES has no column GROSS"),
        (
            "formula_id: formula_Margin",
            "formula_id: formula_Marge",
            "TD141 Retail.tml:26:17 there is no formula formula_Marge here",
        ),
        ("[Rate]", "[formula_Rate]", "TD141 Retail.tml:16:35 there is no formula formula_Rate here"),
        ("  - name: Region", "  - name: Net", "TD142 Retail.tml:23:11 column name Net stands twice"),
        ("HOME::REGION", "SALES::NET", "TD142 Retail.tml:24:16 column_id SALES::NET stands twice"),
        ("alias: HOME", "alias: SALES", "TD142 Retail.tml:11:12 table SALES stands twice"),
        ("with: HOME", "with: STORES", "TD143 Retail.tml:8:13 joins with STORES, which is no table here"),
        (
            "_join: SALES_to_STORES",
            "_join: SALES_to_HOME",
            "TD143 Retail.tml:9:25 table:SALES has no join SALES_to_HOME",
        ),
    ],
)
def test_model(old: str, new: str, message: str) -> None:
    assert f"error {message}" in seen(retail("Retail.tml", old, new))


def test_column_ids_are_compared_with_upper_and_lower_case_alike() -> None:
    assert seen(retail("Retail.tml", "SALES::NET", "Sales::net")) == []


def test_text_in_quotes_is_no_column() -> None:
    files = retail("Retail.tml", "* [Rate]", "* if ( [Rate] = 'see [SALES::x] it''s' ) then 1 else 2")
    assert seen(files) == []


def test_join_of_a_table_on_a_column_that_is_gone() -> None:
    assert seen(retail("SALES.tml", "[STORES::STORE_ID]", "[STORES::ID]")) == [
        "error TD140 SALES.tml:19:33 STORES::ID: table:STORES has no column ID"
    ]


def test_inline_join_on_an_unknown_alias() -> None:
    inline = 'on: "[SALES::STORE_ID] = [HOMES::STORE_ID]"'
    assert seen(retail("Retail.tml", "referencing_join: SALES_to_STORES", inline)) == [
        "error TD140 Retail.tml:9:33 HOMES::STORE_ID: there is no table HOMES here"
    ]


def test_worksheet_is_sound() -> None:
    assert seen(worksheet()) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("destination: STORES", "destination: SHOPS", "TD143 Old.tml:10:18 joins with SHOPS, which is no table here"),
        (
            "    table: STORES",
            "    table: SHOPS",
            "TD144 Old.tml:18:12 a join path leads to SHOPS, which is no table here",
        ),
        ("      - SALES_to_STORES", "      - SALES_to_SHOPS", "TD144 Old.tml:21:9 there is no join SALES_to_SHOPS"),
        (
            "column_id: SALES_1::NET",
            "column_id: SALES_2::NET",
            "TD140 Old.tml:27:16 SALES_2::NET: there is no table SALES_2 here",
        ),
        ("formula_id: Twice", "formula_id: Thrice", "TD141 Old.tml:29:17 there is no formula Thrice here"),
    ],
)
def test_worksheet(old: str, new: str, message: str) -> None:
    assert seen(worksheet(old, new)) == [f"error {message}"]


def test_same_column_twice_in_a_worksheet_is_allowed() -> None:
    assert (
        seen(
            worksheet(
                "  - name: Twice\n    formula_id",
                "  - name: Again\n    column_id: SALES_1::NET\n  - name: Twice\n    formula_id",
            )
        )
        == []
    )


def test_nothing_is_said_of_columns_of_a_table_that_is_in_no_file() -> None:
    files = {
        name: text for name, text in retail("Retail.tml", "HOME::REGION", "HOME::X").items() if name != "STORES.tml"
    }
    assert [line for line in seen(files) if "TD140" in line] == []

"""How columns are named in searches, formulas and answers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.tml.columns.names import bracketed, escape, tokens, whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Store Name] [Net Sales] sort by [Net Sales] descending", ["Store Name", "Net Sales", "Net Sales"]),
        ("[Sale Date].'last quarter' [Tenant Code].'[no column]'", ["Sale Date", "Tenant Code"]),
        ("if ( [Basis] = 'it\\'s [x]' ) then \"[y]\" else [Net]", ["Basis", "Net"]),
        (r"[\[Deprecated\] X] [TS\: Cost]", ["[Deprecated] X", "TS: Cost"]),
        ("[Customer's Name] top 10 [ Units ]", ["Customer's Name", "Units"]),
        ("[never closed", ["never closed"]),
        ("", []),
    ],
)
def test_names_in_brackets(text: str, expected: list[str]) -> None:
    assert list(tokens(text)) == expected


@pytest.mark.parametrize(
    ("display", "expected"),
    [
        ("Net Sales", ["Net Sales"]),
        ("Total Net Sales", ["Total Net Sales", "Net Sales"]),
        ("Unique Number of Query Id", ["Unique Number of Query Id", "Query Id"]),
        ("Month(Sale Date)", ["Month(Sale Date)", "Sale Date"]),
        ("Day of week(Sale Date)", ["Day of week(Sale Date)", "Sale Date"]),
        ("Growth of Total Units", ["Growth of Total Units", "Total Units", "Units"]),
        ("Margin (%)", ["Margin (%)", "%"]),
    ],
)
def test_what_a_display_name_may_stand_for(display: str, expected: list[str]) -> None:
    assert [name.text for name in whole(display).undressed()] == expected


def test_a_table_or_a_column_may_hold_two_colons() -> None:
    (name,) = bracketed("[A::B::C]")
    assert [(table, column.text) for table, column in name.splits()] == [("A", "B::C"), ("A::B", "C")]


@given(st.text(min_size=1).filter(lambda name: name == name.strip()))
def test_an_escaped_name_is_read_back(name: str) -> None:
    (found,) = bracketed(f"sum ( [{escape(name)}] )")
    assert found.text == name


@given(st.text("[]\\'\"ab :", max_size=60))
def test_any_text_is_read_in_spans_that_do_not_overlap(text: str) -> None:
    spans = [(name.start, name.end) for name in bracketed(text)]
    assert all(start <= end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))

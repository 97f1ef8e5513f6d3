"""Groups and users inside expressions: which texts are compared with them, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tml.tml_texts import table
from tests.transform.releases import codes, errors, inputs, named, one, rule_set
from tsdeploy.transform.principals import principals

EXPRESSIONS = {
    "ts_groups = 'a'": ["a"],
    "'a' = ts_groups": ["a"],
    'ts_groups = "a b"': ["a b"],
    "ts_groups != 'a' and ts_groups = 'b'": ["a", "b"],
    "ts_groups in ( 'a' , 'b' )": ["a", "b"],
    "ts_groups in {'a','b'}": ["a", "b"],
    "ts_groups not in ('a')": ["a"],
    "not ts_groups = 'a'": ["a"],
    "contains ( ts_groups , 'a' )": ["a"],
    "'a' in ts_groups": ["a"],
    "TS_GROUPS = 'a'": ["a"],
    "ts_username = 'a@x.y'": ["a@x.y"],
    "[T::G] = ts_groups": [],
    "[T::C] = 'x' and [T::G] = ts_groups": [],
    "ts_groups = [T::G] or [T::C] = 'x'": [],
    "concat ( ts_username , '@x.y' ) = [T::C]": [],
    "[ts_groups = 'a'] = 1": [],
    "'ts_groups = ' = [T::C]": [],
    "ts_groups_int = 3": [],
    "ts_groups = ''": [""],
    "ts_groups = 'open": ["open"],
    "if ( ts_groups = 'a' ) then 'x' else 'y'": ["a"],
}


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS.items(), ids=EXPRESSIONS)
def test_texts_that_are_compared_are_principals(expression: str, expected: list[str]) -> None:
    found = sorted(principals(expression), key=lambda named: named.start)
    assert [expression[named.start : named.end] for named in found] == expected


@pytest.mark.parametrize(
    ("quote", "target", "works"),
    [("'", "O'Brien", False), ('"', "O'Brien", True), ('"', 'the "A" team', False), ("'", "a\\", False)],
)
def test_a_name_never_ends_the_text_that_it_stands_in(quote: str, target: str, works: bool) -> None:
    """What follows would be part of the rule that says who sees which rows."""
    rule = "  rls_rules:\n    rules:\n    - name: r\n      expr: >-\n        [T::G] = ts_groups and "
    text = table("T", 1) + f"{rule}ts_groups = {quote}a{quote}\n"
    item = one(text, inputs(rule_set(groups=named("groups", {"a": target}))))
    assert codes(errors(item.findings)) == ([] if works else ["TD226"])
    assert (target in item.text) is works


@given(st.text("ts_groups='\"()[],\\ ab", max_size=40))
def test_any_text_is_read_and_what_is_found_lies_in_it(text: str) -> None:
    for found in principals(text):
        assert 0 <= found.start <= found.end <= len(text)

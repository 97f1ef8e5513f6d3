"""Row-level security: which conditions let more people see more."""

from __future__ import annotations

import pytest

from tsdeploy.review.conditions import Tendency, tendency


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("[A::x] = 'Web' and ts_groups = 'Shop'", "[A::x] = 'Web'", Tendency.LOOSER),
        ("[A::x] = 'Web'", "[A::x]  = 'Web' AND [A::y] = ts_username", Tendency.TIGHTER),
        ("[A::x] = 'a' and [A::y] = 'b'", "[A::y] = 'b' and [A::x] = 'a'", Tendency.OTHER),
        ("[A::x] = 'a' and [A::y] = 'b'", "[A::x] = 'a' or [A::y] = 'b'", Tendency.OTHER),
        ("[A::x] = 'this and that'", "[A::x] = 'this'", Tendency.OTHER),
        ("[This and that] = 'a'", "[This]", Tendency.OTHER),
        ("( [A::x] = 'a' and [A::y] = 'b' )", "( [A::x] = 'a' )", Tendency.OTHER),
        ("( [A::x] = 'a' or true ) and [A::y] = 'b'", "[A::y] = 'b'", Tendency.LOOSER),
        ("[A::x] = 'a' and [A::x] = 'a'", "[A::x] = 'a' ) and ( true", Tendency.OTHER),
        ("[A::brand] = 'a'", "[A::br] and [A::brand] = 'a'", Tendency.TIGHTER),
    ],
)
def test_conditions(before: str, after: str, found: Tendency) -> None:
    assert tendency(before, after) is found

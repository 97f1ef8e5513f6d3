"""Pairs poison each other when two become one, and when a target is a source."""

from __future__ import annotations

import pytest

from tsdeploy.errors import Location
from tsdeploy.mapping.pairs import Pair, paired_twice, poisoned

HERE = Location("objects.json", 4, 1)


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ([("a", "x"), ("b", "y")], []),
        ([("a", "x"), ("b", "X")], ["TD309"]),
        ([("a", "b"), ("b", "c")], ["TD233"]),
        ([("a", "b"), ("b", "b")], []),
        ([("a", "b"), ("b", "a")], ["TD233", "TD233"]),
        ([("a", "x"), ("a", "x")], []),
    ],
    ids=["sound", "two to one", "chain", "the target's own object", "swapped", "said twice"],
)
def test_poison_is_found(pairs: list[tuple[str, str]], codes: list[str]) -> None:
    found = poisoned(Pair(source, target, HERE) for source, target in pairs)
    assert [finding.code for finding in found] == codes
    assert all(finding.location == HERE for finding in found)


def test_a_source_with_two_targets_is_named_with_both_places() -> None:
    (finding,) = paired_twice([Pair("a", "x", HERE), Pair("A", "y", Location("objects.json", 5, 1))])
    assert (finding.code, str(finding.location)) == ("TD313", "objects.json:5:1")
    assert "objects.json:4:1" in finding.message

"""Proposals: by the strongest evidence, never certain where several would do, and nobody twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.propose import Candidate, Evidence, propose

SALES = TableLocation("Prod", "PROD", "SALES", "ORDERS")


def said(sources: list[Candidate], targets: list[Candidate]) -> list[tuple[str, str, str, bool]]:
    return [(one.source.guid, one.target.guid, one.evidence.value, one.unique) for one in propose(sources, targets)]


def test_stronger_evidence_wins_and_takes_its_target() -> None:
    sources = [Candidate("table", "ORDERS", "s1", place=SALES), Candidate("table", "Orders", "s2")]
    targets = [Candidate("table", "Orders", "t1", place=SALES), Candidate("table", "ORDERS", "t2")]
    assert said(sources, targets) == [("s1", "t1", "table", True)]


def test_the_same_obj_id_is_evidence_whatever_the_name() -> None:
    assert said([Candidate("model", "A", "s", "x")], [Candidate("model", "B", "t", "x")]) == [
        ("s", "t", "obj_id", True)
    ]


def test_several_of_a_name_are_proposed_and_none_is_unique() -> None:
    targets = [Candidate("model", "A", "t1"), Candidate("model", "A", "t2")]
    assert said([Candidate("model", "A", "s")], targets) == [("s", "t1", "name", False), ("s", "t2", "name", False)]
    assert said(targets, [Candidate("model", "A", "s")])[0][3] is False


def test_another_kind_of_that_name_is_no_candidate() -> None:
    assert said([Candidate("model", "A", "s")], [Candidate("answer", "A", "t")]) == []


def test_only_the_evidence_that_is_asked_for_counts() -> None:
    one, other = [Candidate("model", "A", "s", "x")], [Candidate("model", "A", "t", "x")]
    assert [found.evidence for found in propose(one, other, [Evidence.NAME])] == [Evidence.NAME]


NAMES = st.sampled_from("ab")
CANDIDATES = st.builds(
    Candidate, st.sampled_from(["model", "table"]), NAMES, st.uuids().map(str), st.sampled_from(["", "x", "y"])
)


@given(st.lists(CANDIDATES, max_size=6), st.lists(CANDIDATES, max_size=6))
def test_what_is_unique_pairs_nobody_twice(sources: list[Candidate], targets: list[Candidate]) -> None:
    certain = [one for one in propose(sources, targets) if one.unique]
    assert len({one.source.guid for one in certain}) == len({one.target.guid for one in certain}) == len(certain)

"""The listing of a document that a merge left in conflict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.tml.difference.conflicted import conflicted_listing


def listed(ours: str, theirs: str) -> list[str] | None:
    text = (
        f"answer:\n  name: A\n<<<<<<< ours\n{ours}||||||| base\n  was: x\n=======\n{theirs}>>>>>>> theirs\n  last: 1\n"
    )
    return conflicted_listing(text, "a.tml")


def test_what_differs_stands_between_marks() -> None:
    assert listed("  description: one\n", "  description: two\n  more: 3\n") == [
        "answer.name: A",
        "<<<<<<< ours",
        "answer.description: one",
        "=======",
        "answer.description: two",
        "answer.more: 3",
        ">>>>>>> theirs",
        "answer.last: 1",
    ]


@pytest.mark.parametrize(
    "text", ["answer:\n  name: A\n", "<<<<<<< ours\n: [\n=======\n: ]\n>>>>>>> theirs\n", "=======\n"]
)
def test_without_marks_or_documents_there_is_no_listing(text: str) -> None:
    assert conflicted_listing(text, "a.tml") is None


@given(*[st.lists(st.sampled_from("abc"), min_size=1, max_size=8)] * 2)
def test_each_side_can_be_read_out_of_it(ours: list[str], theirs: list[str]) -> None:
    own, other = ("  notes:\n" + "".join(f"  - {one}\n" for one in side) for side in (ours, theirs))
    sides: tuple[list[str], list[str]] = [], []
    shown = (True, True)
    for line in listed(own, other) or ():
        mark = {"<<<<<<<": (True, False), "=======": (False, True), ">>>>>>>": (True, True)}.get(line.split(" ")[0])
        shown = mark or shown
        if mark is None and ".notes[" in line:
            for side, is_shown in zip(sides, shown, strict=True):
                side.extend([line.rpartition(" ")[2]] * is_shown)
    assert sides == (ours, theirs)


def test_lines_that_repeat_take_one_pass() -> None:
    ours, theirs = "  n:\n" + "  - a\n  - b\n" * 20_000, "  n:\n" + "  - b\n  - a\n" * 20_000
    found = listed(ours, theirs)
    assert found is not None
    assert found[-1] == "answer.last: 1"

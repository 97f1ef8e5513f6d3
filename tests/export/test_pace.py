"""When export calls are taken to wait for each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.export.pace import Pace
from tsdeploy.export.sizing import FIRST


def answers(pace: Pace, count: int, seconds: float, objects: int = FIRST, size: int = 0) -> list[bool]:
    """Which of so many answers that are alike came of a call that waited."""
    return [pace.waited(objects, seconds, size) for _ in range(count)]


def test_a_call_that_takes_more_than_twice_as_long_has_waited() -> None:
    pace = Pace()
    assert answers(pace, 20, 1.0) == [False] * 20
    assert answers(pace, 1, 1.9) == [False]
    assert answers(pace, 1, 2.6) == [True]


def test_a_server_that_is_slower_for_good_is_soon_what_is_usual() -> None:
    pace = Pace()
    answers(pace, 20, 1.0)
    later = answers(pace, 40, 10.0)
    assert later[0]
    assert sum(later) < 8
    assert not any(later[8:])


@given(st.integers(FIRST, 100), st.integers(0, 5_000_000))
def test_large_calls_and_large_objects_are_no_queue(objects: int, size: int) -> None:
    pace = Pace()
    answers(pace, 10, FIRST * 0.02)
    assert not pace.waited(objects, (objects + size / 10_000) * 0.02, size)


def test_small_calls_say_nothing() -> None:
    pace = Pace()
    answers(pace, 10, 0.5)
    assert answers(pace, 3, 60.0, objects=FIRST - 1) == [False] * 3

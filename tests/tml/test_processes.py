"""Work shared by processes: everything is done once, whatever becomes of the helpers."""

from __future__ import annotations

import os
import signal
from multiprocessing import active_children, parent_process

import pytest

from tsdeploy.tml.processes import crew, share

ITEMS = [*range(40)]
DONE = [(number, number * number) for number in ITEMS]


def square(item: int) -> int:
    return item * item


def square_here_only(item: int) -> int:
    """Fails at half of the items when a helper does them."""
    if parent_process() is not None and item % 2:
        os.close(2)  # the traceback of the helper is no part of the test's output
        raise ValueError(item)
    return item * item


def square_until_killed(item: int) -> int:
    """A helper is killed at its second item."""
    if parent_process() is not None and item == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def fail(item: int) -> int:
    raise ValueError(item)


@pytest.mark.parametrize("processes", [0, 1, 2, 3])
def test_every_item_is_done_once(processes: int) -> None:
    assert sorted(share(square, ITEMS, processes)) == DONE


@pytest.mark.parametrize("items", [[], [7]])
def test_more_helpers_than_items_do_no_harm(items: list[int]) -> None:
    assert [*share(square, items, 3)] == [(number, item * item) for number, item in enumerate(items)]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill like that")
def test_what_a_killed_helper_had_before_it_is_done_here() -> None:
    assert sorted(share(square_until_killed, ITEMS, 3)) == DONE


def test_what_a_helper_failed_at_is_done_here() -> None:
    assert sorted(share(square_here_only, ITEMS, 2)) == DONE


def test_what_fails_here_too_is_raised() -> None:
    with pytest.raises(ValueError, match="0"):
        [*share(fail, ITEMS, 1)]


def test_helpers_end_when_nobody_wants_more() -> None:
    shared = share(square, ITEMS, 3)
    next(shared)
    assert len(active_children()) == 2
    shared.close()
    assert active_children() == []


def test_helpers_do_one_work_after_the_other() -> None:
    with crew(3) as helpers:
        assert sorted(helpers.share(square, ITEMS)) == DONE
        assert sorted(helpers.share(square_here_only, ITEMS)) == DONE
        assert sorted(helpers.share(square, ITEMS)) == DONE
    assert active_children() == []


def test_answers_that_nobody_wanted_are_none_to_the_next_work() -> None:
    with crew(3) as helpers:
        shared = helpers.share(square, ITEMS)
        next(shared)
        shared.close()
        assert sorted(helpers.share(abs, ITEMS)) == list(enumerate(ITEMS))

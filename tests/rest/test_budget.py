"""How many calls go at a time, and who waits when the server says so."""

from __future__ import annotations

import threading

from tsdeploy.rest.budget import Budget, Usage
from tsdeploy.rest.transport import Fault, NoReply, Reply

DATE = "Wed, 18 Nov 2026 12:00:00 GMT"


def note(budget: Budget, *replies: Reply | NoReply, now: float = 0.0) -> None:
    """Let calls come to an end, one after the other."""
    for reply in replies:
        with budget.turn(lambda: now) as turn:
            turn.reply = reply


def test_a_rate_limit_halves_the_width_and_good_answers_widen_it_again() -> None:
    budget = Budget(8)
    note(budget, Reply(429, {}, b""), Reply(503, {}, b""))
    assert budget.width == 2
    note(budget, *[Reply(200, {}, b"{}")] * 20)
    assert budget.width == 4
    note(budget, *[Reply(200, {}, b"{}")] * 1000)
    assert budget.width == 8


def test_calls_that_wait_for_each_other_narrow_the_width_once_for_all_of_them() -> None:
    budget = Budget(8)
    note(budget, *[Reply(200, {}, b"{}")] * 8)
    for _ in range(8):
        budget.narrow()
    assert budget.width == 6
    note(budget, *[Reply(200, {}, b"{}")] * 20)
    assert budget.width == 8


def test_the_width_never_ends() -> None:
    budget = Budget(2)
    for _ in range(5):
        note(budget, *[Reply(200, {}, b"{}")] * 3)
        budget.narrow()
    assert budget.width == 1


def test_everybody_waits_for_retry_after() -> None:
    budget = Budget()
    note(budget, Reply(429, {"Retry-After": "30"}, b""), now=100.0)
    assert (budget.pause(110.0), budget.pause(131.0)) == (20.0, 0.0)


def test_what_was_asked_is_counted() -> None:
    budget = Budget()
    note(budget, Reply(200, {"Date": DATE}, b"12345"), NoReply(Fault.LOST, "gone", may_have_arrived=True))
    before = budget.usage
    note(budget, Reply(429, {}, b"no"))
    assert before == Usage(2, 5, 0)
    assert budget.usage.since(before) == Usage(1, 2, 1)
    assert budget.server_time == 1795003200.0


def test_no_more_calls_than_the_width_go_at_a_time() -> None:
    budget, most, now = Budget(2), [0], [0]
    lock = threading.Lock()

    def work() -> None:
        for _ in range(20):
            with budget.turn(lambda: 0.0) as turn:
                with lock:
                    now[0] += 1
                    most[0] = max(most[0], now[0])
                with lock:
                    now[0] -= 1
                turn.reply = Reply(200, {}, b"")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0] <= 2, budget.usage.calls) == (True, 120)


def test_a_wrong_date_is_no_time() -> None:
    budget = Budget()
    note(budget, Reply(200, {"Date": "yesterday"}, b""))
    assert budget.server_time == 0.0

"""Runs batches in parallel, each after those that it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread

from tsdeploy.deploy.batches import Batch

_Done = tuple[int, bool, "BaseException | None"]


def run_batches(
    batches: Sequence[Batch], work: Callable[[Batch], bool], *, parallel: int, stop: Callable[[], bool]
) -> frozenset[int]:
    """Do the work for each batch; the numbers of those that it said True for.

    A batch that needs one which failed is not begun, and none is begun once ``stop`` says so; what is under way is
    always finished. An exception of the work is raised when nothing is under way any more. The threads do not keep
    the process alive: an interrupt that is not caught ends them with it.
    """
    waiting = {batch.number: batch for batch in batches}
    answers: SimpleQueue[_Done] = SimpleQueue()
    done: set[int] = set()
    known = set(waiting)
    running = 0
    failure: BaseException | None = None
    while True:
        ready = [batch for batch in waiting.values() if batch.needs & known <= done]
        if not stop() and failure is None:
            for batch in ready[: parallel - running]:
                del waiting[batch.number]
                running += 1
                Thread(target=_run, args=(batch, work, answers), daemon=True).start()
        if not running:
            break
        number, succeeded, error = answers.get()
        running -= 1
        failure = failure or error
        if succeeded:
            done.add(number)
    if failure is not None:
        raise failure
    return frozenset(done)


def _run(batch: Batch, work: Callable[[Batch], bool], answers: SimpleQueue[_Done]) -> None:
    try:
        answers.put((batch.number, work(batch), None))
    except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for it
        answers.put((batch.number, False, error))

"""The server's queue for imports: what is put there is asked about until it is over, also by a later run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tsdeploy.errors import Finding, RestError
from tsdeploy.rest import ImportItem, ImportPolicy, Session, UnknownOutcomeError
from tsdeploy.rest.tml_async import FAILED, QUEUE_LIMIT, ImportTask, active_tasks, import_status, start_import

T = TypeVar("T")

_FIRST_LOOK = 0.2
"""Seconds until the second look at a task: small ones are over by then."""
_LISTED_WITHIN = 60.0
"""Seconds in which the server lists a task; one that it does not list later is no more."""


class StillRunningError(UnknownOutcomeError):
    """The server may still carry out an import of its queue (TD631, or why it could not be asked)."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of the session's Org. ``deadline`` and ``poll`` are seconds: to wait for a task, between two looks."""

    session: Session
    deadline: float
    poll: float

    def publish(
        self, texts: Sequence[str], policy: ImportPolicy, said: Callable[[str], None], *, keep_views: bool = False
    ) -> tuple[ImportItem, ...]:
        """Put an import there and wait for its results; ``said`` is told the task's id before that;
        ``keep_views`` is that of ``import_tml``.

        Raises RestError TD630 when the queue is full, UnknownOutcomeError TD409 or TD630 when nobody can tell what
        became of the import, and StillRunningError TD631 when it was not over by the deadline.
        """
        try:
            task = start_import(self.session, texts, policy, keep_views=keep_views)
        except UnknownOutcomeError:
            self.outlast("", len(texts))
            raise
        said(task.id)
        if task.status == FAILED:
            hint = f"the queue of the server is full ({QUEUE_LIMIT} tasks): deploy again later"
            raise RestError(Finding("TD630", f"task {task.id} was not taken into the queue", hint=hint))
        if not task.id:
            self.outlast("", len(texts))
            raise UnknownOutcomeError(Finding("TD409", "the server took the import into its queue, but names no task"))
        found = self._until(lambda: self._over(task.id, len(texts)), f"task {task.id}")
        if found.items is None:
            message = f"task {task.id} ended as {found.status}, and says nothing of its objects"
            raise UnknownOutcomeError(Finding("TD630", message, hint="plan again to see what is there"))
        return found.items

    def outlast(self, task: str, count: int, age: float = 0.0) -> None:
        """Wait until a task with ``count`` documents that was sent ``age`` seconds ago is over, whatever its results.

        Without an id, until the user has no task of that size under way. Raises StillRunningError as ``publish`` does.
        """
        started = time.monotonic()

        def is_over() -> bool | None:
            if not task:
                author = self.session.user.id
                same = [one for one in active_tasks(self.session) if one.author == author and one.total == count]
                return None if same else True
            found = import_status(self.session, task)
            is_gone = not found.status and age + time.monotonic() - started > _LISTED_WITHIN
            return True if found.is_over or is_gone else None

        self._until(is_over, f"task {task}" if task else f"an import of {count} objects in the server's queue")

    def _over(self, task: str, count: int) -> ImportTask | None:
        found = import_status(self.session, task, count)
        return found if found.is_over else None

    def _until(self, look: Callable[[], T | None], what: str) -> T:
        """Look until there is something, first soon, then at the interval of the settings."""
        deadline = time.monotonic() + self.deadline
        pause = min(_FIRST_LOOK, self.poll)
        while True:
            try:
                found = look()
            except RestError as error:
                raise StillRunningError(*error.findings) from None
            if found is not None:
                return found
            if time.monotonic() + pause > deadline:
                message = f"{what} is not over after {self.deadline:g} seconds"
                hint = "the server may still carry it out; the next deploy waits for it before anything else"
                raise StillRunningError(Finding("TD631", message, hint=hint))
            time.sleep(pause)
            pause = min(pause * 2, self.poll)

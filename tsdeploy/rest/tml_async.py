"""Imports that the server does later: put into its queue, and asked about until they are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tsdeploy.rest.results import ImportItem, ImportPolicy
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, inner, item, items, text, whole
from tsdeploy.rest.tml_import import KEEP_VIEWS, read_items
from tsdeploy.rest.transport import Call

QUEUED: Final = "IN_QUEUE"
RUNNING: Final = "IN_PROGRESS"
COMPLETED: Final = "COMPLETED"
FAILED: Final = "FAILED"

QUEUE_LIMIT: Final = 100
"""Tasks that wait and run at a time (facts §8)."""
_LARGEST: Final = 50
"""Tasks that one answer may list; more are refused (facts §8)."""


@dataclass(frozen=True, slots=True)
class ImportTask:
    """A task of the queue. ``status`` "" is one that the server does not list (yet).

    ``items`` are None while there is no result; a task can be COMPLETED and all its items failed. ``processed`` is
    how many of ``total`` objects are done; both are None while the server does not say. ``author`` is the GUID of the
    user who sent it.
    """

    id: str
    status: str
    processed: int | None = None
    items: tuple[ImportItem, ...] | None = None
    total: int | None = None
    author: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen. FAILED is an end, too."""
        return self.status in (COMPLETED, FAILED)


def start_import(
    session: Session, tmls: Sequence[str], policy: ImportPolicy, *, keep_views: bool = False
) -> ImportTask:
    """Put an import into the queue. A queue that is full (100 tasks) answers FAILED at once (facts §8).

    ``keep_views`` is that of ``import_tml``. Raises UnknownOutcomeError TD409 when nobody can tell whether it was put
    there.
    """
    body = {"metadata_tmls": list(tmls), "import_policy": policy.value, KEEP_VIEWS: keep_views}
    call = Call("POST", "metadata/tml/async/import", body, write=True)
    found = item(call, session.ask(call))
    return ImportTask(text(found, "task_id"), text(found, "task_status"))


def import_status(session: Session, task: str, count: int | None = None) -> ImportTask:
    """How far a task with ``count`` documents is; without ``count`` its results are not asked for.

    A task that was only just queued may not be listed. Raises AnswerError TD410 for results that cannot be matched to
    the documents.
    """
    body = {"task_ids": [task], "include_import_response": count is not None, "record_size": 1}
    call = Call("POST", "metadata/tml/async/status", body)
    listed = items(call, session.ask(call), envelope="status_list")
    found = next((one for one in listed if text(one, "task_id") == task), None)
    if found is None:
        return ImportTask(task, "")
    response = inner(found, "import_response")
    if count is None or not response:
        return _task(found)
    results = read_items(session, call, items(call, response, envelope="object"), count)
    return replace(_task(found), items=tuple(results))


def active_tasks(session: Session) -> list[ImportTask]:
    """The tasks of the session's Org that wait or run, without results: the user's own, or everybody's for
    administrators.
    """
    found: list[ImportTask] = []
    for offset in range(0, QUEUE_LIMIT, _LARGEST):
        body = {"task_status": [QUEUED, RUNNING], "record_offset": offset, "record_size": _LARGEST}
        call = Call("POST", "metadata/tml/async/status", body)
        listed = items(call, session.ask(call), envelope="status_list")
        found += [_task(one) for one in listed]
        if len(listed) < _LARGEST:
            break
    return found


def _task(one: Item) -> ImportTask:
    return ImportTask(
        text(one, "task_id"),
        text(one, "task_status"),
        whole(one, "object_processed_count"),
        total=whole(one, "total_object_count"),
        author=text(one, "author_id"),
    )

"""Imports that the server does later: put into its queue, and asked about until they are over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tsdeploy.rest.results import ImportItem, ImportPolicy
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import inner, item, items, text, whole
from tsdeploy.rest.tml_import import read_items
from tsdeploy.rest.transport import Call

QUEUED: Final = "IN_QUEUE"
RUNNING: Final = "IN_PROGRESS"
COMPLETED: Final = "COMPLETED"
FAILED: Final = "FAILED"


@dataclass(frozen=True, slots=True)
class ImportTask:
    """A task of the queue. ``status`` "" is one that the server does not list (yet).

    ``items`` are None while there is no result; a task can be COMPLETED and all its items failed. ``processed`` is
    how many objects are done, None while the server does not say.
    """

    id: str
    status: str
    processed: int | None = None
    items: tuple[ImportItem, ...] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen. FAILED is an end, too."""
        return self.status in (COMPLETED, FAILED)


def start_import(session: Session, tmls: Sequence[str], policy: ImportPolicy) -> ImportTask:
    """Put an import into the queue. A queue that is full (100 tasks) answers FAILED at once (facts §8).

    Raises UnknownOutcomeError TD409 when nobody can tell whether it was put there.
    """
    body = {"metadata_tmls": list(tmls), "import_policy": policy.value}
    call = Call("POST", "metadata/tml/async/import", body, write=True)
    found = item(call, session.ask(call))
    return ImportTask(text(found, "task_id"), text(found, "task_status"))


def import_status(session: Session, task: str, count: int) -> ImportTask:
    """How far a task with ``count`` documents is. A task that was only just queued may not be listed.

    Raises AnswerError TD410 for results that cannot be matched to the documents.
    """
    body = {"task_ids": [task], "include_import_response": True, "record_size": 1}
    call = Call("POST", "metadata/tml/async/status", body)
    listed = items(call, session.ask(call), envelope="status_list")
    found = next((one for one in listed if text(one, "task_id") == task), None)
    if found is None:
        return ImportTask(task, "")
    response = inner(found, "import_response")
    results = read_items(session, call, items(call, response, envelope="object"), count) if response else None
    done = whole(found, "object_processed_count")
    return ImportTask(task, text(found, "task_status"), done, tuple(results) if results is not None else None)

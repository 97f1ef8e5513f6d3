"""``POST /metadata/tml/async/import`` and ``/status``. Source: facts about the REST API, section 8."""

from __future__ import annotations

import json
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints import imports
from tsdeploy.sandbox.importing.request import Policy
from tsdeploy.sandbox.importing.tasks import submit
from tsdeploy.sandbox.store.tasks import STATES, Task
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.web.arguments import enum, flag, number, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error

_TENANT = "default-tenant-id"
_SIZE = 5
_LARGEST = 50


def import_later(call: Call) -> Reply:
    """The task, without times and results: it has only just been put into the queue."""
    task = submit(call.cluster, imports.request_of(call))
    unknown = dict.fromkeys(("created_at", "in_progress_at", "completed_at", "object_processed_count", "modified_at"))
    return Reply({**_shown(call, task, with_results=False), **unknown})


def status(call: Call) -> Reply:
    """The tasks of the current Org, the newest first: the caller's own, and everybody's for administrators."""
    size = call.number("record_size")
    size = _SIZE if size is None else size if size >= 0 else _LARGEST
    if size > _LARGEST:
        raise business_error(guesses.too_many_records(_LARGEST), Code.INVALID_PARAMETER)
    found = [task for task in call.cluster.tasks.in_org(call.org_id) if _is_asked(call, task)]
    offset = max(call.number("record_offset") or 0, 0)
    page = found[offset : offset + size]
    shown = [_shown(call, task, with_results=call.flag("include_import_response")) for task in page]
    return Reply({"status_list": shown, "last_batch": offset + len(page) >= len(found)})


def _is_asked(call: Call, task: Task) -> bool:
    ids, states, author = call.many("task_ids"), call.many("task_status"), call.text("author_identifier")
    if ids and task.id not in ids:
        return False
    if states and task.status not in states:
        return False
    if author and author not in (task.author_id, _author(call, task).name):
        return False
    return call.access.is_admin or task.author_id == call.session.user_id


def _author(call: Call, task: Task) -> User:
    """Who sent a task; a user who is gone has no name any more."""
    return call.cluster.users.find(task.author_id) or User(task.author_id, "", "")


def _shown(call: Call, task: Task, *, with_results: bool) -> dict[str, Any]:
    ended = bool(task.completed and task.response)
    return {
        "tenant_id": _TENANT,
        "org_id": task.org_id,
        "task_id": task.id,
        "task_name": task.name,
        "import_response": json.loads(task.response) if with_results and ended else None,
        "task_status": task.status,
        "author_id": task.author_id,
        "import_policy": task.policy,
        "created_at": task.created,
        "in_progress_at": task.started,
        "completed_at": task.completed,
        "total_object_count": task.total,
        "object_processed_count": task.processed,
        "modified_at": task.modified,
        "author_display_name": _author(call, task).display_name,
    }


ENDPOINTS = (
    Endpoint(
        "POST",
        "/metadata/tml/async/import",
        import_later,
        imports.arguments(Policy.PARTIAL_OBJECT),
        needs=("DATAMANAGEMENT",),
        since="10.4",
    ),
    Endpoint(
        "POST",
        "/metadata/tml/async/status",
        status,
        (
            text("task_ids", many=True),
            enum("task_status", *STATES, many=True),
            text("author_identifier"),
            number("record_offset", 0),
            number("record_size", _SIZE),
            flag("include_import_response"),
        ),
        needs=("DATAMANAGEMENT",),
        since="10.4",
    ),
)

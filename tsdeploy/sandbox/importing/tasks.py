"""Imports that are done later: put into a queue, worked off one after the other, looked up.

Source: facts about the REST API, section 8. The state of a task and what it writes are one transaction, so a task
that was cut off has written nothing, and is done again when the cluster is back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, astuple, replace
from datetime import datetime, timezone
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.background import Pause
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.importing.identify import Registry
from tsdeploy.sandbox.importing.parts import Minter, read_parts
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.run import Outcome, run_import
from tsdeploy.sandbox.store.tasks import COMPLETED, FAILED, QUEUED, RUNNING, Task

QUEUE_LIMIT: Final = 100
"""How many tasks may wait and run; documented."""


def submit(cluster: Cluster, request: ImportRequest) -> Task:
    """Put an import into the queue and wake the worker; one too many is FAILED at once."""
    now = cluster.now()
    task = Task(
        id=cluster.mint.guid(),
        org_id=request.org_id,
        author_id=request.user_id,
        name=datetime.fromtimestamp(now / 1000, timezone.utc).strftime("ASYNC_TML_%d:%b:%Y-%H:%M:%S"),
        policy=request.policy.value,
        request=json.dumps({**asdict(request), "policy": request.policy.value}),
        status=QUEUED,
        total=len(request.texts),
        processed=None,
        created=now,
        started=None,
        completed=None,
        modified=now,
        response="",
    )
    if cluster.tasks.active() >= QUEUE_LIMIT:
        task = _failed(task, now, [])
        cluster.tasks.save(task)
        return task
    claims = set(_claims(cluster, request))
    if cluster.tasks.claimed(claims):
        task = replace(task, response=_response(guesses.conflicting_items(task.total)))
    cluster.tasks.save(task)
    cluster.tasks.claim(task, claims)
    resume(cluster)
    return task


def resume(cluster: Cluster) -> None:
    """Work off what waits, in the background; also what a process that ended has left."""
    if cluster.tasks.active():
        cluster.background.run(lambda pause: work(cluster, pause))


def work(cluster: Cluster, pause: Pause) -> bool:
    """Do the next task from its beginning to its end; whether there was one."""
    with cluster.database.transaction():
        task = cluster.tasks.next()
        if task is None:
            return False
        now = cluster.now()
        task = replace(task, status=RUNNING, started=now, modified=now, processed=0)
        cluster.tasks.save(task)
    for number in range(task.total):
        if not pause(cluster.settings.import_object_ms / 1000):
            return False
        if cluster.settings.import_object_ms:
            task = _went_on(cluster, task, replace(task, processed=number + 1, modified=cluster.now()))
    with cluster.database.transaction():
        if cluster.tasks.get(task.id) == task:
            cluster.tasks.save(_done(cluster, task))
    return True


def _went_on(cluster: Cluster, before: Task, after: Task) -> Task:
    """Write how far a task is, unless the cluster was made what it was at another time meanwhile."""
    with cluster.database.transaction():
        if cluster.tasks.get(before.id) == before:
            cluster.tasks.save(after)
            return after
    return before


def _done(cluster: Cluster, task: Task) -> Task:
    if task.response:
        return _failed(task, cluster.now(), json.loads(task.response)["object"])
    outcomes = run_import(cluster, _request(task.request))
    now = cluster.now()
    return replace(
        task,
        status=COMPLETED,
        processed=task.total,
        completed=now,
        modified=now,
        response=_response(_items(outcomes)),
    )


def _failed(task: Task, now: int, items: list[dict[str, Any]]) -> Task:
    return replace(task, status=FAILED, completed=now, modified=now, response=_response(items) if items else "")


def _request(text: str) -> ImportRequest:
    found = json.loads(text)
    return ImportRequest(**{**found, "texts": tuple(found["texts"]), "policy": Policy(found["policy"])})


def _claims(cluster: Cluster, request: ImportRequest) -> Iterable[str]:
    """What tells the objects of an import: GUIDs, obj_ids, and the warehouse tables that Tables stand for."""
    registry = Registry(cluster, request, Minter(cluster.mint.guid))
    for claim in registry.identify(read_parts(request.texts, cluster.settings.release).parts).claims:
        yield claim.guid
        if claim.obj_id:
            yield json.dumps([request.org_id, claim.obj_id])
        if claim.binding is not None:
            yield json.dumps(astuple(claim.binding))


def _items(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    return [
        {"filename": f"tml_{outcome.item}", "zip_filename": f"zip_tml_{outcome.item}", **outcome.to_json()}
        for outcome in outcomes
    ]


def _response(items: list[dict[str, Any]]) -> str:
    return json.dumps({"object": items, "status": {"status_code": "OK", "error_code": 0, "error_message": ""}})

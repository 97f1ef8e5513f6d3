"""Snapshots of everything a cluster remembers."""

from __future__ import annotations

from dataclasses import asdict

from tsdeploy.sandbox.importing.tasks import resume
from tsdeploy.sandbox.web.arguments import text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply


def snapshots(call: Call) -> Reply:
    """``GET /snapshots``: names and sizes in bytes."""
    return Reply({"snapshots": [asdict(snapshot) for snapshot in call.cluster.snapshots.all()]})


def save(call: Call) -> Reply:
    """``POST /snapshots/NAME``: take a snapshot, instead of an older one of that name."""
    return Reply(asdict(call.cluster.snapshots.save(call.text("name"))))


def restore(call: Call) -> Reply:
    """``POST /snapshots/NAME/restore``: make everything what it was, tokens included."""
    call.cluster.restore(call.text("name"))
    resume(call.cluster)
    return Reply()


def delete(call: Call) -> Reply:
    """``DELETE /snapshots/NAME``: forget one."""
    call.cluster.snapshots.delete(call.text("name"))
    return Reply()


_NAME = (text("name", required=True),)

ENDPOINTS = (
    Endpoint("GET", "/snapshots", snapshots, transactional=False),
    Endpoint("POST", "/snapshots/<name>", save, _NAME, bodiless=True, transactional=False),
    Endpoint("POST", "/snapshots/<name>/restore", restore, _NAME, bodiless=True, transactional=False),
    Endpoint("DELETE", "/snapshots/<name>", delete, _NAME, bodiless=True, transactional=False),
)

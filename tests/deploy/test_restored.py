"""What is recorded of objects that a rollback brought back, also when it was killed half-way."""

from __future__ import annotations

import os
import time

import pytest

from tests.conftest import Cli, Estate
from tests.deploy.killing import start
from tests.deploy.release import exported
from tests.deploy.test_rollback import texts
from tests.plan.editing import describe_in_file
from tsdeploy.config.objects import ObjectMap, ObjectRecord, save_objects

BOARD, STRANGER = "Store Performance", "Net Sales by Region and Month"


def records(estate: Estate) -> dict[str, ObjectRecord]:
    """Prod's records, by the object's name."""
    return {record.name: record for record in estate.project.objects(estate.project.environment("prod"))}


@pytest.fixture
def changed(retail: Estate, cli: Cli) -> Estate:
    """A release changed an object that prod has a record of, and one that was there without any."""
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    known = records(retail)
    del known[STRANGER]
    save_objects(retail.project.environment("prod").objects_path, ObjectMap(tuple(known.values())))
    for name in (BOARD, STRANGER):
        describe_in_file(retail, name, "Another one")
    return retail


def test_object_that_was_there_before_the_first_release_is_a_stranger_again(changed: Estate, cli: Cli) -> None:
    before, known = texts(changed), records(changed)
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: 2 done.\n")
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert (texts(changed), records(changed)) == (before, known)


@pytest.mark.skipif(os.name == "nt", reason="nothing is killed like this on Windows")
def test_rollback_that_was_killed_is_finished_by_the_next(changed: Estate, cli: Cli) -> None:
    before, known = texts(changed), records(changed)
    assert cli("deploy", "prod", "--yes").code == 0
    faults = changed.clusters["prod"].traffic.faults
    where = {"import_policy": "ALL_OR_NONE"}
    slow = faults.add("slow", "metadata/tml/import", where=where, milliseconds=1000, applied=True, times=1)
    process = start(changed, "rollback", "prod", "--yes")
    while not faults.happened(slow):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "2 of 2 objects that it left open are there" in outcome.err
    assert texts(changed) == before
    assert records(changed) == known
    assert "Plan: 0 to create, 2 to update" in cli("plan", "prod").out

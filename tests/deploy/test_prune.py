"""Prune deletes what left git, and nothing else."""

from __future__ import annotations

import json
import os
import time

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.killing import start
from tests.deploy.liar import lying
from tests.deploy.release import RETAIL, answer, assert_whole, exported
from tests.plan.editing import put


@pytest.fixture
def deployed(retail: Estate, cli: Cli) -> Estate:
    """Prod is as dev, with two answers more."""
    exported(retail, cli, 2)
    assert cli("deploy", "prod", "--yes").code == 0
    return retail


def remove(estate: Estate, *names: str) -> None:
    """Take objects out of git."""
    for name in names:
        (file,) = (path for path in estate.project.tml.rglob("*.tml") if path.name.startswith(name + "."))
        file.unlink()
    estate.commit("remove")


def test_what_left_git_is_deleted(deployed: Estate, cli: Cli) -> None:
    remove(deployed, "Stores 0")
    outcome = cli("prune", "prod", "--confirm", "prod")
    assert outcome.code == 0, outcome.err
    assert outcome.out.endswith("- answer:Stores 0\nPrune: 1 to delete, of 28 deployed to prod.\nPrune: 1 done.\n")
    assert_whole(deployed, cli, RETAIL + 1)
    assert cli("prune", "prod").out == "Prune: 0 to delete, of 27 deployed to prod.\n"


def test_plan_deletes_nothing(deployed: Estate, cli: Cli) -> None:
    remove(deployed, "Stores 0")
    before = deployed.count("prod")
    assert cli("prune", "prod", "--plan").code == 0
    assert deployed.count("prod") == before


def test_nothing_is_deleted_that_others_made(deployed: Estate, cli: Cli) -> None:
    put(deployed, "prod", answer(77, "By hand").replace("fqn: ab9d673f-6662-4f6f-8fec-27d2d6fa71f8\n", "\n", 1))
    assert cli("prune", "prod", "--confirm", "prod").out == "Prune: 0 to delete, of 28 deployed to prod.\n"


def test_name_must_be_given(deployed: Estate, cli: Cli) -> None:
    remove(deployed, "Stores 0")
    before = deployed.count("prod")
    assert "error[TD002]" in cli("prune", "prod").err
    outcome = cli("prune", "prod", "--confirm", "dev")
    assert outcome.code == 2
    assert "error[TD623]: dev is not prod; nothing was deleted" in outcome.err
    assert deployed.count("prod") == before


def test_object_in_use_is_not_deleted(deployed: Estate, cli: Cli) -> None:
    """A view left git with what is built on it here, but somebody built on it there."""
    put(deployed, "prod", _by_hand(deployed))
    users = [path for path in deployed.project.tml.rglob("*.tml") if b"Store Monthly Sales" in path.read_bytes()]
    for path in users:
        path.unlink()
    deployed.commit("remove")
    before = deployed.count("prod")
    outcome = cli("prune", "prod", "--confirm", "prod")
    assert outcome.code == 1
    assert "error[TD621]: view:Store Monthly Sales is used by By hand 5, which would break" in outcome.err
    assert deployed.count("prod") == before


def _by_hand(estate: Estate) -> str:
    objects = json.loads((estate.project.root / "environments/prod/objects.json").read_text("utf-8"))["objects"]
    (view,) = (one["guid"] for one in objects if one["name"] == "Store Monthly Sales")
    return answer(5, "By hand").replace("ab9d673f-6662-4f6f-8fec-27d2d6fa71f8", view).replace("00000005", "77777777")


@pytest.mark.parametrize(
    ("guard", "code"),
    [("max_delete: 1", "TD624"), ("max_delete_percent: 5", "TD624"), ('protect: ["answer:Stores*"]', "TD554")],
)
def test_guards_refuse(guard: str, code: str, deployed: Estate, cli: Cli) -> None:
    text = environment_yaml(deployed.servers["prod"].url, f"source: dev\nguards: {{{guard}}}\n")
    deployed.write("environments/prod/environment.yaml", text)
    remove(deployed, "Stores 0", "Stores 1")
    outcome = cli("prune", "prod", "--confirm", "prod")
    assert outcome.code == 4
    assert f"error[{code}]" in outcome.err
    name = guard.partition(":")[0]
    assert cli("prune", "prod", "--confirm", "prod", "--override", name).code == 0
    assert f"overrides: {name}" in cli("history", "prod").out


def test_pruned_objects_come_back(deployed: Estate, cli: Cli) -> None:
    before = {item.guid: item.text for item in deployed.clusters["prod"].objects.in_org(0)}
    remove(deployed, "Stores 0", "Stores 1")
    assert cli("prune", "prod", "--confirm", "prod").code == 0
    outcome = cli("rollback", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert {item.guid: item.text for item in deployed.clusters["prod"].objects.in_org(0)} == before
    assert cli("prune", "prod", "--plan").out.endswith("Prune: 2 to delete, of 28 deployed to prod.\n")


def test_whole_release_that_left_git_is_deleted_from_the_top(deployed: Estate, cli: Cli) -> None:
    for path in deployed.project.tml.rglob("*.tml"):
        path.unlink()
    deployed.write("tml/.keep", "")
    deployed.write("environments/prod/mapping.yaml", "version: 1\n")
    deployed.commit("remove everything")
    outcome = cli("prune", "prod", "--confirm", "prod")
    assert outcome.code == 0, outcome.err
    assert deployed.count("prod") == 1


def test_deletion_that_the_server_only_claims(deployed: Estate, cli: Cli) -> None:
    remove(deployed, "Stores 0")
    with lying(deployed.servers["prod"].url) as liar:
        text = environment_yaml(liar.url, "source: dev\norg: 0\n")
        deployed.write("environments/prod/environment.yaml", text)
        deployed.commit("proxy")
        liar.ask = lambda path, body: {"metadata": []} if path == "metadata/delete" else body
        outcome = cli("prune", "prod", "--confirm", "prod")
    assert outcome.code == 1
    assert "still there" in outcome.out + outcome.err or "TD4" in outcome.err


def test_file_that_cannot_be_read_is_not_taken_for_removed(deployed: Estate, cli: Cli) -> None:
    (file,) = deployed.project.tml.rglob("Stores 0.*")
    file.write_text("answer: [", "utf-8")
    deployed.commit("broken")
    before = deployed.count("prod")
    assert cli("prune", "prod", "--confirm", "prod").code != 0
    assert deployed.count("prod") == before


@pytest.mark.skipif(os.name == "nt", reason="nothing is killed like this on Windows")
def test_deletion_of_a_killed_run_is_written_down_and_can_be_taken_back(deployed: Estate, cli: Cli) -> None:
    remove(deployed, "Stores 0")
    faults = deployed.clusters["prod"].traffic.faults
    slow = faults.add("slow", "metadata/delete", milliseconds=1000, applied=True, times=1)
    before = deployed.count("prod")
    process = start(deployed, "prune", "prod", "--confirm", "prod")
    while not faults.happened(slow):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    outcome = cli("prune", "prod", "--confirm", "prod")
    assert "was cut off: it left nothing open; 1 that it was to delete is gone" in outcome.err
    assert outcome.out == "Prune: 0 to delete, of 27 deployed to prod.\n"
    assert_whole(deployed, cli, RETAIL + 1)
    assert cli("rollback", "prod", "--yes").code == 0
    assert deployed.count("prod") == before


@pytest.mark.parametrize("applied", [True, False])
def test_deletion_whose_answer_was_lost_is_looked_up(applied: bool, deployed: Estate, cli: Cli) -> None:
    remove(deployed, "Stores 0")
    traffic = deployed.clusters["prod"].traffic
    traffic.faults.add("reset", "metadata/delete", applied=applied, times=1)
    outcome = cli("prune", "prod", "--confirm", "prod")
    assert (outcome.code, outcome.out.splitlines()[-1]) == (0, "Prune: 1 done."), outcome.err
    assert len(traffic.requests.of("metadata/delete")) == (1 if applied else 2)

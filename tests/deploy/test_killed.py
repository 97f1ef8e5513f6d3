"""A deploy that is killed loses nothing: the next run ends where an uninterrupted one would have.

A few kills of a small release run always; ``TSDEPLOY_KILLS=200 pytest tests/deploy/test_killed.py`` kills a release of
300 objects so often at random moments, and a small one at every write that it forces to disk.
"""

from __future__ import annotations

import os
import random
import shutil
import time

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.killing import killed_after, killed_at
from tests.deploy.release import assert_whole, exported

KILLS = int(os.environ.get("TSDEPLOY_KILLS", "0"))
pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="nothing is killed like this on Windows"),
    # A client that dies in the middle of a request is what these tests are about; the sandbox may complain.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


def start_again(estate: Estate) -> None:
    """Prod and the project as before the first deploy."""
    estate.clusters["prod"].restore("before")
    root = estate.project.root
    shutil.rmtree(root / ".tsdeploy", ignore_errors=True)
    shutil.rmtree(root / "environments/prod/releases", ignore_errors=True)
    (root / "environments/prod/objects.json").unlink(missing_ok=True)


def goes_on(estate: Estate, cli: Cli, objects: int) -> None:
    """The next run does the rest."""
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert_whole(estate, cli, objects)


@pytest.mark.parametrize("strategy", ["derived", "server"])
def test_killed_at_a_boundary(strategy: str, retail: Estate, cli: Cli) -> None:
    text = environment_yaml(retail.servers["prod"].url, f"source: dev\nnew_guids: {strategy}\n")
    retail.write("environments/prod/environment.yaml", text)
    objects = exported(retail, cli)
    retail.clusters["prod"].snapshots.save("before")
    boundaries = range(1, 500) if KILLS else (2, 7, 9, 12)
    killed = 0
    for boundary in boundaries:
        start_again(retail)
        if not killed_at(retail, boundary):
            break
        killed += 1
        goes_on(retail, cli, objects)
    print(f"{killed} boundaries, {strategy}")
    assert killed >= 4


def test_killed_at_random_moments(retail: Estate, cli: Cli) -> None:
    objects = exported(retail, cli, 274 if KILLS else 20)
    retail.clusters["prod"].snapshots.save("before")
    started = time.monotonic()
    assert not killed_after(retail, 600)
    whole = time.monotonic() - started
    dice = random.Random(7)
    killed = tries = 0
    while killed < (KILLS or 2) and tries < 3 * (KILLS or 2):
        start_again(retail)
        tries += 1
        moment = dice.uniform(0, whole)
        in_time = killed_after(retail, moment)
        killed += in_time
        whole = max(whole, 1.25 * moment) if in_time else moment  # as long as deploys take on this machine by now
        goes_on(retail, cli, objects)
    print(f"{killed} of {tries} deploys of {objects} objects were killed under way")
    assert killed


def test_history_tells_of_a_first_deploy_that_was_killed(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    assert killed_at(retail, 5)
    (folder,) = (retail.project.state / "releases/prod").iterdir()
    outcome = cli("history", "prod", "latest")
    assert (outcome.code, f"release {folder.name} is under way, or was cut off" in outcome.err) == (2, True)
    assert "hint: look it up, and go on:  tsdeploy deploy prod\n" in outcome.err


def test_update_that_was_killed_is_no_drift(retail: Estate, cli: Cli) -> None:
    """What the killed run had published is its own work, and nobody's edit: the next release may change it again."""
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    (file,) = retail.project.tml.rglob("Store Performance.*")
    text = file.read_text("utf-8")
    for number, boundary in enumerate((5, 6, 7, 8)):
        file.write_text(text.replace("name: Store Performance", f"name: Store Performance {number}", 1), "utf-8")
        retail.commit()
        cut_off = killed_at(retail, boundary)
        for asked in (["prod"], ["prod", "latest"]):
            outcome = cli("history", *asked)
            assert ("is under way, or was cut off" in " ".join(outcome.err.split()), outcome.code) == (cut_off, 0)
        file.write_text(text.replace("name: Store Performance", f"name: Stores {number}", 1), "utf-8")
        retail.commit()
        outcome = cli("deploy", "prod", "--yes")
        assert outcome.code == 0, outcome.err
        assert cli("plan", "prod", "--exit-code").code == 0

"""A restore that is killed or meets a failing server, and is run again, ends as if nothing had happened.

A few moments run always; ``TSDEPLOY_KILLS=100 pytest tests/backup/test_cut_off.py`` kills at each write that is forced
to disk and at so many random moments, ``TSDEPLOY_FAULTS=100`` lets the server fail in so many ways.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.backup.conftest import Lose, contents
from tests.backup.test_round_trip import without_given_guids
from tests.conftest import Cli, Estate
from tests.deploy.killing import start
from tests.deploy.test_faults import FAULTS

KILLS = int(os.environ.get("TSDEPLOY_KILLS", "0"))
RUNS = int(os.environ.get("TSDEPLOY_FAULTS", "2"))
RESTORE = ("restore", "dev", "--at", "latest", "--foundations", "--principals", "--yes")


@dataclass(frozen=True)
class Lost:
    """An Org that was backed up and lost, and its files then."""

    estate: Estate
    before: dict[str, bytes]

    def again(self) -> None:
        """As it was right after the loss."""
        self.estate.clusters["dev"].restore("lost")
        shutil.rmtree(self.estate.project.root / ".tsdeploy", ignore_errors=True)

    def assert_restored(self, cli: Cli) -> None:
        """One more restore ends well, and everything is there, byte for byte and once."""
        outcome = cli(*RESTORE)
        assert outcome.code == 0, outcome.out + outcome.err
        objects = self.estate.clusters["dev"].objects.in_org(0)
        assert [name for name, count in Counter((one.kind, one.name) for one in objects).items() if count > 1] == []
        assert cli("backup", "dev", "--full").code == 0
        assert without_given_guids(contents(self.estate)) == self.before
        subprocess.run(["git", "update-ref", "refs/heads/backup/dev", "kept"], cwd=self.estate.project.root, check=True)


@pytest.fixture
def lost(shop: Estate, cli: Cli, lose: Lose) -> Lost:
    """Everything is gone but the backup."""
    assert cli("backup", "dev").code == 0
    subprocess.run(["git", "tag", "kept", "backup/dev"], cwd=shop.project.root, check=True)
    before = without_given_guids(contents(shop))
    lose()
    shop.clusters["dev"].snapshots.save("lost")
    return Lost(shop, before)


@pytest.mark.skipif(os.name == "nt", reason="nothing is killed like this on Windows")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_killed_at_a_write(lost: Lost, cli: Cli) -> None:
    killed = 0
    for boundary in range(1, 500) if KILLS else (36, 38):
        lost.again()
        if start(lost.estate, *RESTORE, boundary=boundary).wait() != -signal.SIGKILL:
            break
        killed += 1
        lost.assert_restored(cli)
    assert killed >= 2


@pytest.mark.skipif(os.name == "nt", reason="nothing is killed like this on Windows")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_killed_at_random_moments(lost: Lost, cli: Cli) -> None:
    dice = random.Random(7)
    log = lost.estate.clusters["dev"].traffic.requests
    for _ in range(KILLS or 1):
        lost.again()
        seen = len(log.all())
        process = start(lost.estate, *RESTORE)
        while process.poll() is None and len(log.all()) == seen:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 1.5))
        process.kill()
        process.wait()
        lost.assert_restored(cli)


def test_a_server_that_fails_at_random(lost: Lost, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tsdeploy.rest.retry.time.sleep", lambda _: None)
    faults = lost.estate.clusters["dev"].traffic.faults
    for seed in range(RUNS):
        lost.again()
        dice = random.Random(seed)
        for name in dice.sample(sorted(FAULTS), 3):
            options = dict(FAULTS[name])
            faults.add(options.pop("kind"), "*", **options, probability=dice.uniform(0.05, 0.2), seed=seed)
        outcome = cli(*RESTORE)
        faults.clear()
        assert outcome.code in (0, 1, 5), outcome.err
        lost.assert_restored(cli)

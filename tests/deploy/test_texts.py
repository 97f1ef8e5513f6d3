"""What people read of deploy, validate, rollback, prune and history: golden files, most of them of what went wrong.

Each story is told on one estate; the names of the golden files say what happened.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import threading
import time
from typing import Any

import pytest

from tests.conftest import Cli, Estate, Outcome, environment_yaml
from tests.deploy.release import answer, exported
from tests.golden_files import assert_golden
from tests.plan.editing import describe_in_file
from tsdeploy.deploy.lock import locked
from tsdeploy.sandbox.traffic.faults import Faults
from tsdeploy.visible import cells

BOARD = "Store Performance"
FAILS = json.dumps([sys.executable, "-c", "import sys; print('the chat does not answer'); sys.exit(7)"])
PUBLISH: dict[str, Any] = {"path": "metadata/tml/import", "where": {"import_policy": "ALL_OR_NONE"}}
ALIKE = (
    (r"\b\d{8}T\d{12}Z-[0-9a-f]{8}\b", "20260725T074019123456Z-1a2b3c4d"),
    (r"\b\d{8}T\d{9}\b", "20260725T074019123"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "2026-07-25T07:40:19+00:00"),
    (r"\b[0-9a-f]{40}\b", "1a2b3c4d" * 5),
    (r"(incident\s+)[0-9a-f-]{36}", r"\g<1>682a3eb8-c306-4511-8573-86326d7064ce"),
    (r"^  request [0-9a-f]{16}\n", ""),
    (r"127\.0\.0\.1:\d+", "prod.example.com"),
    (r"port=\d+", "port=443"),
    (r"\(process \d+\)", "(process 4242)"),
    (r"by (.*), since", "by anna on runner-7 (process 4242), since"),
    (r"^(  by        ).*(\n      <.*)?$", r"\1 Anna Example <anna@example.com>"),
    (r"^(  on        ).*$", r"\1 runner-7"),
    (r"^(  tsdeploy  ).*$", r"\1 1.0"),
    (r"(, a \w+ by|\d+ of \d+ done ).*$", r"\1 Anna Example"),
)
"""What differs from run to run, and what stands for it."""


def assert_reads(request: pytest.FixtureRequest, name: str, outcome: Outcome) -> None:
    """Compare what a command said, findings and progress apart, with its golden file; results fit a terminal."""
    assert [line for line in outcome.out.splitlines() if cells(line) > 80 and " " in line.strip()] == []
    text = f"$? {outcome.code}\n--- results\n{outcome.out}--- findings and progress\n{outcome.err}"
    for pattern, same in ALIKE:
        text = re.sub(pattern, same, text, flags=re.MULTILINE)
    assert_golden(request, f"deploy/{name}.txt", text.replace(socket.gethostname(), "runner-7"))


def prod(estate: Estate, more: str) -> None:
    """Give prod settings."""
    text = environment_yaml(estate.servers["prod"].url, f"source: dev\n{more}")
    estate.write("environments/prod/environment.yaml", text)
    estate.commit("settings")


def interrupted_soon(faults: Faults) -> threading.Thread:
    """Press Ctrl-C, as it were, when the first call that publishes is under way."""
    slow = faults.add("slow", **PUBLISH, milliseconds=400)

    def press() -> None:
        while not faults.happened(slow):
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press, daemon=True)
    thread.start()
    return thread


def test_deploys_that_did_not_end_well(retail: Estate, cli: Cli, request: pytest.FixtureRequest) -> None:
    exported(retail, cli)
    faults = retail.clusters["prod"].traffic.faults
    prod(retail, "deploy: {parallel: 1}\n")
    assert_reads(request, "validated", cli("validate", "prod"))
    with locked(retail.project, retail.project.environment("prod"), "deploy"):
        assert_reads(request, "locked", cli("deploy", "prod", "--yes"))
    faults.add("status", "metadata/tml/import", status=400, code=10002)
    assert_reads(request, "nothing-could-be-validated", cli("validate", "prod"))
    assert_reads(request, "failed", cli("deploy", "prod", "--yes"))
    faults.clear()
    faults.add("status", **PUBLISH, status=400, code=10002, nth=2, times=1)
    assert_reads(request, "partial", cli("deploy", "prod", "--yes"))
    assert_reads(request, "resumed", cli("deploy", "prod", "--yes", "--resume"))
    assert_reads(request, "nothing-to-do", cli("deploy", "prod", "--yes"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal to send")
def test_deploys_that_were_cut_off(retail: Estate, cli: Cli, request: pytest.FixtureRequest) -> None:
    for number in range(4):
        retail.write(f"tml/answer/Stores {number}.answer.tml", answer(number))
    exported(retail, cli)
    faults = retail.clusters["prod"].traffic.faults
    prod(retail, "deploy: {parallel: 1}\n")
    published = faults.add("nothing", **PUBLISH)
    faults.add("status", "metadata/search", after=published, status=404)
    assert_reads(request, "not-looked-up", cli("deploy", "prod", "--yes"))
    faults.clear()
    assert_reads(request, "recovered", cli("deploy", "prod", "--yes"))
    describe_in_file(retail, BOARD, "Another one")
    faults.add("reset", **PUBLISH, times=1)
    assert_reads(request, "sent-once-more", cli("deploy", "prod", "--yes"))
    faults.clear()
    describe_in_file(retail, BOARD, "And another one")
    describe_in_file(retail, "Net Sales by Region and Month", "And another one")
    prod(retail, "deploy: {parallel: 1, batch_size: 1}\n")
    thread = interrupted_soon(faults)
    assert_reads(request, "interrupted", cli("deploy", "prod", "--yes"))
    thread.join()
    faults.clear()
    prod(retail, f"deploy: {{hooks: {{after: {FAILS}}}}}\nstate:\n- {{objects: ['liveboard:*'], owner: nobody}}\n")
    assert_reads(request, "state-refused", cli("deploy", "prod", "--yes"))


def test_rollbacks_prunes_and_history(retail: Estate, cli: Cli, request: pytest.FixtureRequest) -> None:
    exported(retail, cli, 2)
    faults = retail.clusters["prod"].traffic.faults
    assert cli("deploy", "prod", "--yes").code == 0
    describe_in_file(retail, BOARD, "Another one")
    for file in retail.project.tml.rglob("Stores *.answer.tml"):
        file.unlink()
    retail.write("tml/answer/Stores 7.answer.tml", answer(7))
    prod(retail, f"guards: {{max_delete: 0, max_updates: 0}}\ndeploy: {{hooks: {{on_failure: {FAILS}}}}}\n")
    assert cli("deploy", "prod", "--yes", "--override", "max_updates").code == 0
    assert_reads(request, "rollback-planned", cli("rollback", "prod", "--plan"))
    assert_reads(request, "rollback-refused", cli("rollback", "prod", "--yes"))
    lifted = ("--override", "max_delete", "--override", "max_updates")
    faults.add("status", **PUBLISH, status=400, code=10002, times=1)
    assert_reads(request, "rollback-partial", cli("rollback", "prod", "--yes", *lifted))
    assert_reads(request, "rollback-done", cli("rollback", "prod", "--yes", *lifted))
    assert_reads(request, "prune-planned", cli("prune", "prod", "--plan"))
    assert_reads(request, "prune-refused", cli("prune", "prod", "--confirm", "prod"))
    faults.add("status", "metadata/delete", status=403, code=10023, times=1)
    assert_reads(request, "prune-failed", cli("prune", "prod", "--confirm", "prod", *lifted))
    assert_reads(request, "prune-done", cli("prune", "prod", "--confirm", "prod", *lifted))
    assert_reads(request, "history", cli("history", "prod"))
    (name,) = (line.split()[0] for line in cli("history", "prod").out.splitlines() if "partial" in line)
    assert_reads(request, "history-of-one", cli("history", "prod", name))


def test_deploy_that_takes_itself_back(retail: Estate, cli: Cli, request: pytest.FixtureRequest) -> None:
    exported(retail, cli)
    fault = retail.clusters["prod"].traffic.faults
    fault.add("status", **PUBLISH, status=400, code=10002, nth=2, times=1)
    assert_reads(request, "taken-back", cli("deploy", "prod", "--yes", "--on-error", "rollback"))

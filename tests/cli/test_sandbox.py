"""``tsdeploy sandbox`` from start to fork."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import Cli
from tests.sandbox import tml
from tests.tml.real_files import RETAIL
from tsdeploy.sandbox import Running, list_running, stop

COUNT = 27
"""Objects of the retail samples."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A registry folder whose sandboxes are stopped in the end."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TSDEPLOY_SANDBOX_HOME", str(folder))
    yield folder
    for running in list_running(folder):
        stop(running.name, folder)


def running(name: str = "dev") -> Running:
    """A sandbox that runs."""
    return next(found for found in list_running() if found.name == name)


def admin(path: str, name: str = "dev", method: str = "GET", **options: Any) -> requests.Response:
    """One call of a sandbox's admin API."""
    return requests.request(method, f"{running(name).url}/sandbox/admin/{path}", timeout=10, **options)


def count(name: str = "dev") -> int:
    """How many objects a sandbox has in Primary."""
    objects: int = admin("cluster", name).json()["orgs"][0]["objects"]
    return objects


def test_stopping_none_says_so(cli: Cli, home: Path) -> None:
    assert cli("sandbox", "stop").out == "no sandbox is running\n"


def test_settings_reach_the_sandbox(cli: Cli, home: Path) -> None:
    options = ["--org", "Sales", "--release", "10.4", "--latency", "1", "--rate-limit", "--set", "import-object-ms=2"]

    assert cli("sandbox", "start", "--detach", *options).code == 0

    cluster = admin("cluster").json()
    assert (cluster["name"], cluster["release"]) == ("dev", "10.4")
    assert [org["name"] for org in cluster["orgs"]] == ["Primary", "Sales"]
    assert admin("latency").json()["per_call"] == 1
    assert admin("rate-limit").json()["on"] is True


def test_a_seed_gives_the_same_first_token_in_each_run(cli: Cli, home: Path) -> None:
    tokens = []
    for name in ("one", "two"):
        cli("sandbox", "start", "--name", name, "--seed", "3", "--detach")
        body = {"username": "tsadmin", "secret_key": "sandbox"}
        url = f"{running(name).url}/api/rest/2.0/auth/token/full"
        tokens.append(requests.post(url, json=body, timeout=10).json()["token"])

    assert tokens[0] == tokens[1]


@pytest.mark.parametrize("options", [["--set", "nonsense=1"], ["--set", "nonsense"], ["--release", "new"]])
def test_a_setting_that_is_none_is_a_usage_error(options: list[str], cli: Cli, home: Path) -> None:
    assert cli("sandbox", "start", "--detach", *options).code == 2
    assert list_running() == ()


def test_snapshots_are_taken_and_restored_while_it_runs(cli: Cli, home: Path) -> None:
    cli("sandbox", "start", "--detach")
    assert cli("sandbox", "snapshots", "dev").out == "sandbox dev has no snapshots\n"
    assert cli("sandbox", "snapshot", "dev", "empty").code == 0
    cli("sandbox", "stop", "dev")
    cli("sandbox", "start", "--load", str(RETAIL), "--detach")
    assert count() == COUNT

    assert cli("sandbox", "restore", "dev", "empty").out == "sandbox dev is what it was at empty\n"

    assert count() == 0
    listed = json.loads(cli("sandbox", "snapshots", "dev", "--format", "json").out)
    assert [snapshot["name"] for snapshot in listed] == ["empty"]
    assert re.match(r"empty +[\d,]+ bytes\n$", cli("sandbox", "snapshots", "dev").out)
    assert cli("sandbox", "snapshot", "dev", "empty", "--delete").code == 0
    assert "error[TD809]" in cli("sandbox", "restore", "dev", "empty").err


def test_a_stopped_sandbox_is_restored_forked_and_dumped(cli: Cli, home: Path, tmp_path: Path) -> None:
    cli("sandbox", "start", "--load", str(RETAIL), "--detach")
    cli("sandbox", "snapshot", "dev", "full")
    cli("sandbox", "stop", "dev")
    assert cli("sandbox", "restore", "dev", "full").code == 0
    assert cli("sandbox", "fork", "dev", "rehearsal").code == 0
    assert cli("sandbox", "fork", "dev", "older", "--snapshot", "full").code == 0
    assert f"{COUNT} objects of dev" in cli("sandbox", "dump", "dev", str(tmp_path / "out")).out

    for name in ("rehearsal", "older"):
        cli("sandbox", "start", "--name", name, "--detach")
        assert count(name) == COUNT
    cli("sandbox", "start", "--name", "loaded", "--load", str(tmp_path / "out"), "--detach")
    assert count("loaded") == COUNT


def test_a_fork_takes_nobodys_place(cli: Cli, home: Path) -> None:
    cli("sandbox", "start", "--detach")
    cli("sandbox", "stop", "dev")

    assert "error[TD816]" in cli("sandbox", "fork", "dev", "dev").err
    assert "error[TD807]" in cli("sandbox", "fork", "dev", "../up").err
    assert "error[TD809]" in cli("sandbox", "fork", "dev", "new", "--snapshot", "none").err
    assert not (home / "new" / "cluster.sqlite").exists()


@pytest.mark.parametrize(
    "command",
    [("snapshot", "no", "x"), ("restore", "no", "x"), ("fork", "no", "x"), ("dump", "no", "x"), ("snapshots", "no")],
)
def test_a_sandbox_that_was_never_started_is_named(command: tuple[str, ...], cli: Cli, home: Path) -> None:
    outcome = cli("sandbox", *command)

    assert outcome.code == 2
    assert "error[TD804]: there is no sandbox named no" in outcome.err


def test_an_org_that_is_not_there_cannot_be_dumped(cli: Cli, home: Path, tmp_path: Path) -> None:
    cli("sandbox", "start", "--org", "Sales", "--detach")

    assert "error[TD806]" in cli("sandbox", "dump", "dev", str(tmp_path / "x"), "--org", "Nobody").err
    assert cli("sandbox", "dump", "dev", str(tmp_path / "x"), "--org", "Sales").out.startswith("0 objects")


def test_the_admin_token_comes_from_a_variable(cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "error[TD813]" in cli("sandbox", "start", "--detach", "--admin-token-env", "SANDBOX_ADMIN").err
    monkeypatch.setenv("SANDBOX_ADMIN", "a long random text")
    cli("sandbox", "start", "--detach", "--admin-token-env", "SANDBOX_ADMIN")
    cli("sandbox", "snapshot", "dev", "one")

    assert admin("cluster").status_code == 401
    assert "error[TD815]" in cli("sandbox", "restore", "dev", "one").err
    assert cli("sandbox", "restore", "dev", "one", "--admin-token-env", "SANDBOX_ADMIN").code == 0


def test_imports_are_held_against_the_warehouse_file(cli: Cli, home: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "warehouse.yaml"
    catalogue.write_text("Warehouse: {DB: {CORE: {ORDERS: {ID: INT64}}}}\n", encoding="utf-8")
    cli("sandbox", "start", "--warehouse", str(catalogue), "--detach")
    api = f"{running().url}/api/rest/2.0"
    credentials = {"username": "tsadmin", "secret_key": "sandbox"}
    token = requests.post(f"{api}/auth/token/full", json=credentials, timeout=10).json()["token"]

    items = requests.post(
        f"{api}/metadata/tml/import",
        json={"metadata_tmls": [tml.connection(), tml.table()]},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    ).json()

    assert "does not exist in connection" in items[1]["response"]["status"]["error_message"]


def test_a_warehouse_file_that_cannot_be_read_is_named(cli: Cli, home: Path, tmp_path: Path) -> None:
    outcome = cli("sandbox", "start", "--warehouse", str(tmp_path / "none.yaml"), "--detach")

    assert outcome.code == 1
    assert "TD830" in outcome.err


def test_the_log_of_requests_is_saved_beside_the_database(cli: Cli, home: Path) -> None:
    cli("sandbox", "start", "--detach")
    requests.get(f"{running().url}/api/rest/2.0/system", timeout=10)

    saved = admin("requests/save", method="POST").json()

    assert saved == {"file": str(home / "dev" / "requests.jsonl"), "requests": 1}
    assert json.loads((home / "dev" / "requests.jsonl").read_text("utf-8"))["path"] == "system"


@pytest.mark.skipif(os.name != "posix", reason="signals differ")
def test_a_sandbox_for_everybody_warns_and_leaves_no_process(home: Path) -> None:
    command = [sys.executable, "-m", "tsdeploy", "sandbox", "start", "--host", "0.0.0.0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = [process.stderr.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0

    assert said[2].startswith("warning: it listens on 0.0.0.0")
    assert list_running() == ()

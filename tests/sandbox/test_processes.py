"""Sandboxes that outlive the command that started them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.client import Client
from tsdeploy.errors import TsdeployError
from tsdeploy.sandbox import Launch, Running, list_running, sandbox_home, start_detached, stop
from tsdeploy.sandbox.registry import place_of


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A registry folder whose sandboxes are stopped in the end."""
    folder = tmp_path / "home"
    yield folder
    for running in list_running(folder):
        stop(running.name, folder)


def _names(running: Running) -> list[str]:
    with requests.Session() as session:
        client = Client(running.url, session)
        token = client.post("/auth/token/full", {"username": "tsadmin", "password": "tsadmin"}).json()["token"]
        session.headers["Authorization"] = f"Bearer {token}"
        return client.names()


def test_a_sandbox_runs_until_it_is_stopped_and_keeps_its_state(home: Path, tmp_path: Path) -> None:
    (tmp_path / "c.tml").write_text(tml.connection(), encoding="utf-8")

    first = start_detached(Launch("dev", home=home, load=tmp_path))

    assert list_running(home) == (first,)
    assert _names(first) == ["Warehouse"]
    assert stop("dev", home) == first
    assert list_running(home) == ()
    again = start_detached(Launch("dev", home=home))
    assert _names(again) == ["Warehouse"]


def test_a_name_that_runs_cannot_be_started_again(home: Path) -> None:
    start_detached(Launch("dev", home=home))

    with pytest.raises(TsdeployError, match="TD803"):
        start_detached(Launch("dev", home=home))


def test_a_port_that_is_taken_says_so(home: Path) -> None:
    running = start_detached(Launch("dev", home=home))

    with pytest.raises(TsdeployError, match="TD802"):
        start_detached(Launch("prod", home=home, port=running.port))


def test_what_does_not_run_cannot_be_stopped(home: Path) -> None:
    with pytest.raises(TsdeployError, match="TD804"):
        stop("dev", home)


def test_a_folder_without_tml_is_refused_before_anything_starts(home: Path, tmp_path: Path) -> None:
    with pytest.raises(TsdeployError, match="TD805"):
        start_detached(Launch("dev", home=home, load=tmp_path))

    assert list_running(home) == ()


@pytest.mark.parametrize("name", ["", "Dev", "../up", "a/b", "x" * 41, "dev\n"])
def test_a_name_that_could_leave_the_folder_is_refused(home: Path, name: str) -> None:
    with pytest.raises(TsdeployError, match="TD807"):
        start_detached(Launch(name, home=home))


def test_a_sandbox_that_does_not_come_up_says_why(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.tml").write_text(tml.answer(), encoding="utf-8")

    with pytest.raises(TsdeployError, match="TD808") as caught:
        start_detached(Launch("dev", home=home, load=tmp_path))

    assert "Worksheet not found" in str(caught.value)


def test_a_process_id_that_was_given_to_another_is_never_stopped(home: Path) -> None:
    running = start_detached(Launch("dev", home=home))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        place = place_of("dev", home)
        noted = json.loads(place.running.read_text(encoding="utf-8"))
        place.running.write_text(json.dumps({**noted, "pid": innocent.pid}), encoding="utf-8")

        with pytest.raises(TsdeployError, match="TD804"):
            stop("dev", home)

        assert innocent.poll() is None
        place.running.write_text(json.dumps(noted), encoding="utf-8")
        assert innocent.stdin is not None
        innocent.stdin.write(b"\n")
    assert stop("dev", home) == running


def test_a_broken_note_counts_as_not_running(home: Path) -> None:
    place = place_of("dev", home)
    place.folder.mkdir(parents=True)
    place.running.write_text("{", encoding="utf-8")

    assert list_running(home) == ()


def test_the_registry_folder_follows_the_environment() -> None:
    assert sandbox_home({"TSDEPLOY_SANDBOX_HOME": "here"}) == Path("here")
    if os.name == "posix":
        assert sandbox_home({"XDG_STATE_HOME": "/state"}) == Path("/state/tsdeploy/sandboxes")

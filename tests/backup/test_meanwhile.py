"""What others do while a backup runs is in it, or said: it is read again until nothing moves."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import pytest

from tests.backup.conftest import ANSWER, BOARD, Lose, contents, put, store
from tests.backup.test_incremental import age, read
from tests.conftest import Cli, Estate, Outcome
from tests.deploy.release import answer
from tsdeploy.backup.run import last_manifest

NEW = "00000001-0000-4000-8000-000000000000"


@pytest.fixture
def text(shop: Estate, cli: Cli) -> str:
    """A backup is there, an hour old; the text of an answer in it."""
    age(shop)
    read(cli)
    return next(text.decode() for path, text in contents(shop).items() if "Net Sales by Region" in path)


def backed_up_while(shop: Estate, cli: Cli, act: Callable[[], None]) -> Outcome:
    """A full backup, during which something is done: after the export, while shares are still read."""
    faults = shop.clusters["dev"].traffic.faults
    slow = faults.add("slow", "security/metadata/fetch-permissions", milliseconds=700, times=1)

    def wait_and_act() -> None:
        while not faults.happened(slow):
            time.sleep(0.01)
        time.sleep(0.3)  # for the export, which goes on meanwhile
        act()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    outcome = cli("backup", "dev", "--full", "--format", "json")
    thread.join()
    assert outcome.code == 0, outcome.err
    assert cli("backup", "verify", "dev").code == 0
    return outcome


def objects(shop: Estate) -> set[str]:
    """The keys of what is in the latest backup."""
    return set(last_manifest(store(shop), store(shop).head()).objects)


def test_an_edit_is_in_the_backup(text: str, shop: Estate, cli: Cli) -> None:
    def edit() -> None:
        with shop.session("dev") as session:
            put(session, text.replace("Twelve months", "Thirteen months"))

    outcome = backed_up_while(shop, cli, edit)
    assert json.loads(outcome.out)["moving"] == 0
    assert any(b"Thirteen months" in found for found in contents(shop, only_tml=True).values())


def test_what_is_deleted_is_not_in_the_backup(text: str, shop: Estate, cli: Cli, lose: Lose) -> None:
    def delete_and_edit() -> None:
        lose(BOARD)
        with shop.session("dev") as session:
            put(session, text.replace("Twelve months", "Thirteen months"))

    backed_up_while(shop, cli, delete_and_edit)
    assert BOARD not in objects(shop)


def test_what_is_made_is_in_the_backup(text: str, shop: Estate, cli: Cli) -> None:
    def make() -> None:
        with shop.session("dev") as session:
            put(session, answer(1))

    backed_up_while(shop, cli, make)
    assert NEW in objects(shop)
    assert ANSWER in objects(shop)


def test_what_never_rests_is_said(text: str, shop: Estate, cli: Cli) -> None:
    done = threading.Event()

    def edit() -> None:
        number = 0
        with shop.session("dev") as session:
            while not done.is_set():
                number += 1
                put(session, text.replace("Twelve months", f"{number} months"))

    thread = threading.Thread(target=edit)
    thread.start()
    try:
        outcomes = [cli("backup", "dev", "--format", "json") for _ in range(3)]
    finally:
        done.set()
        thread.join()
    assert [outcome.code for outcome in outcomes] == [0, 0, 0]
    said = [outcome for outcome in outcomes if json.loads(outcome.out)["moving"]]
    assert said
    assert "warning[TD540]: still changed when the backup was over: Net Sales by Region" in said[0].err
    assert cli("backup", "verify", "dev").code == 0
    assert cli("backup", "dev").code == 0
    cli("backup", "dev", "--full")
    last = store(shop).head()
    cli("backup", "dev", "--full")
    assert last_manifest(store(shop), last).objects == last_manifest(store(shop), store(shop).head()).objects

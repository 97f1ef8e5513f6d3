"""At three in the morning: a Liveboard is gone, nobody knows its GUID. What is asked, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.backup.conftest import BOARD, Lose, store
from tests.backup.test_incremental import age
from tests.conftest import Cli, Estate
from tests.golden_files import assert_golden

NAME = "liveboard:Executive Weekly Summary"


def told(text: str, estate: Estate) -> str:
    """The text with words for commits, times, counts of calls and addresses."""
    for number, one in enumerate(store(estate).snapshots()[::-1], start=1):
        text = text.replace(one.commit, f"COMMIT-{number}").replace(one.commit[:10], f"COMMIT-{number}")
    text = re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?", lambda match: "DATE" + ((match[1] and " TIME UTC") or ""), text)
    text = re.sub(r"\d+ calls, [\d.]+ MB, [\d.]+ seconds", "N calls, N MB, N seconds", text)
    return text.replace(estate.servers["dev"].url, "https://dev.example")


@pytest.fixture
def asked(shop: Estate, cli: Cli) -> Callable[..., str]:
    """Run a command line and tell it with its answer."""

    def ask(*words: str) -> str:
        outcome = cli(*words)
        line = " ".join(f"'{word}'" if " " in word else word for word in words)
        shown = told(f"$ tsdeploy {line}\n{outcome.err}{outcome.out}", shop)
        return f"{shown}→ {outcome.code}\n\n"

    return ask


def test_a_liveboard_is_undeleted_by_somebody_who_knows_its_name(
    shop: Estate, cli: Cli, lose: Lose, asked: Callable[..., str], request: pytest.FixtureRequest
) -> None:
    age(shop)
    story = asked("backup", "dev")
    lose(BOARD)
    story += asked("backup", "dev")
    story += asked("backup", "list", "dev")
    story += asked("backup", "verify", "dev")
    story += asked("backup", "show", "dev", "executive*")
    story += asked("backup", "show", "dev", "liveboard:Exec*", "--at", "latest")
    story += asked("backup", "show", "dev", "liveboard:*", "--at", "latest")
    story += asked("backup", "show", "dev", "Weekly")
    story += asked("restore", "dev", "--select", NAME)
    story += asked("restore", "dev", "--select", "Weekly")
    story += asked("restore", "dev", "--at", "2001-01-01", "--select", NAME)
    before = store(shop).snapshots()[1].commit[:10]
    story += asked("restore", "dev", "--at", before, "--select", NAME)
    story += asked("restore", "dev", "--at", before, "--select", NAME, "--yes")
    story += asked("restore", "dev", "--at", before, "--select", NAME, "--yes")
    story += asked("backup", "dev")
    story += asked("backup", "show", "dev", BOARD)
    assert_golden(request, "backup/undelete.txt", story)
    assert shop.clusters["dev"].objects.get(BOARD) is not None

"""How much of the target is read: what has not changed there is not asked for again."""

from __future__ import annotations

import os
import sqlite3

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.liar import lying
from tests.plan.editing import edit_file, edit_live
from tsdeploy.rest import ObjectRef, SearchQuery, delete_metadata, search_metadata

CACHE = ".tsdeploy/cache/live-prod.sqlite"


@pytest.fixture
def deployed(retail: Estate, cli: Cli) -> Estate:
    """Prod is as dev, and was planned once since."""
    cli("export", "dev", "--commit")
    cli("deploy", "prod", "--yes")
    cli("plan", "prod")
    return retail


def calls_of_plan(estate: Estate, cli: Cli, *more: str) -> list[str]:
    """The paths that a plan asks."""
    log = estate.clusters["prod"].traffic.requests
    log.clear()
    assert cli("plan", "prod", *more).code == 0
    return [request.path for request in log.all()]


def test_plan_reads_no_text_that_has_not_changed(deployed: Estate, cli: Cli) -> None:
    """Feedback and alerts have no stamp of their own; everything else comes from the cache."""
    asked = calls_of_plan(deployed, cli, "--detail")
    assert asked.count("metadata/tml/export") <= 2
    assert len(asked) <= 10


def test_nothing_is_rendered_again_when_nothing_changed(deployed: Estate, cli: Cli) -> None:
    """What hangs on others is still asked for; the answer is the same plan in one line."""
    assert len(calls_of_plan(deployed, cli)) <= 8
    assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: nothing to do.\n")


def test_remembered_plan_does_not_hide_a_changed_file(deployed: Estate, cli: Cli) -> None:
    edit_file(deployed, "Store Performance", "Net Sales by Region", "Regions")
    assert "Plan: 0 to create, 1 to update" in cli("plan", "prod").out


def test_remembered_plan_does_not_hide_a_changed_mapping(deployed: Estate, cli: Cli) -> None:
    path = deployed.project.root / "environments/prod/mapping.yaml"
    path.write_text(path.read_text("utf-8").replace("to: {db: HARBOR_PROD}", "to: {db: HARBOR_OTHER}"), "utf-8")
    deployed.commit("elsewhere")
    assert "Plan: 0 to create, 8 to update" in cli("plan", "prod").out


def test_remembered_plan_does_not_hide_what_happened_in_the_target(deployed: Estate, cli: Cli) -> None:
    with deployed.session("prod") as session:
        (header,) = search_metadata(session, SearchQuery(types=("ANSWER",), name_pattern="Sales by Outdoor Range"))
        delete_metadata(session, [ObjectRef(header.id, "ANSWER")])
    assert "Plan: 1 to create, 0 to update" in cli("plan", "prod").out


def test_what_changed_is_read_again(deployed: Estate, cli: Cli) -> None:
    edit_live(deployed, "prod", "Store Performance", "Net Sales by Region", "Changed by hand")
    assert "Changed by hand" in cli("plan", "prod", "--detail").out


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0 and then nothing of the sort"])
def test_broken_cache_is_made_again(content: bytes, deployed: Estate, cli: Cli) -> None:
    path = deployed.project.root / CACHE
    path.write_bytes(content)
    outcome = cli("plan", "prod", "--exit-code")
    assert outcome.code == 0, outcome.err
    assert outcome.out == "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"
    assert path.stat().st_size > 1000


def refusing(table: str) -> str:
    """SQL after which a table takes nothing, as on a disk that is full."""
    return f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(FAIL, 'full'); END;"


def test_damaged_cache_makes_a_plan_slower_and_not_wrong(deployed: Estate, cli: Cli) -> None:
    full = "\n".join(["DELETE FROM texts;", *map(refusing, ("texts", "known", "memo"))])
    for damage in ("UPDATE texts SET text = x'ff'", "UPDATE texts SET hash = x'61'", full, "DROP TABLE texts"):
        with sqlite3.connect(deployed.project.root / CACHE) as database:
            database.executescript(damage)
        database.close()
        outcome = cli("plan", "prod", "--exit-code", "--detail")
        assert outcome.code == 0, outcome.err


def test_text_without_its_hash_is_not_believed(deployed: Estate, cli: Cli) -> None:
    with sqlite3.connect(deployed.project.root / CACHE) as database:
        database.execute("UPDATE texts SET text = replace(text, 'name', 'nome')")
    database.close()
    assert cli("plan", "prod", "--exit-code").code == 0


def test_offline_plan_asks_nobody(deployed: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TS_SANDBOX_KEY")
    (file,) = deployed.project.tml.rglob("Store Performance.*")
    file.write_bytes(file.read_bytes().replace(b"Net Sales by Region", b"Regions"))
    outcome = cli("plan", "prod", "--offline")
    assert outcome.code == 0, outcome.err
    assert "As of the last deploy; prod was not asked." in outcome.out
    assert "Net Sales by Region → Regions" in outcome.out
    assert outcome.out.endswith("Plan: 0 to create, 1 to update, 0 to delete, 25 unchanged.\n")


def test_offline_plan_where_the_target_was_never_asked_says_what_it_cannot_tell(deployed: Estate, cli: Cli) -> None:
    (deployed.project.root / CACHE).unlink()
    outcome = cli("plan", "prod", "--offline")
    assert "Plan: 0 to create, 9 to update" in outcome.out
    assert "info[TD549]: 9 objects are perhaps as deployed last" in outcome.err
    assert cli("plan", "prod").code == 0
    told = cli("plan", "prod", "--offline")
    assert told.out.endswith("Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n")
    assert "TD549" not in told.err


def test_offline_plan_of_what_was_never_deployed(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    assert "Plan: 26 to create" in cli("plan", "prod", "--offline").out
    assert "error[TD026]" in cli("plan", "prod", "--offline", "-o", "plan.json").err


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_cache_is_for_its_owner_only(deployed: Estate) -> None:
    assert (deployed.project.root / CACHE).stat().st_mode & 0o077 == 0


def test_object_that_is_listed_but_left_out_of_an_answer_is_not_new(deployed: Estate, cli: Cli) -> None:
    """Were it planned as new, the deploy would overwrite what nobody has seen."""
    with lying(deployed.servers["prod"].url) as liar:
        liar.answer = lambda path, _, answer: answer[1:] if path == "metadata/tml/export" else answer
        deployed.write("environments/prod/environment.yaml", environment_yaml(liar.url, "source: dev\n"))
        (deployed.project.root / CACHE).unlink()
        outcome = cli("plan", "prod")
    assert (outcome.code, outcome.out) == (1, "")
    assert "error[TD503]: the server said nothing about " in outcome.err


def test_plan_works_where_no_cache_can_be_written(deployed: Estate, cli: Cli) -> None:
    """Something else is in the way of the file."""
    path = deployed.project.root / CACHE
    path.unlink()
    path.mkdir()
    assert cli("plan", "prod", "--exit-code").code == 0

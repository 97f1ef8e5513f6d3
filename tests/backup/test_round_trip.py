"""A backup, the loss of everything, and a restore: what is there then is what was there before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.backup.conftest import ANSWER, BOARD, MODEL, SALES, Lose, contents, put, store
from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.backup.run import last_manifest
from tsdeploy.rest import Session
from tsdeploy.rest.variables import create_variable, search_values, search_variables, set_values, set_variable

EVERY_KIND = {
    "answer",
    "cohort",
    "collection",
    "column_alias",
    "column_security_rules",
    "connection",
    "liveboard",
    "model",
    "monitor_alert",
    "nls_feedback",
    "sql_view",
    "table",
    "view",
}


def described(estate: Estate) -> dict[str, tuple[str, str, tuple[str, ...], str]]:
    """Kind, name, tags and author of each object in the latest backup."""
    kept = store(estate)
    objects = last_manifest(kept, kept.head()).objects
    return {key: (one.kind, one.name, one.tags, one.author) for key, one in objects.items()}


def test_every_kind_comes_back_byte_for_byte_with_tags_shares_and_owners(shop: Estate, cli: Cli, lose: Lose) -> None:
    assert cli("backup", "dev").code == 0
    before, people = without_given_guids(contents(shop)), described(shop)
    assert {kind for kind, *_ in people.values()} == EVERY_KIND
    lose()
    assert shop.count("dev") == 0
    outcome = cli("restore", "dev", "--yes", "--foundations")
    assert outcome.code == 0, outcome.err
    assert "without its password or key" in outcome.err
    assert cli("backup", "dev", "--full").code == 0
    assert without_given_guids(contents(shop)) == before
    assert described(shop) == people


def without_given_guids(files: dict[str, bytes]) -> dict[str, bytes]:
    """Aliases and security rules carry a GUID that the server gives them anew, and that nothing refers to."""
    attached = ("tml/column_alias/", "tml/column_security_rules/")
    return {path: text.partition(b"\n")[2] if path.startswith(attached) else text for path, text in files.items()}


def test_restoring_what_is_there_changes_nothing(shop: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    outcome = cli("restore", "dev", "--yes")
    assert outcome.code == 0, outcome.err
    assert "0 to create, 0 to update" in outcome.out
    assert outcome.out.endswith("Restore: 0 tags, 0 shares, 0 owners, 0 obj_ids set.\n")


def test_one_liveboard_is_undeleted_with_its_tags_share_and_owner(shop: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    before, people = contents(shop, only_tml=True), described(shop)
    lose(BOARD)
    cli("backup", "dev")
    assert BOARD not in described(shop)
    outcome = cli("restore", "dev", "--at", store(shop).snapshots()[1].commit, "--select", BOARD, "--yes")
    assert outcome.code == 0, outcome.err
    assert "1 to create, 0 to update" in outcome.out
    assert outcome.out.endswith("Restore: 2 tags, 1 share, 1 owner, 0 obj_ids set.\n")
    cli("backup", "dev", "--full")
    assert described(shop)[BOARD] == people[BOARD]
    assert contents(shop, only_tml=True) == before


def test_objects_are_selected_by_the_tags_of_then(shop: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    lose(BOARD)
    outcome = cli("restore", "dev", "--select", "tag:draft", "--yes")
    assert outcome.code == 0, outcome.err
    assert "+ liveboard:Executive Weekly Summary" in outcome.out
    assert "1 to create" in outcome.out


def test_a_changed_object_gets_its_old_text_back(shop: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    before = contents(shop, only_tml=True)
    with shop.session("dev") as session:
        path = next(path for path in before if "Net Sales by Region" in path)
        put(session, before[path].decode().replace("Twelve months", "Thirteen months"))
    cli("backup", "dev")
    assert contents(shop, only_tml=True) != before
    outcome = cli("restore", "dev", "--at", store(shop).snapshots()[1].commit, "--yes")
    assert "0 to create, 1 to update" in outcome.out, outcome.err
    cli("backup", "dev")
    assert contents(shop, only_tml=True) == before


def test_a_restore_into_another_environment_keeps_guids(shop: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    url = shop.servers["prod"].url
    shop.write("environments/spare/environment.yaml", environment_yaml(url))
    outcome = cli("restore", "dev", "--to", "spare", "--select", f"+{ANSWER}", "--foundations", "--yes")
    assert outcome.code in (0, 5), outcome.err
    there = {item.guid for item in shop.clusters["prod"].objects.in_org(0)}
    assert {ANSWER, MODEL, SALES} <= there


def test_variables_that_the_target_lacks_are_made_with_their_values(shop: Estate, cli: Cli) -> None:
    with shop.session("dev") as session:
        for name in ("warehouse_db", "region"):
            create_variable(session, name)
            set_variable(session, name, f"{name} of dev", "")
    cli("backup", "dev")
    shop.write("environments/spare/environment.yaml", environment_yaml(shop.servers["prod"].url))
    with shop.session("spare") as session:
        create_variable(session, "region")
    cli("restore", "dev", "--to", "spare", "--select", f"+{ANSWER}", "--foundations", "--yes")
    with shop.session("spare") as session:
        assert values_of(session) == {"warehouse_db": ["warehouse_db of dev"], "region": []}


def test_values_of_variables_are_for_nobody_else_than_before(shop: Estate, cli: Cli) -> None:
    north = {"value_list": ["North", "East"], "principal_type": "USER_GROUP", "principal_identifier": "north"}
    south = {"value_list": ["South"], "principal_type": "USER", "principal_identifier": "ann", "priority": 2}
    with shop.session("dev") as session:
        create_variable(session, "regions", "FORMULA_VARIABLE")
        set_values(session, "regions", [north, south])
        create_variable(session, "pw", "CONNECTION_PROPERTY", sensitive=True)
        set_variable(session, "pw", "hunter2", "")
        create_variable(session, "other")
        set_variable(session, "other", "x", "")
    cli("backup", "dev")
    shop.write("environments/spare/environment.yaml", environment_yaml(shop.servers["prod"].url))
    shop.clusters["prod"].traffic.faults.add("status", "template/variables/other/update-values", status=400)
    outcome = cli("restore", "dev", "--to", "spare", "--select", f"+{ANSWER}", "--foundations", "--yes")
    assert "warning[TD535]: variable pw is there again, without its values" in outcome.err
    assert "error[TD536]: variable other is there again, but not its values: " in outcome.err
    with shop.session("spare") as session:
        assert {one.name: one.sensitive for one in search_variables(session)} == {
            "other": False,
            "pw": True,
            "regions": False,
        }
        (regions,) = (one["values"] for one in search_values(session) if one["name"] == "regions")
    assert regions == [south | {"org_identifier": "Primary"}, north | {"org_identifier": "Primary"}]


def values_of(session: Session) -> dict[str, list[str]]:
    """The variables of an Org, with their values."""
    body = {"response_content": "METADATA_AND_VALUES", "record_size": -1}
    found: Any = session.request("POST", "template/variables/search", body)
    return {one["name"]: [value["value"] for value in one.get("values") or ()] for one in found}


def test_missing_people_are_said_and_everything_else_is_restored(shop: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    lose(BOARD)
    cluster = shop.clusters["dev"]
    with cluster.database.transaction():
        ann = cluster.users.find("ann")
        assert ann is not None
        cluster.users.delete(ann.id)
    outcome = cli("restore", "dev", "--select", BOARD, "--yes")
    assert outcome.code == 5
    assert "error[TD534]: not all owners could be restored" in outcome.err
    assert "2 tags, 1 share, 0 owners" in outcome.out


def test_a_restore_that_nobody_confirms_does_nothing(shop: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    lose(BOARD)
    outcome = cli("restore", "dev", "--select", BOARD)
    assert outcome.code == 2
    assert "error[TD002]" in outcome.err
    assert shop.clusters["dev"].objects.get(BOARD) is None


def test_guards_of_the_environment_hold_for_a_restore(shop: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    lose(BOARD)
    url = shop.servers["dev"].url
    shop.write("environments/dev/environment.yaml", environment_yaml(url, "guards: {allow_create: false}\n"))
    assert cli("restore", "dev", "--select", BOARD, "--yes").code == 4
    assert cli("restore", "dev", "--select", BOARD, "--yes", "--override", "allow_create").code == 0


def test_the_result_is_there_as_json(shop: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    lose(BOARD)
    outcome = cli("restore", "dev", "--select", BOARD, "--yes", "--format", "json")
    result = json.loads(outcome.out)
    assert (result["deploy"]["succeeded"], result["restored"]["tags"]) == (True, 2)


@pytest.mark.parametrize("at", ["2001-01-01", "1999-12-31T10:00Z"])
def test_there_is_no_backup_from_before_the_first(at: str, shop: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    outcome = cli("restore", "dev", "--at", at, "--yes")
    assert outcome.code == 2
    assert "error[TD533]" in outcome.err

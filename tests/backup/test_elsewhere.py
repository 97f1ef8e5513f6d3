"""A restore into another environment: through its mapping from the one that was backed up, or as it is."""

from __future__ import annotations

import json

import pytest

from tests.backup.conftest import ANSWER, BOARD, MODEL, SALES
from tests.conftest import Cli, Estate
from tsdeploy.rest import ObjectRef
from tsdeploy.rest.sharing import Permission, share
from tsdeploy.rest.variables import create_variable, search_values, set_values
from tsdeploy.sandbox import NewUser, add_user
from tsdeploy.sandbox.store.objects import StoredObject

MAPPING = "environments/prod/mapping.yaml"


def in_prod(shop: Estate) -> list[StoredObject]:
    """The objects of prod."""
    return shop.clusters["prod"].objects.in_org(0)


def records(shop: Estate) -> list[dict[str, str]]:
    """What prod's object map has."""
    path = shop.project.root / "environments/prod/objects.json"
    found: list[dict[str, str]] = json.loads(path.read_text("utf-8"))["objects"] if path.exists() else []
    return found


@pytest.fixture
def backed_up(shop: Estate, cli: Cli) -> Estate:
    """Dev is backed up; prod, which has a mapping from it, is empty but for its connection, and has Ann."""
    cli("backup", "dev")
    prod = shop.clusters["prod"]
    with prod.database.transaction():
        add_user(prod, NewUser(name="ann"))
    return shop


def test_references_and_names_are_those_of_the_target(backed_up: Estate, cli: Cli) -> None:
    outcome = cli("restore", "dev", "--to", "prod", "--yes")
    assert outcome.code == 5, outcome.err
    assert "owners and shares name users that are not there: ben" in outcome.err
    there = {item.guid: item for item in in_prod(backed_up)}
    ours = {record["source"]: record["guid"] for record in records(backed_up) if record.get("guid")}
    assert {BOARD, ANSWER, MODEL, SALES} <= ours.keys()
    assert ours.keys().isdisjoint(there)
    assert there[ours[BOARD]].name == "Executive Weekly Summary"
    texts = "\n".join(item.text for item in there.values())
    assert "Harbor Snowflake Prod" in texts
    assert not any(word in texts for word in ("HARBOR_DEV", "Harbor Snowflake Dev", "harbor-dev.thoughtspot", *ours))
    assert backed_up.clusters["prod"].users.among([there[ours[BOARD]].author_id])
    author = backed_up.clusters["prod"].users.find("ann")
    assert author is not None
    assert there[ours[BOARD]].author_id == author.id


def test_the_next_deploy_finds_what_was_restored(backed_up: Estate, cli: Cli) -> None:
    cli("restore", "dev", "--to", "prod", "--yes")
    count = len(in_prod(backed_up))
    cli("export", "dev")
    backed_up.commit()
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "0 to create, 0 to update" in outcome.out
    assert len(in_prod(backed_up)) == count


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("  Harbor Snowflake Dev: Harbor Snowflake Prod\n", "TD2"),
        ("  Web Shop: Web Shop\n", "TD226"),
    ],
)
def test_without_a_rule_nothing_is_written(rule: str, code: str, backed_up: Estate, cli: Cli) -> None:
    text = (backed_up.project.root / MAPPING).read_text("utf-8")
    assert rule in text
    section = text[: text.index(rule)].rstrip().rpartition("\n")[2]
    backed_up.write(MAPPING, text.replace(f"{section}\n{rule}", ""))
    before = in_prod(backed_up)
    outcome = cli("restore", "dev", "--to", "prod", "--yes")
    assert outcome.code == 1
    assert f"error[{code}" in outcome.err
    assert in_prod(backed_up) == before
    assert records(backed_up) == []
    backed_up.write(MAPPING, text)
    assert cli("restore", "dev", "--to", "prod", "--yes").code == 5
    assert len(in_prod(backed_up)) > len(before)


def test_rules_may_be_included(backed_up: Estate, cli: Cli) -> None:
    text = (backed_up.project.root / MAPPING).read_text("utf-8")
    shared = text.replace("source: dev\n", "")
    backed_up.write("mappings/shared.yaml", shared)
    backed_up.write(MAPPING, "version: 1\nsource: dev\ninclude: [../../mappings/shared.yaml]\n")
    assert cli("restore", "dev", "--to", "prod", "--yes").code == 5
    assert len(records(backed_up)) > 20


def test_a_group_without_a_rule_gets_no_share(backed_up: Estate, cli: Cli) -> None:
    backed_up.add_group("dev", "Readers")
    backed_up.add_group("prod", "Readers")
    with backed_up.session("dev") as session:
        share(session, [ObjectRef(BOARD)], [Permission("Readers", "USER_GROUP", "READ_ONLY")])
    cli("backup", "dev", "--full")
    outcome = cli("restore", "dev", "--to", "prod", "--yes")
    message = "warning[TD542]: no rule says what groups that objects are shared with are in the target: Readers"
    assert message in outcome.err
    (readers,) = backed_up.clusters["prod"].groups.named("Readers", 0)
    assert backed_up.clusters["prod"].shares.with_principals([readers.id]) == {}


def test_values_of_variables_are_for_those_whom_the_mapping_names(backed_up: Estate, cli: Cli) -> None:
    there = "0c8a4a52-4f1b-4f3a-9a0f-3d4a8d1b2c33"
    text = (backed_up.project.root / MAPPING).read_text("utf-8")
    rules = f"objects: {{{MODEL}: {there}}}\nusers: {{ann: ann.prod}}\n"
    backed_up.write(MAPPING, text.replace("groups:\n", "groups:\n  North: North of prod\n") + rules)
    north = {"value": "N", "principal_type": "USER_GROUP", "principal_identifier": "North"}
    strangers = {"value": "S", "principal_type": "USER_GROUP", "principal_identifier": "Strangers"}
    ann = {"value": "A", "principal_type": "USER", "principal_identifier": "ann", "model_identifier": MODEL}
    another = {"value": "B", "model_identifier": SALES}
    with backed_up.session("dev") as session:
        create_variable(session, "region", "FORMULA_VARIABLE")
        set_values(session, "region", [north, strangers, ann, another])
    cli("backup", "dev")
    outcome = cli("restore", "dev", "--to", "prod", "--select", "table:STORES", "--foundations", "--yes")
    assert "error[TD536]: variable region is there again, but not 2 of its values" in outcome.err
    with backed_up.session("prod") as session:
        (region,) = search_values(session)
    assert isinstance(region["values"], list)
    assert {
        (*one["value_list"], one.get("principal_identifier"), one.get("model_identifier")) for one in region["values"]
    } == {
        ("N", "North of prod", None),
        ("A", "ann.prod", there),
    }


def test_people_of_a_mapped_target_are_its_own(backed_up: Estate, cli: Cli) -> None:
    outcome = cli("restore", "dev", "--to", "prod", "--principals", "--yes")
    assert outcome.code == 2
    assert "error[TD544]: who is in prod is not for a backup of dev to say" in outcome.err
    assert backed_up.clusters["prod"].users.find("ben") is None

"""Identities of new objects, by every strategy, on another cluster and in another Org of the same one."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.bundled import bundled
from tsdeploy.sandbox import Cluster, Server, Settings, load_folder, org_id_of

DONE = "Plan: 0 to create, 0 to update, 0 to delete, 26 unchanged.\n"


def recorded(estate: Estate) -> dict[str, str]:
    """Source GUID → prod's GUID, of the objects that have one of their own."""
    objects = json.loads((estate.project.root / "environments/prod/objects.json").read_text("utf-8"))["objects"]
    return {record["source"]: record["guid"] for record in objects if "guid" in record}


@pytest.mark.parametrize("strategy", ["derived", "keep", "server"])
def test_new_objects_on_another_cluster(strategy: str, retail: Estate, cli: Cli) -> None:
    text = environment_yaml(retail.servers["prod"].url, f"source: dev\nnew_guids: {strategy}\n")
    retail.write("environments/prod/environment.yaml", text)
    cli("export", "dev")
    retail.commit()
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert cli("plan", "prod").out == DONE
    assert retail.count("prod") == 27
    kept = [source for source, guid in recorded(retail).items() if source == guid]
    assert len(kept) == (25 if strategy == "keep" else 0)


@pytest.mark.parametrize("strategy", ["derived", "keep", "server"])
def test_new_objects_in_another_org_of_the_same_cluster(strategy: str, retail: Estate, cli: Cli) -> None:
    """A GUID that the other Org has already is not given twice: what the server chose instead is believed."""
    samples = bundled("samples")
    with Cluster(settings=Settings(orgs=("Production",))) as cluster, Server(cluster) as server:
        org = org_id_of("Production")
        load_folder(cluster, samples / "retail")
        load_folder(cluster, samples / "prod-warehouse", org)
        kinds = "org: 0\nexport: {kinds: [table, sql_view, view, model, answer, liveboard, cohort, collection]}\n"
        retail.write("environments/dev/environment.yaml", environment_yaml(server.url, kinds))
        text = environment_yaml(server.url, f"org: {org}\nsource: dev\nnew_guids: {strategy}\n")
        retail.write("environments/prod/environment.yaml", text)
        cli("export", "dev")
        retail.commit()
        outcome = cli("deploy", "prod", "--yes")
        assert outcome.code == 0, outcome.err
        assert cli("plan", "prod").out == DONE
        assert len(cluster.objects.in_org(org)) == 27
        assert not [source for source, guid in recorded(retail).items() if source == guid]


def test_table_that_is_there_already_is_adopted_not_doubled(retail: Estate, cli: Cli) -> None:
    sales = next((bundled("samples") / "retail/table").glob("STORES.*")).read_text("utf-8")
    region = next((bundled("samples") / "retail/table").glob("REGION_ACCESS.*")).read_text("utf-8")
    moves = {
        "HARBOR_DEV": "HARBOR_PROD",
        "Harbor Snowflake Dev": "Harbor Snowflake Prod",
        "5a283375-4dbc-40c5-9588-6c9699929c16": "28691eba-b109-449e-ad80-6ffeab9aa63b",
        "eb6120e9": "eeeeeee1",
        "ad0973ce": "eeeeeee2",
    }
    both = "\0".join((sales, region))
    for old, new in moves.items():
        both = both.replace(old, new)
    for number, text in enumerate(both.split("\0")):
        retail.write(f"../there/{number}.table.tml", text)
    retail.load("prod", retail.project.root.parent / "there")
    cli("export", "dev", "--commit")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert recorded(retail)["eb6120e9-e505-4fb9-828f-86dba75669c0"].startswith("eeeeeee1")
    assert retail.count("prod") == 27


def test_object_bound_by_hand_is_updated_in_place(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    cli("deploy", "prod", "--yes")
    before = recorded(retail)["19258288-3f80-46ba-81bd-59b292d113a2"]
    (retail.project.root / "environments/prod/objects.json").unlink()
    text = environment_yaml(retail.servers["prod"].url, "source: dev\norg: 0\n")
    retail.write("environments/prod/environment.yaml", text)
    mapping = (retail.project.root / "environments/prod/mapping.yaml").read_text("utf-8")
    bound = f"objects: {{19258288-3f80-46ba-81bd-59b292d113a2: {before}}}\n"
    retail.write("environments/prod/mapping.yaml", mapping + bound)
    retail.commit()
    plan = json.loads(cli("plan", "prod", "--format", "json").out)
    (change,) = (change for change in plan["changes"] if change["object"] == "liveboard:Store Performance")
    assert change["guid"] == before
    assert change["action"] != "create"

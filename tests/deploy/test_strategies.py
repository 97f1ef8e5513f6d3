"""Every strategy of ``identity:`` against a server: what comes about is what the transform predicted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.bundled import bundled
from tsdeploy.plan.live import read_known
from tsdeploy.release import load_release, release_inputs
from tsdeploy.sandbox import Cluster, Server, Settings, load_folder, org_id_of
from tsdeploy.transform.render import render

STRATEGIES = ("auto", "derived", "keep", "server")
SECRET = 'Tr0ub4dor&3 "quoted" and more'


def mapping(estate: Estate, more: str) -> None:
    """Add to the mapping of prod."""
    path = estate.project.root / "environments/prod/mapping.yaml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def predicted(estate: Estate) -> dict[str, str]:
    """Source key → the GUID that the transform says the object has in prod, where it says one."""
    prod = estate.project.environment("prod")
    documents = load_release(estate.project)
    inputs = release_inputs(estate.project, prod)
    with estate.session("prod") as session:
        inputs = replace(inputs, known=read_known(session, documents, inputs.mapping, inputs.objects))
    return {item.key: item.target.guid for item in render(documents, inputs).rendered if item.target.guid}


def recorded(estate: Estate) -> dict[str, str]:
    """Source key → prod's GUID, as it was read back."""
    objects = json.loads((estate.project.root / "environments/prod/objects.json").read_text("utf-8"))["objects"]
    return {record["source"]: record["guid"] for record in objects if "guid" in record}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_new_and_existing_objects_on_another_cluster(strategy: str, retail: Estate, cli: Cli) -> None:
    mapping(retail, f"identity: {strategy}\n")
    cli("export", "dev")
    retail.commit()
    expected = predicted(retail)
    assert cli("deploy", "prod", "--yes").code == 0
    got = recorded(retail)
    assert {key: got[key] for key in expected if key in got} == {key: expected[key] for key in expected if key in got}
    # A second time everything exists, and is what was recorded.
    retail.commit("recorded")
    assert {key: guid for key, guid in predicted(retail).items() if key in got} == got
    assert cli("plan", "prod", "--exit-code").code == 0


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_new_objects_in_another_org_of_the_same_cluster(strategy: str, retail: Estate, cli: Cli) -> None:
    samples = bundled("samples")
    with Cluster(settings=Settings(orgs=("Production",))) as cluster, Server(cluster) as server:
        org = org_id_of("Production")
        load_folder(cluster, samples / "retail")
        load_folder(cluster, samples / "prod-warehouse", org)
        kinds = "org: 0\nexport: {kinds: [table, sql_view, view, model, answer, liveboard, cohort, collection]}\n"
        retail.write("environments/dev/environment.yaml", environment_yaml(server.url, kinds))
        retail.write("environments/prod/environment.yaml", environment_yaml(server.url, f"org: {org}\nsource: dev\n"))
        mapping(retail, f"identity: {strategy}\n")
        cli("export", "dev")
        retail.commit()
        assert cli("deploy", "prod", "--yes").code == 0
        got = recorded(retail)
        assert not [source for source, guid in got.items() if source == guid]
        assert {key: guid for key, guid in predicted(retail).items() if key in got} == got
        assert cli("plan", "prod", "--exit-code").code == 0


@pytest.mark.parametrize("strategy", ["recorded", "found", "obj_id"])
def test_a_strategy_that_creates_nothing_refuses_what_is_new(strategy: str, retail: Estate, cli: Cli) -> None:
    mapping(retail, f"identity: {strategy}\n")
    cli("export", "dev")
    retail.commit()
    before = retail.count("prod")
    outcome = cli("deploy", "prod", "--yes")
    assert (outcome.code, "TD232" in outcome.err, retail.count("prod")) == (1, True, before)


def test_what_is_recorded_is_updated_where_nothing_may_be_created(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    assert cli("deploy", "prod", "--yes").code == 0
    mapping(retail, "identity: recorded\n")
    retail.commit()
    assert cli("plan", "prod", "--exit-code").code == 0


def test_an_object_that_is_bound_to_a_name_of_the_target_is_found_there(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    assert cli("deploy", "prod", "--yes").code == 0
    source = "19258288-3f80-46ba-81bd-59b292d113a2"
    there = recorded(retail)[source]
    (retail.project.root / "environments/prod/objects.json").unlink()
    mapping(retail, "objects: {'liveboard:Store Performance': 'liveboard:Store Performance'}\n")
    retail.commit()
    assert predicted(retail)[source] == there


def test_a_secret_of_a_managed_connection_reaches_the_server_and_nothing_else(
    retail: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAREHOUSE_PASSWORD", SECRET)
    connection = next((bundled("samples") / "retail" / "connection").glob("*.tml")).read_text("utf-8")
    connection = connection.replace("dev-", "").replace("_DEV", "_X")
    cli("export", "dev")
    retail.write("tml/connection/Harbor.connection.tml", connection)
    keys = [line.split(": ")[1] for line in connection.splitlines() if line.startswith("  - key: ")]
    rules = "".join(
        f'- {{path: "properties[key={key}].value", {rule}}}\n'
        for key in keys
        for rule in ['secret: "${env:WAREHOUSE_PASSWORD}"' if key == "password" else "to: prod-value"]
    )
    mapping(retail, f"manage_connections: true\nproperties:\n{rules}")
    retail.commit()
    outcomes = [
        cli("plan", "prod", "--detail"),
        cli("plan", "prod", "--format", "json"),
        cli("render", "prod", "-o", str(tmp_path / "out"), "--explain"),
        cli("deploy", "prod", "--yes"),
        cli("plan", "prod"),
    ]
    assert outcomes[3].code == 0, outcomes[3].err
    assert "Plan: 0 to create, 0 to update" in outcomes[4].out
    shown = "".join(outcome.out + outcome.err for outcome in outcomes)
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert "Tr0ub4dor" not in shown
    assert not [content for content in files if b"Tr0ub4dor" in content]
    assert b"${env:WAREHOUSE_PASSWORD}" in (tmp_path / "out/tml/connection/Harbor.connection.tml").read_bytes()

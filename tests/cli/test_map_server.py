"""``tsdeploy map infer``, ``assign-obj-ids``, ``recover`` and ``parameterize`` against sandboxes."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import Cli, Estate
from tsdeploy.config.objects import load_objects
from tsdeploy.rest import SearchQuery, Session, search_metadata


@pytest.fixture
def deployed(retail: Estate, cli: Cli) -> Estate:
    """The retail samples, exported from dev and deployed to prod."""
    assert cli("export", "dev", "--commit").code == 0
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    retail.commit("deployed")
    return retail


def objects_text(estate: Estate, environment: str = "prod") -> str:
    return (estate.project.root / f"environments/{environment}/objects.json").read_text("utf-8")


def forget(estate: Estate) -> dict[str, str]:
    """Lose prod's objects.json; the pairs that it had."""
    path = estate.project.root / "environments/prod/objects.json"
    pairs = {source: record.guid for source, record in load_objects(path, "").by_source().items()}
    path.unlink()
    return pairs


def live_obj_ids(session: Session) -> dict[str, str | None]:
    types = ("LOGICAL_TABLE", "ANSWER", "LIVEBOARD", "CONNECTION", "COLLECTION")
    return {one.name: one.obj_id for one in search_metadata(session, SearchQuery(types=types))}


def test_infer_proposes_with_evidence_and_writes_nothing(deployed: Estate, cli: Cli) -> None:
    pairs = forget(deployed)
    before = deployed.project.root / "environments/prod/mapping.yaml"
    text = before.read_text("utf-8")
    outcome = cli("map", "infer", "prod", "--format", "json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)["proposals"]
    assert {one["by"] for one in found} == {"table", "name"}
    assert all(pairs[one["source"]] == one["target"] for one in found if one["unique"])
    assert next(one for one in found if one["name"] == "SALES" and one["kind"] == "table")["evidence"] == (
        "same table Harbor Snowflake Prod.HARBOR_PROD.RETAIL.SALES"
    )
    assert before.read_text("utf-8") == text


def test_infer_binds_what_is_unique_when_asked(deployed: Estate, cli: Cli) -> None:
    pairs = forget(deployed)
    outcome = cli("map", "infer", "prod", "--by", "table", "--apply")
    assert outcome.code == 0, outcome.err
    text = (deployed.project.root / "environments/prod/mapping.yaml").read_text("utf-8")
    bound = dict(re.findall(r"^  ([0-9a-f-]{36}): ([0-9a-f-]{36})$", text, re.MULTILINE))
    assert bound
    assert bound.items() <= pairs.items()
    assert (
        cli("map", "infer", "prod", "--by", "table").out == "Proposals: 0; unique, and to be bound with --apply: 0.\n"
    )


def test_infer_refuses_evidence_that_there_is_not(deployed: Estate, cli: Cli) -> None:
    outcome = cli("map", "infer", "prod", "--by", "guess")
    assert (outcome.code, "error[TD325]" in outcome.err) == (2, True)


def test_a_lost_map_is_worked_out_again(deployed: Estate, cli: Cli) -> None:
    before = load_objects(deployed.project.root / "environments/prod/objects.json", "").by_source()
    forget(deployed)
    dry = cli("map", "recover", "prod")
    assert (dry.code, "nothing was written" in dry.err) == (0, True), dry.err
    assert not (deployed.project.root / "environments/prod/objects.json").exists()
    assert cli("map", "recover", "prod", "--write").code == 0
    after = load_objects(deployed.project.root / "environments/prod/objects.json", "").by_source()
    assert {key: (one.guid, dict(one.inner)) for key, one in after.items()} == {
        key: (one.guid, dict(one.inner)) for key, one in before.items()
    }
    deployed.commit("recovered")
    assert "0 to create, 0 to update" in cli("plan", "prod").out


def test_obj_ids_are_readable_and_the_same_for_counterparts(deployed: Estate, cli: Cli) -> None:
    with deployed.session("dev") as session:
        before = live_obj_ids(session)
    dry = cli("map", "assign-obj-ids", "dev")
    assert (dry.code, "nothing was changed" in dry.err) == (0, True), dry.err
    with deployed.session("dev") as session:
        assert live_obj_ids(session) == before
    outcome = cli("map", "assign-obj-ids", "dev", "--apply")
    assert outcome.code == 0, outcome.err
    with deployed.session("dev") as session:
        there = live_obj_ids(session)
    assert there["Retail Sales"] == "RetailSales"
    assert '"obj_id": "RetailSales"' in objects_text(deployed, "dev")
    outcome = cli("map", "assign-obj-ids", "prod", "--like", "dev", "--apply")
    assert outcome.code == 0, outcome.err
    with deployed.session("prod") as session:
        like = live_obj_ids(session)
    assert {
        name: like[name] for name in like if name in there and name != "Harbor Snowflake Prod"
    }.items() <= there.items()
    again = cli("map", "assign-obj-ids", "dev", "--apply")
    assert again.out.startswith("obj_ids to set: 0;")


def test_an_obj_id_that_another_object_has_is_named(deployed: Estate, cli: Cli) -> None:
    cli("map", "assign-obj-ids", "dev", "--apply")
    with deployed.session("prod") as session:
        (holder,) = search_metadata(session, SearchQuery(types=("CONNECTION",)))
        wanted = [{"metadata_identifier": holder.id, "new_obj_id": "RetailSales"}]
        session.request("POST", "metadata/update-obj-id", {"metadata": wanted}, write=True)
    outcome = cli("map", "assign-obj-ids", "prod", "--like", "dev", "--apply")
    assert (outcome.code, "error[TD326]: model:Retail Sales cannot have obj_id RetailSales" in outcome.err) == (1, True)

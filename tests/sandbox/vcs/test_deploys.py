"""Validating and deploying what is in git, with the GUID mapping of native Git."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.answers import conforms, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.vcs.conftest import connect
from tests.sandbox.vcs.remotes import Remote
from tsdeploy.sandbox import Cluster, Server, Settings, org_id_of

FILES = {
    f"table/ORDERS.{tml.T1}.table.tml": tml.table(),
    f"model/Sales.{tml.M1}.model.tml": tml.model(tables=(f"name: ORDERS|fqn: {tml.T1}",)),
    f"liveboard/Overview.{tml.L1}.liveboard.tml": tml.liveboard(source=f"id: Sales|name: Sales|fqn: {tml.M1}"),
}
MAPPING = "prod.mapping/org-0.json"
COMMIT = "prod.commit/org-0_commit"


@pytest.fixture
def prod(remote: Remote) -> Iterator[Client]:
    """Another cluster, connected to the same repository, with the warehouse."""
    with Cluster(settings=Settings(name="prod")) as cluster, Server(cluster) as server, requests.Session() as session:
        client = Client(server.url, session)
        body = {"username": "tsadmin", "password": "tsadmin"}
        session.headers["Authorization"] = f"Bearer {client.post('/auth/token/full', body).json()['token']}"
        client.load(tml.connection())
        connect(client, remote)
        yield client


def deploy(client: Client, **more: Any) -> list[dict[str, Any]]:
    """Deploy main; the lines of the answer."""
    body = {"branch_name": "main", **more}
    found: list[dict[str, Any]] = conforms(client.post("/vcs/git/commits/deploy", body), "git_deployed")
    return found


def codes(lines: list[dict[str, Any]]) -> dict[str, str]:
    """Name → status of the lines of an answer."""
    return {line["metadata_name"]: line["status_code"] for line in lines}


def mapping(remote: Remote, path: str = MAPPING) -> dict[str, dict[str, Any]]:
    """The mapping file, by original GUID."""
    return {entry["originalGuid"]: entry for entry in json.loads(remote.files("ts_config_files")[path])}


def test_a_deploy_maps_guids_and_remembers_them(prod: Client, remote: Remote) -> None:
    commit_id = remote.commit_files("main", dict(FILES))

    lines = deploy(prod)

    assert codes(lines) == {"ORDERS": "OK", "Sales": "OK", "Overview": "OK"}
    assert prod.names() == ["ORDERS", "Overview", "Sales", "Warehouse"]
    entries = mapping(remote)
    assert set(entries) == {tml.T1, tml.M1, tml.L1}
    model = entries[tml.M1]["mappedGuid"]
    assert model != tml.M1
    assert f"fqn: {entries[tml.T1]['mappedGuid']}" in prod.edoc(model, export_fqn=True)
    assert list(entries[tml.L1]["additionalMapping"]) == [tml.V1]
    assert remote.files("ts_config_files")[COMMIT] == f"main={commit_id}\n"


def test_the_mapping_file_is_written_as_thoughtspot_writes_it(prod: Client, remote: Remote) -> None:
    remote.commit_files("main", {f"table/ORDERS.{tml.T1}.table.tml": tml.table()})

    deploy(prod)

    text = remote.files("ts_config_files")[MAPPING]
    mapped = mapping(remote)[tml.T1]["mappedGuid"]
    assert text == (
        f'[ {{\n  "originalGuid" : "{tml.T1}",\n  "mappedGuid" : "{mapped}",\n'
        '  "counter" : 1,\n  "additionalMapping" : { }\n} ]\n'
    )


def test_a_second_deploy_updates_the_same_objects(prod: Client, remote: Remote) -> None:
    remote.commit_files("main", dict(FILES))
    deploy(prod)
    before = mapping(remote)
    path = f"liveboard/Overview.{tml.L1}.liveboard.tml"
    remote.commit_files("main", {path: tml.liveboard("Renamed", source=f"id: Sales|name: Sales|fqn: {tml.M1}")})

    lines = deploy(prod)

    assert codes(lines) == {"Renamed": "OK"}, "a DELTA is what changed since the last deploy"
    assert prod.names() == ["ORDERS", "Renamed", "Sales", "Warehouse"]
    assert {key: entry["mappedGuid"] for key, entry in mapping(remote).items()} == {
        key: entry["mappedGuid"] for key, entry in before.items()
    }
    assert mapping(remote)[tml.L1]["counter"] == 2
    assert mapping(remote)[tml.L1]["additionalMapping"] == before[tml.L1]["additionalMapping"]


def test_nothing_new_is_nothing_to_do(prod: Client, remote: Remote) -> None:
    remote.commit_files("main", dict(FILES))
    deploy(prod)

    assert deploy(prod) == []
    assert codes(deploy(prod, deploy_type="FULL")) == {"ORDERS": "OK", "Sales": "OK", "Overview": "OK"}


def test_rules_written_by_people_hold_for_every_file_and_for_one(prod: Client, remote: Remote) -> None:
    rules = [
        {"originalGuid": "db: DEV", "mappedGuid": "db: PROD", "counter": 0, "additionalMapping": {}},
        {
            "originalGuid": tml.M1,
            "mappedGuid": tml.NOWHERE,
            "counter": 0,
            "additionalMapping": {"name: ID": "name: Key"},
        },
    ]
    remote.commit_files("ts_config_files", {MAPPING: json.dumps(rules)})
    remote.commit_files("main", dict(FILES))

    deploy(prod)

    assert "name: Key" in prod.edoc(tml.NOWHERE)
    table = prod.edoc(mapping(remote)[tml.T1]["mappedGuid"])
    assert "db: PROD" in table
    assert "name: ID" in table


def test_a_full_deploy_deletes_what_was_deleted(prod: Client, remote: Remote) -> None:
    remote.commit_files("main", dict(FILES))
    deploy(prod)
    remote.commit_files("main", {f"liveboard/Overview.{tml.L1}.liveboard.tml": None})

    lines = deploy(prod, deploy_type="FULL")

    assert codes(lines)["Overview"] == "OK"
    assert prod.names() == ["ORDERS", "Sales", "Warehouse"]


def test_what_others_need_is_not_deleted_and_all_or_none_keeps_everything(prod: Client, remote: Remote) -> None:
    remote.commit_files("main", dict(FILES))
    deploy(prod)
    before = mapping(remote)
    remote.commit_files("main", {f"model/Sales.{tml.M1}.model.tml": None, "table/ORDERS.x.tml": tml.table(guid="")})

    lines = deploy(prod, deploy_type="FULL")

    assert codes(lines)["Sales"] == "ERROR"
    assert prod.names() == ["ORDERS", "Overview", "Sales", "Warehouse"]
    assert mapping(remote) == before


def test_an_older_commit_can_be_deployed(prod: Client, remote: Remote) -> None:
    first = remote.commit_files("main", {f"table/ORDERS.{tml.T1}.table.tml": tml.table()})
    remote.commit_files("main", dict(FILES))

    lines = deploy(prod, commit_id=first)

    assert codes(lines) == {"ORDERS": "OK"}


def test_all_or_none_and_partial(prod: Client, remote: Remote) -> None:
    files: dict[str, str | None] = {
        **FILES,
        "answer/bad.answer.tml": "nonsense",
        "view/x.tml": tml.answer(source="name: No"),
    }
    remote.commit_files("main", files)

    refusals = deploy(prod)
    assert prod.names() == ["Warehouse"]
    assert deploy(prod, deploy_policy="PARTIAL") == [
        {**line, "status_message": other["status_message"]} for line, other in zip(refusals, refusals, strict=True)
    ]

    assert prod.names() == ["ORDERS", "Overview", "Sales", "Warehouse"]
    assert {line["file_name"] for line in refusals if line["status_code"] == "ERROR"} == {
        "answer/bad.answer.tml",
        "view/x.tml",
    }


def test_validating_writes_nothing_anywhere(prod: Client, remote: Remote) -> None:
    remote.commit_files("main", dict(FILES))

    lines = deploy(prod, deploy_policy="VALIDATE_ONLY")

    assert codes(lines) == {"ORDERS": "OK", "Sales": "OK", "Overview": "OK"}
    assert prod.names() == ["Warehouse"]
    assert remote.git("ls-remote", "--heads", "origin", "ts_config_files") == ""


def test_a_failed_connection_is_named_by_its_guid(prod: Client, remote: Remote) -> None:
    path = f"connection/Lake.{tml.T2}.connection.tml"
    remote.commit_files("main", {path: tml.connection("Lake", tml.T2).replace("RDBMS_SNOWFLAKE", "RDBMS_SNOWFLAKE")})

    assert [line["file_name"] for line in deploy(prod, deploy_policy="VALIDATE_ONLY")] == [path]


def test_without_mapping_guids_stay(client: Client, remote: Remote) -> None:
    client.load(tml.connection())
    connect(client, remote, enable_guid_mapping=False)
    remote.commit_files("main", dict(FILES))

    deploy(client)

    assert client.search(metadata=[{"identifier": tml.M1}]) != []
    assert json.loads(remote.files("ts_config_files")["test.mapping/org-0.json"]) == []


def test_each_org_has_a_mapping_of_its_own(connected: Client, remote: Remote, log_in: Callable[[int], Client]) -> None:
    sales = log_in(org_id_of(ORG))
    connect(sales, remote)
    connected.load(tml.connection())
    sales.load(tml.connection(guid=""))
    remote.commit_files("main", dict(FILES))

    deploy(connected)
    deploy(sales)

    primary = mapping(remote, "test.mapping/org-0.json")
    other = mapping(remote, f"test.mapping/org-{org_id_of(ORG)}.json")
    assert set(primary) == set(other)
    assert not {entry["mappedGuid"] for entry in primary.values()} & {entry["mappedGuid"] for entry in other.values()}


def test_own_objects_keep_their_guids(connected: Client, remote: Remote) -> None:
    connected.load(*tml.ESTATE)
    body = {"metadata": [{"identifier": tml.M1}], "comment": "x"}
    conforms(connected.post("/vcs/git/branches/commit", body), "git_commit")

    deploy(connected)

    assert mapping(remote, "test.mapping/org-0.json")[tml.M1]["mappedGuid"] == tml.M1


@pytest.mark.parametrize("content", ["{", '{"a": 1}', '[{"originalGuid": 1}]', "[null]"])
def test_a_broken_mapping_file_is_400(content: str, prod: Client, remote: Remote) -> None:
    remote.commit_files("ts_config_files", {MAPPING: content})
    remote.commit_files("main", dict(FILES))

    refused(prod.post("/vcs/git/commits/deploy", {"branch_name": "main"}), 400, 10002)

    assert prod.names() == ["Warehouse"]


@pytest.mark.parametrize("commit_id", ["--all", "HEAD", "0" * 40, "main~1"])
def test_a_commit_that_is_not_on_the_branch_is_400(commit_id: str, prod: Client, remote: Remote) -> None:
    refused(prod.post("/vcs/git/commits/deploy", {"branch_name": "main", "commit_id": commit_id}), 400, 10002)


def test_validating_a_branch_looks_at_what_differs(prod: Client, remote: Remote) -> None:
    remote.commit_files("main", {f"table/ORDERS.{tml.T1}.table.tml": tml.table()})
    deploy(prod)
    bad = tml.model(columns=("NO SUCH COLUMN",))
    remote.git("checkout", "--quiet", "-B", "feature")
    remote.commit_files("feature", {f"model/Sales.{tml.M1}.model.tml": bad})

    body = {"source_branch_name": "feature", "target_branch_name": "main"}
    lines = conforms(prod.post("/vcs/git/branches/validate", body), "git_deployed")

    assert codes(lines) == {"Sales": "ERROR"}
    assert "NO SUCH COLUMN" in lines[0]["status_message"]


def test_reverting_brings_back_the_branch_and_the_object(connected: Client, remote: Remote) -> None:
    connected.load(*tml.ESTATE)
    body = {"metadata": [{"identifier": tml.L1}], "comment": "x"}
    first = connected.post("/vcs/git/branches/commit", body).json()
    before = remote.files("main")
    connected.load(tml.liveboard("Changed"))
    connected.post("/vcs/git/branches/commit", body)

    response = connected.post(f"/vcs/git/commits/{first['commit_id']}/revert", {})

    made = conforms(response, "git_reverted")
    assert remote.files("main") == before
    assert connected.names(metadata=[{"identifier": tml.L1}]) == ["Overview"]
    assert [(line["metadata_name"], line["status_code"]) for line in made["reverted_metadata"]] == [("Overview", "OK")]
    assert made["commit_id"] == remote.git("rev-parse", "origin/main") != first["commit_id"]


def test_only_the_objects_named_are_reverted(connected: Client, remote: Remote) -> None:
    connected.load(*tml.ESTATE)
    body = {"metadata": [{"identifier": tml.L1}, {"identifier": tml.A1}], "comment": "x"}
    first = connected.post("/vcs/git/branches/commit", body).json()
    connected.load(tml.liveboard("Board"), tml.answer("Answer"))
    connected.post("/vcs/git/branches/commit", body)

    path = f"/vcs/git/commits/{first['commit_id']}/revert"
    conforms(connected.post(path, {"metadata": [{"identifier": tml.A1}]}), "git_reverted")

    assert connected.names(metadata=[{"type": "ANSWER"}, {"type": "LIVEBOARD"}]) == ["Board", "By region"]


def test_a_revert_that_cannot_be_imported_changes_nothing(connected: Client, remote: Remote) -> None:
    connected.load(*tml.ESTATE)
    body = {"metadata": [{"identifier": tml.A1}], "comment": "x"}
    first = connected.post("/vcs/git/branches/commit", body).json()
    connected.load(tml.answer(query="[ID]"), tml.liveboard(vizzes=()))
    connected.post("/vcs/git/branches/commit", body)
    connected.load(tml.model(columns=("ID", "REGION")))
    before = remote.files("main")

    refused(connected.post(f"/vcs/git/commits/{first['commit_id']}/revert", {}), 400, 10002, "AMOUNT")

    assert remote.files("main") == before

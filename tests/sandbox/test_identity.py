"""Who an imported object is: created or updated, and with which identity."""

from __future__ import annotations

from collections.abc import Callable

from tests.sandbox import tml
from tests.sandbox.client import Client, code, guid, message, status
from tests.sandbox.conftest import ORG
from tsdeploy.sandbox import Cluster, Server, Settings, org_id_of

FREE = "f4ee0000-0000-4000-8000-000000000001"


def _guid_of(client: Client, name: str) -> str:
    (found,) = client.search(metadata=[{"identifier": name}])
    return str(found["metadata_id"])


def test_a_guid_that_is_free_is_taken(client: Client) -> None:
    assert client.load(tml.connection(guid=FREE)) == [FREE]


def test_a_guid_that_exists_is_updated(client: Client) -> None:
    client.load(tml.connection())

    assert client.load(tml.connection("Lake")) == [tml.C1]
    assert client.names() == ["Lake"]


def test_without_guid_and_obj_id_it_is_always_new(client: Client) -> None:
    first, second = (client.load(tml.connection(guid=""))[0] for _ in range(2))

    assert first != second
    assert client.names() == ["Warehouse", "Warehouse"]


def test_an_obj_id_that_exists_is_updated_whatever_the_guid(client: Client) -> None:
    (existing,) = client.load(tml.connection(guid="", obj_id="wh"))

    (item,) = client.items(tml.connection("Lake", guid=FREE, obj_id="wh"))

    assert guid(item) == existing
    assert client.names() == ["Lake"]


def test_an_update_by_obj_id_gives_the_notice_as_a_warning(client: Client) -> None:
    (existing,) = client.load(tml.connection(guid="", obj_id="wh"))

    (item,) = client.items(tml.connection("Lake", guid="", obj_id="wh"))

    assert status(item) == "WARNING"
    assert message(item) == f"Warning: Existing guid {existing} corresponding to object Id wh will be used."


def test_an_obj_id_that_is_free_makes_a_new_object_beside_the_guid(client: Client) -> None:
    client.load(tml.connection())

    (created,) = client.load(tml.connection("Other", obj_id="wh"))

    assert created != tml.C1
    assert client.names() == ["Other", "Warehouse"]


def test_an_obj_id_is_unique_per_org_only(log_in: Callable[[int], Client]) -> None:
    primary, other = log_in(0), log_in(org_id_of(ORG))

    first = primary.load(tml.connection(guid="", obj_id="wh"))
    second = other.load(tml.connection(guid="", obj_id="wh"))

    assert first != second


def test_a_guid_taken_in_another_org_gives_a_new_one(log_in: Callable[[int], Client]) -> None:
    log_in(0).load(tml.connection())

    (created,) = log_in(org_id_of(ORG)).load(tml.connection())

    assert created != tml.C1
    assert log_in(0).names() == ["Warehouse"]


def test_a_guid_below_the_kind_key_is_ignored(client: Client) -> None:
    client.load(tml.connection())

    (created,) = client.load(tml.connection("Copy", guid="") + f"  guid: {tml.C1}\n")

    assert created != tml.C1
    assert client.names() == ["Copy", "Warehouse"]


def test_create_new_replaces_a_guid_in_use(client: Client) -> None:
    client.load(tml.connection())

    (created,) = client.load(tml.connection(), create_new=True)

    assert created != tml.C1
    assert client.names() == ["Warehouse", "Warehouse"]


def test_create_new_does_not_take_an_obj_id_in_use(client: Client) -> None:
    (first,) = client.load(tml.connection(guid="", obj_id="wh"))

    (second,) = client.load(tml.connection(guid="", obj_id="wh"), create_new=True)

    assert second != first
    assert _found_by_obj_id(client, "wh") == first


def _found_by_obj_id(client: Client, obj_id: str) -> str:
    (found,) = client.search(metadata=[{"obj_identifier": obj_id}])
    return str(found["metadata_id"])


def test_a_guid_of_another_kind_is_refused(client: Client) -> None:
    client.load(*tml.ESTATE)

    (item,) = client.items(tml.answer(guid=tml.L1))

    assert status(item) == "ERROR"


def test_a_worksheet_may_become_a_model(client: Client) -> None:
    worksheet = f"""guid: {tml.M1}
worksheet:
  name: Sales
  tables:
  - name: ORDERS
  table_paths:
  - id: ORDERS_1
    table: ORDERS
  worksheet_columns:
  - name: AMOUNT
    column_id: ORDERS_1::AMOUNT
"""
    client.load(tml.connection(), tml.table(), worksheet)

    assert client.load(tml.model()) == [tml.M1]


def test_a_guid_that_is_none_is_refused(client: Client) -> None:
    (item,) = client.items(tml.connection(guid="not-a-guid"))

    assert message(item) == "Invalid YAML/JSON syntax in file."


def test_a_table_of_a_bound_physical_table_without_identity_cannot_be_created(client: Client) -> None:
    client.load(tml.connection(), tml.table())

    (item,) = client.items(tml.table("Orders again", guid="", db_table="ORDERS"))

    assert status(item) == "ERROR"
    assert message(item) == (
        f"Cannot create a new table as the table in the TML file already exists. Existing Table GUID: {tml.T1}"
    )


def test_a_table_with_an_unknown_guid_updates_the_one_that_is_bound(client: Client) -> None:
    client.load(tml.connection(), tml.table())

    (item,) = client.items(tml.table("Orders again", guid=FREE, db_table="ORDERS"))

    assert guid(item) == tml.T1
    assert client.names(metadata=[{"type": "LOGICAL_TABLE"}]) == ["Orders again"]


def test_a_bound_table_keeps_its_obj_id(client: Client) -> None:
    client.load(tml.connection(), tml.table(guid="", obj_id="orders"))

    client.load(tml.table(guid="", obj_id="other"))

    assert client.search(metadata=[{"identifier": "ORDERS"}])[0]["metadata_obj_id"] == "orders"


def test_two_tables_of_one_physical_table_in_one_batch_are_refused(client: Client) -> None:
    items = client.items(tml.connection(), tml.table(), tml.table("Twin", guid="", db_table="ORDERS"))

    assert [status(item) for item in items] == ["OK", "OK", "ERROR"]


def test_a_table_cannot_take_what_another_is_bound_to(client: Client) -> None:
    client.load(tml.connection(), tml.table(), tml.table("OTHER", tml.T2))

    (item,) = client.items(tml.table("OTHER", tml.T2, db_table="ORDERS"))

    assert code(item) == 14501
    assert message(item) == "Logical table ID to update is compulsory for UPDATE action."


def test_a_table_of_another_connection_is_another_table(client: Client) -> None:
    client.load(tml.connection(), tml.table(), tml.connection("Lake", guid=FREE))

    client.load(tml.table(guid="", connected="name: Lake"))

    assert client.names(metadata=[{"type": "LOGICAL_TABLE"}]) == ["ORDERS", "ORDERS"]


def test_create_new_cannot_bind_a_physical_table_twice(client: Client) -> None:
    client.load(tml.connection(), tml.table())

    (item,) = client.items(tml.table(), create_new=True)

    assert message(item).startswith("Cannot create a new table")


def test_one_identity_twice_in_a_batch_fails_the_second(client: Client) -> None:
    items = client.items(tml.connection(), tml.connection("Twin"))

    assert [status(item) for item in items] == ["OK", "ERROR"]


def test_an_update_without_obj_id_keeps_the_one_there_is(client: Client) -> None:
    (created,) = client.load(tml.connection(guid="", obj_id="wh"))

    client.load(tml.connection("Lake", guid=created))

    assert client.search()[0]["metadata_obj_id"] == "wh"


def test_objects_have_no_obj_id_of_their_own(estate: Client) -> None:
    assert all(item["metadata_obj_id"] is None for item in estate.search())


def test_with_the_feature_on_objects_get_one_of_name_and_guid() -> None:
    with Cluster(settings=Settings(auto_obj_ids=True)) as cluster, Server(cluster) as server:
        import requests

        with requests.Session() as session:
            client = Client(server.url, session)
            body = {"username": "tsadmin", "password": "tsadmin"}
            token = client.post("/auth/token/full", body).json()["token"]
            session.headers["Authorization"] = f"Bearer {token}"
            client.load(tml.connection("My Warehouse"))
            found = client.search()[0]["metadata_obj_id"]

    assert found == "MyWarehouse-c0000000"

"""Renames follow their users: at once, or after a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.client import Client, message, status
from tsdeploy.sandbox import Cluster, Server, Settings


def renamed_table() -> str:
    """The table of the estate with REGION under another name."""
    return tml.table().replace("- name: REGION\n", "- name: Area\n")


def renamed_model() -> str:
    """The Model of the estate with REGION under another name."""
    return tml.model().replace("- name: REGION\n", "- name: Area\n")


def test_a_column_of_a_table_is_renamed_in_the_models_on_it(estate: Client) -> None:
    estate.load(renamed_table())

    assert estate.edoc(tml.M1) == tml.model().replace("ORDERS::REGION", "ORDERS::Area")


def test_a_column_of_a_model_is_renamed_in_searches_and_answer_columns(estate: Client) -> None:
    estate.load(renamed_model())

    assert estate.edoc(tml.A1) == tml.answer().replace("REGION", "Area")
    assert "name: Area" in estate.edoc(tml.L1)


def test_what_was_renamed_can_be_imported_again_without_a_change(estate: Client, cluster: Cluster) -> None:
    estate.load(renamed_model())
    texts = [estate.edoc(guid) for guid in (tml.T1, tml.M1, tml.A1, tml.L1)]
    before = cluster.database.dump()

    items = estate.items(*texts, policy="ALL_OR_NONE")

    assert [status(item) for item in items] == ["OK"] * 4, [message(item) for item in items]
    assert cluster.database.dump() == before


def test_names_with_brackets_are_escaped_where_they_stand_in_brackets(estate: Client) -> None:
    estate.load(tml.model().replace("- name: REGION\n", "- name: 'Area [km]'\n"))

    assert r"[Area \\[km\\]]" in estate.edoc(tml.A1)


def test_a_table_is_renamed_in_the_models_on_it(client: Client) -> None:
    orders = tml.table(tail=tml.join("LINES", "[ORDERS::ID] = [LINES::ID]"))
    tables = ["name: ORDERS|joins:|- with: LINES|  referencing_join: to_LINES", "name: LINES"]
    client.load(tml.connection(), tml.table("LINES", tml.T2), orders, tml.model(tables=tables))

    client.load(tml.table("ROWS", tml.T2, db_table="LINES"))

    assert "- with: ROWS\n" in client.edoc(tml.M1)
    assert "  - name: ROWS\n" in client.edoc(tml.M1)
    assert "[ORDERS::ID] = [ROWS::ID]" in client.edoc(tml.T1)
    assert status(client.items(client.edoc(tml.M1))[0]) == "OK"


def test_a_renamed_table_is_renamed_in_column_ids(estate: Client) -> None:
    estate.load(tml.table("SALES", db_table="ORDERS"))

    assert estate.edoc(tml.M1) == tml.model().replace("ORDERS", "SALES")


def test_an_alias_stays(client: Client) -> None:
    model = tml.model(tables=["name: ORDERS|alias: ORDERS_1"], source="ORDERS_1")
    client.load(tml.connection(), tml.table(), model)

    client.load(tml.table("SALES", db_table="ORDERS"))

    assert client.edoc(tml.M1) == model.replace("name: ORDERS\n", "name: SALES\n")


def test_a_validation_renames_nothing(estate: Client, cluster: Cluster) -> None:
    before = cluster.database.dump()

    estate.items(renamed_model(), policy="VALIDATE_ONLY")

    assert cluster.database.dump() == before


def test_objects_of_the_same_batch_say_what_they_say(estate: Client) -> None:
    items = estate.items(renamed_model(), tml.answer())

    assert status(items[1]) == "ERROR"
    assert message(items[1]) == 'Search did not find "REGION" in your data or metadata.'


@pytest.fixture
def slow() -> Iterator[tuple[Client, Cluster]]:
    """A cluster whose searches follow a rename after an hour."""
    settings = Settings(rename_delay_ms=3_600_000)
    with Cluster(settings=settings) as cluster, Server(cluster) as server, requests.Session() as session:
        client = Client(server.url, session)
        token = client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"}).json()["token"]
        session.headers["Authorization"] = f"Bearer {token}"
        client.load(*tml.ESTATE)
        yield client, cluster


def test_searches_follow_later_than_the_rest(slow: tuple[Client, Cluster]) -> None:
    client, cluster = slow
    client.load(renamed_model())

    early = client.edoc(tml.A1)
    assert "[REGION]" in early
    assert "- name: Area" in early

    cluster.ripples.arrive(cluster.now() + 3_600_000)
    assert client.edoc(tml.A1) == tml.answer().replace("REGION", "Area")


def test_what_is_written_anew_meanwhile_is_not_overwritten(slow: tuple[Client, Cluster]) -> None:
    client, cluster = slow
    client.load(renamed_model())
    client.load(tml.answer(query="[AMOUNT]"))

    cluster.ripples.arrive(cluster.now() + 3_600_000)

    assert 'search_query: "[AMOUNT]"' in client.edoc(tml.A1)


def test_two_renames_in_a_row_both_arrive(slow: tuple[Client, Cluster]) -> None:
    client, cluster = slow
    client.load(renamed_model())
    client.load(renamed_model().replace("- name: AMOUNT\n", "- name: Revenue\n"))

    cluster.ripples.arrive(cluster.now() + 3_600_000)

    assert 'search_query: "[Revenue] [Area]"' in client.edoc(tml.A1)

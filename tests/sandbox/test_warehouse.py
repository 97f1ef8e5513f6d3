"""Tables against a declared warehouse: what is missing, and in which words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sandbox import tml
from tests.sandbox.answers import empty
from tests.sandbox.client import Client, code, message, status
from tests.sandbox.people import admin
from tsdeploy.errors import UsageError
from tsdeploy.sandbox import Cluster
from tsdeploy.sandbox.warehouse_file import declare, read_warehouses

COLUMNS = {"ID": "VARCHAR", "AMOUNT": "VARCHAR", "REGION": "VARCHAR"}


def say(client: Client, orders: Any, connection: str = "Warehouse") -> None:
    """Declare what the warehouse has for the table ORDERS."""
    admin(client, "POST", "/warehouses", {"warehouses": {connection: {"DEV": {"SALES": {"ORDERS": orders}}}}})


@pytest.fixture
def connected(client: Client) -> Client:
    """A connection whose warehouse is declared."""
    client.load(tml.connection())
    say(client, COLUMNS)
    return client


def test_what_the_warehouse_has_is_accepted(connected: Client) -> None:
    assert status(connected.items(tml.table())[0]) == "OK"


def test_without_a_declaration_everything_is_there(client: Client) -> None:
    client.load(tml.connection())

    assert status(client.items(tml.table(columns=("ANYTHING",)))[0]) == "OK"


def test_a_missing_column_is_14536(connected: Client) -> None:
    (item,) = connected.items(tml.table(columns=("ID", "GONE")))

    assert code(item) == 14536
    assert message(item) == "External column with name: DEV.SALES.ORDERS.GONE does not exist in connection Warehouse."


def test_a_validation_stops_at_the_first_missing_column_of_each_table(connected: Client) -> None:
    texts = (
        tml.table(columns=("ID", "GONE", "LOST")),
        tml.table("OTHERS", tml.T2, columns=("ID", "FAR", "AWAY"), db_table="ORDERS2"),
    )
    admin(
        connected,
        "POST",
        "/warehouses",
        {"warehouses": {"Warehouse": {"DEV": {"SALES": {"ORDERS": COLUMNS, "ORDERS2": ["ID"]}}}}},
    )

    validated = [message(item) for item in connected.items(*texts, policy="VALIDATE_ONLY")]
    imported = [message(item) for item in connected.items(*texts)]

    assert [text.count("External column") for text in validated] == [1, 1]
    assert [text.count("External column") for text in imported] == [2, 2]


def test_another_type_is_14536(connected: Client) -> None:
    say(connected, {**COLUMNS, "AMOUNT": "DOUBLE"})

    (item,) = connected.items(tml.table())

    assert code(item) == 14536
    assert message(item) == (
        "DataType VARCHAR does not match CDW DataType for column with name DEV.SALES.ORDERS.AMOUNT"
        " in connection Warehouse."
    )


def test_columns_declared_without_types_take_any(connected: Client) -> None:
    say(connected, list(COLUMNS))

    assert status(connected.items(tml.table())[0]) == "OK"


def test_a_missing_table(connected: Client) -> None:
    (item,) = connected.items(tml.table(db_table="NOWHERE"))

    assert message(item) == "Tables do not exist. - NOWHERE"


def test_a_missing_database(connected: Client) -> None:
    (item,) = connected.items(tml.table().replace("db: DEV", "db: PROD"))

    assert message(item) == "Database with name: PROD does not exist in connection: Warehouse"


def test_a_variable_in_the_place_is_not_held_against_the_warehouse(connected: Client) -> None:
    assert status(connected.items(tml.table().replace("db: DEV", 'db: "${stage}"'))[0]) == "OK"


def test_a_warehouse_that_does_not_answer(connected: Client) -> None:
    admin(connected, "POST", "/warehouses", {"warehouses": {"Warehouse": "unreachable"}})

    (item,) = connected.items(tml.table())

    assert message(item) == "CONNECTION_METADATA_FETCH_ERROR: JDBC driver encountered a communication error"


def test_a_connection_is_declared_by_guid_too(connected: Client) -> None:
    admin(connected, "POST", "/warehouses", {"warehouses": {"Warehouse": None}})
    say(connected, ["ID"], tml.C1)

    assert code(connected.items(tml.table())[0]) == 14536


def test_a_declaration_is_taken_back_with_null(connected: Client) -> None:
    admin(connected, "POST", "/warehouses", {"warehouses": {"Warehouse": None}})

    assert status(connected.items(tml.table(columns=("ANYTHING",)))[0]) == "OK"


@pytest.mark.parametrize("warehouses", [[], {"Warehouse": "gone"}, {"Warehouse": {"DEV": "x"}}])
def test_a_declaration_that_makes_no_sense_is_refused(client: Client, warehouses: Any) -> None:
    response = client.session.post(
        f"{client.url}/sandbox/admin/warehouses", json={"warehouses": warehouses}, timeout=10
    )

    assert response.status_code == 400


FILE = """\
Warehouse:
  DEV:
    SALES:
      ORDERS: {ID: VARCHAR, AMOUNT: VARCHAR}
      LINES: {type: VIEW, columns: [ID]}
Lake: unreachable
"""


def test_a_file_declares_warehouses(client: Client, cluster: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "warehouse.yaml"
    path.write_text(FILE, encoding="utf-8")
    declare(cluster, read_warehouses(path))
    client.load(tml.connection())

    items = client.items(tml.table(columns=("ID",)), tml.table("LINES", tml.T2, columns=("ID", "GONE")))

    assert [status(item) for item in items] == ["OK", "ERROR"]
    assert cluster.warehouses.columns_of("Warehouse", "DEV", "SALES", "LINES")[0].table_type == "VIEW"
    assert not cluster.warehouses.is_reachable("Lake")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A: [", "not valid YAML"),
        ("A: gone\n", "warehouse.yaml:1:4"),
        ("A:\n  DB:\n    - S\n", "should have schemas here"),
        ("A:\n  DB:\n    S:\n      T:\n        C: [x]\n", "the name or the data type of a column"),
    ],
)
def test_a_file_that_makes_no_sense_says_where(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "warehouse.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        read_warehouses(path)

    (finding,) = caught.value.findings
    assert finding.code == "TD830"
    assert said in f"{finding} {finding.location}"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="TD830"):
        read_warehouses(tmp_path / "nowhere.yaml")


def test_marks_are_put_and_taken_away(connected: Client) -> None:
    connected.load(tml.table())
    body = {"identifier": tml.T1, "marks": ["HIDDEN"]}
    empty(connected.session.post(f"{connected.url}/sandbox/admin/objects/mark", json=body, timeout=10))

    assert connected.names() == ["Warehouse"]
    assert connected.names(include_hidden_objects=True) == ["ORDERS", "Warehouse"]

    admin(connected, "POST", "/objects/mark", {"identifier": tml.T1, "marks": []})
    assert connected.names() == ["ORDERS", "Warehouse"]

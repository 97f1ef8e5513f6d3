"""Columns: what Models are made of, and what updates take away."""

from __future__ import annotations

from tests.sandbox import tml
from tests.sandbox.client import Client, code, message, status

BASE = (tml.connection(), tml.table())


def test_a_table_without_columns_is_refused(client: Client) -> None:
    _, item = client.items(tml.connection(), tml.table(columns=()))

    assert message(item) == "Attempting to create a table with 0 columns. Not allowed."


def test_a_column_twice_is_refused(client: Client) -> None:
    _, item = client.items(tml.connection(), tml.table(columns=("ID", "ID")))

    assert message(item) == "duplicate column name ID"


def test_a_column_of_a_model_that_its_table_lacks_is_14547(client: Client) -> None:
    client.load(*BASE)

    (item,) = client.items(tml.model(columns=("ID", "GONE", "LOST")))

    assert code(item) == 14547
    assert message(item) == (
        "Unable to create model column(s). These column_id/formula_id values are incorrect: ORDERS::GONE, ORDERS::LOST"
    )


def test_a_formula_that_is_not_there_is_14547(client: Client) -> None:
    client.load(*BASE)
    formula = "  - name: F\n    formula_id: formula_F\n"

    assert code(client.items(tml.model(tail=formula))[0]) == 14547


def test_a_formula_is_known_by_id_or_name(client: Client) -> None:
    client.load(*BASE)
    tail = '  - name: F\n    formula_id: formula_F\n  formulas:\n  - name: F\n    expr: "1"\n'

    assert status(client.items(tml.model(tail=tail))[0]) == "OK"


def test_column_ids_are_written_with_the_alias(client: Client) -> None:
    client.load(*BASE)
    tables = ["name: ORDERS|alias: O"]

    assert status(client.items(tml.model(tables=tables, source="O"))[0]) == "OK"
    assert code(client.items(tml.model(tables=tables, source="ORDERS"))[0]) == 14547


def test_one_alias_twice_is_refused(client: Client) -> None:
    client.load(*BASE)

    (item,) = client.items(tml.model(tables=["name: ORDERS", "name: ORDERS"]))

    assert "Multiple tables have same alias ORDERS" in message(item)


def test_a_join_type_outside_the_enumeration_is_14528(client: Client) -> None:
    tail = tml.join("LINES", "[ORDERS::ID] = [LINES::ID]", kind="FULL_OUTER")

    *_, item = client.items(tml.connection(), tml.table("LINES", tml.T2), tml.table(tail=tail))

    assert code(item) == 14528
    assert message(item).startswith(
        "Invalid value <b> FULL_OUTER </b> of field <b> table->joins_with(1st)->type </b>. "
        "Allowed values are <b> INNER, LEFT_OUTER, OUTER, RIGHT_OUTER </b>."
    )


def test_a_join_on_a_column_that_is_not_there_is_14540(client: Client) -> None:
    tail = tml.join("LINES", "[ORDERS::GONE] = [LINES::ID]")

    *_, item = client.items(tml.connection(), tml.table("LINES", tml.T2), tml.table(tail=tail))

    assert code(item) == 14540
    assert message(item).startswith("Error while translating <b>1st</b> join of <b>ORDERS</b>.")


def test_a_join_of_a_model_to_a_table_it_lacks_is_14540(client: Client) -> None:
    client.load(*BASE)
    tables = ["name: ORDERS|joins:|- with: LINES|  type: INNER"]

    assert code(client.items(tml.model(tables=tables))[0]) == 14540


def test_a_column_nobody_needs_is_deleted_silently(client: Client) -> None:
    client.load(*BASE)

    (item,) = client.items(tml.table(columns=("ID",)))

    assert status(item) == "OK"
    assert item["response"]["diff"] == {"columns_deleted": 2}


def test_a_column_that_a_model_needs_is_not_deleted(estate: Client) -> None:
    (item,) = estate.items(tml.table(columns=("ID", "AMOUNT")))

    assert code(item) == 14544
    assert message(item).startswith(
        "Deleted columns have dependents.<br/>- <b>REGION</b></br><ul><li>Sales </li></ul><br/><b>SOLUTION:</b>"
    )
    assert estate.edoc(tml.T1) == tml.table()


def test_a_column_of_a_model_that_searches_need_is_not_deleted(estate: Client) -> None:
    (item,) = estate.items(tml.model(columns=("ID", "REGION")))

    assert code(item) == 14544
    assert "<li>By region </li><li>Overview </li>" in message(item)


def test_a_column_goes_when_its_dependents_drop_it_in_the_same_batch(estate: Client) -> None:
    items = estate.items(
        tml.table(columns=("ID", "AMOUNT")),
        tml.model(columns=("ID", "AMOUNT")),
        tml.answer(query="[AMOUNT]"),
        policy="ALL_OR_NONE",
    )

    assert [status(item) for item in items] == ["OK"] * 3


def test_the_notice_is_glued_to_the_end_of_a_real_error(client: Client) -> None:
    client.load(tml.connection(), tml.table(guid="", obj_id="orders"), tml.model())

    (item,) = client.items(tml.table(guid="", obj_id="orders", columns=("ID",)))

    assert code(item) == 14544
    assert message(item).endswith("corresponding to object Id orders will be used.")


def test_a_column_of_a_new_name_over_the_same_data_is_renamed_and_not_deleted(estate: Client) -> None:
    renamed = tml.table().replace("- name: REGION\n", "- name: Area\n")

    (item,) = estate.items(renamed)

    assert status(item) == "OK"


def test_a_search_for_what_the_model_lacks_is_an_error(estate: Client) -> None:
    (item,) = estate.items(tml.answer(query="[AMOUNT] [Margin]"))

    assert message(item) == 'Search did not find "Margin" in your data or metadata.'


def test_a_search_may_name_formulas_parameters_sets_and_qualified_columns(estate: Client) -> None:
    extra = """  formulas:
  - id: formula_Twice
    name: Twice
    expr: "[ORDERS::AMOUNT] * 2"
  parameters:
  - name: Top
    data_type: INT64
"""
    estate.load(tml.model(tail=extra), tml.cohort("Big ones"))

    (item,) = estate.items(tml.answer(query="[AMOUNT] [Sales::REGION] [formula_Twice] [Top] [Big ones] [ID].daily"))

    assert status(item) == "OK", message(item)


def test_brackets_in_names_are_escaped(client: Client) -> None:
    columns = ("ID", "AMOUNT", '"[Old]"')
    client.load(tml.connection(), tml.table(columns=columns))
    model = tml.model(columns=("ID",)) + '  - name: "[Old]"\n    column_id: "ORDERS::[Old]"\n'

    items = client.items(model, tml.answer(query="[\\\\[Old\\\\]]"))

    assert [status(item) for item in items] == ["OK", "OK"]

"""What an import finds wrong inside objects: formulas, filters, rules, sets, values, and names that stand twice."""

from __future__ import annotations

import pytest

from tests.sandbox import tml
from tests.sandbox.client import Client, code, message, status

BASE = (tml.connection(), tml.table())


def formula(expression: str, name: str = "F") -> str:
    """A formula of a Model, to be its tail."""
    return f"  formulas:\n  - id: formula_{name}\n    name: {name}\n    expr: '{expression}'\n"


@pytest.fixture
def base(client: Client) -> Client:
    """A connection and a table."""
    client.load(*BASE)
    return client


def test_a_formula_on_a_column_that_is_not_there_is_14516(base: Client) -> None:
    (item,) = base.items(tml.model(tail=formula("sum ( [ORDERS::GONE] )")))

    assert code(item) == 14516
    assert message(item) == (
        'Formula addition failed. Formula: F, Error: Search did not find "ORDERS::GONE" in your data or metadata. '
        'Expecting one of the valid keywords, such as, "(", "-", "abs" etc..'
    )


def test_a_function_that_there_is_not_is_14516(base: Client) -> None:
    (item,) = base.items(tml.model(tail=formula("summarise ( [ORDERS::AMOUNT] )")))

    assert code(item) == 14516
    assert 'Search did not find "summarise"' in message(item)


def test_a_function_with_too_many_arguments_is_14516(base: Client) -> None:
    (item,) = base.items(tml.model(tail=formula("strpos ( [ORDERS::REGION] , [ORDERS::ID] , 1 )")))

    assert message(item) == "Formula addition failed. Formula: F, Error: Function strpos expects only 2 arguments."


@pytest.mark.parametrize(
    "expression",
    [
        "if ( [ORDERS::AMOUNT] > 3 ) then ( 1 ) else 0",
        'concat ( "sum_of_all ( x )" , [ORDERS::REGION] )',
        "safe_divide ( sum ( [ORDERS::AMOUNT] ) , greatest ( 1 , 2 , 3 ) )",
        'sql_string_op ( "my_udf({0})" , [ORDERS::REGION] )',
        "group_aggregate ( sum ( [ORDERS::AMOUNT] ) , { [ORDERS::REGION] , [ORDERS::ID] } , query_filters ( ) )",
        "ts_var ( stage )",
    ],
)
def test_formulas_that_are_right_are_left_alone(base: Client, expression: str) -> None:
    (item,) = base.items(tml.model(tail=f"  formulas:\n  - id: f\n    name: f\n    expr: {expression!r}\n"))

    assert status(item) == "OK", message(item)


def test_a_filter_on_a_column_that_is_not_there_is_14518(base: Client) -> None:
    filters = "  filters:\n  - column:\n    - GONE\n    oper: in\n    values:\n    - x\n"

    (item,) = base.items(tml.model(tail=filters))

    assert (code(item), message(item)) == (14518, "Invalid filter column: GONE")


def test_a_filter_of_a_liveboard_on_a_column_that_is_not_there_is_14518(estate: Client) -> None:
    filters = "  filters:\n  - column:\n    - Sales::GONE\n    oper: in\n"

    (item,) = estate.items(tml.liveboard(tail=filters))

    assert (code(item), message(item)) == (14518, "Invalid filter column: Sales::GONE")


def test_a_formula_of_a_visualization_is_told_with_the_visualization(estate: Client) -> None:
    text = tml.liveboard().replace(
        "      search_query",
        "      formulas:\n      - id: f\n        name: f\n        expr: '[GONE]'\n      search_query",
    )

    (item,) = estate.items(text)

    assert code(item) == 14516
    assert message(item).startswith("Visualization <b> Chart Viz_1 </b> has following errors<br/>Formula addition fail")


def test_a_set_on_a_column_that_its_model_lacks(estate: Client) -> None:
    (item,) = estate.items(tml.cohort().replace("REGION", "address"))

    assert message(item) == "Column: address not found"


def test_a_data_type_that_tml_does_not_know(base: Client) -> None:
    (item,) = base.items(tml.table(columns=("ID",)).replace("VARCHAR", "BOOLEAN"))

    assert message(item) == "Data type BOOLEAN is not valid for column ID"


def test_an_aggregation_that_there_is_not(base: Client) -> None:
    text = tml.model(columns=("ID",)).replace("ATTRIBUTE", "MEASURE\n      aggregation: FORMULA")

    assert "FORMULA is not a valid aggregation type" in message(base.items(text)[0])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "column_type: ATTRIBUTE",
            "column_type: DIMENSION",
            "Invalid value <b> DIMENSION </b> of field <b> model->columns(1st)->properties->column_type </b>. "
            "Allowed values are <b> ATTRIBUTE, MEASURE, UNKNOWN </b>. <br/>",
        ),
        (
            "column_type: ATTRIBUTE",
            "index_type: ALWAYS",
            "Invalid value <b> ALWAYS </b> of field <b> model->columns(1st)->properties->index_type </b>. ",
        ),
    ],
)
def test_values_outside_their_enumeration_are_14528(base: Client, old: str, new: str, said: str) -> None:
    (item,) = base.items(tml.model(columns=("ID",)).replace(old, new))

    assert code(item) == 14528
    assert message(item).startswith(said)


def test_a_display_mode_outside_its_enumeration_drops_the_visualization(estate: Client) -> None:
    text = tml.liveboard(vizzes=(("Viz_1", "[AMOUNT]", ""), ("Viz_2", "[AMOUNT]", "")))
    first, second = text.rsplit("TABLE_MODE", maxsplit=1)

    (item,) = estate.items(f"{first}GRID{second}", policy="PARTIAL_OBJECT")

    assert status(item) == "WARNING"
    assert "liveboard->visualizations(2nd)->answer->display_mode" in message(item)
    assert "Viz_2" not in estate.edoc(tml.L1)


JOINED = "name: ORDERS|joins:|- with: LINES|  "


@pytest.mark.parametrize(
    ("join", "said"),
    [
        (
            f"{JOINED}on: '[ORDERS::ID] = [LINES::ID]'",
            "model->model_tables(1st)->joins(1st) both  type and cardinality should be defined.",
        ),
        (
            "name: ORDERS|joins:|- referencing_join: to_LINES",
            "Compulsory Field model->model_tables(1st)->joins(1st)->with is not populated",
        ),
        (f"{JOINED}referencing_join: to_NOWHERE", "referencing_join not found: to_NOWHERE"),
    ],
)
def test_joins_of_a_model_are_complete(client: Client, join: str, said: str) -> None:
    orders = tml.table(tail=tml.join("LINES", "[ORDERS::ID] = [LINES::ID]"))
    client.load(tml.connection(), tml.table("LINES", tml.T2), orders)

    (item,) = client.items(tml.model(tables=[join, "name: LINES"]))

    assert said in message(item)


def test_a_join_of_a_model_on_a_column_that_is_not_there_is_14540(client: Client) -> None:
    client.load(tml.connection(), tml.table("LINES", tml.T2), tml.table())
    join = f"{JOINED}on: '[ORDERS::ID] = [LINES::GONE]'|  type: INNER|  cardinality: MANY_TO_ONE"

    (item,) = client.items(tml.model(tables=[join, "name: LINES"]))

    assert code(item) == 14540
    assert message(item).startswith("Error while translating <b>1st</b> join of <b>ORDERS</b>.")


def test_a_column_that_a_model_shows_twice(base: Client) -> None:
    again = "  - name: Again\n    column_id: ORDERS::ID\n"

    assert "columns should have unique column_id values" in message(base.items(tml.model(tail=again))[0])


def test_two_formulas_of_one_name(base: Client) -> None:
    both = formula("1") + formula("2").removeprefix("  formulas:\n")

    assert "duplicate F" in message(base.items(tml.model(tail=both))[0])


def test_two_visualizations_of_one_id(estate: Client) -> None:
    twice = (("Viz_1", "[AMOUNT]", ""), ("Viz_1", "[AMOUNT]", ""))

    assert "duplicate Viz_1" in message(estate.items(tml.liveboard(vizzes=twice))[0])


def rules(expression: str, name: str = "r") -> str:
    """Row-level security, to be a table's tail."""
    return (
        f'  rls_rules:\n    tables:\n    - name: ORDERS\n    rules:\n    - name: {name}\n      expr: "{expression}"\n'
    )


def test_a_rule_on_a_column_that_is_not_there_is_an_error(base: Client) -> None:
    (item,) = base.items(tml.table(tail=rules("[ORDERS::GONE] = ts_username")))

    assert status(item) == "ERROR"
    assert "ORDERS::GONE" in message(item)


def test_one_bad_rule_takes_all_rules_along_under_partial_object(base: Client) -> None:
    both = rules("[ORDERS::REGION] = ts_groups") + '    - name: bad\n      expr: "[ORDERS::GONE] = ts_groups"\n'

    (item,) = base.items(tml.table(tail=both), policy="PARTIAL_OBJECT")

    assert status(item) == "WARNING"
    assert "rls_rules" not in base.edoc(tml.T1)


def test_a_rule_without_a_column_imports_without_a_word_and_wipes_all_rules(base: Client) -> None:
    base.load(tml.table(tail=rules("[ORDERS::REGION] = ts_groups")))
    assert "rls_rules" in base.edoc(tml.T1)

    (item,) = base.items(tml.table(tail=rules("ts_groups = 'all'")))

    assert status(item) == "OK"
    assert "rls_rules" not in base.edoc(tml.T1)


def test_security_rules_for_a_column_that_is_not_there(base: Client) -> None:
    text = "column_security_rules:\n  table:\n    name: ORDERS\n  rules:\n  - column_name: GONE\n"

    assert "Column GONE not found" in message(base.items(text)[0])


def test_an_alias_for_a_column_that_is_not_there(estate: Client) -> None:
    text = "column_alias:\n  model:\n    name: Sales\n  columns:\n  - name: GONE\n"

    assert "Column GONE of the column aliases not found" in message(estate.items(text)[0])


def test_feedback_with_a_token_that_is_not_there(client: Client) -> None:
    client.load(*BASE, tml.model(tail=tml.SPOTTER))

    (item,) = client.items(tml.feedback("How much?").replace("[AMOUNT]", "[GONE]"))

    assert message(item) == "EDOC_FEEDBACK_TML_INVALID: Invalid value token: GONE"


def test_names_inside_are_not_checked_where_the_source_is_missing(client: Client) -> None:
    (item,) = client.items(tml.answer(query="[GONE]"))

    assert (code(item), message(item)) == (
        14500,
        "Worksheet not found for referencedObjectId Sales, fqn , and name Sales",
    )


def test_one_missing_name_is_said_once(base: Client) -> None:
    (item,) = base.items(tml.model(tail=formula("[ORDERS::GONE] + [ORDERS::GONE]")))

    assert message(item).count("Formula addition failed") == 1

"""Nothing is published that was not accepted, and a refusal says where in which file, and what to do."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli, Estate
from tests.deploy.release import RETAIL, answer, assert_whole, exported
from tsdeploy.deploy.answers import judge
from tsdeploy.deploy.message_catalogue import CATALOGUE
from tsdeploy.deploy.messages import explain, place_of, plain_text
from tsdeploy.deploy.without_column import without_column
from tsdeploy.rest import ImportItem, Status
from tsdeploy.sandbox.store.warehouses import WarehouseColumn
from tsdeploy.tml.columns.offered import columns_of
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.spots import body
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.targets import Origin, Target

TABLE = """\
guid: 00000001-0000-4000-8000-000000000000
table:
  name: T
  columns:
  - name: One
    db_column_name: ONE
    properties:
      column_type: ATTRIBUTE
  - name: Two
    db_column_name: TWO
  - name: Three
    db_column_name: THREE
  joins_with:
  - name: j
"""

RECORDED = {
    "missing-column": "External column with name: DB.S.T.AGE does not exist in connection Snow.",
    "column-type": "DataType INT64 does not match CDW DataType for column with name DB.S.T.AGE in connection Snow.",
    "columns-in-use": "Deleted columns have dependents.<br/>- <b>AGE</b></br><ul><li>Sales </li></ul><br/>",
    "broken-join": "Error while translating <b>1st</b> join of <b>T</b>. <br/>No matches found for table T.<br/>",
    "wrong-column-ids": "Unable to create model column(s). These column_id/formula_id values are incorrect: REGION",
    "formula": "Formula addition failed. Formula: Margin, Error: Function strpos expects only 2 arguments.",
    "filter-column": "Invalid filter column: X",
    "wrong-value": "Invalid value <b> FULL </b> of field <b> table->joins_with(1st)->type </b>. Allowed values are "
    "<b> INNER, OUTER </b>. <br/>",
    "source-not-found": "Worksheet not found for referencedObjectId 1, fqn 2, and name Sales",
    "table-taken": "Logical table ID to update is compulsory for UPDATE action.",
    "table-not-found": "Referenced table with name T2_PUBLISH not found.",
    "tables-not-there": "Error: Tables do not exist. - SPIKE_T4",
    "database-missing": "Database with name: PROD does not exist in connection: Snow",
    "connection-missing": "Please ensure that connection name specified in TML file exists on this cluster",
    "no-columns": "Attempting to create a table with 0 columns. Not allowed.",
    "relationship-skipped": "X_to_Y: Skipped relationship import as there are no tables with id 1 in CS Tools.",
    "dead-fqn": "Warning: No table with fqn 1 found for table_id SPIKE_T4",
    "visualization": "Visualization <b> V </b> has following errors<br/>no",
    "half-join": "model->model_tables(3rd)->joins(2nd) both  type and cardinality should be defined.",
    "join-without-target": "Compulsory Field model->joins(1st)->with is not populated",
    "join-unknown": "referencing_join not found: j",
    "same-alias": "Multiple tables have same alias A",
    "duplicate-column": "duplicate column name A",
    "set-without-model": "Invalid save request, Table cant be empty",
    "not-a-column": "Column: address set not found",
    "search-word": 'Search did not find "margin" in your data or metadata.',
    "warehouse-asleep": "CONNECTION_METADATA_FETCH_ERROR: JDBC driver encountered a communication error",
    "schema": "Schema validation failed",
    "syntax": "Invalid YAML/JSON syntax in file.",
}


@pytest.mark.parametrize("id_", RECORDED)
def test_recorded_message_is_explained(id_: str) -> None:
    found = explain(plain_text(RECORDED[id_]))
    assert found.known is not None
    assert found.known.id == id_
    assert found.hint
    assert "{" not in found.means + found.hint


def test_every_entry_has_an_id_of_its_own() -> None:
    assert len({message.id for message in CATALOGUE}) == len(CATALOGUE)


def test_unknown_message_stays_as_it_is() -> None:
    assert str(explain("The moon is full {name}.")) == "The moon is full {name}."


def test_message_is_mapped_to_the_line() -> None:
    document = parse_document(TABLE, "tml/t.table.tml")
    item = ImportItem(0, Status.ERROR, 14536, RECORDED["missing-column"].replace("AGE", "TWO"))
    finding = judge(item, Rendered(document, TABLE, Target("", "", Origin.KEPT)), "prod")
    assert finding is not None
    assert str(finding.location) == "tml/t.table.tml:10:21"
    assert finding.at == "table.columns[1].db_column_name"
    assert finding.hint.startswith("add the column to the warehouse table")


def test_name_that_stands_nowhere_points_to_the_beginning() -> None:
    where, at = place_of("nowhere", parse_document(TABLE, "t.tml"))
    assert (str(where), at) == ("t.tml:3:3", "")


@pytest.mark.parametrize("name", ["ONE", "two", "THREE"])
def test_column_is_left_out(name: str) -> None:
    text = without_column(TABLE, "t.tml", name)
    assert text is not None
    assert set(columns_of(parse_document(text, "t.tml"))) == {"One", "Two", "Three"} - {name.capitalize()}
    assert text.endswith("  joins_with:\n  - name: j\n")


def test_column_that_is_not_there_or_the_last_one_is_not_left_out() -> None:
    assert without_column(TABLE, "t.tml", "FOUR") is None
    assert without_column("table:\n  name: T\n  columns:\n  - name: A\n", "t.tml", "A") is None


def lacking(estate: Estate, table: str, *columns: str) -> None:
    """Prod's warehouse has everything that dev's has, but some columns of one table."""
    found = []
    for path in estate.project.tml.rglob("*.table.tml"):
        content = body(parse_document(path.read_text("utf-8"), path.name))
        place = ("HARBOR_PROD", content.text_of("schema"), content.text_of("db_table"))
        names = [column.text_of("db_column_name") for column in content.each("columns")]
        kept = [name for name in names if place[2] != table or name not in columns]
        found += [WarehouseColumn(*place, "TABLE", number, name, "") for number, name in enumerate(kept)]
    cluster = estate.clusters["prod"]
    with cluster.database.transaction():
        cluster.warehouses.declare("Harbor Snowflake Prod", found)


def test_all_missing_columns_of_a_table_are_named_at_once(retail: Estate, cli: Cli) -> None:
    """The server stops at the first of each table."""
    exported(retail, cli)
    lacking(retail, "STORES", "CITY", "REGION", "STATE")
    outcome = cli("validate", "prod", "--format", "json")
    assert outcome.code == 1
    missing = [one for one in json.loads(outcome.out)["findings"] if "has no column" in one["message"]]
    named = [one["message"].partition("has no column ")[2].partition(" ")[0] for one in missing]
    assert named == [f"HARBOR_PROD.RETAIL.STORES.{name}" for name in ("REGION", "CITY", "STATE")]
    assert {one["file"].rpartition("/")[2] for one in missing} == {"STORES.eb6120e9.table.tml"}
    assert [one["at"] for one in missing] == [f"table.columns[{place}].name" for place in (4, 5, 6)]
    assert retail.count("prod") == 1


def test_one_refused_object_keeps_back_everything(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    lacking(retail, "STORES", "CITY")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "Deploy: 0 done, " in outcome.out
    assert retail.count("prod") == 1


def test_what_does_not_need_the_refused_object_goes_on_if_wanted(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    lacking(retail, "INVENTORY", "ON_HAND_QTY")
    outcome = cli("deploy", "prod", "--yes", "--on-error", "continue")
    assert outcome.code == 5, outcome.err
    assert "table:INVENTORY: failed" in outcome.out
    assert 1 < retail.count("prod") < RETAIL


def test_objects_that_only_shared_a_refused_call_go_on_their_own(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    for number in range(3):
        retail.write(f"tml/answer/{number}.answer.tml", answer(number))
    retail.commit()
    publish = {"import_policy": "ALL_OR_NONE"}
    faults = retail.clusters["prod"].traffic.faults
    faults.add("status", "metadata/tml/import", where=publish, status=400, code=10002, times=1)
    outcome = cli("deploy", "prod", "--yes", "--on-error", "continue")
    assert (outcome.code, "warning[TD406]" in outcome.err, "error[" in outcome.err) == (0, True, False)
    assert_whole(retail, cli, RETAIL + 3)


def test_validate_writes_nothing(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    outcome = cli("validate", "prod")
    assert outcome.code == 0, outcome.err
    assert outcome.out.endswith("Validate: 23 accepted, 0 refused, 3 not asked.\n")
    assert retail.count("prod") == 1
    assert not (retail.project.root / "environments/prod/objects.json").exists()
    assert not (retail.project.root / "environments/prod/releases").exists()

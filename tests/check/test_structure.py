"""The shape of TML against its schemas: strict on what is known, tolerant of what is not."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.check.looking import RETAIL, retail, seen
from tests.tml.real_files import REAL_FILES, document_of, label
from tsdeploy.check.structure import violations_of
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.syntax import to_plain

SCHEMAS = sorted(
    Path(str(file))
    for file in (resources.files("tsdeploy.check") / "schemas").iterdir()
    if file.name.endswith(".schema.json")
)


def schema(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_real_file_has_its_shape_and_no_unknown_field(path: Path) -> None:
    assert [found.message for found in violations_of(document_of(path))] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schema_is_valid(path: Path) -> None:
    Draft202012Validator.check_schema(schema(path))


def test_every_known_kind_has_a_schema() -> None:
    names = {path.name.partition(".")[0] for path in SCHEMAS}
    assert names - {"shared", "check"} == set(KINDS)


def test_schemas_say_the_same_with_references_followed_the_standard_way() -> None:
    resources_by_id = [
        (loaded["$id"], Resource.from_contents(loaded)) for loaded in map(schema, SCHEMAS) if "$id" in loaded
    ]
    registry: Registry[Any] = Registry().with_resources(resources_by_id)
    for path in REAL_FILES:
        document = document_of(path)
        name = f"{document.kind.root}.schema.json"
        validator = Draft202012Validator({"$ref": name}, registry=registry)
        errors = [error for error in validator.iter_errors(to_plain(document.root)) if error.instance != ""]
        assert errors == [], path


def test_closed_folder_has_no_finding() -> None:
    assert seen(RETAIL) == []


def test_text_where_a_list_belongs() -> None:
    files = retail("Retail.tml", "  formulas:\n", "  filters: none of them\n  formulas:\n")
    assert seen(files) == ["error TD123 Retail.tml:13:12 must be a list, not text"]


def test_list_where_a_mapping_belongs_and_mapping_where_text_belongs() -> None:
    files = retail("Retail.tml", "  formulas:\n", "  properties: [a]\n  description: {a: b}\n  formulas:\n")
    assert seen(files) == [
        "error TD123 Retail.tml:13:15 must be a mapping, not a list",
        "error TD123 Retail.tml:14:16 must be text, not a mapping",
    ]


def test_empty_value_is_no_wrong_shape() -> None:
    assert seen(retail("Retail.tml", "  formulas:\n", "  filters:\n  description:\n  formulas:\n")) == []


def test_missing_name_is_located_at_its_mapping() -> None:
    files = retail("SALES.tml", "  - name: STORE_ID\n    db", "  - db")
    assert "error TD123 SALES.tml:12:5 misses name" in seen(files)


def test_table_without_columns() -> None:
    text = "guid: 11111111-0000-4000-8000-000000000009\ntable:\n  name: EMPTY\n  columns: []\n"
    assert seen({"EMPTY.tml": text}) == ["error TD123 EMPTY.tml:4:12 must not be empty"]


def test_word_where_a_number_belongs() -> None:
    files = retail("Overview.tml", "    - visualization_id: Viz_1\n", "    - visualization_id: Viz_1\n      x: left\n")
    assert seen(files) == ["error TD123 Overview.tml:23:10 must be a number"]


def test_unknown_value_is_a_warning_that_names_the_known_ones() -> None:
    assert seen(retail("SALES.tml", "type: INNER", "type: FULL_OUTER")) == [
        "warning TD124 SALES.tml:20:11 FULL_OUTER is not a known value here"
    ]


def test_variable_is_no_unknown_value() -> None:
    assert seen(retail("SALES.tml", "type: INNER", 'type: "${join_type}"')) == []


def test_unknown_field_is_told_once_over_all_documents() -> None:
    columns = "  - name: NET\n    colour: red\n  - name: TAX\n    colour: blue\n"
    files = retail("SALES.tml", "  - name: NET\n", columns)
    files["STORES.tml"] = files["STORES.tml"].replace("  - name: REGION\n", "  - name: REGION\n    colour: green\n")
    assert seen(files) == ["info TD125 SALES.tml:11:5 unknown field colour"]


def test_field_called_like_a_keyword_of_the_schema_is_unknown_like_any_other() -> None:
    files = retail("Retail.tml", "  formulas:\n", "  additionalProperties: x\n  formulas:\n")
    assert seen(files) == ["info TD125 Retail.tml:13:3 unknown field additionalProperties"]


def test_unknown_kind_is_told_once_and_not_looked_into() -> None:
    files = {f"{name}.tml": f"webhook:\n  name: {name}\n  colour: red\n" for name in "ab"}
    assert seen(files) == ["warning TD111 a.tml:2:3 unknown kind of object webhook: it passes through as it is"]


def test_a_list_where_a_word_is_expected_is_a_finding_not_a_crash() -> None:
    text = "guid: g\ntable:\n  name: T\n  joins_with:\n  - name: J\n    type: [[]]\n"
    found = violations_of(parse_document(text, "a.tml"))
    assert ("TD124", "a word is expected here") in {(one.code, one.message) for one in found}

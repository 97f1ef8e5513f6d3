"""Differences in the user's words, one case each, and what counts as noise."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.golden_files import assert_golden
from tests.tml.changed_documents import edited
from tests.tml.real_files import RETAIL, document_of
from tsdeploy.tml.compare import compare_contents
from tsdeploy.tml.difference.change import Difference, Weight
from tsdeploy.tml.difference.deltas import body_deltas
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.document import Document, parse_document

MODEL = "model/Retail Sales.*"
TABLE = "table/SALES.*"
STORES = "table/STORES.*"
BOARD = "liveboard/Store Performance.*"
ANSWER = "answer/Store League*"
COACHING = "nls_feedback/*"

EXPRESSION = "sum ( [SALES::NET_AMOUNT] ) - sum ( [SALES::COST_AMOUNT] )"
SKU = "  - name: SKU\n    column_id: PRODUCTS::SKU\n    properties:\n      column_type: ATTRIBUTE\n"
TILE_2 = '      - visualization_id: Viz_2\n        x: 3\n        "y": 0\n        height: 4\n        width: 3\n'
TILE_5 = '      - visualization_id: Viz_5\n        x: 0\n        "y": 0\n        height: 8\n        width: 12\n'
LAST_TAB = "      id: 9259e5fe-e787-4b35-8f2c-416a98103307\n"
NEW_TAB = "    - name: Products\n      tiles:\n"
BETWEEN_TABS = (
    "      id: 1840f40a-2992-48df-aa72-5046302963a3\n"
    "    - name: Stores\n      description: League table and best sellers\n      tiles:\n"
)
STOCK = "liveboard/Inventory Health.*"
GROUPED_TILE = '      - visualization_id: Viz_6\n        x: 4\n        "y": 0\n        height: 6\n        width: 8\n'
LOOSE_TILE = '    - visualization_id: Viz_6\n      x: 0\n      "y": 26\n      height: 6\n      width: 8\n'
GROUP_LAYOUTS = "    group_layouts:\n"
OTHER_GROUP = "    - id: Group_1\n      tiles:\n"
NOTE = 'html_parsed_string: "<h2 class=\\"theme-module__editor-h2\\"'
RULE = '    - name: Regional teams\n      expr: "[REGION_ACCESS_1::GROUP_NAME] = ts_groups"\n'
PARTNER = "  - name: Tenant Code\n    description: Concession partner at the till\n"
MEMBER = "  - name: Store Performance\n    type: LIVEBOARD\n    id: 19258288-3f80-46ba-81bd-59b292d113a2\n"


@dataclass(frozen=True)
class Case:
    """A change of a sample and what is said of it."""

    sample: str
    changes: dict[str, str]


CASES = {
    "column added": Case(MODEL, {"  columns:\n": "  columns:\n  - name: New\n    column_id: SALES::TAX_AMOUNT\n"}),
    "column removed": Case(MODEL, {SKU: ""}),
    "column renamed": Case(MODEL, {"name: Net Sales\n    column_id": "name: Net Revenue\n    column_id"}),
    "column of a table renamed": Case(TABLE, {"- name: QUANTITY": "- name: UNITS"}),
    "column description": Case(MODEL, {PARTNER: PARTNER.replace("at the till", "")}),
    "column loses its description": Case(MODEL, {PARTNER: PARTNER.partition("    ")[0]}),
    "column from another table": Case(MODEL, {"column_id: STORES::REGION": "column_id: HOME_STORES::REGION"}),
    "data type": Case(TABLE, {"data_type: INT64": "data_type: DOUBLE"}),
    "aggregation": Case(TABLE, {"aggregation: SUM": "aggregation: AVERAGE"}),
    "synonyms": Case(MODEL, {"      - revenue\n": "      - income\n      - sales\n"}),
    "formula": Case(MODEL, {"- sum ( [SALES::COST_AMOUNT] )": "- 2 * sum ( [SALES::COST_AMOUNT] )"}),
    "join type": Case(MODEL, {"type: LEFT_OUTER": "type: INNER"}),
    "join cardinality": Case(MODEL, {"cardinality: MANY_TO_ONE": "cardinality: ONE_TO_ONE"}),
    "join condition of a table": Case(TABLE, {"[SALES::STORE_ID] =": "[SALES::HOME_STORE_ID] ="}),
    "join added": Case(
        MODEL, {"    - with: STORES\n": "    - with: STORES\n      referencing_join: X\n    - with: DAYS\n"}
    ),
    "parameter default": Case(MODEL, {"default_value: '0.05'": "default_value: '0.10'"}),
    "filter of a model": Case(MODEL, {"    - Shipped\n": "    - Shipped\n    - Returned\n"}),
    "description": Case(MODEL, {"Amounts are in US dollars": "Amounts are in euros"}),
    "spotter": Case(MODEL, {"is_spotter_enabled: true": "is_spotter_enabled: false"}),
    "renamed": Case(MODEL, {"  name: Retail Sales\n": "  name: Retail\n"}),
    "table moved": Case(TABLE, {"db: HARBOR_DEV": "db: HARBOR_PROD", "db_table: SALES": "db_table: SALES_V2"}),
    "connection": Case(TABLE, {"Harbor Snowflake Dev\n    fqn: 5a28": "Harbor Snowflake Prod\n    fqn: 5a29"}),
    "connection of the same name": Case(TABLE, {"    fqn: 5a28": "    fqn: 5a29"}),
    "RLS rule removed": Case(STORES, {RULE: ""}),
    "RLS rule changed": Case(STORES, {"ts_groups = 'Web Shop'": "ts_groups = 'Shop'"}),
    "RLS alias that the rules do not follow": Case(STORES, {"id: REGION_ACCESS_1": "id: RA_2"}),
    "chart type": Case(BOARD, {"type: COLUMN": "type: BAR"}),
    "visualization title": Case(BOARD, {"name: Net Sales by Region": "name: Regions"}),
    "search query": Case(BOARD, {"[Region] [Net Sales] sort by": "[Store Name] [Net Sales] sort by"}),
    "answer column shown in table and chart": Case(
        BOARD,
        {
            "      - name: Total Selected Sales\n": "      - name: Total Units\n",
            "- column_id: Total Selected Sales\n          show": "- column_id: Total Units\n          show",
            "- column_id: Total Selected Sales\n        axis": "- column_id: Total Units\n        axis",
        },
    ),
    "note": Case(BOARD, {"Figures are complete": "Figures &amp; <b>totals</b> are complete"}),
    "note with another look": Case(BOARD, {NOTE: NOTE.replace("editor-h2", "editor-h3")}),
    "visualization moved": Case(BOARD, {'Viz_3\n        x: 0\n        "y": 4': 'Viz_3\n        x: 6\n        "y": 5'}),
    "visualization moved to another tab": Case(BOARD, {TILE_2: "", TILE_5: TILE_5 + TILE_2}),
    "visualization moved to a new tab": Case(BOARD, {TILE_2: "", LAST_TAB: LAST_TAB + NEW_TAB + TILE_2}),
    "visualizations moved from a tab that goes": Case(BOARD, {BETWEEN_TABS: ""}),
    "visualization moved out of its group": Case(STOCK, {GROUPED_TILE: "", GROUP_LAYOUTS: LOOSE_TILE + GROUP_LAYOUTS}),
    "visualization moved into another group": Case(STOCK, {GROUPED_TILE: "", OTHER_GROUP: OTHER_GROUP + GROUPED_TILE}),
    "visualization resized": Case(BOARD, {"height: 8\n        width: 12": "height: 9\n        width: 12"}),
    "visualization off the layout": Case(BOARD, {TILE_2: ""}),
    "all tiles of a tab moved": Case(
        BOARD,
        {
            'Viz_1\n        x: 0\n        "y": 0': 'Viz_1\n        x: 0\n        "y": 1',
            'Viz_2\n        x: 3\n        "y": 0': 'Viz_2\n        x: 3\n        "y": 1',
            'Viz_6\n        x: 6\n        "y": 0': 'Viz_6\n        x: 6\n        "y": 1',
        },
    ),
    "filter values": Case(BOARD, {"    - Midwest\n    - West\n": "    - West\n    - South\n"}),
    "filter on dates": Case(BOARD, {"number: 12": "number: 6"}),
    "filter removed": Case(
        BOARD,
        {
            "  - column:\n    - Retail Sales::Store Format\n    is_mandatory: false\n    is_single_value: false\n"
            '    display_name: ""\n': ""
        },
    ),
    "tab renamed": Case(BOARD, {"    - name: Stores\n": "    - name: Shops\n"}),
    "chips in another order": Case(
        BOARD,
        {
            "  - name: Retail Sales::Region\n    type: FILTER\n": "",
            "  - name: Retail Sales::Sales Basis\n    type: PARAMETER\n": "  - name: Retail Sales::Sales Basis\n"
            "    type: PARAMETER\n  - name: Retail Sales::Region\n    type: FILTER\n",
        },
    ),
    "style": Case(BOARD, {"value: LBC_B": "value: LBC_C"}),
    "column widths": Case(BOARD, {'\\"width\\": 182.5': '\\"width\\": 200'}),
    "colors": Case(BOARD, {"#D98E32": "#FF0000"}),
    "chart options": Case(BOARD, {"AUTO_ON": "USER_PREFERRED_OFF"}),
    "column order": Case(
        BOARD,
        {"- Region\n        - Total Net Sales\n        client": "- Total Net Sales\n        - Region\n        client"},
    ),
    "data source of an answer": Case(ANSWER, {"fqn: ab9d": "fqn: ab9e"}),
    "feedback phrase added": Case(
        COACHING,
        {
            "  feedback:\n": "  feedback:\n  - id: '9'\n    type: BUSINESS_TERM\n    feedback_phrase: AOV\n"
            "    search_tokens: '[x]'\n"
        },
    ),
    "feedback phrase reworded": Case(COACHING, {"feedback_phrase: basket size": "feedback_phrase: size of a basket"}),
    "alert threshold": Case("monitor_alert/*", {"value: 1850000.0": "value: 2000000.0"}),
    "alert schedule": Case("monitor_alert/*", {'hour: "7"': 'hour: "8"'}),
    "collection content removed": Case("collection/*", {MEMBER: ""}),
    "group of a set": Case("cohort/*", {"- Tents": "- Tarps", "combine_type: ANY": "combine_type: ALL"}),
    "definition of a view": Case("view/*", {"[Store Name] [Region]": "[Store Name]"}),
    "SQL": Case("sql_view/*", {"AND t.IS_OPEN": "AND t.IS_OPEN AND s.QUANTITY > 0"}),
    "connection property": Case("connection/*", {"value: BI_DEV_WH": "value: BI_WH"}),
    "field that nobody knows": Case(MODEL, {"  model_tables:\n": "  brand_new:\n    level: 3\n  model_tables:\n"}),
    "flag beside the content": Case(MODEL, {"model:\n": "hidden: true\nmodel:\n"}),
    "identity": Case(MODEL, {"guid: 9a5c5542": "guid: 9a5c5543"}),
}

NOISE = {
    "minted GUID": Case(BOARD, {"viz_guid: 9da671f0": "viz_guid: 9da671f1"}),
    "parameter id": Case(MODEL, {"id: eb6bd2fb": "id: eb6bd2fc"}),
    "parameter id in an override": Case(
        BOARD, {"key: eb6bd2fb": "key: eb6bd2fc", "    id: eb6bd2fb": "    id: eb6bd2fc"}
    ),
    "renumbered feedback": Case(COACHING, {'id: "1"': 'id: "8"'}),
    "blank behind a formula": Case(MODEL, {EXPRESSION: f"'{EXPRESSION} '"}),
    "parentheses of a join": Case(
        TABLE, {"[SALES::STORE_ID] = [STORES::STORE_ID]": "([SALES::STORE_ID] = ([STORES::STORE_ID]))"}
    ),
    "words of a search": Case(BOARD, {"[Net Sales] [Sale Date].weekly": "[Sale Date].weekly [Net Sales]"}),
    "new name of the Spotter flag": Case(MODEL, {"spotter_config": "sage_config", "is_spotter": "is_sage"}),
    "default sorting": Case(BOARD, {"        sort_info:\n          category: DEFAULT\n": ""}),
    "empty text": Case(BOARD, {'    display_name: ""\n': ""}),
    "RLS alias that the rules follow": Case(
        STORES, {"id: REGION_ACCESS_1": "id: RA_2", "[REGION_ACCESS_1::": "[RA_2::"}
    ),
    "RLS column as text": Case(STORES, {"column:\n      - GROUP_NAME": "column: GROUP_NAME"}),
    "axis ids": Case(BOARD, {"eb0d174a-ecc9-4be5-9424-7441c2e935a9": "eb0d174a-ecc9-4be5-9424-7441c2e93500"}),
    "version of the client state": Case(BOARD, {"V4DOT2": "V4DOT1"}),
    "columns in another order": Case(MODEL, {SKU: "", "  - name: Brand\n": SKU + "  - name: Brand\n"}),
    "quotes": Case(MODEL, {"name: SALES\n": 'name: "SALES"\n'}),
}
"""What nobody changed."""


def sample(pattern: str) -> Document:
    (path,) = RETAIL.glob(pattern)
    return document_of(path)


def differences(case: Case) -> tuple[Difference, ...]:
    before = sample(case.sample)
    return describe(before, edited(before, case.changes))


def told(found: tuple[Difference, ...]) -> str:
    return "".join(f"  {one.what}  [{one.weight.value}]\n    {one.sentence}\n" for one in found)


def test_changes_are_told_in_the_users_words(request: pytest.FixtureRequest) -> None:
    text = "".join(f"{name}\n{told(differences(case))}\n" for name, case in CASES.items())
    assert_golden(request, "diff/sentences.txt", text)


@pytest.mark.parametrize("name", CASES)
def test_a_real_change_is_never_noise(name: str) -> None:
    found = differences(CASES[name])
    assert any(difference.weight is not Weight.NOISE for difference in found)


@pytest.mark.parametrize("name", NOISE)
def test_what_nobody_changed_is_noise(name: str) -> None:
    before = sample(NOISE[name].sample)
    after = edited(before, NOISE[name].changes)
    found = describe(before, after)
    assert found
    assert {difference.weight for difference in found} == {Weight.NOISE}


def test_noise_is_told_when_it_is_asked_for(request: pytest.FixtureRequest) -> None:
    text = "".join(f"{name}\n{told(differences(case))}\n" for name, case in NOISE.items())
    assert_golden(request, "diff/noise.txt", text)


def test_the_sentence_of_each_kind_is_found_at_its_place() -> None:
    (found,) = differences(CASES["formula"])
    assert found.location is not None
    assert (found.at, found.location.line, found.location.column) == ("formulas[Gross Margin].expr", 52, 11)
    assert (found.before, found.after) == (
        "sum ( [SALES::NET_AMOUNT] ) - sum ( [SALES::COST_AMOUNT] )",
        "sum ( [SALES::NET_AMOUNT] ) - 2 * sum ( [SALES::COST_AMOUNT] )",
    )


def test_what_is_gone_is_found_in_the_old_text() -> None:
    before = sample(MODEL)
    (found,) = describe(before, edited(before, {SKU: ""}))
    assert found.location is not None
    assert before.text.split("\n")[found.location.line - 1] == "  - name: SKU"


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    before = sample("connection/*")
    after = edited(before, {'value: ""': "value: hunter2"})
    found = compare_contents([before], [after])
    assert "hunter2" not in json.dumps([str(found), [one.sentence for one in found[0].differences]])
    assert (
        told(found[0].differences)
        == '  property.value.changed  [structure]\n    property password changed: "" → (secret)\n'
    )


def test_secrets_inside_what_is_added_are_masked() -> None:
    parts = (
        "url: https://a.example/",
        "authentication: {{bearer_token: {{token: {0}}}, api_key: {{key: X, value: {0}}}}}",
    )
    action = "action_object:\n  name: A\n  url_action_details:\n" + "".join(f"    {part}\n" for part in parts[:1])
    after = action + f"    {parts[1].format('s3cr3t')}\n"
    (found,) = describe(parse_document(action, "a.tml"), parse_document(after, "a.tml"))
    assert "s3cr3t" not in repr(found)
    assert repr(found).count("(secret)") > 1


def test_a_variable_is_no_secret() -> None:
    before = sample("connection/*")
    (found,) = describe(before, edited(before, {'value: ""': 'value: "${pw}"'}))
    assert found.new == "${pw}"


def test_a_formula_id_that_gains_its_prefix_is_noise_wherever_it_is_used() -> None:
    old = "model:\n  name: M\n  formulas:\n  - id: X\n    name: X\n    expr: '1'\n"
    old += "  - id: Y\n    name: Y\n    expr: '[X]'\n  columns:\n  - name: X\n    formula_id: X\n"
    new = old.replace("id: X", "id: formula_X").replace("[X]", "[formula_X]")
    before, after = parse_document(old, "m.tml"), parse_document(new, "m.tml")
    assert [delta.weight for delta in body_deltas(before, after)] == [Weight.NOISE] * 3
    other = parse_document(new.replace("[formula_X]", "[formula_Z]"), "m.tml")
    assert {delta.weight for delta in body_deltas(before, other)} != {Weight.NOISE}


def test_an_identity_beside_the_one_that_stays_is_noise() -> None:
    before = parse_document("obj_id: a\nanswer:\n  name: A\n", "a.tml")
    after = parse_document("guid: 00000001-0000-4000-8000-000000000000\nobj_id: a\nanswer:\n  name: A\n", "a.tml")
    assert [one.weight for one in describe(before, after)] == [Weight.NOISE]


def test_an_identity_that_is_lost_is_a_change() -> None:
    before = parse_document("guid: 00000001-0000-4000-8000-000000000000\nanswer:\n  name: A\n", "a.tml")
    after = parse_document("answer:\n  name: A\n", "a.tml")
    assert [(one.what, one.weight) for one in describe(before, after)] == [("object.guid.removed", Weight.STRUCTURE)]


def test_an_old_root_key_is_noise_and_another_kind_is_not() -> None:
    board, old = (parse_document(f"{root}:\n  name: L\n", "l.tml") for root in ("liveboard", "pinboard"))
    assert [one.weight for one in describe(old, board)] == [Weight.NOISE]
    model, sheet = (parse_document(f"{root}:\n  name: M\n", "m.tml") for root in ("model", "worksheet"))
    (found,) = describe(sheet, model)
    assert found.sentence == "kind of object worksheet → model"


def test_two_joins_to_one_table_are_told_apart() -> None:
    joins = "".join(f"  - name: {name}\n    destination:\n      name: DAYS\n    type: INNER\n" for name in ("A", "B"))
    text = f"table:\n  name: SALES\n  joins_with:\n{joins}"
    before = parse_document(text, "t.tml")
    after = parse_document(text.replace("INNER", "OUTER", 1), "t.tml")
    assert [one.sentence for one in describe(before, after)] == ["join SALES → DAYS (A): type INNER → OUTER"]


def test_an_object_created_again_is_paired_by_its_name() -> None:
    old, new = (
        parse_document(f"guid: 0000000{n}-0000-4000-8000-000000000000\nanswer:\n  name: A\n", "a.tml") for n in "12"
    )
    (found,) = compare_contents([old], [new])
    assert (found.verb, [one.what for one in found.differences]) == ("changed", ["object.guid.changed"])


def test_objects_of_the_same_name_are_not_mixed_up() -> None:
    olds = [
        parse_document(f"guid: 0000000{n}-0000-4000-8000-000000000000\nanswer:\n  name: A\n", "a.tml") for n in "12"
    ]
    new = parse_document("guid: 00000003-0000-4000-8000-000000000000\nanswer:\n  name: A\n", "a.tml")
    assert sorted(one.verb for one in compare_contents(olds, [new])) == ["added", "removed", "removed"]

"""Every place of the catalogue is found in a document, and what only looks like a reference is not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tml.real_files import REAL_FILES, RETAIL, document_of, documents_below, label
from tests.tml.tml_texts import document, guid
from tsdeploy.tml.catalogue import Holds, Promotion, place_tree, places
from tsdeploy.tml.graph import is_dependency
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.patterns import ITEM
from tsdeploy.tml.references import Reference, is_guid, is_inner, is_link
from tsdeploy.tml.syntax import Plain, node_at, walk

G = guid(7)
NAMED = {"name": "Sales", "fqn": G}
LINK = f"see https://x/#/pinboard/{G}/tab/{guid(8)}"
VIZ_ANSWER = "visualizations[].answer"
"""A list is written as a list of one."""


def nested(steps: list[str], value: Plain) -> Plain:
    """A value at a path such as ``tables[]``, ``connection``."""
    if not steps:
        return value
    step, rest = steps[0], nested(steps[1:], value)
    return {step.removesuffix("[]"): [rest] if step.endswith("[]") else rest}


def with_place(pattern: str, value: Plain) -> str:
    """A document that has a value at a pattern, as JSON, which is TML too."""
    tree = nested(pattern.split("."), value)
    root = pattern.split(".")[0].removesuffix("[]")
    assert isinstance(tree, dict)
    return json.dumps(tree if root in KINDS else {**tree, "nls_feedback": {"feedback": []}})


@dataclass(frozen=True)
class Expected:
    """One row: a place, what may stand there, and what it refers to."""

    pattern: str
    targets: str
    promotion: Promotion = Promotion.MAP


DATA = "input_table model sql_view table view worksheet"
TABLES = "input_table sql_view table view"
MODELS = "model worksheet"
LINKED = "answer liveboard"
MINT, INNER, ENVIRONMENT = Promotion.MINT, Promotion.INNER, Promotion.ENVIRONMENT


def joins(root: str) -> list[Expected]:
    return [Expected(f"{root}.joins_with[].{end}", DATA) for end in ("source", "destination", "with")]


IDENTITIES = [
    Expected("table.connection", "connection"),
    *joins("table"),
    Expected("table.rls_rules.tables[]", TABLES),
    Expected("table.rls_rules.table", TABLES),
    Expected("sql_view.connection", "connection"),
    *joins("sql_view"),
    Expected("input_table.connection", "connection"),
    Expected("input_table.model", MODELS),
    Expected("view.tables[]", DATA),
    *joins("view"),
    Expected("model.model_tables[]", DATA),
    Expected("model.aggregated_models[]", MODELS),
    *joins("model"),
    Expected("worksheet.tables[]", DATA),
    Expected("worksheet.schema.tables[]", DATA),
    *joins("worksheet"),
    Expected("answer.tables[]", DATA),
    Expected("answer.cohorts[].worksheet", MODELS),
    Expected("answer.cohorts[].model", MODELS),
    Expected("answer.cohorts[].config.worksheet", MODELS),
    Expected("liveboard.tables[]", DATA),
    Expected(f"liveboard.{VIZ_ANSWER}.tables[]", DATA),
    Expected(f"liveboard.{VIZ_ANSWER}.cohorts[].worksheet", MODELS),
    Expected(f"pinboard.{VIZ_ANSWER}.tables[]", DATA),
    Expected("pinboard.tables[]", DATA),
    Expected("cohort.worksheet", MODELS),
    Expected("cohort.model", MODELS),
    Expected("cohort.cohort_config.worksheet", MODELS),
    Expected("cohort.answer.tables[]", DATA),
    Expected("monitor_alert[].personalised_view_info.tables[]", DATA),
    Expected("column_alias.model", MODELS),
    Expected("column_security_rules.table", TABLES),
]

_OVERRIDES = ("liveboard", "liveboard.groups[]", "liveboard.layout.tabs[]")
GUIDS = [
    *(
        Expected(f"{root}.parameters[].id", "parameter", MINT)
        for root in ("table", "view", "model", "worksheet", "answer", f"liveboard.{VIZ_ANSWER}")
    ),
    *(
        Expected(f"{root}.parameters[].dynamic_default_date.calendar_id", "calendar", ENVIRONMENT)
        for root in ("model", "answer")
    ),
    *(
        Expected(f"{root}.action_object_associations[].action_id", "action_object", ENVIRONMENT)
        for root in ("model", "worksheet", "answer", "liveboard.visualizations[]", f"liveboard.{VIZ_ANSWER}")
    ),
    Expected("table.columns[].properties.geo_config.custom_file_guid", "geo_file", ENVIRONMENT),
    Expected("model.aggregated_models[].id", MODELS),
    Expected("liveboard.visualizations[].viz_guid", "viz", MINT),
    Expected("pinboard.visualizations[].viz_guid", "viz", MINT),
    Expected("liveboard.groups[].group_guid", "group", MINT),
    *(
        Expected(f"{root}.parameter_overrides[].{end}", "parameter", MINT)
        for root in _OVERRIDES
        for end in ("key", "value.id")
    ),
    Expected("liveboard.layout.tabs[].id", "tab", MINT),
    Expected("liveboard.views[].view_guid", "view_state", MINT),
    Expected("liveboard.views[].view_parameters[].id", "parameter", MINT),
    Expected("cohort.config.cohort_answer_guid", "answer"),
    Expected("cohort.cohort_config.cohort_answer_guid", "answer"),
    Expected("cohort.config.cohort_guid", "cohort", MINT),
    Expected("cohort.cohort_config.cohort_guid", "cohort", MINT),
    Expected("monitor_alert[].guid", "monitor_alert", MINT),
    Expected("monitor_alert[].metric_id.pinboard_viz_id.pinboard_id", "liveboard"),
    Expected("monitor_alert[].metric_id.pinboard_viz_id.viz_id", "viz", INNER),
    Expected("monitor_alert[].metric_id.answer_id", "answer"),
    Expected("monitor_alert[].metric_id.personalised_view_id", "view_state", INNER),
    Expected("monitor_alert[].attribute_info.id", f"answer cohort collection {DATA} liveboard"),
    Expected("monitor_alert[].attribute_info.answer_id", "answer"),
    Expected("guid", MODELS),
    Expected("collection.content[].id", f"answer cohort collection {DATA} liveboard"),
    Expected("collection_object.content[].id", f"answer cohort collection {DATA} liveboard"),
]

LINKS = [
    "model.description",
    "model.formulas[].expr",
    "worksheet.description",
    "worksheet.formulas[].expr",
    "view.formulas[].expr",
    "answer.description",
    "answer.formulas[].expr",
    "liveboard.description",
    "liveboard.dynamic_description",
    "liveboard.visualizations[].note_tile.html_parsed_string",
    f"liveboard.{VIZ_ANSWER}.description",
    f"liveboard.{VIZ_ANSWER}.formulas[].expr",
    "pinboard.description",
    "pinboard.dynamic_description",
    "cohort.answer.formulas[].expr",
]


def found_in(pattern: str, value: Plain) -> list[Reference]:
    """The references at a place of a document that has only this."""
    return [one for one in document(with_place(pattern, value)).references if str(one.place) == pattern]


def found_at(pattern: str, value: Plain) -> Reference:
    """The one of them."""
    (reference,) = found_in(pattern, value)
    return reference


def check(reference: Reference, row: Expected) -> None:
    targets = frozenset(row.targets.split())
    assert (reference.place.targets, reference.place.promotion) == (targets, row.promotion)
    assert reference.where == row.pattern.replace("[]", "[0]")


@pytest.mark.parametrize("row", IDENTITIES, ids=lambda row: row.pattern)
def test_an_identity_block_is_found(row: Expected) -> None:
    reference = found_at(row.pattern, dict(NAMED))
    check(reference, row)
    assert (reference.guid, reference.name, reference.obj_id) == (G, "Sales", "")


@pytest.mark.parametrize("row", GUIDS, ids=lambda row: row.pattern)
def test_a_guid_is_found(row: Expected) -> None:
    reference = found_at(row.pattern, G)
    check(reference, row)
    assert (reference.guid, reference.block) == (G, None)


@pytest.mark.parametrize("pattern", LINKS)
def test_a_link_is_found(pattern: str) -> None:
    link, tab = sorted(found_in(pattern, LINK), key=lambda one: one.start)
    check(link, Expected(pattern, LINKED))
    check(tab, Expected(pattern, "tab", INNER))
    assert [LINK[one.start : one.end] for one in (link, tab)] == [link.guid, tab.guid] == [G, guid(8)]


def test_feedback_with_an_obj_id_refers_to_its_model_by_it() -> None:
    (reference,) = document("obj_id: sales.model\nnls_feedback:\n  feedback: []\n").references
    assert (reference.obj_id, reference.guid, reference.where) == ("sales.model", "", "obj_id")


def test_every_place_of_the_catalogue_has_a_row() -> None:
    """Its last two steps at least: the same blocks stand below many roots."""
    rows = [row.pattern for row in (*IDENTITIES, *GUIDS)] + LINKS + ["obj_id"]
    ends = {tuple(row.replace("[]", ".[]").split("."))[-2:] for row in rows}
    assert [str(place) for root in KINDS for place in places(root) if place.pattern[-2:] not in ends] == []


NO_REFERENCE = {
    "client_state": ("answer.table.client_state", f'{{"id": "{G}"}}'),
    "client_state_v2": ("answer.chart.client_state_v2", f'{{"axisProperties": [{{"id": "{G}"}}]}}'),
    "search_query": ("answer.search_query", f"[Tenant Code].{G}"),
    "filter value": ("liveboard.filters[].values[]", G),
    "filter value of a model": ("model.filters[].values[]", G),
    "db_table of an upload": ("table.db_table", f"upload_csv_{G}"),
    "join name": ("table.joins_with[].name", f"SYS_CONSTRAINT_{G}"),
    "referencing join": ("model.model_tables[].joins[].referencing_join", f"SYS_CONSTRAINT_{G}"),
    "join path": ("worksheet.table_paths[].join_path[].join[]", G),
    "uploaded image": ("liveboard.visualizations[].note_tile.html_parsed_string", f'<img id="{G}" alt="UPLOAD">'),
    "dataset id": ("table.dataset_id", "a1b2c3d4e5f6"),
    "visualization number": ("liveboard.visualizations[].id", "Viz_1"),
    "style override": ("liveboard.style.overrides[].object_id", "Viz_1"),
    "local id of feedback": ("nls_feedback.feedback[].id", "1"),
    "action name": ("model.action_object_associations[].action_name", "Mail"),
    "GUID in plain text": ("answer.description", f"about {G}"),
    "empty GUID": ("liveboard.visualizations[].viz_guid", ""),
    "empty identity": ("answer.tables[]", {"name": "", "fqn": ""}),
    "empty scalar identity": ("cohort.worksheet", ""),
    "list for a mapping": ("table.connection", [G]),
    "mapping for a list": ("answer.tables", {"[]": NAMED}),
    "mapping for a GUID": ("monitor_alert[].guid", {"a": G}),
}


@pytest.mark.parametrize(("pattern", "value"), NO_REFERENCE.values(), ids=NO_REFERENCE)
def test_what_only_looks_like_a_reference_is_none(pattern: str, value: Plain) -> None:
    found = document(with_place(pattern, value)).references
    assert [one for one in found if one.guid or one.name] == [
        one for one in found if one.place.pattern[-2:] == ("model_tables", "[]") and one.name
    ]


@pytest.mark.parametrize("kind", ["pinboard", "liveboard", "saved-answer", "answer", "insights/pinboard"])
def test_a_link_of_any_form_is_found(kind: str) -> None:
    assert found_at("answer.description", f"https://x/#/{kind}/{G}").guid == G


def test_every_link_of_a_text_is_found() -> None:
    text = f"/pinboard/{G} and /saved-answer/{guid(9)}"
    found = document(with_place("answer.description", text)).references
    assert [text[one.start : one.end] for one in found] == [G, guid(9)]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"id": "a", "name": "b"}, ("", "", "b")),
        ({"id": "a"}, ("", "", "a")),
        ({"name": "b", "obj_id": "o"}, ("", "o", "b")),
        ({"fqn": G}, (G, "", "")),
        ({"fqn": G, "obj_id": "o", "name": "b"}, (G, "o", "b")),
    ],
)
def test_an_identity_block_may_hold_any_of_its_keys(block: Plain, expected: tuple[str, str, str]) -> None:
    reference = found_at("answer.tables[]", block)
    assert (reference.guid, reference.obj_id, reference.name) == expected


def test_an_identity_may_be_a_bare_name() -> None:
    reference = found_at("cohort.worksheet", "Sales")
    assert (reference.name, reference.block, reference.says) == ("Sales", None, "Sales")


def test_an_aggregated_model_named_by_its_guid_alone_is_one_reference() -> None:
    found = document(with_place("model.aggregated_models[]", {"id": G})).references
    assert [(str(one.place), one.guid) for one in found] == [("model.aggregated_models[].id", G)]


def test_a_reference_knows_where_it_stands() -> None:
    text = f"answer:\n  tables:\n  - name: Sales\n    fqn: {G}\n"
    (reference,) = document(text).references
    assert text[reference.position :].startswith("name: Sales")


def test_the_item_of_a_list_is_in_the_path() -> None:
    found = document(f"answer:\n  tables:\n  - name: A\n  - name: B\n    fqn: {G}\n").references
    assert [one.where for one in found] == ["answer.tables[0]", "answer.tables[1]"]


def test_links_and_inner_guids_are_no_dependencies() -> None:
    inner, links = found_at("liveboard.groups[].group_guid", G), found_in("answer.description", LINK)
    assert (is_inner(inner), is_dependency(inner)) == (True, False)
    assert [(is_link(link), is_dependency(link)) for link in links] == [(True, False)] * 2


@pytest.mark.parametrize("text", [G, G.upper()])
def test_a_guid_is_recognised(text: str) -> None:
    assert is_guid(text)


@pytest.mark.parametrize("text", ["", G[:-1], f"{G}0", f" {G}", f"{G}\n", G.replace("-", "")])
def test_no_guid_is_recognised(text: str) -> None:
    assert not is_guid(text)


def test_every_kind_has_a_place_tree() -> None:
    assert all(place_tree(root) is place_tree(root) for root in KINDS)


def test_every_fqn_of_the_samples_is_a_reference() -> None:
    for one in documents_below(RETAIL):
        held = {reference.guid for reference in one.references}
        assert {line.split("fqn: ")[1] for line in one.text.splitlines() if "fqn: " in line} <= held


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_a_reference_holds_the_very_node_at_its_path(path: Path) -> None:
    one = document_of(path)
    for reference in one.references:
        assert node_at(one.root, reference.path) is (reference.block or reference.scalar)


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_nothing_that_stands_at_a_place_is_overlooked(path: Path) -> None:
    one = document_of(path)
    patterns = {place.pattern for place in places(one.kind.root) if place.holds in (Holds.GUID, Holds.OBJ_ID)}
    held = {steps for steps, scalar in walk(one.root) if _pattern(steps) in patterns and scalar.value}
    assert {reference.path for reference in one.references if reference.place.pattern in patterns} == held


def _pattern(path: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(ITEM if isinstance(step, int) else step for step in path)


@pytest.mark.parametrize("path", REAL_FILES, ids=label)
def test_references_of_real_files_stand_where_they_say(path: Path) -> None:
    one = document_of(path)
    for reference in one.references:
        if reference.place.holds is not Holds.IDENTITY and reference.scalar is not None:
            start = reference.scalar.start
            assert reference.guid in one.text[start : reference.scalar.end]

"""What must always hold, for random releases and mappings: nothing is left, nothing depends on chance, there is a way
back.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL_OBJ_ID, documents_below
from tests.tml.tml_texts import answer, documents, guid, model
from tests.transform.estates import Estate, estates
from tests.transform.releases import (
    DEV_HOST,
    codes,
    demo_mapping,
    errors,
    inputs,
    rendered,
    retail,
    rule_set,
    text_rule,
)
from tsdeploy.mapping.model import Mapping
from tsdeploy.mapping.names import NameRules
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.references import GUID_PATTERN
from tsdeploy.transform.inputs import Inputs
from tsdeploy.transform.inverse import Inverse
from tsdeploy.transform.render import Renderer, render

LIMIT = settings(max_examples=60, deadline=None)


@given(estates())
@LIMIT
def test_nothing_of_the_source_is_left(estate: Estate) -> None:
    made = render(documents(estate.texts), inputs(estate.mapping))
    assert errors(made.all_findings()) == []
    text = "\n".join(item.text for item in made.rendered)
    assert [one for one in sorted(estate.source_guids) if one in text] == []
    assert not re.search(r"\bDEV\b|dev two|dev\.host|DEV_TEXT|name: Dev$", text, re.MULTILINE)
    tables = "\n".join(item.text for item in made.rendered if item.source.kind.name == "table")
    assert [group for group in sorted(estate.groups) if f"ts_groups = '{group}'" in tables] == []


SECTIONS = ["connections", "tables", "groups", "hosts", "objects"]


@given(estates(), st.sets(st.sampled_from(SECTIONS)))
@LIMIT
def test_what_no_rule_speaks_of_is_refused_and_never_passed_on_in_silence(estate: Estate, without: set[str]) -> None:
    """Whatever sections are missing: each name of the source is either gone or has a finding at its place."""
    empty: dict[str, object] = {"connections": NameRules(), "groups": NameRules(), "hosts": NameRules(), "tables": (),
                                "objects": {}}  # fmt: skip
    mapping = replace(estate.mapping, **{name: empty[name] for name in without})  # type: ignore[arg-type]
    made = render(documents(estate.texts), inputs(mapping, source_url="https://dev.host"))
    found = {finding.code for finding in errors(made.all_findings())}
    expected = {"connections": "TD201", "tables": "TD205", "groups": "TD226", "hosts": "TD206"}
    assert {expected[name] for name in without if name in expected} <= found
    for item in made.rendered:
        if not errors(item.findings):
            assert not estate.source_guids.intersection(re.findall(GUID_PATTERN, item.text))
            assert "dev.host" not in item.text


@given(estates(), st.randoms())
@LIMIT
def test_the_result_does_not_depend_on_the_order_of_files_or_on_the_run(estate: Estate, random: object) -> None:
    sources = documents(estate.texts)
    first = {item.key: item.text for item in render(sources, inputs(estate.mapping)).rendered}
    random.shuffle(sources)  # type: ignore[attr-defined]
    again = render(sources, inputs(estate.mapping))
    assert {item.key: item.text for item in again.rendered} == first
    one_by_one = Renderer(iter(sources), inputs(estate.mapping))
    assert {item.key: item.text for item in map(one_by_one.render, sources)} == first
    assert one_by_one.findings() == again.findings
    assert one_by_one.coverage() == again.coverage


@given(estates())
@LIMIT
def test_there_and_back_gives_the_same_bytes(estate: Estate) -> None:
    given_ = inputs(estate.mapping)
    made = render(documents(estate.texts), given_)
    inverse = Inverse(made.rendered, given_)
    for item in made.rendered:
        assert inverse.read_back(item.document()).text == item.source.text


@given(estates(carry=False), st.sampled_from(["hello", "it's", "a\nb", "${x}", ""]))
@LIMIT
def test_what_is_changed_in_the_target_is_changed_in_what_is_read_back(estate: Estate, text: str) -> None:
    """A new name, a new tile and another order there are the same here, in the source's terms."""
    given_ = inputs(estate.mapping)
    made = render(documents(estate.texts), given_)
    inverse = Inverse(made.rendered, given_)
    (board,) = (item for item in made.rendered if item.source.kind.name == "liveboard")
    model = next(item for item in made.rendered if item.source.kind.name == "model")
    tile = (
        f"  - id: Viz_3\n    answer:\n      name: z\n      tables:\n      - id: M50\n        name: M50\n"
        f"        fqn: {model.target.guid}\n      description: https://prod.host/#/pinboard/{board.target.guid}\n"
    )
    live = board.text.replace("  visualizations:\n", f"  visualizations:\n{tile}")
    expected = board.source.text.replace(
        "  visualizations:\n",
        "  visualizations:\n"
        + tile.replace(model.target.guid, guid(50))
        .replace(board.target.guid, guid(900))
        .replace("prod.host", "dev.host"),
    )
    assert inverse.read_back(parse_document(live, "live")).text == expected


@given(estates(carry=False))
@LIMIT
def test_mapping_what_was_read_back_gives_what_is_live(estate: Estate) -> None:
    given_ = inputs(estate.mapping)
    made = render(documents(estate.texts), given_)
    inverse = Inverse(made.rendered, given_)
    back = [parse_document(inverse.read_back(item.document()).text, item.source.path) for item in made.rendered]
    assert [item.text for item in render(back, given_).rendered] == [item.text for item in made.rendered]


@pytest.mark.parametrize(
    ("sources", "given_"),
    [
        (retail(), inputs(demo_mapping())),
        (documents_below(RETAIL_OBJ_ID), inputs(rule_set(connections={}, tables=()))),
    ],
    ids=["retail", "retail by obj_id"],
)
def test_the_samples_come_back_byte_for_byte(sources: list[Document], given_: Inputs) -> None:
    made = render(sources, given_)
    inverse = Inverse(made.rendered, given_)
    assert inverse.findings == ()
    changed = [
        item.source.path for item in made.rendered if inverse.read_back(item.document()).text != item.source.text
    ]
    assert changed == []


def test_an_object_that_only_the_target_has_is_translated_by_the_rules_alone() -> None:
    given_ = inputs(demo_mapping())
    made = render(retail(), given_)
    model = next(item for item in made.rendered if item.source.label == "model:Retail Sales")
    text = (
        f"guid: {guid(0xE1)}\nanswer:\n  name: Only there\n  tables:\n  - id: Retail Sales\n    name: Retail Sales\n"
        f"    fqn: {model.target.guid}\n  description: https://harbor.thoughtspot.example/#/pinboard/{guid(0xE2)}\n"
    )
    back = Inverse(made.rendered, given_).read_back(parse_document(text, "live"))
    assert back.source is None
    assert back.text == text.replace(model.target.guid, model.source.guid).replace("harbor.", "harbor-dev.")
    assert DEV_HOST in back.text


def test_a_table_that_moved_in_the_target_is_read_back_by_rule() -> None:
    given_ = inputs(demo_mapping())
    made = render(retail(), given_)
    item = next(item for item in made.rendered if item.source.label == "table:SALES")
    live = item.text.replace("schema: RETAIL", "schema: OTHER")
    back = Inverse(made.rendered, given_).read_back(parse_document(live, "live"))
    assert back.text == item.source.text.replace("schema: RETAIL", "schema: OTHER")


def test_rules_that_build_on_each_other_lead_back_in_the_other_order() -> None:
    """Only rules translate an object that the target alone has; by now the second has made its text of the first's."""
    given_ = inputs(rule_set(text=[text_rule("dev", "stage"), text_rule("stage.local", "prod.example")]))
    made = rendered([answer("A", 1, "M", 2, description="dev.local"), model("M", 2)], given_)
    assert "description: prod.example\n" in made.rendered[0].text
    live = parse_document(answer("B", 3, "N", "n", description="prod.example"), "live")
    assert "description: dev.local\n" in Inverse(made.rendered, given_).read_back(live).text


def test_rules_without_a_way_back_are_named() -> None:
    mapping = rule_set(connections={"A": "P", "B": "P"})
    assert codes(Inverse((), inputs(mapping)).findings) == ["TD228", "TD228"]


def test_an_empty_mapping_of_an_empty_release_is_fine() -> None:
    made = render([], inputs(Mapping()))
    assert (made.all_findings(), made.coverage.rows) == ((), ())

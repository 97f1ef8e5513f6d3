"""The samples, rendered for production: nothing of dev is left, and nothing else is changed."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tml.real_files import CORPUS, RETAIL_OBJ_ID, documents_below
from tests.transform.releases import DEV_HOST, codes, demo_mapping, inputs, retail, rule_set
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.names import NameRules
from tsdeploy.tml.syntax import Mapping as Block
from tsdeploy.tml.syntax import Sequence, path_text, to_plain, walk
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.render import render
from tsdeploy.transform.targets import Namespace, Origin

TENANT = "7d1c2a90-53be-4f0e-9a41-c86f20b7e5d3"


@pytest.fixture(scope="module")
def release() -> tuple[Rendered, ...]:
    made = render(retail(), inputs(demo_mapping()))
    assert made.all_findings() == ()
    return made.rendered


def test_no_identity_of_an_object_is_left(release: tuple[Rendered, ...]) -> None:
    texts = "\n".join(item.text for item in release)
    assert [source.label for source in retail() if source.guid in texts] == []


def test_no_inner_guid_is_left(release: tuple[Rendered, ...]) -> None:
    texts = "\n".join(item.text for item in release)
    inner = {reference.guid for source in retail() for reference in source.references if reference.guid}
    assert [found for found in sorted(inner) if found in texts] == []


@pytest.mark.parametrize("name", ["Harbor Snowflake Dev", "HARBOR_DEV", DEV_HOST])
def test_no_name_of_the_source_is_left(release: tuple[Rendered, ...], name: str) -> None:
    assert [item.source.label for item in release if name in item.text] == []


@pytest.mark.parametrize("name", ["HARBOR_DEV", DEV_HOST])
def test_without_rules_for_links_and_sql_it_fails_closed(name: str) -> None:
    mapping = demo_mapping()
    without = replace(mapping, text=(), hosts=NameRules()) if name == DEV_HOST else replace(mapping, text=())
    found = [one for one in render(retail(), inputs(without)).all_findings() if name in one.message]
    assert set(codes(found)) == {"TD206"}
    assert all(name in finding.message and name in finding.hint for finding in found)


def test_data_that_looks_like_a_guid_survives(release: tuple[Rendered, ...]) -> None:
    before = [source.text.count(TENANT) for source in retail() if source.kind.name != "connection"]
    assert sum(before) > 1
    assert [item.text.count(TENANT) for item in release] == before


@pytest.mark.parametrize(
    "key", ["client_state", "client_state_v2", "search_query", "referencing_join", "custom_message"]
)
def test_what_is_no_reference_survives(release: tuple[Rendered, ...], key: str) -> None:
    for item in release:
        for (path, before), (_, after) in zip(walk(item.source.root), walk(item.document().root), strict=False):
            assert path[-1] != key or before.value == after.value


def test_connections_are_referred_to_and_never_written(release: tuple[Rendered, ...]) -> None:
    made = render(retail(), inputs(demo_mapping()))
    assert {item.source.kind.name for item in release} & {"connection"} == set()
    assert [document.kind.name for document in made.referenced] == ["connection"]


def test_every_reference_still_resolves_inside_the_release(release: tuple[Rendered, ...]) -> None:
    identities = {item.target.guid for item in release}
    for item in release:
        outer = [found for found in item.document().references if found.place.promotion.value == "map" and found.guid]
        assert {found.guid for found in outer} <= identities


def test_alerts_still_name_their_visualization(release: tuple[Rendered, ...]) -> None:
    (alert,) = [item for item in release if item.source.kind.name == "monitor_alert"]
    board = next(item for item in release if item.source.name == "Store Performance")
    values = {path[-1]: scalar.value for path, scalar in walk(alert.document().root)}
    assert values["pinboard_id"] == board.target.guid
    assert values["viz_id"] in board.text


def test_the_text_differs_only_in_what_the_rewrites_name(release: tuple[Rendered, ...]) -> None:
    for item in release:
        named = {rewrite.at for rewrite in item.rewrites}
        before = {path_text(path): scalar.value for path, scalar in walk(item.source.root)}
        after = {path_text(path): scalar.value for path, scalar in walk(item.document().root)}
        changed = {at for at in before.keys() | after.keys() if before.get(at) != after.get(at)}
        assert changed <= {at for name in named for at in (name, f"{name}.fqn", f"{name}.name")}


def test_the_rewrites_say_what_was_and_what_is(release: tuple[Rendered, ...]) -> None:
    for item in release:
        before = {path_text(path): scalar.value for path, scalar in walk(item.source.root)}
        after = {path_text(path): scalar.value for path, scalar in walk(item.document().root)}
        first = {rewrite.at: rewrite.before for rewrite in reversed(item.rewrites) if rewrite.before}
        last = {rewrite.at: rewrite.after for rewrite in item.rewrites if rewrite.after}
        assert {at: before[at] for at in first if at in before and at in after} == {
            at: value for at, value in first.items() if at in before and at in after
        }
        assert all(after[at] == value for at, value in last.items() if at in after)


def test_only_whole_lines_of_rewrites_change(release: tuple[Rendered, ...]) -> None:
    for item in release:
        diff = difflib.unified_diff(item.source.text.split("\n"), item.text.split("\n"), n=0, lineterm="")
        added = [line for line in diff if line.startswith("+") and not line.startswith("+++")]
        assert len(added) <= len(item.rewrites)


def test_rendering_is_pure_and_the_same_every_time() -> None:
    sources = retail()
    before = [(source.text, to_plain(source.root)) for source in sources]
    first, again = (render(sources, inputs(demo_mapping())) for _ in range(2))
    assert [item.text for item in first.rendered] == [item.text for item in again.rendered]
    assert [(source.text, to_plain(source.root)) for source in sources] == before


def test_the_order_of_files_does_not_matter() -> None:
    first = {item.key: item.text for item in render(retail(), inputs(demo_mapping())).rendered}
    again = {item.key: item.text for item in render(retail()[::-1], inputs(demo_mapping())).rendered}
    assert first == again


def test_another_target_gets_other_guids() -> None:
    there = render(retail(), inputs(demo_mapping(), namespace=Namespace("https://other"))).rendered
    here = render(retail(), inputs(demo_mapping())).rendered
    assert not {item.target.guid for item in here} & ({item.target.guid for item in there} - {""})


def test_new_objects_are_derived(release: tuple[Rendered, ...]) -> None:
    origins = {item.target.origin for item in release if item.source.kind.owned}
    assert origins == {Origin.DERIVED}


def test_the_obj_id_samples_come_out_byte_for_byte() -> None:
    mapping = rule_set(connections={"Harbor Snowflake": "Harbor Snowflake"}, tables=())
    made = render(documents_below(RETAIL_OBJ_ID), inputs(mapping, namespace=Namespace("x", "keep")))
    assert made.all_findings() == ()
    assert [item.text == item.source.text for item in made.rendered] == [True] * len(made.rendered)


def test_the_obj_id_samples_need_no_rule_at_all() -> None:
    made = render(documents_below(RETAIL_OBJ_ID), inputs(rule_set(connections={}, tables=())))
    assert made.all_findings() == ()
    assert {str(rewrite.why) for item in made.rendered for rewrite in item.rewrites} <= {"inner GUID"}


@pytest.mark.parametrize("app", sorted(CORPUS.glob("*-SpotApp")), ids=lambda app: app.name)
def test_real_exports_that_keep_everything_only_have_their_names_pinned(app: Path) -> None:
    sources = documents_below(app)
    found = [reference for source in sources for reference in source.references]
    names = {reference.name: reference.name for reference in found if "connection" in reference.place.targets}
    mapping = rule_set(connections=names, tables=[(TableLocation(), TableLocation())])
    made = render(sources, inputs(mapping, namespace=Namespace("x", "keep")))
    assert made.all_findings() == ()
    for item in made.rendered:
        diff = difflib.ndiff(item.source.text.split("\n"), item.text.split("\n"))
        assert {(line[0], line.split()[1]) for line in diff if line[0] != " "} <= {("+", "fqn:")}


def test_no_reference_has_both_guid_and_obj_id(release: tuple[Rendered, ...]) -> None:
    def blocks(node: object) -> list[Block]:
        if isinstance(node, Sequence):
            return [found for item in node.items for found in blocks(item)]
        below = (
            [found for _, value in node.entries.values() for found in blocks(value)] if isinstance(node, Block) else []
        )
        return [node, *below] if isinstance(node, Block) else below

    assert [
        block for item in release for block in blocks(item.document().root) if {"fqn", "obj_id"} <= set(block.entries)
    ] == []

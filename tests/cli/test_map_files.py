"""``tsdeploy map show``, ``check``, ``bind``, ``unbind`` and ``swap`` on a project's files."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Desk
from tests.golden_files import assert_golden
from tsdeploy.config.objects import ObjectRecord

MAPPING = "environments/prod/mapping.yaml"
A, B = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-1111-4111-8111-111111111111"


def test_binding_by_name_writes_the_guid_and_keeps_every_comment(desk: Desk) -> None:
    before = desk.read(MAPPING)
    guid = desk.document("model:Retail Sales").guid
    outcome = desk.run("map", "bind", "prod", "model:Retail Sales", A.upper())
    assert (outcome.code, outcome.out) == (0, f"+ {guid}: {A}\n")
    assert desk.read(MAPPING) == before + f"\nobjects:\n  {guid}: {A}\n"
    assert desk.run("map", "bind", "prod", guid, A).out == f"= {guid}: {A}\n"
    assert desk.run("map", "unbind", "prod", "model:Retail Sales").out == f"- {guid}\n"
    assert desk.read(MAPPING) == before + "\nobjects: {}\n"


def test_a_binding_that_makes_two_objects_one_is_refused(desk: Desk) -> None:
    desk.run("map", "bind", "prod", "model:Retail Sales", A)
    before = desk.read(MAPPING)
    outcome = desk.run("map", "bind", "prod", "model:Inventory and Returns", A)
    assert (outcome.code, "error[TD309]" in outcome.err) == (2, True)
    assert desk.read(MAPPING) == before


def test_a_chain_is_refused_also_with_what_is_recorded(desk: Desk) -> None:
    model = desk.document("model:Retail Sales")
    record = ObjectRecord("model", model.name, A, source=model.guid)
    desk.record("prod", record)
    outcome = desk.run("map", "bind", "prod", "model:Inventory and Returns", model.guid)
    assert (outcome.code, "error[TD233]" in outcome.err) == (2, True)
    assert "environments/prod/objects.json:4" in outcome.err


def test_another_target_needs_to_be_asked_for(desk: Desk) -> None:
    desk.run("map", "bind", "prod", "model:Retail Sales", A)
    outcome = desk.run("map", "bind", "prod", "model:Retail Sales", B)
    assert (outcome.code, "error[TD317]" in outcome.err) == (2, True)
    assert desk.run("map", "bind", "prod", "model:Retail Sales", B, "--replace").code == 0
    assert (A in desk.read(MAPPING), B in desk.read(MAPPING)) == (False, True)


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("model:Retial Sales", A, "did you mean model:Retail Sales?"),
        ("obj_id:nobody", A, "no object in git is obj_id:nobody"),
        ("model:Retail Sales", "Retail Sales", "names no object of the target for certain"),
    ],
)
def test_what_is_not_certain_is_refused(desk: Desk, source: str, target: str, words: str) -> None:
    outcome = desk.run("map", "bind", "prod", source, target)
    assert (outcome.code, "error[TD316]" in outcome.err, words in outcome.err) == (2, True, True), outcome.err


def test_binding_what_is_not_in_git_is_done_with_a_warning(desk: Desk) -> None:
    outcome = desk.run("map", "bind", "prod", A, B)
    assert (outcome.code, "warning[TD314]" in outcome.err) == (0, True)


def test_unbinding_leaves_a_name_alone_that_differs_in_case(desk: Desk) -> None:
    desk.write(MAPPING, f"version: 1\nobjects:\n  obj_id:Sales: {A}\n  obj_id:sales: {B}\n")
    assert desk.run("map", "unbind", "prod", "obj_id:sales").code == 0
    assert (A in desk.read(MAPPING), B in desk.read(MAPPING)) == (True, False)


def test_unbinding_what_is_not_bound_says_so(desk: Desk) -> None:
    assert "error[TD318]" in desk.run("map", "unbind", "prod", "model:Retail Sales").err


def test_show_says_how_each_identity_is_known(desk: Desk) -> None:
    desk.run("map", "bind", "prod", "model:Retail Sales", A)
    shown = json.loads(desk.run("map", "show", "prod", "model:*", "table:SALES", "--format", "json").out)["objects"]
    rows = {f"{row['kind']}:{row['name']}": row for row in shown}
    assert (rows["model:Retail Sales"]["origin"], rows["model:Retail Sales"]["target"]) == ("bound", A)
    assert rows["model:Inventory and Returns"]["origin"] == "derived"
    assert any("environments/prod/mapping.yaml:" in rule for rule in rows["table:SALES"]["rules"])
    text = desk.run("map", "show", "prod", "model:Retail Sales").out
    assert text.startswith("model:Retail Sales  (bound)\n  ")
    assert f"→ {A}\n" in text


def test_check_finds_poison_in_both_files_with_its_places(desk: Desk) -> None:
    one, two = (desk.document(label) for label in ("model:Retail Sales", "model:Inventory and Returns"))
    records = (
        ObjectRecord("model", one.name, A, source=one.guid),
        ObjectRecord("model", two.name, A, source=two.guid),
        ObjectRecord("model", "Gone", two.guid, source=B),
    )
    desk.record("prod", *records)
    outcome = desk.run("map", "check", "prod", "--format", "json")
    found = [(one["code"], one["line"]) for one in json.loads(outcome.out)["findings"]]
    assert outcome.code == 1
    assert {code for code, _ in found} >= {"TD309", "TD233", "TD314"}
    assert {line for code, line in found if code in ("TD309", "TD233", "TD314")} <= {4, 5, 6}


def test_check_warns_of_a_binding_to_another_object_than_was_deployed(desk: Desk) -> None:
    model = desk.document("model:Retail Sales")
    desk.run("map", "bind", "prod", "model:Retail Sales", A)
    desk.record("prod", ObjectRecord("model", model.name, B, source=model.guid, hash="h"))
    outcome = desk.run("map", "check", "prod")
    assert outcome.code == 0
    assert f"warning[TD315]: {model.guid} is bound to {A}, but was deployed to {B}" in outcome.err


def test_check_of_a_sound_mapping_is_quiet(desk: Desk) -> None:
    assert desk.run("map", "check", "prod").out == "prod: no findings.\n"


def test_check_reports_a_broken_file_as_a_finding(desk: Desk) -> None:
    desk.write("environments/prod/mapping.yaml", "version: 1\nobjects: {a: x\n")
    outcome = desk.run("map", "check", "prod")
    assert (outcome.code, "error[TD102]" in outcome.err) == (1, True)


def test_swap_is_a_dry_run_and_then_the_way_back(desk: Desk) -> None:
    model = desk.document("model:Retail Sales")
    desk.record("prod", ObjectRecord("model", model.name, A, source=model.guid, inner={"old": "new"}, hash="h"))
    outcome = desk.run("map", "swap", "dev", "prod")
    assert outcome.code == 0, outcome.err
    assert "+ connections: {Harbor Snowflake Prod: Harbor Snowflake Dev}\n" in outcome.out
    assert "{connection: Harbor Snowflake Prod, db: HARBOR_PROD}, to: {db: HARBOR_DEV}" in outcome.out
    assert not (desk.root / "environments/dev/mapping.yaml").exists()
    assert desk.run("map", "swap", "dev", "prod", "--write").code == 0
    assert desk.recorded("dev")[A] == ObjectRecord("model", model.name, model.guid, source=A, inner={"new": "old"})
    written = desk.read("environments/dev/mapping.yaml")
    assert desk.run("map", "swap", "dev", "prod", "--write").code == 0
    assert desk.read("environments/dev/mapping.yaml") == written


def test_swap_turns_rules_that_build_on_each_other_the_other_way_round(desk: Desk) -> None:
    rules = ["{find: dev, to: stage}", "{find: stage.local, to: prod.example}"]
    desk.write("environments/prod/mapping.yaml", "version: 1\ntext:\n" + "".join(f"- {rule}\n" for rule in rules))
    found = desk.run("map", "swap", "dev", "prod").out
    assert 0 < found.index("find: prod.example") < found.index("find: stage")


def test_swap_says_what_has_no_way_back(desk: Desk) -> None:
    desk.write(
        "environments/prod/mapping.yaml",
        "version: 1\nconnections: {A: X, B: X}\ntables:\n- {from: {schema: S}, to: {db: P}}\n"
        "text:\n- {find: a, to: ''}\n",
    )
    outcome = desk.run("map", "swap", "dev", "prod", "--format", "json")
    found = [(one["code"], one["line"]) for one in json.loads(outcome.out)["findings"]]
    assert found == [("TD324", 2), ("TD324", 4), ("TD324", 6)]


def test_what_people_read(desk: Desk, request: pytest.FixtureRequest) -> None:
    desk.run("map", "bind", "prod", "model:Retail Sales", A)
    shown = desk.run("map", "show", "prod", "model:*", "liveboard:Store*").out
    assert_golden(request, "map/show.txt", shown)
    assert_golden(request, "map/swap.txt", desk.run("map", "swap", "dev", "prod").out)


def test_names_reach_the_terminal_escaped(desk: Desk) -> None:
    text = f'guid: "{A}"\nanswer:\n  name: "red\\x1b[31m\\u202e"\n  tables: []\n'
    desk.write("tml/answer/hostile.answer.tml", text)
    outcome = desk.run("map", "show", "prod", A)
    assert "answer:red\\u001b[31m\\u202e" in outcome.out
    assert "\x1b" not in outcome.out + outcome.err

"""``tsdeploy map import`` and ``export``, and ``init --adopt``, on the retail samples and real repositories."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.golden_files import assert_golden
from tsdeploy.config.environment import load_environment
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.git import create_repository
from tsdeploy.mapping.reading import load_mapping

A, B, C, D = (f"{digit * 8}-1111-4111-8111-111111111111" for digit in "abcd")
MAPPING = "environments/prod/mapping.yaml"
EMPTY = "version: 1\n"
GROUPS = "version: 1\ngroups:\n  Web Shop: Web Shop\n"


def cs_tools(mapping: dict[str, str | None], text: dict[str, str] | None = None, source: str = "dev") -> str:
    metadata = {"cs_tools": {"extract_environment": source}} if source else {}
    return json.dumps({"metadata": metadata, "mapping": mapping, "additional_mapping": text or {}, "history": []})


def native(*entries: tuple[str, str, dict[str, str]]) -> str:
    keys = ("originalGuid", "mappedGuid", "additionalMapping")
    return json.dumps([dict(zip(keys, entry, strict=True)) for entry in entries])


def test_pairs_become_records_where_the_object_is_in_git_and_bindings_elsewhere(desk: Desk) -> None:
    desk.write(MAPPING, "# mine\nversion: 1\n")
    model = desk.document("model:Retail Sales")
    file = desk.write("prod.json", cs_tools({model.guid: A, B: C, D: None}))
    outcome = desk.run("map", "import", "cs_tools", str(file), "prod")
    assert outcome.code == 0, outcome.err
    assert desk.recorded("prod")[model.guid] == ObjectRecord("model", "Retail Sales", A, source=model.guid)
    assert desk.read(MAPPING) == f"# mine\nversion: 1\n\nobjects:\n  {B}: {C}\n"
    assert "info[TD321]: objects of the file without a counterpart, which stay unmapped: 1" in outcome.err


def test_raw_text_becomes_the_narrowest_rules_of_the_same_effect(desk: Desk) -> None:
    desk.write(MAPPING, EMPTY)
    text = {
        "HARBOR_DEV": "HARBOR_${{ env.STAGE }}",
        "name: Harbor Snowflake Dev": "name: Harbor Snowflake Prod",
        "harbor-dev.thoughtspot.example": "harbor.thoughtspot.example",
        "nowhere to be found": "x",
    }
    file = desk.write("prod.json", cs_tools({}, text))
    outcome = desk.run("map", "import", "cs_tools", str(file), "prod")
    assert outcome.code == 0, outcome.err
    assert "warning[TD322]: 'nowhere to be found' matches nothing" in outcome.err
    lines = [line for line in outcome.out.splitlines() if line.startswith("+")]
    assert lines[:2] == [
        "+ connections: {Harbor Snowflake Dev: Harbor Snowflake Prod}",
        "+ tables: {from: {db: HARBOR_DEV}, to: {db: 'HARBOR_${env:STAGE}'}}",
    ]
    assert "+ text: {in: 'sql_view:*', path: sql_query, find: HARBOR_DEV, to: 'HARBOR_${env:STAGE}'}" in lines
    assert all("harbor-dev" in line for line in lines[3:])


def test_the_imported_rules_leave_nothing_of_the_source(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out of the import renders, with no unmapped place and no rule that matches nothing."""
    monkeypatch.setenv("STAGE", "PROD")
    desk.write(MAPPING, GROUPS)
    test_text = {
        "HARBOR_DEV": "HARBOR_${{ env.STAGE }}",
        "Harbor Snowflake Dev": "Harbor Snowflake Prod",
        "harbor-dev.thoughtspot.example": "harbor.thoughtspot.example",
    }
    file = desk.write("prod.json", cs_tools({}, test_text))
    assert desk.run("map", "import", "cs_tools", str(file), "prod").code == 0
    outcome = desk.run("render", "prod", "-o", str(desk.root / "out"))
    assert outcome.code == 0, outcome.err
    rendered = "".join(path.read_text("utf-8") for path in (desk.root / "out").rglob("*.tml"))
    assert "HARBOR_DEV" not in rendered
    assert "harbor-dev" not in rendered


def test_what_another_rule_says_already_is_not_written_over(desk: Desk) -> None:
    before = desk.read(MAPPING)
    file = desk.write("prod.json", cs_tools({}, {"name: Harbor Snowflake Dev": "name: Other"}))
    outcome = desk.run("map", "import", "cs_tools", str(file), "prod")
    assert (outcome.code, "error[TD317]" in outcome.err) == (1, True)
    assert f"in {MAPPING}:6:3" in outcome.err
    assert desk.read(MAPPING) == before


@pytest.mark.parametrize(
    ("mapping", "code"),
    [({A: B, B: C}, "TD233"), ({A: C, B: C}, "TD309")],
    ids=["chained promotion", "two to one"],
)
def test_a_poisoned_file_is_refused_as_a_whole(desk: Desk, mapping: dict[str, str | None], code: str) -> None:
    before = desk.read(MAPPING)
    file = desk.write("prod.json", cs_tools(mapping))
    outcome = desk.run("map", "import", "cs_tools", str(file), "prod")
    assert (outcome.code, f"error[{code}]" in outcome.err) == (1, True)
    assert f"in {file}:1:" in outcome.err
    assert desk.read(MAPPING) == before


def test_a_file_for_another_source_is_refused_unless_it_has_another_name(desk: Desk) -> None:
    file = desk.write("prod.json", cs_tools({A: B}, source="staging"))
    assert "error[TD224]" in desk.run("map", "import", "cs_tools", str(file), "prod", "--dry-run").err
    outcome = desk.run("map", "import", "cs_tools", str(file), "prod", "--dry-run", "--source-name", "staging")
    assert (outcome.code, outcome.err) == (0, "nothing was written.\n")
    file = desk.write("prod.json", cs_tools({A: B}, source=""))
    assert "warning[TD224]" in desk.run("map", "import", "cs_tools", str(file), "prod", "--dry-run").err


def test_native_brings_inner_guids_and_rules_for_one_object(desk: Desk) -> None:
    desk.write(MAPPING, EMPTY)
    board = desk.document("liveboard:Store Performance")
    host = {"harbor-dev.thoughtspot.example": "harbor.thoughtspot.example"}
    holder = next(one for one in _documents(desk) if "harbor-dev.thoughtspot" in one[1])
    board_entry, database = (board.guid, A, {C: D}), ("db: HARBOR_DEV", "db: HARBOR_PROD", dict[str, str]())
    file = desk.write("org-0.json", native(board_entry, (holder[0], B, host), (A, A, {}), database))
    outcome = desk.run("map", "import", "native", str(file), "prod")
    assert outcome.code == 0, outcome.err
    assert dict(desk.recorded("prod")[board.guid].inner) == {C: D}
    assert "- {from: {db: HARBOR_DEV}, to: {db: HARBOR_PROD}}\n" in desk.read(MAPPING)
    assert f"in: {holder[0]}" in desk.read(MAPPING)
    desk.record("prod", ObjectRecord("liveboard", board.name, A, source=board.guid, inner={C: B}))
    assert desk.run("map", "import", "native", str(file), "prod").code == 0
    assert dict(desk.recorded("prod")[board.guid].inner) == {C: B}, "what a deploy has read back since is newer"


def _documents(desk: Desk) -> list[tuple[str, str]]:
    from tsdeploy.tml.folder import load_folder

    return [(one.guid, one.text) for one in load_folder(desk.root / "tml").documents if one.kind.owned and one.guid]


def test_native_goes_out_and_in_again_with_the_same_effect(desk: Desk) -> None:
    board = desk.document("liveboard:Store Performance")
    view = desk.document("sql_view:Weekly Stock Cover")
    recorded = ObjectRecord("liveboard", board.name, A, source=board.guid, inner={C: D})
    desk.record("prod", recorded, ObjectRecord("sql_view", view.name, B, source=view.guid))
    file = desk.root / "org-0.json"
    outcome = desk.run("map", "export", "native", "prod", str(file))
    assert outcome.code == 0, outcome.err
    entries = {entry["originalGuid"]: entry for entry in json.loads(file.read_text("utf-8"))}
    assert entries[board.guid]["additionalMapping"] == {C: D}
    assert entries["db: HARBOR_DEV"]["mappedGuid"] == "db: HARBOR_PROD"
    assert entries["harbor-dev.thoughtspot.example"]["mappedGuid"] == "harbor.thoughtspot.example"
    desk.run("render", "prod", "-o", str(desk.root / "before"))
    desk.write(MAPPING, GROUPS)
    assert desk.run("map", "import", "native", str(file), "prod").code == 0
    assert desk.run("render", "prod", "-o", str(desk.root / "after")).code == 0
    before, after = ({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.tml")}
                     for folder in (desk.root / "before", desk.root / "after"))  # fmt: skip
    assert before == after
    text = file.read_text("utf-8")
    assert desk.run("map", "export", "native", "prod", str(file)).code == 0
    assert json.loads(file.read_text("utf-8")) == json.loads(text)


def test_guid_mapper_and_parent_child_go_out_and_in_again(desk: Desk) -> None:
    model = desk.document("model:Retail Sales")
    desk.record("prod", ObjectRecord("model", model.name, A, source=model.guid))
    mapper, guids, toml = (desk.root / name for name in ("mapper.json", "guids.json", "prod.toml"))
    assert desk.run("map", "export", "guid-mapper", "prod", str(mapper)).code == 0
    assert json.loads(mapper.read_text("utf-8"))[f"{model.guid}__{A}"] == {"DEV": model.guid, "PROD": A}
    outcome = desk.run("map", "export", "parent-child", "prod", str(guids), "--properties", str(toml))
    assert outcome.code == 0, outcome.err
    assert json.loads(guids.read_text("utf-8")) == {"prod": {model.guid: A}}
    assert '"Harbor Snowflake Dev.HARBOR_DEV" = "Harbor Snowflake Prod.HARBOR_PROD"\n' in toml.read_text("utf-8")
    for arguments in (["guid-mapper", str(mapper)], ["parent-child", str(guids), "--properties", str(toml)]):
        desk.write(MAPPING, EMPTY)
        (desk.root / "environments/prod/objects.json").unlink()
        outcome = desk.run("map", "import", *arguments, "prod")
        assert outcome.code == 0, outcome.err
        assert desk.recorded("prod")[model.guid].guid == A
    rules = load_mapping(desk.root / MAPPING, MAPPING)
    assert (len(rules.connections), len(rules.tables)) == (1, 1)


def test_cs_tools_gets_variables_as_its_own_and_says_what_it_cannot_hold(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TD_TEST_HOST", "prod.example")
    board = desk.document("liveboard:Store Performance")
    desk.record("prod", ObjectRecord("liveboard", board.name, A, source=board.guid, inner={C: D}))
    text = (
        "version: 1\nconnections: {Harbor Snowflake Dev: 'Harbor ${env:TD_TEST_HOST}'}\n"
        "tables:\n- {from: {db: HARBOR_DEV}, to: {db: 'DB_${env:TD_TEST_HOST}'}}\n"
        "text:\n- {find: harbor-dev.thoughtspot.example, to: '${env:TD_TEST_HOST}'}\n"
    )
    desk.write(MAPPING, text)
    file = desk.root / "out.json"
    outcome = desk.run("map", "export", "cs_tools", "prod", str(file))
    assert (outcome.code, "warning[TD320]" in outcome.err) == (0, True), outcome.err
    written = json.loads(file.read_text("utf-8"))
    assert written["additional_mapping"] == {
        "name: Harbor Snowflake Dev": "name: Harbor ${{ env.TD_TEST_HOST }}",
        "db: HARBOR_DEV": "db: DB_${{ env.TD_TEST_HOST }}",
        "harbor-dev.thoughtspot.example": "${{ env.TD_TEST_HOST }}",
    }
    assert written["mapping"][board.guid] == A
    assert None in written["mapping"].values()
    desk.write(MAPPING, f"{text}- {{in: 'liveboard:Store*', find: Net Sales, to: Sales}}\n")
    refused = desk.run("map", "export", "cs_tools", "prod", str(desk.root / "new.json"))
    assert (refused.code, "error[TD320]" in refused.err) == (1, True)
    assert not (desk.root / "new.json").exists()
    assert desk.run("map", "export", "cs_tools", "prod", str(desk.root / "new.json"), "--lossy").code == 0


INSTANCE = "5a1b2c3d"


@pytest.fixture
def integrated(desk: Desk) -> Desk:
    """A repository as ThoughtSpot's Git integration leaves it: folders of kinds, and a config branch."""
    for folder in (desk.root / "tml").iterdir():
        folder.rename(desk.root / folder.name)
    (desk.root / "tml").rmdir()
    subprocess.run(["rm", "-r", "--", str(desk.root / "environments")], check=True)
    repository = create_repository(desk.root)
    repository.commit([desk.root], "TML")
    _git(desk.root, "checkout", "-q", "--orphan", "ts_config_files")
    _git(desk.root, "rm", "-rqf", ".")
    desk.write(f"{INSTANCE}.mapping/org-7.json", native((A, B, {}), ("db: HARBOR_DEV", "db: HARBOR_PROD", {})))
    desk.write(f"{INSTANCE}.commit/org-7_commit", f"ts-prod={'1' * 40}\n")
    desk.write("other.mapping/org-0.json", "[ oh no")
    _git(desk.root, "add", "--all")
    _git(desk.root, "commit", "-qm", "config")
    _git(desk.root, "checkout", "-q", "main")
    return desk


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def test_adopting_a_repository_of_the_git_integration(integrated: Desk) -> None:
    outcome = integrated.run("init", "--adopt", "--source", "ts-dev")
    assert outcome.code == 0, outcome.err
    assert "warning[TD102]" in outcome.err
    assert integrated.read("tsdeploy.yaml") == 'version: 1\ntml: "."\n'
    folder = integrated.root / "environments/ts-prod"
    environment = load_environment(folder, "x", {})
    assert (environment.source, environment.org) == ("ts-dev", 7)
    assert integrated.read("environments/ts-prod/mapping.yaml") == (
        f"version: 1\n\nobjects:\n  {A}: {B}\n\ntables:\n  - {{from: {{db: HARBOR_DEV}}, to: {{db: HARBOR_PROD}}}}\n"
    )
    assert '"name": "Retail Sales"' in integrated.read("environments/ts-dev/objects.json")
    shown = integrated.run("map", "show", "ts-prod", "model:*")
    assert "model:Retail Sales" in shown.out
    again = integrated.run("init", "--adopt", "--source", "ts-dev")
    assert (again.code, "+ environments" in again.out) == (0, False)


def test_adopting_a_repository_of_cs_tools(integrated: Desk) -> None:
    _git(integrated.root, "branch", "-D", "ts_config_files")
    integrated.write(".mappings/dev-guid-mappings.json", cs_tools({A: None}))
    integrated.write(".mappings/prod-guid-mappings.json", cs_tools({A: B}))
    outcome = integrated.run("init", "--adopt")
    assert outcome.code == 0, outcome.err
    assert sorted(path.name for path in (integrated.root / "environments").iterdir()) == ["dev", "prod"]
    assert A in integrated.read("environments/prod/mapping.yaml")


def test_names_of_branches_and_files_stay_inside_the_folder(integrated: Desk) -> None:
    integrated.write(".mappings/..\n..-guid-mappings.json", cs_tools({A: B}, source="../../7"))
    outcome = integrated.run("init", "--adopt")
    assert outcome.code == 0, outcome.err
    folders = sorted(path.parent.name for path in integrated.root.parent.rglob("environment.yaml"))
    assert folders == ["7", "target", "ts-prod"]
    assert load_environment(integrated.root / "environments/target", "x", {}).source == "7"


def test_a_folder_without_tml_has_nothing_to_adopt(desk: Desk, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    create_repository(empty)
    outcome = desk.cli("--project", str(empty), "init", "--adopt")
    assert (outcome.code, "error[TD329]" in outcome.err) == (2, True)


def test_what_people_read(desk: Desk, request: pytest.FixtureRequest) -> None:
    desk.write(MAPPING, EMPTY)
    text = {"HARBOR_DEV": "HARBOR_PROD", "Harbor Snowflake Dev": "Harbor Snowflake Prod", "nowhere": "x"}
    model = desk.document("model:Retail Sales")
    desk.write("prod.json", cs_tools({model.guid: A, B: None}, text))
    outcome = desk.run("map", "import", "cs_tools", str(desk.root / "prod.json"), "prod")
    assert_golden(request, "map/import.txt", (outcome.out + outcome.err).replace(str(desk.root), "PROJECT"))

"""A whole check: projects, environments, paths, suppressions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.looking import MODEL, RETAIL, SALES, retail
from tests.check.projects import MAPPING, make_project
from tests.tml.real_files import CORPUS, RETAIL_OBJ_ID
from tests.tml.real_files import RETAIL as RETAIL_SAMPLES
from tsdeploy.bundled import bundled
from tsdeploy.check.run import CheckReport, check_project
from tsdeploy.config.project import Project
from tsdeploy.errors import ConfigError, Severity

GONE = "11111111-0000-4000-8000-000000000002"


def told(report: CheckReport) -> list[str]:
    return [f"{finding.severity.value} {finding.code} {finding.location}" for finding in report.findings]


def without_stores() -> dict[str, str]:
    return {name: text for name, text in RETAIL.items() if name != "STORES.tml"}


def test_sound_project(tmp_path: Path) -> None:
    report = check_project(make_project(tmp_path))
    assert (report.files, told(report), report.failed(strict=True)) == (5, [], False)


@pytest.mark.parametrize(
    "folder",
    [RETAIL_SAMPLES, RETAIL_OBJ_ID, *filter(Path.is_dir, sorted(CORPUS.glob("*")))],
    ids=lambda path: path.name,
)
def test_real_folder_has_no_finding(folder: Path) -> None:
    assert told(check_project(Project(folder), [folder])) == []


def test_samples_are_covered_by_the_mapping_of_the_example(tmp_path: Path) -> None:
    tml = {f"{number}.tml": path.read_text("utf-8") for number, path in enumerate(RETAIL_SAMPLES.rglob("*.tml"))}
    mapping = (bundled("environments") / "prod" / "mapping.yaml").read_text("utf-8")
    assert told(check_project(make_project(tmp_path, tml, {"environments/prod/mapping.yaml": mapping}))) == []


def test_mapping_that_covers_too_little_is_told_with_the_line_to_add(tmp_path: Path) -> None:
    report = check_project(make_project(tmp_path, more={"environments/prod/mapping.yaml": "version: 1\n"}))
    assert told(report) == [
        "error TD205 tml/SALES.tml:4:7",
        "error TD201 tml/SALES.tml:8:5",
        "error TD205 tml/STORES.tml:4:7",
        "error TD201 tml/STORES.tml:8:5",
    ]
    assert "add to tables: in environments/prod/mapping.yaml" in report.findings[0].hint


def test_reference_that_no_file_and_no_mapping_has_is_said_once(tmp_path: Path) -> None:
    report = check_project(make_project(tmp_path, without_stores()))
    assert told(report) == ["error TD204 tml/Retail.tml:10:5", "error TD204 tml/SALES.tml:17:7"]


def test_reference_that_the_mapping_knows_is_a_warning(tmp_path: Path) -> None:
    mapping = MAPPING + f"objects: {{{GONE}: 22222222-0000-4000-8000-000000000002}}\n"
    report = check_project(make_project(tmp_path, without_stores(), {"environments/prod/mapping.yaml": mapping}))
    assert told(report) == ["warning TD120 tml/Retail.tml:10:5", "warning TD120 tml/SALES.tml:17:7"]
    assert not report.failed()
    assert report.failed(strict=True)


def test_reference_that_the_object_map_knows_is_a_warning(tmp_path: Path) -> None:
    record = (
        f'{{"kind": "table", "name": "STORES", "guid": "22222222-0000-4000-8000-000000000002", "source": "{GONE}"}}'
    )
    objects = f'{{\n"version": 1,\n"objects": [\n{record}\n]\n}}\n'
    report = check_project(make_project(tmp_path, without_stores(), {"environments/prod/objects.json": objects}))
    assert [line.partition(" ")[0] for line in told(report)] == ["warning", "warning"]


def test_ambiguous_name_is_said_once(tmp_path: Path) -> None:
    tml = {**RETAIL, "Second.tml": MODEL.replace("000000000003", "0000000000b3")}
    codes = [finding.code for finding in check_project(make_project(tmp_path, tml)).findings]
    assert codes == ["TD207", "TD132"]


def test_environment_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        check_project(make_project(tmp_path), environments=["prd"])
    assert (caught.value.code, caught.value.findings[0].hint) == ("TD306", "did you mean prod?")


def test_broken_environment_does_not_hide_what_is_wrong_with_the_tml(tmp_path: Path) -> None:
    tml = retail("SALES.tml", "type: INNER", "type: SIDEWAYS")
    report = check_project(make_project(tmp_path, tml, {"environments/prod/mapping.yaml": "version: 1\ntable: []\n"}))
    assert told(report) == ["error TD303 environments/prod/mapping.yaml:2:1", "warning TD124 tml/SALES.tml:20:11"]


def test_unset_variable_outside_of_secrets_is_a_finding_and_secrets_need_not_be_set(tmp_path: Path) -> None:
    environment = (
        'version: 1\nurl: "https://${env:NO_SUCH_HOST}"\nsource: dev\nauth: {type: token, token: "${env:NO_KEY}"}\n'
    )
    report = check_project(make_project(tmp_path, more={"environments/prod/environment.yaml": environment}))
    assert [finding.code for finding in report.findings] == ["TD305"]


def test_unreadable_files_are_findings_among_the_others(tmp_path: Path) -> None:
    tml = {**RETAIL, "empty.tml": "", "merge.tml": "<<<<<<< ours\n  a: b\n", "two.tml": SALES + "---\na: b\n"}
    assert told(check_project(make_project(tmp_path, tml))) == [
        "error TD104 tml/empty.tml",
        "error TD102 tml/merge.tml:2:4",
        "error TD105 tml/two.tml:21:1",
    ]


def test_findings_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    tml = retail("Retail.tml", "column_id: HOME::REGION", "column_id: HOME::AREA")
    tml["Retail.tml"] = (
        tml["Retail.tml"].replace("SALES::NET\n", "SALES::NETT\n").replace("- name: Net\n", "- name: Region\n")
    )
    tml["Net.tml"] = tml["Net.tml"].replace("[Net] [Region]", "[Nett]")
    found = check_project(make_project(tmp_path, tml)).findings
    assert [finding.location for finding in found] == sorted(finding.location for finding in found if finding.location)
    assert len(found) > 3


def test_paths_narrow_what_is_told_but_not_what_is_read(tmp_path: Path) -> None:
    tml = retail("Retail.tml", "column_id: SALES::NET", "column_id: SALES::NETT")
    tml["Net.tml"] = tml["Net.tml"].replace("[Net] [Region]", "[Nett] [Region]")
    project = make_project(tmp_path, tml)
    report = check_project(project, [project.tml / "Retail.tml"])
    assert (report.files, told(report)) == (1, ["error TD140 tml/Retail.tml:22:16"])


def test_paths_without_a_project(tmp_path: Path) -> None:
    for name, text in retail("Net.tml", "[Net]", "[Nett]").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = check_project(Project(tmp_path), [tmp_path])
    assert (report.files, told(report)) == (5, ["warning TD145 Net.tml:8:19"])


SUPPRESS = "version: 1\nsuppress:\n- {{rule: TD124, in: '{scope}', reason: newer server}}\n"


@pytest.mark.parametrize("scope", ["table:SAL*", "SALES", "tml/SALES.tml", "tml/S*", "path:tml/SALES*", "*"])
def test_suppressed_finding_is_kept_apart_with_its_reason(tmp_path: Path, scope: str) -> None:
    tml = retail("SALES.tml", "type: INNER", "type: SIDEWAYS")
    report = check_project(make_project(tmp_path, tml, {".tsdeploy-check.yaml": SUPPRESS.format(scope=scope)}))
    assert told(report) == []
    assert [(one.finding.code, one.reason) for one in report.suppressed] == [("TD124", "newer server")]


def test_suppression_covers_no_other_rule_and_no_other_object(tmp_path: Path) -> None:
    tml = retail("SALES.tml", "type: INNER", "type: SIDEWAYS")
    report = check_project(make_project(tmp_path, tml, {".tsdeploy-check.yaml": SUPPRESS.format(scope="table:STORES")}))
    assert told(report) == ["warning TD190 .tsdeploy-check.yaml:3:3", "warning TD124 tml/SALES.tml:20:11"]


def test_finding_outside_of_tml_is_suppressed_by_its_path(tmp_path: Path) -> None:
    check_file = "version: 1\nsuppress:\n- {rule: TD310, in: environments/prod/*, reason: comes with the next export}\n"
    files = {
        "environments/prod/mapping.yaml": MAPPING + "text:\n- {find: nowhere, to: anywhere}\n",
        ".tsdeploy-check.yaml": check_file,
    }
    assert told(check_project(make_project(tmp_path, more=files))) == []


def test_unused_suppression_is_not_told_when_the_check_was_narrowed(tmp_path: Path) -> None:
    project = make_project(tmp_path, more={".tsdeploy-check.yaml": SUPPRESS.format(scope="*")})
    assert told(check_project(project, [project.tml])) == []
    assert told(check_project(project, environments=["prod"])) == []
    assert told(check_project(project)) == ["warning TD190 .tsdeploy-check.yaml:3:3"]


def test_unused_suppression_with_a_misspelt_rule_names_the_nearest(tmp_path: Path) -> None:
    text = SUPPRESS.format(scope="*").replace("TD124", "TD124O")
    report = check_project(make_project(tmp_path, more={".tsdeploy-check.yaml": text}))
    assert report.findings[0].hint == "did you mean TD124?"
    assert report.findings[0].severity is Severity.WARNING


def test_check_file_with_errors_says_all_of_them(tmp_path: Path) -> None:
    text = "version: 1\nsuppress:\n- {rule: TD124, in: '*', reason: ' '}\n- {rule: TD124, inn: '*'}\n"
    with pytest.raises(ConfigError) as caught:
        check_project(make_project(tmp_path, more={".tsdeploy-check.yaml": text}))
    assert {(finding.code, str(finding.location), finding.message) for finding in caught.value.findings} == {
        ("TD303", ".tsdeploy-check.yaml:3:34", "does not have the form that is expected here"),
        ("TD303", ".tsdeploy-check.yaml:4:3", "missing key in"),
        ("TD303", ".tsdeploy-check.yaml:4:3", "missing key reason"),
        ("TD303", ".tsdeploy-check.yaml:4:17", "unknown key inn"),
    }


def test_file_that_may_not_be_read_is_a_finding(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    (project.tml / "Net.tml").unlink()
    (project.tml / "Net.tml").mkdir()
    assert told(check_project(project, [project.tml / "Net.tml"])) == []
    unreadable = project.tml / "gone.tml"
    assert told(check_project(project, [unreadable])) == ["error TD112 tml/gone.tml"]


def test_a_form_that_cannot_be_rendered_is_a_finding_among_the_others(tmp_path: Path) -> None:
    tml = retail("SALES.tml", "type: INNER", "type: SIDEWAYS")
    tml["Net.tml"] = "? answer\n:" + tml["Net.tml"].partition("answer:")[2]
    report = check_project(make_project(tmp_path, tml))
    assert told(report) == ["error TD113 tml/Net.tml:1:3", "warning TD124 tml/SALES.tml:20:11"]

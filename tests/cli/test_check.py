"""``tsdeploy check`` and ``tsdeploy explain`` as people use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.check.looking import RETAIL, retail
from tests.check.projects import make_project
from tests.check.test_secrets import CONNECTION
from tests.conftest import Cli
from tests.golden_files import assert_golden


def faulty(root: Path) -> list[str]:
    """A project with a fault of every sort that matters; the arguments that lead to it."""
    tml = retail("Retail.tml", "column_id: HOME::REGION", "column_id: HOME::REGIO")
    tml["SALES.tml"] = tml["SALES.tml"].replace("type: INNER", "type: SIDEWAYS\n    colour: red")
    tml["Net.tml"] = tml["Net.tml"].replace("name: Net by Region", 'name: "Net \\u202e by \\e[31m Region"')
    tml["Net copy.tml"] = tml["Net.tml"]
    tml["Warehouse.tml"] = CONNECTION.format(password="hunter2", key='""')
    tml["Overview.tml"] = tml["Overview.tml"].replace("- visualization_id: Viz_1", "- visualization_id: Viz_3")
    suppress = "version: 1\nsuppress:\n- {rule: TD124, in: 'table:*', reason: newer server}\n"
    make_project(root, tml, {".tsdeploy-check.yaml": suppress})
    return ["--project", str(root)]


def test_report(cli: Cli, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    outcome = cli(*faulty(tmp_path), "check")
    assert outcome.code == 1
    assert outcome.err == ""
    assert_golden(request, "check/report.txt", outcome.out)
    assert "hunter2" not in outcome.out
    assert "\u202e" not in outcome.out
    assert "\x1b" not in outcome.out


def test_what_one_line_in_the_mapping_settles_is_told_once(
    cli: Cli, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    make_project(tmp_path, more={"environments/prod/mapping.yaml": "version: 1\n"})
    assert_golden(request, "check/unmapped.txt", cli("--project", str(tmp_path), "check").out)
    report = json.loads(cli("--project", str(tmp_path), "check", "--format", "json").out)
    assert len(report["findings"]) == report["summary"]["error"] == 4


def test_sound_project(cli: Cli, tmp_path: Path) -> None:
    make_project(tmp_path)
    outcome = cli("--project", str(tmp_path), "check")
    assert (outcome.code, outcome.out.splitlines()[-1]) == (0, "Checked 5 files: 0 errors, 0 warnings, 0 notes.")


def test_warning_fails_only_a_strict_check(cli: Cli, tmp_path: Path) -> None:
    make_project(tmp_path, retail("SALES.tml", "type: INNER", "type: SIDEWAYS"))
    assert cli("--project", str(tmp_path), "check").code == 0
    assert cli("--project", str(tmp_path), "check", "--strict").code == 1


def test_json(cli: Cli, tmp_path: Path) -> None:
    outcome = cli(*faulty(tmp_path), "check", "--format", "json")
    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert report["files"] == 7
    assert report["summary"]["error"] == len([one for one in report["findings"] if one["severity"] == "error"])
    assert [(one["code"], one["reason"]) for one in report["suppressed"]] == [("TD124", "newer server")]


def test_sarif(cli: Cli, tmp_path: Path) -> None:
    outcome = cli(*faulty(tmp_path), "check", "--format", "sarif")
    assert outcome.code == 1
    assert json.loads(outcome.out)["version"] == "2.1.0"


def test_file_name_that_is_no_text(cli: Cli, tmp_path: Path) -> None:
    make_project(tmp_path)
    (tmp_path / "tml" / b"\xff\x1b.tml".decode("utf-8", "surrogateescape")).write_bytes(b"")
    for form in ("text", "json", "sarif"):
        outcome = cli("--project", str(tmp_path), "check", "--format", form)
        assert outcome.code == 1
        assert "\x1b" not in outcome.out


def test_paths_and_environment(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tml = retail("Retail.tml", "column_id: HOME::REGION", "column_id: HOME::REGIO")
    make_project(tmp_path, tml, {"environments/prod/mapping.yaml": "version: 1\n"})
    monkeypatch.chdir(tmp_path)
    outcome = cli("check", "tml/Retail.tml", "--env", "prod")
    assert outcome.out == (
        "tml/Retail.tml:24:16: error[TD140]: HOME::REGIO: table:STORES has no column REGIO\n"
        "  at model.columns[1].column_id\n"
        "  hint: did you mean REGION?\n"
        "Checked 1 file: 1 error, 0 warnings, 0 notes.\n"
    )


def test_folder_without_a_project(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in RETAIL.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli("check", ".").code == 0
    outcome = cli("check")
    assert outcome.code == 2
    assert "error[TD307]" in outcome.err


def test_environment_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    make_project(tmp_path)
    outcome = cli("--project", str(tmp_path), "check", "--env", "prd")
    assert outcome.code == 2
    assert "did you mean prod?" in outcome.err


def test_path_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    make_project(tmp_path)
    assert cli("--project", str(tmp_path), "check", str(tmp_path / "nowhere")).code == 2


def test_broken_check_file_is_an_error_of_usage(cli: Cli, tmp_path: Path) -> None:
    make_project(tmp_path, more={".tsdeploy-check.yaml": "version: 1\nsupress: []\n"})
    outcome = cli("--project", str(tmp_path), "check")
    assert outcome.code == 2
    assert outcome.err == (
        "error[TD303]: unknown key supress\n  at supress\n  in .tsdeploy-check.yaml:2:1\n"
        "  hint: did you mean suppress?\n"
    )


def test_explain_a_code(cli: Cli, request: pytest.FixtureRequest) -> None:
    outcome = cli("explain", "td170")
    assert outcome.code == 0
    assert_golden(request, "check/explain.txt", outcome.out)


def test_explain_lists_all_codes(cli: Cli) -> None:
    outcome = cli("explain")
    assert outcome.out.startswith("TD000  A bug in tsdeploy\n")
    assert "\nTD204  A reference to an object that the target does not have\n" in outcome.out


def test_explain_an_unknown_code_names_the_nearest(cli: Cli) -> None:
    outcome = cli("explain", "TD5533")
    assert outcome.code == 2
    assert outcome.err == "error[TD007]: there is no code TD5533\n  hint: did you mean TD553?\n"

"""SARIF: valid, with places, help and fingerprints that survive moved lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.check.looking import RETAIL, retail
from tests.check.projects import make_project
from tsdeploy.check.rules import RULES
from tsdeploy.check.run import CheckReport, check_project
from tsdeploy.check.sarif import check_sarif
from tsdeploy.errors import Finding, Location

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "shortDescription"],
    "properties": {
        "id": {"type": "string", "pattern": r"^\w+$"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": {**TEXT, "properties": {**TEXT["properties"], "markdown": {"type": "string"}}},  # type: ignore[dict-item]
        "defaultConfiguration": {"properties": {"level": LEVEL}, "additionalProperties": False},
    },
}
REGION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["startLine"],
    "properties": {"startLine": {"type": "integer", "minimum": 1}, "startColumn": {"type": "integer", "minimum": 1}},
}
PLACE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["artifactLocation"],
    "properties": {
        "artifactLocation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["uri"],
            "properties": {"uri": {"type": "string", "pattern": r"^[A-Za-z0-9_.~/%-]+$"}},
        },
        "region": REGION,
    },
}
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ruleId", "ruleIndex", "level", "message", "partialFingerprints", "locations"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "locations": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {"type": "object", "additionalProperties": False, "properties": {"physicalLocation": PLACE}},
        },
        "suppressions": {
            "type": "array",
            "items": {
                "required": ["kind"],
                "properties": {"kind": {"enum": ["inSource", "external"]}, "justification": {"type": "string"}},
            },
        },
    },
}
DRIVER = {
    "required": ["name", "rules"],
    "properties": {
        "name": {"const": "tsdeploy"},
        "semanticVersion": {"type": "string"},
        "rules": {"type": "array", "items": RULE},
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"required": ["driver"], "properties": {"driver": DRIVER}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}
"""The parts of the SARIF 2.1.0 schema that are used, written down from the standard."""


def run_of(report: CheckReport) -> dict[str, Any]:
    """The run, as a reader of the JSON sees it, checked against the schema."""
    log: dict[str, Any] = json.loads(json.dumps(check_sarif(report)))
    Draft202012Validator(SARIF).validate(log)
    run: dict[str, Any] = log["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return run


def test_report_without_findings_lists_all_rules_with_help(tmp_path: Path) -> None:
    run = run_of(check_project(make_project(tmp_path)))
    assert run["results"] == []
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    assert all("## What to do" in rule["help"]["markdown"] for rule in rules)


def test_finding_with_its_place(tmp_path: Path) -> None:
    tml = {**RETAIL, "My Net.tml": retail("Net.tml", "[Net]", "[Nett]")["Net.tml"]}
    del tml["Net.tml"]
    run = run_of(check_project(make_project(tmp_path, tml)))
    (result,) = run["results"]
    assert result["level"] == "warning"
    assert result["message"]["text"] == ("model:Retail has no column Nett (at answer.search_query). Did you mean Net?")
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "tml/My%20Net.tml"},
                "region": {"startLine": 8, "startColumn": 19},
            }
        }
    ]


def test_fingerprint_stays_when_lines_move_and_differs_between_findings(tmp_path: Path) -> None:
    text = RETAIL["Net.tml"].replace("[Net] [Region]", "[A] [B]")
    moved = text.replace("answer:\n", "answer:\n  description: one more line\n")
    runs = [
        run_of(check_project(make_project(tmp_path / name, {**RETAIL, "Net.tml": version})))
        for name, version in (("before", text), ("after", moved))
    ]
    before, after = ([result["partialFingerprints"] for result in run["results"]] for run in runs)
    assert before == after
    assert len({json.dumps(one) for one in before}) == 2


def test_equal_findings_have_different_fingerprints() -> None:
    finding = Finding("TD102", "not valid YAML", Location("a.tml", 1, 1))
    run = run_of(CheckReport(1, (finding, finding), (), ()))
    assert len({json.dumps(result["partialFingerprints"]) for result in run["results"]}) == 2


def test_suppressed_finding_is_in_it_with_the_reason(tmp_path: Path) -> None:
    tml = retail("SALES.tml", "type: INNER", "type: SIDEWAYS")
    text = "version: 1\nsuppress:\n- {rule: TD124, in: SALES, reason: newer server}\n"
    run = run_of(check_project(make_project(tmp_path, tml, {".tsdeploy-check.yaml": text})))
    assert [result["suppressions"] for result in run["results"]] == [
        [{"kind": "external", "justification": "newer server"}]
    ]


def test_file_name_that_is_no_text_and_place_without_a_line() -> None:
    finding = Finding("TD104", "file is empty", Location(b"tml/\xff.tml".decode("utf-8", "surrogateescape")))
    (result,) = run_of(CheckReport(1, (finding,), (), ()))["results"]
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "tml/%FF.tml"}}}]


def test_a_finding_without_a_place_gets_one_because_github_takes_no_other() -> None:
    (result,) = run_of(CheckReport(1, (Finding("TD191", "rule x is broken"),), (), ()))["results"]
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "tsdeploy.yaml"}}}]

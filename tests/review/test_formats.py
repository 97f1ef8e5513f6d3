"""The formats of machines: what they hold, and that names cannot break them."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from tests.conftest import Cli
from tests.review.changes import column_of_a_table_removed, connection_changed, name_that_wants_to_be_markup
from tests.review.repositories import Workshop
from tsdeploy.review.formats import review_code_quality, review_json, review_junit, review_sarif


def test_sarif_points_at_the_lines(workshop: Workshop) -> None:
    (run,) = review_sarif(workshop.review(column_of_a_table_removed))["runs"]
    results = {result["ruleId"]: result for result in run["results"]}
    assert set(results) == {"TD730", "TD732"}
    assert results["TD730"]["level"] == "error"
    assert "column NET_AMOUNT removed" in results["TD730"]["message"]["text"]
    place = results["TD730"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "tml/table/SALES.5da37430.table.tml"
    assert place["region"]["startLine"] == 3


def test_code_quality_is_a_list_of_issues_with_fingerprints_of_their_own(workshop: Workshop) -> None:
    issues = review_code_quality(workshop.review(column_of_a_table_removed))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) > 10
    assert {issue["severity"] for issue in issues} == {"critical"}
    assert all(set(issue["location"]) == {"path", "lines"} for issue in issues)


def test_junit_fails_what_breaks_and_what_is_blocked(workshop: Workshop) -> None:
    suite = ElementTree.fromstring(review_junit(workshop.review(connection_changed, "prod")))
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["table:PROMOTIONS", "prod"]
    assert suite.get("failures") == "2"


def test_junit_is_xml_whatever_objects_are_called(workshop: Workshop) -> None:
    workshop.edit("Inventory Health", ("  name: Inventory Health\n", '  name: "\\x01 ]]> &"\n'))
    suite = ElementTree.fromstring(review_junit(workshop.review(name_that_wants_to_be_markup)))
    assert "liveboard:\\u0001 ]]> &" in [case.get("name") for case in suite]


def test_json_has_everything_and_names_as_they_are(workshop: Workshop) -> None:
    plain = review_json(workshop.review(column_of_a_table_removed, "prod"))
    assert json.loads(json.dumps(plain)) == plain
    assert plain["verdict"]["mood"] == "stop"
    assert plain["counts"]["breaking"] == 1
    assert plain["objects"][0]["changes"][0]["what"] == "column.removed"
    assert sum(bool(one["breaks"]) for one in plain["affected"]) == 11
    assert plain["environments"][0]["counts"]["create"] == 1


def test_several_outputs_of_one_run(workshop: Workshop, cli: Cli) -> None:
    workshop.review(column_of_a_table_removed)
    root = workshop.project.root
    outputs = [f"{form}={root / form}.out" for form in ("html", "md", "sarif", "junit", "code-quality", "json", "text")]
    arguments = [part for one in outputs for part in ("--out", one)]
    outcome = cli(
        "--project", str(root), "review", "--base", "start", "--env", "prod", "--fail-on", "breaking", *arguments
    )
    assert outcome.code == 1, outcome.err
    assert outcome.out.startswith("Do not merge this yet: 1 breaking change, 11 objects stop working.\n")
    assert (root / "text.out").read_text("utf-8") == outcome.out
    assert (root / "html.out").read_text("utf-8").startswith("<!doctype html>")
    assert json.loads((root / "json.out").read_text("utf-8"))["verdict"]["mood"] == "stop"


def test_text_fits_a_terminal(workshop: Workshop, cli: Cli) -> None:
    workshop.review(name_that_wants_to_be_markup)
    outcome = cli("--project", str(workshop.project.root), "review", "--base", "start")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert "\u202e" not in outcome.out


def test_a_commit_that_is_not_there_is_a_usage_error(workshop: Workshop, cli: Cli) -> None:
    outcome = cli("--project", str(workshop.project.root), "review", "--base", "--upload-pack=x")
    assert outcome.code == 2
    assert "error[TD704]" in outcome.err

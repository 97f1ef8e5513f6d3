"""Every form in which a plan is read, for one plan that has something of everything."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.golden_files import assert_golden
from tests.plan.editing import describe_in_file, edit_live, put
from tests.plan.test_affected import STRANGER, change_model

FORMS = ("text", "markdown", "html", "json")


@pytest.fixture
def planned(retail: Estate, cli: Cli) -> Estate:
    """Something to create, to update, to set, blocked by a remote edit, removed from git, and objects that feel it."""
    cli("export", "dev", "--commit")
    (answer,) = retail.project.tml.rglob("Products Below Stock Cover.*")
    later = answer.read_bytes()
    answer.unlink()
    retail.commit("not yet")
    assert cli("deploy", "prod", "--yes").code == 0
    answer.write_bytes(later)
    put(retail, "prod", STRANGER)
    edit_live(retail, "prod", "Store Performance", "Net Sales by Region", "<b>Changed</b> by @hand")
    describe_in_file(retail, "Store Performance", "Described anew | `so` <i>it</i> is")
    change_model(retail, r"  - name: Customer Segment\n(    .*\n)+", "")
    (removed,) = retail.project.tml.rglob("Regional Sales Detail.*")
    removed.unlink()
    state = 'source: dev\nstate: [{objects: ["liveboard:*"], tags: ["<b>certified</b> | @all"]}]\n'
    retail.write("environments/prod/environment.yaml", environment_yaml(retail.servers["prod"].url, state))
    retail.commit("removed")
    return retail


def stable(text: str) -> str:
    """Without what differs from run to run: commits, GUIDs that a server gave, and the port."""
    text = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "GUID", text)
    return re.sub(r"\b([0-9a-f]{40}|[0-9a-f]{12})\b", "COMMIT", text)


@pytest.mark.parametrize("form", FORMS)
def test_form(form: str, planned: Estate, cli: Cli, request: pytest.FixtureRequest) -> None:
    outcome = cli("plan", "prod", "--format", form)
    assert outcome.code == 1
    assert_golden(request, f"plan/plan.{form}", stable(outcome.out))
    assert "\x1b" not in outcome.out
    if form == "text":
        assert_golden(request, "plan/plan.findings", stable(re.sub(r"http://\S+", "URL", outcome.err)))
        assert max(map(len, outcome.out.splitlines())) <= 80


def test_detail(planned: Estate, cli: Cli, request: pytest.FixtureRequest) -> None:
    out = cli("plan", "prod", "--detail").out
    assert_golden(request, "plan/detail.text", stable(out))


def test_several_outputs_in_one_run(planned: Estate, cli: Cli, tmp_path: Path) -> None:
    files = {form: tmp_path / f"plan.{form}" for form in ("md", "html", "json", "text")}
    options = [word for form, file in files.items() for word in ("--out", f"{form}={file}")]
    outcome = cli("plan", "prod", *options)
    assert outcome.out == files["text"].read_text("utf-8")
    assert files["md"].read_text("utf-8").startswith("### Plan: 1 to create")
    assert files["html"].read_text("utf-8").startswith("<!doctype html>")
    assert json.loads(files["json"].read_text("utf-8"))["environment"] == "prod"


def test_output_without_a_file_is_an_error(retail: Estate, cli: Cli) -> None:
    said = cli("plan", "prod", "--out", "plan.json").err
    assert "error[TD025]: not FORM=FILE: plan.json" in said
    assert "-o plan.json" in said


def test_calls_of_a_deploy_are_told(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    out = cli("plan", "prod", "--explain").out
    calls = [line for line in out.splitlines() if line.startswith("  POST ")]
    assert calls[:2] == [
        "  POST metadata/tml/import: import_policy VALIDATE_ONLY, 23 objects",
        "  POST metadata/tml/import: import_policy ALL_OR_NONE, 23 objects",
    ]

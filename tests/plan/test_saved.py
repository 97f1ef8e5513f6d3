"""A plan file is exactly what is deployed, or nothing is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate
from tests.plan.editing import describe_in_file, edit_live


@pytest.fixture
def planned(retail: Estate, cli: Cli, tmp_path: Path) -> Path:
    """A plan file of the first deploy to prod."""
    cli("export", "dev", "--commit")
    file = tmp_path / "plan.json"
    assert cli("plan", "prod", "-o", str(file)).code == 0
    return file


def test_saved_plan_is_deployed(planned: Path, retail: Estate, cli: Cli) -> None:
    outcome = cli("deploy", str(planned), "--yes")
    assert outcome.code == 0
    assert "Deploy: 26 done." in outcome.out


def test_same_inputs_give_the_same_bytes(planned: Path, retail: Estate, cli: Cli, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    cli("plan", "prod", "-o", str(again))
    assert again.read_bytes() == planned.read_bytes()


def test_plan_file_holds_no_secret_and_no_tml(planned: Path) -> None:
    text = planned.read_text("utf-8")
    assert "sandbox" not in text
    assert "visualizations" not in text


def test_plan_is_stale_at_another_commit(planned: Path, retail: Estate, cli: Cli) -> None:
    describe_in_file(retail, "Inventory Health", "new")
    outcome = cli("deploy", str(planned), "--yes")
    assert outcome.code == 4
    assert "error[TD561]" in outcome.err
    assert "error[TD564]: liveboard:Inventory Health would be sent with other content" in outcome.err
    assert retail.count("prod") == 1


def test_plan_is_stale_when_the_target_moved(retail: Estate, cli: Cli, tmp_path: Path) -> None:
    cli("export", "dev", "--commit")
    cli("deploy", "prod", "--yes")
    describe_in_file(retail, "Inventory Health", "new")
    file = tmp_path / "plan.json"
    cli("plan", "prod", "-o", str(file))
    edit_live(retail, "prod", "Store Performance", "Net Sales by Region", "Changed by hand")
    outcome = cli("deploy", str(file), "--yes")
    assert outcome.code in (1, 4)
    assert "error[TD564]: liveboard:Store Performance changed in prod since the plan was made" in outcome.err


def test_plan_is_stale_with_another_mapping(planned: Path, retail: Estate, cli: Cli) -> None:
    path = retail.project.root / "environments/prod/mapping.yaml"
    path.write_text(path.read_text("utf-8") + "\n# a remark\n", "utf-8")
    outcome = cli("deploy", str(planned), "--yes")
    assert outcome.code == 4
    assert "error[TD562]" in outcome.err


def test_plan_of_another_version_is_refused(planned: Path, retail: Estate, cli: Cli) -> None:
    value = json.loads(planned.read_text("utf-8"))
    planned.write_text(json.dumps(value | {"tool": "0.0.1"}), "utf-8")
    assert "error[TD563]" in cli("deploy", str(planned), "--yes").err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"extra": 1}, "TD303"),
        ({"version": 2}, "TD303"),
        ({"changes": [{"object": "x"}]}, "TD303"),
    ],
)
def test_plan_file_is_read_strictly(
    change: dict[str, object], said: str, planned: Path, retail: Estate, cli: Cli
) -> None:
    value = json.loads(planned.read_text("utf-8"))
    planned.write_text(json.dumps(value | change), "utf-8")
    outcome = cli("deploy", str(planned), "--yes")
    assert outcome.code == 2
    assert f"error[{said}]" in outcome.err


def test_plan_file_takes_no_options(planned: Path, retail: Estate, cli: Cli) -> None:
    assert "error[TD027]" in cli("deploy", str(planned), "--yes", "--select", "model:*").err


def test_missing_plan_file_is_said(retail: Estate, cli: Cli) -> None:
    assert "error[TD301]: there is no plan file" in cli("deploy", "gone.json", "--yes").err


def test_selection_is_part_of_the_plan(retail: Estate, cli: Cli, tmp_path: Path) -> None:
    cli("export", "dev", "--commit")
    file = tmp_path / "plan.json"
    cli("plan", "prod", "--select", "+model:Retail Sales", "-o", str(file))
    assert cli("deploy", str(file), "--yes").code == 0
    assert "Store Performance" not in {item.name for item in retail.clusters["prod"].objects.in_org(0)}

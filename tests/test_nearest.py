"""A misspelt word is answered with the nearest one, wherever a word of a known set is wanted."""

from __future__ import annotations

import pytest

from tests.conftest import Cli, environment_yaml
from tsdeploy.git import create_repository
from tsdeploy.nearest import closest, nearest


def test_nearest_word() -> None:
    assert nearest("liveborad", ["model", "liveboard"]) == "did you mean liveboard?"
    assert nearest("x", ["model", "liveboard"]) == ""
    assert closest("sale", ["Sales", "sales", "other"], 1) == ["sales"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("plam prod", "did you mean plan?"),
        ("map inferr prod", "Did you mean 'infer'?"),
        ("backup lst prod", "No such command 'lst'. Did you mean list?"),
        ("plan --detial prod", "Did you mean '--detail'?"),
        ("plan prdo", "did you mean prod?"),
        ("doctor prdo", "did you mean prod?"),
        ("graph liveborad:x", "did you mean liveboard:x ?"),
        ("graph nme:x", "did you mean name:x ?"),
        ("export prod --kind modle", "Did you mean model?"),
        ("schema enviroment", "Did you mean environment?"),
        ("completion bsh", "Did you mean bash?"),
        ("map import cstools environments prod", "Did you mean cs_tools?"),
        ("explain td20", "did you mean TD201, TD202, TD203"),
        ("explain TDD161", "did you mean TD161?"),
    ],
)
def test_misspelt_word(line: str, answer: str, cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.getbasetemp() / "misspelt"
    if not root.exists():
        (root / "environments" / "prod").mkdir(parents=True)
        (root / "environments/prod/environment.yaml").write_text(environment_yaml("http://127.0.0.1:1"), "utf-8")
        create_repository(root)

    outcome = cli("--project", str(root), *line.split())

    assert outcome.code == 2
    assert answer in " ".join(outcome.err.split())


def test_misspelt_guard_rule_and_key(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Those that stand in files, or are known only when a plan is there, are tried where they are read."""
    root = tmp_path_factory.mktemp("keys")
    (root / "environments" / "prod").mkdir(parents=True)
    text = environment_yaml("http://127.0.0.1:1", "guards: {max_updats: 1}\n")
    (root / "environments/prod/environment.yaml").write_text(text, "utf-8")
    (root / ".tsdeploy-check.yaml").write_text("version: 1\nsuppress:\n- {rule: TD1611, in: x, reason: y}\n", "utf-8")
    assert "did you mean max_updates?" in cli("--project", str(root), "plan", "prod").err
    (root / "environments/prod/environment.yaml").write_text(environment_yaml("http://127.0.0.1:1"), "utf-8")
    assert "did you mean TD161?" in cli("--project", str(root), "check").out

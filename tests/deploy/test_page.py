"""The page on deploying: its settings are read, its commands run, its table of statuses is the list of statuses."""

from __future__ import annotations

import re
import shlex

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.release import exported
from tests.plan.editing import describe_in_file
from tests.tml.real_files import REPOSITORY
from tsdeploy.deploy.result import STATUSES

PAGE = (REPOSITORY / "docs" / "deploy.md").read_text("utf-8")


def test_settings_of_the_page_are_valid(estate: Estate) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    text = environment_yaml(estate.servers["prod"].url, f"source: dev\n{block}")
    estate.write("environments/prod/environment.yaml", text)
    prod = estate.project.environment("prod")
    assert (prod.deploy.record.branch, prod.deploy.hooks.timeout) == ("tsdeploy/state", 300)
    assert [len(state.share) for state in prod.state] == [2, 0]


def test_statuses_of_the_page_are_all() -> None:
    assert tuple(re.findall(r"^\| `([a-z ]+)` \|", PAGE, re.MULTILINE)) == STATUSES


def test_commands_of_the_page_run(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    describe_in_file(retail, "Store Performance", "Another one")
    (block,) = re.findall(r"```\n(tsdeploy.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines():
        _, *words = shlex.split(line, comments=True)
        asks = ["--yes"] if words[0] in ("deploy", "rollback") and "--plan" not in words else []
        outcome = cli(*words, *asks)
        assert outcome.code == 0, (line, outcome.err)

"""``promote FROM TO`` is an export, a plan and a deploy."""

from __future__ import annotations

from tests.conftest import Cli, Estate
from tsdeploy.demo import change_liveboard


def test_promote_does_it_all(retail: Estate, cli: Cli) -> None:
    outcome = cli("promote", "dev", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "Export: 26 added" in outcome.out
    assert "Plan: 26 to create" in outcome.out
    assert "Deploy: 26 done." in outcome.out
    with retail.session("dev") as session:
        change_liveboard(session)
    again = cli("promote", "dev", "prod", "--yes", "-m", "A new chart")
    assert "Deploy: 1 done." in again.out
    assert cli("plan", "prod", "--exit-code").code == 0


def test_promote_asks(retail: Estate, cli: Cli) -> None:
    outcome = cli("promote", "dev", "prod")
    assert outcome.code == 2
    assert "error[TD002]" in outcome.err
    assert retail.count("prod") == 1


def test_promote_follows_the_environment_files(retail: Estate, cli: Cli) -> None:
    outcome = cli("promote", "prod", "dev", "--yes")
    assert outcome.code == 2
    assert "error[TD028]: dev is deployed from no other environment, not from prod" in outcome.err

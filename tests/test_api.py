"""What the command line can do, a few lines of Python can: nothing is printed, results are returned."""

from __future__ import annotations

import pytest

import tsdeploy
from tests.conftest import Estate
from tsdeploy import Action, ExportOrder, connect, deploy_plan, export_environment, find_project, make_plan


@pytest.mark.parametrize("name", tsdeploy.__all__)
def test_public_name_exists(name: str) -> None:
    assert getattr(tsdeploy, name) is not None


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        tsdeploy.nothing  # noqa: B018 - looking is what is tested


def test_promotion_in_a_few_lines(retail: Estate, capfd: pytest.CaptureFixture[str]) -> None:
    project = find_project(retail.project.root)
    dev, prod = project.environment("dev"), project.environment("prod")
    with connect(dev) as session:
        exported = export_environment(project, dev, session, ExportOrder(commit=True))
    with connect(prod) as session:
        plan = make_plan(project, prod, session)
        result = deploy_plan(project, prod, session, plan)
    assert exported.count("added") == plan.count(Action.CREATE) == len(result.objects) == 26
    assert (result.succeeded, result.exit_code) == (True, 0)
    assert capfd.readouterr() == ("", "")

"""Git-ops for ThoughtSpot: what the command line can do, from Python.

    from tsdeploy import connect, deploy_plan, find_project, make_plan

    project = find_project(Path("."))
    prod = project.environment("prod")
    with connect(prod) as session:
        result = deploy_plan(project, prod, session, make_plan(project, prod, session))

Functions return results and print nothing; failures are ``TsdeployError``. Names are imported when they are used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tsdeploy.errors import Finding, Location, Severity, TsdeployError
from tsdeploy.version import __version__

if TYPE_CHECKING:
    from tsdeploy.config.environment import Environment, ExportSettings
    from tsdeploy.config.project import Project, find_project
    from tsdeploy.deploy.deploying import deploy_plan
    from tsdeploy.deploy.result import DeployResult
    from tsdeploy.export.order import ExportOrder
    from tsdeploy.export.result import ExportResult
    from tsdeploy.export.run import export_environment
    from tsdeploy.plan.build import make_plan
    from tsdeploy.plan.change import Action, Change, Plan
    from tsdeploy.plan.guards import check_guards
    from tsdeploy.sessions import connect

_HOMES = {
    "Action": "tsdeploy.plan.change",
    "Change": "tsdeploy.plan.change",
    "DeployResult": "tsdeploy.deploy.result",
    "Environment": "tsdeploy.config.environment",
    "ExportOrder": "tsdeploy.export.order",
    "ExportResult": "tsdeploy.export.result",
    "ExportSettings": "tsdeploy.config.environment",
    "Plan": "tsdeploy.plan.change",
    "Project": "tsdeploy.config.project",
    "check_guards": "tsdeploy.plan.guards",
    "connect": "tsdeploy.sessions",
    "deploy_plan": "tsdeploy.deploy.deploying",
    "export_environment": "tsdeploy.export.run",
    "find_project": "tsdeploy.config.project",
    "make_plan": "tsdeploy.plan.build",
}

__all__ = [
    "Action",
    "Change",
    "DeployResult",
    "Environment",
    "ExportOrder",
    "ExportResult",
    "ExportSettings",
    "Finding",
    "Location",
    "Plan",
    "Project",
    "Severity",
    "TsdeployError",
    "__version__",
    "check_guards",
    "connect",
    "deploy_plan",
    "export_environment",
    "find_project",
    "make_plan",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)

"""``promote FROM TO``: what one environment has, into git, and from there into another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.in_one_go import deploy_release
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.run import DeployOptions
from tsdeploy.errors import ConfigError, DeployError, Finding, Location
from tsdeploy.export.order import ExportOrder
from tsdeploy.export.result import ExportResult
from tsdeploy.export.run import export_environment
from tsdeploy.sessions import connect

_AS_USUAL = DeployOptions()


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a promotion did: the export, with its commit, and the deploy."""

    exported: ExportResult
    deployed: DeployResult


def promote(
    project: Project,
    source: str,
    target: str,
    options: DeployOptions = _AS_USUAL,
    *,
    message: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> Promotion:
    """Export an environment, commit what changed, and deploy it to another one; both are connected to here.

    ``message`` is that of the commit, a template. Raises what ``export_for`` and ``deploy_release`` raise, and
    DeployError with its findings when something could not be exported: then nothing is deployed.
    """
    progress(f"exporting {source}")
    exported = export_for(project, source, target, message)
    errors = [finding for finding in exported.findings if finding.is_error]
    DeployError.raise_for(errors)
    environment = project.environment(target)
    with connect(environment) as session:
        progress(f"deploying to {target}")
        return Promotion(exported, deploy_release(project, environment, session, options, progress))


def export_for(project: Project, source: str, target: str, message: str = "") -> ExportResult:
    """The first half: export and commit what is to be promoted.

    Raises ConfigError TD028 where the target gets its objects from elsewhere, and what ``export_environment`` raises.
    """
    _refuse_wrong_source(project.environment(target), source)
    environment = project.environment(source)
    with connect(environment) as session:
        return export_environment(project, environment, session, ExportOrder(commit=True, message=message))


def _refuse_wrong_source(target: Environment, source: str) -> None:
    if target.source != source:
        message = f"{target.name} is deployed from {target.source or 'no other environment'}, not from {source}"
        where = Location(f"environments/{target.name}/environment.yaml")
        raise ConfigError(Finding("TD028", message, where, at="source", hint=f"write  source: {source}  there"))

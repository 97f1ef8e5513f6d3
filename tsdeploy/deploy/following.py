"""What follows a release: hooks are told, git keeps the record, and old releases make room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.config.releases import ReleaseFile
from tsdeploy.deploy.hooks import HookRunner
from tsdeploy.deploy.keeping import keep_in_git
from tsdeploy.deploy.release_file import write_release
from tsdeploy.deploy.release_folder import ReleaseFolder
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.retention import drop_expired
from tsdeploy.errors import Location


def hooks_of(project: Project, environment: Environment, redact: Callable[[str, int], str]) -> HookRunner:
    """The hooks of an environment; ``redact`` takes secrets out of a text and cuts it to a length."""
    where = Location(project.shown(environment.folder / "environment.yaml"))
    return HookRunner(environment.deploy.hooks, project.root, where, redact)


def follow_up(
    project: Project,
    environment: Environment,
    hooks: HookRunner,
    folder: ReleaseFolder,
    file: ReleaseFile,
    result: DeployResult,
) -> DeployResult:
    """Tell ``after`` or ``on_failure``, write down how it ended, commit what was recorded, and delete what is too old.

    The result with what went wrong meanwhile: warnings, for the release itself is over; but an error TD707 where git is
    to have the record and has not, which a runner that is thrown away takes with it.
    """
    ended = hooks.run("after" if result.succeeded else "on_failure", result_facts(result))
    told = hooks.finding(ended)
    findings = [told.as_warning()] if told else []
    if ended:
        said = (*file.findings, *map(str, findings))
        write_release(environment, replace(file, hooks={**file.hooks, **ended}, findings=said), folder)
    findings += filter(None, [keep_in_git(project, environment, folder)])
    findings += filter(None, [drop_expired(project, environment)])
    return replace(result, findings=(*result.findings, *findings))


def result_facts(result: DeployResult) -> dict[str, object]:
    """A result as plain data, for hooks."""
    return {
        "environment": result.environment,
        "release": result.release,
        "kind": result.kind,
        "commit": result.commit,
        "status": result.status,
        "seconds": round(result.seconds, 3),
        "overrides": list(result.overrides),
        "objects": [asdict(item) for item in result.objects],
        "settings": list(result.settings),
        "findings": list(_plain(result)),
    }


def _plain(result: DeployResult) -> Iterator[dict[str, str]]:
    for finding in result.findings:
        place = str(finding.location or "")
        yield {
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.message,
            "in": place,
            "hint": finding.hint,
        }

"""Pipelines for the usual CI systems, written for the environments of a project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, Location, UsageError
from tsdeploy.files import write_atomically
from tsdeploy.pipelines.systems import SYSTEMS
from tsdeploy.version import __version__

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,200}")
_SECRET = "@secret@"  # noqa: S105 - a name, no secret


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a pipeline is written for: where it deploys to, from which branch, with which secrets."""

    target: str
    branch: str
    secrets: tuple[str, ...]


def pipeline_for(project: Project, target: str = "", branch: str = "main") -> Pipeline:
    """What to write for a project; the target need not be named where only one environment has a source.

    Raises UsageError TD725 where it is not clear, or a name could not stand in a pipeline, and ConfigError.
    """
    targets = [one for one in map(project.environment, project.environment_names()) if one.source]
    if target:
        environment = project.environment(target)
    elif len(targets) == 1:
        environment = targets[0]
    else:
        names = ", ".join(one.name for one in targets) or "none has a source"
        raise UsageError(_unclear("say which environment is deployed to", f"add  --env ENV;  here: {names}"))
    branch = environment.guards.branch or branch
    if not _SAFE.fullmatch(environment.name) or not _BRANCH.fullmatch(branch):
        message = f"the name {environment.name} or {branch} cannot stand in a pipeline"
        raise UsageError(_unclear(message, "use letters, digits, dots, dashes and underscores"))
    return Pipeline(environment.name, branch, (environment.auth.secret.variable,))


def pipeline_text(system: str, pipeline: Pipeline) -> str:
    """The text of a pipeline. Lines with a secret are written once for each."""
    template = (files("tsdeploy.pipelines") / SYSTEMS[system].template).read_text(encoding="utf-8")
    lines = (one for line in template.splitlines() for one in _for_each_secret(line, pipeline.secrets))
    values = {
        "@secrets@": ", ".join(pipeline.secrets),
        "@target@": pipeline.target,
        "@branch@": pipeline.branch,
        "@version@": __version__,
    }
    text = "\n".join(lines) + "\n"
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def write_pipeline(root: Path, system: str, pipeline: Pipeline) -> Path | None:
    """Write the pipeline's file; None where it is there already. Raises UsageError TD725 where another one is."""
    path = root / SYSTEMS[system].path
    content = pipeline_text(system, pipeline).encode("utf-8")
    if path.exists():
        if path.read_bytes() == content:
            return None
        hint = "move it away, and bring what you changed over to the new one"
        raise UsageError(Finding("TD725", "there is a pipeline already", Location(SYSTEMS[system].path), hint=hint))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)
    return path


def _for_each_secret(line: str, secrets: Iterable[str]) -> Iterable[str]:
    return [line.replace(_SECRET, secret) for secret in secrets] if _SECRET in line else [line]


def _unclear(message: str, hint: str) -> Finding:
    return Finding("TD725", message, at="--ci", hint=hint)

"""The shell steps of a pipeline, as its CI system would run them: job by job, in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml


@dataclass(frozen=True)
class Job:
    """A job: its scripts in order, the variables that it gets by name, and the paths of what it uploads."""

    name: str
    scripts: tuple[str, ...]
    variables: frozenset[str] = field(default_factory=frozenset)
    uploads: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All scripts, as one."""
        return "\n".join(self.scripts)


class _Loader(yaml.SafeLoader):
    """Reads ``on:`` as a word."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> Any:
    """A pipeline as plain data."""
    return yaml.load(text, Loader=_Loader)


def jobs(system: str, text: str) -> dict[str, Job]:
    """The jobs of a pipeline, by name."""
    found = {"github": _github, "gitlab": _gitlab, "azure": _azure, "bitbucket": _bitbucket, "jenkins": _jenkins}
    return {job.name: job for job in found[system](text)}


def _github(text: str) -> Iterator[Job]:
    for name, job in read(text)["jobs"].items():
        steps = [step for step in job["steps"] if "run" in step]
        variables = frozenset(k for s in steps for k in s.get("env", {}))
        yield Job(name, tuple(step["run"] for step in steps), variables, tuple(github_uploads(job["steps"])))


def github_uploads(steps: list[Any]) -> Iterator[str]:
    """The paths that steps of a workflow, or of an action, upload."""
    for step in steps:
        if step.get("uses", "").split("@")[0].endswith(("/upload-artifact", "/upload-sarif")):
            yield from (step["with"].get("path") or step["with"]["sarif_file"]).splitlines()


def _gitlab(text: str) -> Iterator[Job]:
    pipeline = read(text)
    first = pipeline.get("default", {}).get("before_script", ())
    for name, job in pipeline.items():
        if isinstance(job, dict) and "script" in job:
            kept = job.get("artifacts", {})
            # An after_script is left out, here and below: whether it fails, no system counts.
            uploads = (*kept.get("paths", ()), *kept.get("reports", {}).values())
            yield Job(name, (*first, *job["script"]), uploads=uploads)


def _azure(text: str) -> Iterator[Job]:
    for stage in read(text)["stages"]:
        (job,) = stage["jobs"]
        steps = job.get("steps") or job["strategy"]["runOnce"]["deploy"]["steps"]
        bash = [step for step in steps if "bash" in step]
        variables = frozenset(k for s in bash for k in s.get("env", {}))
        results = [step["inputs"] for step in steps if "task" in step]
        uploads = [step["publish"] for step in steps if "publish" in step]
        uploads += [f"{one['searchFolder']}/{one['testResultsFiles']}" for one in results]
        yield Job(stage["stage"], tuple(one["bash"] for one in bash), variables, tuple(uploads))


def _bitbucket(text: str) -> Iterator[Job]:
    pipelines = read(text)["pipelines"]
    for branch in (
        *pipelines["pull-requests"].values(),
        *pipelines["branches"].values(),
        *pipelines["custom"].values(),
    ):
        for entry in branch:
            step = entry["step"]
            results = re.findall(r"--?junit[ =](\S+)", "\n".join(step["script"]))
            yield Job(step["name"], tuple(step["script"]), uploads=(*step.get("artifacts", ()), *results))


def _jenkins(text: str) -> Iterator[Job]:
    for stage in re.split(r"(?=^        stage\()", text, flags=re.MULTILINE)[1:]:
        (name,) = re.findall(r"^        stage\('([^']*)'\)", stage)
        scripts = re.findall(r"sh '''\n(.*?)'''", stage, re.DOTALL)
        variables = frozenset(re.findall(r"(\w+) = credentials", stage))
        kept = re.findall(r"(?:artifacts|testResults): '([^']*)'", stage)
        yield Job(name, tuple(scripts), variables, tuple(path for paths in kept for path in paths.split(",")))

"""The shell steps of a pipeline, as its CI system would run them: job by job, in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml


@dataclass(frozen=True)
class Job:
    """A job: its scripts in order, and the variables that it gets by name."""

    name: str
    scripts: tuple[str, ...]
    variables: frozenset[str] = field(default_factory=frozenset)

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
        yield Job(name, tuple(step["run"] for step in steps), frozenset(k for s in steps for k in s.get("env", {})))


def _gitlab(text: str) -> Iterator[Job]:
    for name, job in read(text).items():
        if isinstance(job, dict) and "script" in job:
            yield Job(name, (*job["script"], *job.get("after_script", ())))


def _azure(text: str) -> Iterator[Job]:
    for stage in read(text)["stages"]:
        (job,) = stage["jobs"]
        steps = job.get("steps") or job["strategy"]["runOnce"]["deploy"]["steps"]
        bash = [step for step in steps if "bash" in step]
        yield Job(
            stage["stage"], tuple(one["bash"] for one in bash), frozenset(k for s in bash for k in s.get("env", {}))
        )


def _bitbucket(text: str) -> Iterator[Job]:
    pipelines = read(text)["pipelines"]
    for branch in (
        *pipelines["pull-requests"].values(),
        *pipelines["branches"].values(),
        *pipelines["custom"].values(),
    ):
        for entry in branch:
            step = entry["step"]
            yield Job(step["name"], (*step["script"], *step.get("after-script", ())))


def _jenkins(text: str) -> Iterator[Job]:
    for stage in re.split(r"(?=^        stage\()", text, flags=re.MULTILINE)[1:]:
        (name,) = re.findall(r"^        stage\('([^']*)'\)", stage)
        scripts = re.findall(r"sh '''\n(.*?)'''", stage, re.DOTALL)
        yield Job(name, tuple(scripts), frozenset(re.findall(r"(\w+) = credentials", stage)))

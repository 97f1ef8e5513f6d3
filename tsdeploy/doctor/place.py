"""What can be told on this machine alone: versions, git, the repository's settings, the disk, and the files."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tsdeploy.config.project import Project, find_project
from tsdeploy.doctor.check import Remark, ok, problem, remarks_of, warning
from tsdeploy.errors import Finding, GitError, TsdeployError
from tsdeploy.git import Repository
from tsdeploy.git_drivers import ATTRIBUTES, TML_MERGE_DRIVER
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.version import __version__

_PACKAGES = ("click", "requests", "GitPython", "jsonschema", "ruamel.yaml", "PyYAML")
_OLDEST_GIT = (2, 28)
"""``git init --initial-branch``; the newest option that is used."""
_UNSET_VARIABLE = "TD305"
_PRIVATE = (".env", ".env.local", ".netrc", "secrets.yaml")
"""Files that people keep secrets in."""
_LITTLE = 200_000_000
"""Bytes that an export, or the journal of a deploy with what was there before, may well need."""
_GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to work in, and the git repository that it lies in, or why there is none."""

    folder: Path
    repository: Repository | None
    lacking: GitError | None = None

    @classmethod
    def of(cls, folder: Path) -> Place:
        """The place that a folder is."""
        try:
            return cls(folder.resolve(), Repository.find(folder))
        except GitError as error:
            return cls(folder.resolve(), None, error)

    def project(self) -> Project:
        """The project. Raises ConfigError TD307, TD302 or TD303."""
        return find_project(self.folder)


def check_versions(_: Place) -> Iterator[Remark]:
    """What runs."""
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield problem(f"the package {name} is not installed", "install tsdeploy again, with what it needs")
    yield ok(f"tsdeploy {__version__} on Python {platform.python_version()}, with {', '.join(found)}")


def check_git(place: Place) -> Iterator[Remark]:
    """Whether there is a repository, and a git that is new enough."""
    if place.repository is None:
        yield from remarks_of(place.lacking) if place.lacking else ()
        return
    said = place.repository.run("version").strip()
    numbers = re.search(r"(\d+)\.(\d+)", said)
    wanted = ".".join(map(str, _OLDEST_GIT))
    if numbers and tuple(map(int, numbers.groups())) >= _OLDEST_GIT:
        yield ok(said)
    else:
        yield problem(f"{said}; {wanted} or newer is needed", "install a newer git")
    if not place.repository.who():
        hint = "git config --global user.name NAME  and  git config --global user.email ADDRESS"
        yield warning("git does not know who you are, and refuses to commit", hint)


def check_project(place: Place) -> Iterator[Remark]:
    """Whether this is a project. Raises ConfigError TD307, TD302 or TD303."""
    names = place.project().environment_names()
    if names:
        yield ok(f"environments: {', '.join(names)}")
    else:
        yield problem("no environment has an environment.yaml", "tsdeploy init  writes them")


def check_disk(place: Place) -> Iterator[Remark]:
    """Whether the project's folder and its state can be written, and have room for it."""
    project = place.project()
    closed = [folder for folder in (project.root, project.state) if folder.exists() and not _is_open(folder)]
    for folder in closed:
        hint = "give the user that runs tsdeploy the right to write there, or work where it has it"
        yield problem(f"nothing can be written into {folder}", hint, "TD001")
    if not closed:
        yield space(shutil.disk_usage(project.root).free)


def _is_open(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def space(free: int) -> Remark:
    """What so many bytes are for a project."""
    left = f"{free / _GIGABYTE:.1f} GB free"
    if free >= _LITTLE:
        return ok(f"the project can be written; {left}")
    return warning(
        f"the project can be written, but the disk is nearly full: {left}", "free some space before a deploy"
    )


def check_files(place: Place) -> Iterator[Remark]:
    """Whether each file of each environment can be read."""
    project = place.project()
    for name in project.environment_names():
        shown = f"environments/{name}"
        remarks = [*_file_remarks(project, name)]
        yield from remarks or [ok(f"{shown}: every file can be read")]


def _file_remarks(project: Project, name: str) -> Iterator[Remark]:
    try:
        environment = project.environment(name)
        load_mapping(environment.mapping_path, project.shown(environment.mapping_path))
        project.objects(environment)
        if environment.source and environment.source not in project.environment_names():
            yield problem(
                f"{name} has the source {environment.source}, which is no environment here", "correct  source:"
            )
    except TsdeployError as error:
        for found, remark in zip(error.findings, remarks_of(error), strict=True):
            yield _softened(found, remark)


def _softened(found: Finding, remark: Remark) -> Remark:
    """A variable need only be set where its environment is used."""
    return warning(remark.text, remark.hint, found.code) if found.code == _UNSET_VARIABLE else remark


def check_line_ends(place: Place) -> Iterator[Remark]:
    """Whether git leaves the bytes of TML alone."""
    repository = place.repository
    if repository is None:
        return
    asked = str(place.folder / "any.tml")
    if repository.run("check-attr", "text", "--", asked).strip().endswith(": unset"):
        yield ok("git leaves the line ends of TML as they are")
    else:
        yield warning("git may rewrite the line ends of TML", "add to .gitattributes:  *.tml -text")


def check_drivers(place: Place) -> Iterator[Remark]:
    """Whether git merges TML by object, where ``.gitattributes`` says that it should."""
    repository = place.repository
    if repository is None:
        return
    path = repository.root / ".gitattributes"
    named = path.is_file() and any(line.encode() in path.read_bytes() for line in ATTRIBUTES)
    installed = bool(repository.run("config", "--default=", "--get", f"merge.{TML_MERGE_DRIVER}.driver").strip())
    if installed and named:
        yield ok("git shows and merges TML by object")
    elif named:
        yield warning(".gitattributes names drivers that this clone has not", "tsdeploy init --git-drivers")
    else:
        yield ok("not set up;  tsdeploy init --git-drivers  lets git show and merge TML by object")


def check_ignored(place: Place) -> Iterator[Remark]:
    """Whether what is not for git stays out of it: journals and caches, and files that people keep secrets in."""
    repository = place.repository
    if repository is None:
        return
    root = place.project().root
    if repository.ignores(root / ".tsdeploy" / "any"):
        yield ok(".tsdeploy/ stays out of git")
    else:
        yield warning(".tsdeploy/ is not ignored, and holds journals with TML", "add to .gitignore:  .tsdeploy/")
    for name in _PRIVATE:
        if (root / name).exists() and not repository.ignores(root / name):
            yield problem(
                f"{name} is not ignored; if it holds secrets, they get into git", f"add to .gitignore:  {name}"
            )

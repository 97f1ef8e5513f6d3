"""The record of a release in git: committed and pushed, into the working branch or onto a branch of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tsdeploy.config.deploying import RecordSettings
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.release_file import releases_folder
from tsdeploy.deploy.release_folder import ReleaseFolder, backup_path
from tsdeploy.errors import Finding, GitError, Severity
from tsdeploy.files import within, write_atomically
from tsdeploy.git import Repository
from tsdeploy.git_command import GitRefusedError

_TRIES = 5
"""Pushes of a commit that others were faster than."""

Say = Callable[[str], None]


def bring_state(project: Project, environment: Environment, say: Say = lambda _: None) -> None:
    """Before a plan: take over what the state branch knows of an environment, where the record goes to one.

    Its newest ``objects.json`` replaces the one in the work tree, and releases that are not here are added. Raises
    GitError when the remote cannot be reached.
    """
    settings = environment.deploy.record
    if not settings.branch:
        return
    repository = Repository.find(project.root)
    tip = _tip(repository, settings)
    if not tip:
        return
    below = environment.folder.resolve().relative_to(repository.root.resolve()).as_posix()
    wanted = (f"{below}/objects.json", f"{below}/releases/")
    for path, content in repository.blobs(tip, lambda path: path.startswith(wanted)):
        write_atomically(within(repository.root, path), content)
    say(f"took the record of {environment.name} from {settings.branch}")


def keep_in_git(project: Project, environment: Environment, release: ReleaseFolder) -> Finding | None:
    """Commit and push what the environment wants; the finding TD707 (a warning: it is deployed) when git refuses."""
    settings = environment.deploy.record
    try:
        if settings.backup_branch:
            _keep_backup(project, environment, release)
        if settings.branch:
            _commit_aside(project, settings, settings.branch, _record_paths(project, environment), release.id)
        elif settings.commit:
            _commit_here(project, settings, environment, release.id)
    except GitError as error:
        first = error.findings[0]
        message = f"the release is done, but its record is not kept in git: {first.message}"
        hint = f"commit environments/{environment.name}/objects.json and releases/ yourself"
        return Finding("TD707", message, first.location, hint=hint, severity=Severity.WARNING)
    return None


def _record_paths(project: Project, environment: Environment) -> dict[str, Path]:
    top = Repository.find(project.root).root.resolve()
    files = [environment.objects_path, *sorted(releases_folder(environment).glob("*.json"))]
    return {file.resolve().relative_to(top).as_posix(): file for file in files if file.exists()}


def _commit_here(project: Project, settings: RecordSettings, environment: Environment, release: str) -> None:
    repository = Repository.find(project.root)
    paths = [environment.objects_path, releases_folder(environment)]
    repository.commit([path for path in paths if path.exists()], _message(environment.name, release))
    branch = repository.head().branch
    if not settings.push or not branch:
        return
    for last in (*([False] * (_TRIES - 1)), True):
        try:
            repository.run("push", "--quiet", repository.remote(settings.remote), f"HEAD:refs/heads/{branch}")
            return
        except GitRefusedError:
            if last:
                raise
        _rebase(repository, settings, branch)


def _rebase(repository: Repository, settings: RecordSettings, branch: str) -> None:
    """Put our commit behind those of others; what is not committed stays as it is."""
    # In full: git would take a tag of that name before the branch.
    repository.run("fetch", "--quiet", repository.remote(settings.remote), f"refs/heads/{branch}")
    try:
        repository.run("rebase", "--quiet", "--autostash", "FETCH_HEAD")
    except GitError:
        repository.run("rebase", "--abort")
        raise


def _commit_aside(
    project: Project, settings: RecordSettings, branch: str, files: Mapping[str, Path], release: str
) -> None:
    """Commit files onto a branch that nobody has to check out; again on what others pushed meanwhile."""
    repository = Repository.find(project.root)
    for last in (*([False] * (_TRIES - 1)), True):
        tip = _tip(repository, settings, branch)
        contents = {path: file.read_bytes() for path, file in files.items()}
        commit = repository.store_commit(contents, _message(branch, release), parents=[tip] if tip else [])
        repository.run("update-ref", f"refs/heads/{branch}", commit)
        if not settings.push:
            return
        try:
            repository.run("push", "--quiet", repository.remote(settings.remote), f"{commit}:refs/heads/{branch}")
            return
        except GitRefusedError:
            if last:
                raise


def _keep_backup(project: Project, environment: Environment, release: ReleaseFolder) -> None:
    settings = environment.deploy.record
    if release.texts.exists():
        files = {backup_path(environment, release.id): release.texts}
        _commit_aside(project, settings, settings.backup_branch, files, release.id)


def _tip(repository: Repository, settings: RecordSettings, branch: str = "") -> str:
    """The newest commit of a branch: the remote's where records are pushed, else the local one; "" for none."""
    name = branch or settings.branch
    if settings.push:
        tip = repository.remote_tip(settings.remote, f"refs/heads/{name}")
        if tip and not repository.has(tip):
            repository.run("fetch", "--quiet", repository.remote(settings.remote), f"refs/heads/{name}")
        return tip
    found = repository.run("for-each-ref", "--format=%(objectname)", f"refs/heads/{name}")
    return found.strip()


def _message(what: str, release: str) -> str:
    return f"Record release {release} ({what})\n\n[skip ci]"

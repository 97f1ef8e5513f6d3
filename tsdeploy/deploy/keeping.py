"""The record of a release in git: committed and pushed, into the working branch or onto a branch of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tsdeploy.config.deploying import RecordSettings
from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap, load_objects, save_objects
from tsdeploy.config.project import Project
from tsdeploy.config.releases import releases_folder
from tsdeploy.deploy.record_branch import tip_of
from tsdeploy.deploy.release_folder import ReleaseFolder, backup_path
from tsdeploy.deploy.result import NOT_KEPT
from tsdeploy.deploy.unshared import with_unshared
from tsdeploy.errors import Finding, GitError, TsdeployError
from tsdeploy.files import within, write_atomically
from tsdeploy.git import Repository
from tsdeploy.git_command import GitRefusedError

_TRIES = 5
"""Pushes of a commit that others were faster than."""

Say = Callable[[str], None]


def bring_state(project: Project, environment: Environment, say: Say = lambda _: None) -> None:
    """Before a plan: take over what the state branch knows of an environment, where the record goes to one.

    Its newest ``objects.json`` replaces the one in the work tree, but for what this clone recorded and could not add to
    the branch; releases that are not here are added. Raises GitError when the remote cannot be reached.
    """
    settings = environment.deploy.record
    if not settings.branch:
        return
    repository = Repository.find(project.root)
    tip = tip_of(repository, settings, settings.branch)
    if not tip:
        return
    _take_over(project, environment, repository, tip)
    say(f"took the record of {environment.name} from {settings.branch}")


def _take_over(project: Project, environment: Environment, repository: Repository, tip: str, last: str = "") -> None:
    """Bring the record in the work tree together with that of a commit; release ``last`` knows better than it."""
    below = environment.folder.resolve().relative_to(repository.root.resolve()).as_posix()
    path = within(repository.root, f"{below}/objects.json")
    content = repository.file(tip, path)
    found = dict(repository.blobs(tip, lambda path: path.startswith(f"{below}/releases/")))
    if content is not None:
        shared = {PurePosixPath(name).stem for name in found}
        save_objects(path, with_unshared(project, environment, _objects(content, path.name), shared, last))
    for name, release in found.items():
        write_atomically(within(repository.root, name), release)


def _objects(content: bytes, shown: str) -> ObjectMap:
    with TemporaryDirectory() as folder:
        copy = Path(folder) / shown
        copy.write_bytes(content)
        return load_objects(copy, shown)


def keep_in_git(project: Project, environment: Environment, release: ReleaseFolder) -> Finding | None:
    """Commit and push what the environment wants; the finding TD707 when git refuses: other clones lack the record."""
    settings = environment.deploy.record
    try:
        with ExitStack() as stack:
            if settings.backup_branch:
                # The last to be done, and done also where the record is refused.
                stack.callback(_keep_backup, project, environment, release)
            if settings.branch:
                _commit_aside(project, settings, settings.branch, _record(project, environment, release.id), release.id)
            elif settings.commit:
                _commit_here(project, settings, environment, release.id)
    except TsdeployError as error:
        first = error.findings[0]
        message = f"the release is done, but its record is not kept in git: {first.message}"
        hint = first.hint or f"commit environments/{environment.name}/objects.json and releases/ yourself"
        if settings.branch:
            hint = f"the next deploy from this clone adds it to {settings.branch}"
        return Finding(NOT_KEPT, message, first.location, hint=hint)
    return None


def _record(project: Project, environment: Environment, release: str) -> Callable[[Repository, str], dict[str, bytes]]:
    """What is kept of an environment, by path; first brought together with what others put onto the branch."""

    def contents(repository: Repository, tip: str) -> dict[str, bytes]:
        if tip:
            _take_over(project, environment, repository, tip, release)
        top = repository.root.resolve()
        files = [environment.objects_path, *sorted(releases_folder(environment).glob("*.json"))]
        return {file.resolve().relative_to(top).as_posix(): file.read_bytes() for file in files if file.exists()}

    return contents


def _commit_here(project: Project, settings: RecordSettings, environment: Environment, release: str) -> None:
    repository = Repository.find(project.root)
    paths = [environment.objects_path, releases_folder(environment)]
    repository.commit([path for path in paths if path.exists()], _message(environment.name, release))
    branch = repository.head().branch
    if not settings.push:
        return
    if not branch:
        hint = "check out a branch before the deploy, or set  deploy.record.branch"
        raise GitError(Finding(NOT_KEPT, "no branch is checked out that the commit could be pushed to", hint=hint))
    _push(repository, settings, branch, lambda: _rebase(repository, settings, branch))


def _push(repository: Repository, settings: RecordSettings, branch: str, bring_together: Callable[[], None]) -> None:
    """Push a branch; when others were faster, bring theirs and ours together first. Raises GitError."""
    for _ in range(_TRIES - 1):
        try:
            repository.push(branch, settings.remote)
            return
        except GitRefusedError:
            bring_together()
    repository.push(branch, settings.remote)


def _rebase(repository: Repository, settings: RecordSettings, branch: str) -> None:
    """Put our commit behind those of others; what is not committed stays as it is.

    Raises GitError when others changed that, too: git would put conflicts into the user's files, and call it success.
    """
    # In full: git would take a tag of that name before the branch.
    repository.run("fetch", "--quiet", repository.remote(settings.remote), f"refs/heads/{branch}")
    theirs = repository.run("diff", "--name-only", "-z", "--no-renames", "HEAD...FETCH_HEAD").split("\0")
    both = [path for path in repository.dirty([repository.root]) if path in theirs]
    if both:
        hint = "commit or stash that, then  git pull --rebase && git push"
        raise GitError(Finding(NOT_KEPT, f"others pushed changes of {both[0]}, which is not committed here", hint=hint))
    try:
        repository.run("rebase", "--quiet", "--autostash", "FETCH_HEAD")
    except GitError:
        repository.run("rebase", "--abort")
        raise


def _commit_aside(
    project: Project,
    settings: RecordSettings,
    branch: str,
    contents: Callable[[Repository, str], dict[str, bytes]],
    release: str,
) -> None:
    """Commit files onto a branch that nobody has to check out; again on what others pushed meanwhile."""
    repository = Repository.find(project.root)

    def commit() -> None:
        tip = tip_of(repository, settings, branch)
        files = contents(repository, tip)
        made = repository.store_commit(files, _message(branch, release), parents=[tip] if tip else [])
        repository.run("update-ref", f"refs/heads/{branch}", made)

    commit()
    if settings.push:
        _push(repository, settings, branch, commit)


def _keep_backup(project: Project, environment: Environment, release: ReleaseFolder) -> None:
    settings = environment.deploy.record
    if release.texts.exists():
        files = {backup_path(environment, release.id): release.texts.read_bytes()}
        _commit_aside(project, settings, settings.backup_branch, lambda *_: files, release.id)


def _message(what: str, release: str) -> str:
    return f"Record release {release} ({what})\n\n[skip ci]"

"""A branch that is written without being checked out where the user works.

The export runs in a work tree of its own, in a temporary folder, with the branch's files: so it finds the paths and the
map of the branch it adds to, and the user's files and checkout stay as they are, whatever happens meanwhile. The branch
moves at the end, in one step.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, GitError, Location
from tsdeploy.export.order import ExportOrder
from tsdeploy.git import Repository

_DEFAULT_REMOTE: Final = "origin"
_NOTHING: Final = "0" * 40
"""The old value of a branch that must not be there yet."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where an export writes: a project, and its environment in there."""

    project: Project
    environment: Environment


@contextmanager
def workplace(project: Project, environment: Environment, order: ExportOrder) -> Iterator[Workplace]:
    """The project itself, or, where another branch is to be committed to, its copy at that branch.

    A branch that is new begins where the remote has it, else at the commit that is checked out. Uncommitted changes of
    the user are not in the copy. Raises GitError TD701 (no repository), TD702 (nothing committed), TD703 (no name of a
    branch; somebody else moved the branch), TD717 (the branch is checked out elsewhere).
    """
    here = Workplace(project, environment)
    if not order.commit:
        yield here
        return
    repository = Repository.find(project.root)
    if not order.branch or order.branch == repository.head().branch:
        yield here
        return
    repository.run("check-ref-format", "--branch", order.branch)
    _refuse_elsewhere(repository, order.branch)
    old = _tip(repository, f"refs/heads/{order.branch}")
    start = old or _tip(repository, f"refs/remotes/{order.remote or _DEFAULT_REMOTE}/{order.branch}") or "HEAD"
    with _work_tree(repository, start) as there:
        before = there.head().commit
        root = there.root / project.root.resolve().relative_to(repository.root.resolve())
        folder = root / environment.folder.resolve().relative_to(project.root.resolve())
        yield Workplace(replace(project, root=root), replace(environment, folder=folder))
        after = there.head().commit
        if after != before:
            repository.run("update-ref", "-m", "tsdeploy export", f"refs/heads/{order.branch}", after, old or _NOTHING)


@contextmanager
def _work_tree(repository: Repository, start: str) -> Iterator[Repository]:
    repository.run("worktree", "prune")
    with tempfile.TemporaryDirectory(prefix="tsdeploy-") as temporary:
        folder = Path(temporary).resolve() / "work"
        repository.run("worktree", "add", "--quiet", "--detach", str(folder), start)
        try:
            yield Repository.find(folder)
        finally:
            repository.run("worktree", "remove", "--force", str(folder))


def _tip(repository: Repository, ref: str) -> str:
    """The commit that a full name of a branch stands for, "" where there is none."""
    return repository.run("for-each-ref", "--format=%(objectname)", ref).strip()


def _refuse_elsewhere(repository: Repository, branch: str) -> None:
    """Raises GitError TD717 when another work tree has the branch: moving it would make that tree look changed."""
    path = repository.run("for-each-ref", "--format=%(worktreepath)", f"refs/heads/{branch}").strip("\n")
    if path and Path(path).exists():
        hint = "run the export there, or name another --branch"
        raise GitError(Finding("TD717", f"branch {branch} is checked out in {path}", Location(path), hint=hint))

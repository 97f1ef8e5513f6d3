"""Where the backups of an environment are."""

from __future__ import annotations

from tsdeploy.backup.store import Store, open_store
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project


def store_of(project: Project, environment: Environment, *, make: bool = False) -> Store:
    """The branch that an environment says, in its repository or the project's own.

    With ``make``, a repository of its own is made where it is not there yet. Raises GitError TD701 without a
    repository, TD703 for what is no branch's name.
    """
    settings = environment.backup
    folder = (environment.folder / settings.repository).resolve() if settings.repository else project.root
    branch = settings.branch or f"backup/{environment.name}"
    own = bool(settings.repository)
    return open_store(folder, branch, make=make and own, own=own)

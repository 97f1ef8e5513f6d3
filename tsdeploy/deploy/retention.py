"""How long releases keep their journals and texts on this machine."""

from __future__ import annotations

import shutil

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.release_folder import ReleaseFolder, local_releases
from tsdeploy.errors import Finding, Location, Severity


def expired(project: Project, environment: Environment) -> list[ReleaseFolder]:
    """The releases before the last ``keep_releases`` of an environment that ended well.

    Never one that a later run has to look up: it ended neither well nor badly yet. None without that setting.
    """
    if project.keep_releases is None:
        return []
    found = list(local_releases(project, environment))
    done = [folder for folder in found if folder.is_done]
    if len(done) < project.keep_releases:
        return []
    oldest = done[-project.keep_releases]
    return [folder for folder in found if folder.id < oldest.id and folder.is_closed]


def drop_expired(project: Project, environment: Environment) -> Finding | None:
    """Delete them; the warning TD633 when the first of them cannot be."""
    for folder in expired(project, environment):
        try:
            shutil.rmtree(folder.path)
        except OSError as error:
            where = Location(project.shown(folder.path))
            message = f"an old release cannot be deleted: {error.strerror or error}"
            return Finding("TD633", message, where, hint="delete the folder yourself", severity=Severity.WARNING)
    return None

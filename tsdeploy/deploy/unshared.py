"""What releases of this clone recorded and the branch for records lacks: a push failed, or a run was cut off."""

from __future__ import annotations

from collections.abc import Collection

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.project import Project
from tsdeploy.deploy.journal import read_journal
from tsdeploy.deploy.release_folder import ReleaseFolder, local_releases


def with_unshared(
    project: Project, environment: Environment, theirs: ObjectMap, shared: Collection[str], last: str = ""
) -> ObjectMap:
    """The branch's object map, with what was recorded and forgotten here by releases that are not among ``shared``.

    An object that somebody else deployed meanwhile stays as they recorded it, except for release ``last``, which has
    just ended. Raises TsdeployError TD615 for a damaged journal.
    """
    here, there = project.objects(environment).by_source(), theirs.by_source()
    wanted: dict[str, str | None] = {}
    for folder in local_releases(project, environment):
        if folder.id not in shared:
            before = {one.key: one.record for one in folder.before()}
            touched = _touched(folder)
            wanted |= {key: touched[key] for key in touched if folder.id == last or there.get(key) == before.get(key)}
    # The file in the work tree may be older than all that: git puts it back when another commit is checked out.
    found = [here[key] for key, guid in wanted.items() if key in here and here[key].guid == guid]
    gone = {key for key, guid in wanted.items() if guid is None and key not in here}
    kept = tuple(record for record in theirs if record.source not in gone)
    return ObjectMap(kept).with_records(found)


def _touched(folder: ReleaseFolder) -> dict[str, str | None]:
    """Source key → the GUID that a release recorded last, None for what it forgot."""
    touched: dict[str, str | None] = {}
    for event in read_journal(folder.journal):
        if event.name == "recorded":
            touched |= event.facts["guids"]
        elif event.name == "forgotten":
            touched |= dict.fromkeys(event.facts["sources"])
    return {key: guid for key, guid in touched.items() if key}

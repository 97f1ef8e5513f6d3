"""A restore in the history of its environment: to be seen there, and to be taken back.

It is carried out in a project of its own, whose files go away. What its releases did is handed over to the project of
the environment, with the texts that they overwrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tsdeploy.backup.staging import Stage
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.config.releases import ReleasedObject, ReleaseFile, releases
from tsdeploy.deploy.keeping import keep_in_git
from tsdeploy.deploy.release_file import write_release
from tsdeploy.deploy.release_folder import Before, ReleaseFolder, release_folder
from tsdeploy.errors import Finding
from tsdeploy.files import write_atomically


def remember(project: Project, target: Environment, stage: Stage, settings: tuple[str, ...]) -> Iterator[Finding]:
    """Hand over what ended; a finding TD707 where git is to have the record, and refuses it.

    ``settings`` are sentences about what the last of them set besides TML. A release that was cut off is handed over
    by the restore that looks it up. Raises TsdeployError TD001, TD615.
    """
    known = {one.id for one in releases(project, target)}
    new = [one for one in releases(stage.project, stage.environment) if one.id not in known]
    keys = _Keys(project, target, stage)
    for release in reversed(new):
        there = release_folder(stage.project, stage.environment, release.id)
        if there.is_closed:
            here = release_folder(project, target, release.id)
            _keep_texts(here, there, keys)
            write_release(target, _as_known_here(release, stage, keys, settings if release is new[0] else ()), here)
            finding = keep_in_git(project, target, here)
            if finding is not None:
                yield finding


def _as_known_here(release: ReleaseFile, stage: Stage, keys: _Keys, settings: tuple[str, ...]) -> ReleaseFile:
    objects = tuple(keys.of_object(one) for one in release.objects)
    return replace(release, commit=stage.snapshot.commit, objects=objects, settings=settings)


def _keep_texts(here: ReleaseFolder, there: ReleaseFolder, keys: _Keys) -> None:
    here.keep_before(keys.of_before(one) for one in there.before())
    if there.sent_texts.exists():
        write_atomically(here.sent_texts, there.sent_texts.read_bytes(), mode=0o600)


class _Keys:
    """What objects are called in the project. A backup that is restored as it is calls them by their own GUIDs."""

    def __init__(self, project: Project, target: Environment, stage: Stage) -> None:
        self._is_mapped = stage.home is not None
        self._records = project.objects(target).guids()

    def of_before(self, one: Before) -> Before:
        """A text from before, with the record that the project has of the object."""
        if self._is_mapped:
            return one
        record = self._records.get(one.guid or one.key)
        return replace(one, key=record.source if record and record.source else one.key, record=record)

    def of_object(self, one: ReleasedObject) -> ReleasedObject:
        """What became of an object, under the key that its text from before has."""
        if self._is_mapped:
            return one
        record = self._records.get(one.guid or one.source)
        return replace(one, source=record.source if record and record.source else one.source, before="")

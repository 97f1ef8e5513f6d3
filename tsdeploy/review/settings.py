"""Which files of a change are no TML, and decide all the same what becomes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from tsdeploy.check.suppression import FILE_NAME
from tsdeploy.review.git_objects import FileChange

_MEANINGS = {
    "environment.yaml": "where the environment is, who signs in, what guards it, and which hooks a deploy runs",
    "mapping.yaml": "what names and identities become in the environment, in every object",
    "objects.json": "which object there is taken for which: deploys write it, people do not",
    FILE_NAME: "what the check passes over",
    "tsdeploy.yaml": "where the project's TML lies",
}
_INCLUDED = "part of a mapping: what names and identities become in the environments that include it, in every object"
_WRITTEN_BY_EXPORTS = "objects.json"


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A changed file that is no TML: what happened to it, and what it decides. ``by_hand``: no export writes it."""

    path: str
    verb: str
    meaning: str
    by_hand: bool = True


def settings_files(changes: Iterable[FileChange], targets: Collection[str]) -> Iterator[SettingsFile]:
    """The files that decide something. ``targets`` are the environments that are deployed to, by name.

    An export into the change writes the map of its source. That of a target comes with deploys, not with a change to be
    reviewed: whoever changes it there says which objects a deploy overwrites, and which a prune deletes.
    """
    for change in changes:
        newest = change.after or change.before
        if newest is not None:
            folder, _, name = newest.path.rpartition("/")
            verb = "added" if change.before is None else "removed" if change.after is None else "changed"
            is_inside = "environments" in folder.split("/")
            meaning = _MEANINGS.get(name, "part of an environment" if is_inside else _INCLUDED)
            by_export = name == _WRITTEN_BY_EXPORTS and folder.rpartition("/")[2] not in targets
            yield SettingsFile(newest.path, verb, meaning, not by_export)

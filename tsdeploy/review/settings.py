"""Which files of a change are no TML, and decide all the same what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tsdeploy.check.suppression import FILE_NAME
from tsdeploy.review.git_objects import FileChange

_MEANINGS = {
    "environment.yaml": "where the environment is, who signs in, and what guards it",
    "mapping.yaml": "what names and identities become in the environment, in every object",
    "objects.json": "which object there is taken for which: deploys write it, people do not",
    FILE_NAME: "what the check passes over",
    "tsdeploy.yaml": "where the project's TML lies",
}
_WRITTEN_BY_DEPLOYS = "objects.json"


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A changed file that is no TML: what happened to it, and what it decides. ``by_hand``: no deploy writes it."""

    path: str
    verb: str
    meaning: str
    by_hand: bool = True


def settings_files(changes: Iterable[FileChange]) -> Iterator[SettingsFile]:
    """The files that decide something."""
    for change in changes:
        newest = change.after or change.before
        if newest is not None:
            name = newest.path.rpartition("/")[2]
            verb = "added" if change.before is None else "removed" if change.after is None else "changed"
            meaning = _MEANINGS.get(name, "part of an environment")
            yield SettingsFile(newest.path, verb, meaning, name != _WRITTEN_BY_DEPLOYS)

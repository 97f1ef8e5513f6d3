"""Where an object's file is: the path it has, or a new one that is safe on every operating system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from tsdeploy.errors import ConfigError, Finding
from tsdeploy.files import first_free, safe_name
from tsdeploy.tml.described import Described, identities
from tsdeploy.tml.references import is_guid

DEFAULT_LAYOUT = "{kind}/{name}.{id}.{kind}.tml"
FIELDS = ("kind", "name", "id", "guid", "obj_id", "author", "tag", "connection", "environment")
_ID_LENGTH = 8
_MOST_BYTES = 200
"""Of a part of a path; file systems take 255, and a number may be added."""
_FIELD = re.compile(r"\{([^{}]*)\}")
_SUFFIX = ".tml"


class Paths:
    """Gives each object its path, relative to the project. An object keeps its path when it is renamed."""

    def __init__(self, present: Iterable[Described], folder: str, layout: str = "") -> None:
        self._folder = folder
        self._layout = checked_layout(layout or DEFAULT_LAYOUT)
        documents = tuple(present)
        self._by_identity = {identity: document.path for document in documents for identity in identities(document)}
        self._taken = {document.path.casefold() for document in documents}

    def path_of(self, document: Described, more: Mapping[str, str] | None = None) -> PurePosixPath:
        """The path of an exported document; the same when asked again.

        ``more`` has the values of fields that no document knows: ``author``, ``tag``, ``environment``.
        """
        for identity in identities(document):
            if identity in self._by_identity:
                return PurePosixPath(self._by_identity[identity])
        fresh = fresh_path(document, self._layout, more or {})
        path = PurePosixPath(first_free(Path(self._folder) / fresh, self._taken).as_posix())
        self._taken.add(str(path).casefold())
        self._by_identity.update(dict.fromkeys(identities(document), str(path)))
        return path


def checked_layout(layout: str) -> str:
    """The layout. Raises ConfigError TD508 when it names an unknown field, no object, or a place outside the folder."""
    unknown = [field for field in _FIELD.findall(layout) if field not in FIELDS]
    if unknown:
        raise _wrong(f"there is no field {{{unknown[0]}}}", f"the fields are {', '.join(FIELDS)}")
    last = PurePosixPath(layout).name
    if not layout.endswith(_SUFFIX) or not set(_FIELD.findall(last)) & {"name", "id", "guid", "obj_id"}:
        raise _wrong("the file's name says nothing of the object, or does not end in .tml", f"such as {DEFAULT_LAYOUT}")
    parts = layout.split("/")
    if "\\" in layout or any(part in ("", ".", "..") or part.startswith(".") for part in parts):
        raise _wrong("it leads out of the folder of TML, or to hidden files", f"such as {DEFAULT_LAYOUT}")
    return layout


def _wrong(message: str, hint: str) -> ConfigError:
    return ConfigError(Finding("TD508", f"the layout cannot be used: {message}", at="export.layout", hint=hint))


def fresh_path(document: Described, layout: str, more: Mapping[str, str]) -> str:
    """Where a new object goes by a layout, below the folder of TML."""
    identity = document.guid or document.obj_id or "new"
    values = {
        "kind": document.kind.name,
        "name": document.name,
        "id": identity[:_ID_LENGTH] if is_guid(identity) else identity,
        "guid": document.guid,
        "obj_id": document.obj_id,
        "connection": _connection(document),
        **more,
    }
    return "/".join(_part(part, values) for part in layout.split("/"))


def _part(part: str, values: Mapping[str, str]) -> str:
    """One step of the path. Only a name that is far too long is cut, so that identity and suffix stay."""
    filled = _filled(part, values)
    over = len(filled.encode("utf-8")) - _MOST_BYTES
    if over > 0:
        name = safe_name(values["name"]).encode("utf-8")
        shorter = name[: max(1, len(name) - over)].decode("utf-8", "ignore")
        filled = _filled(part, {**values, "name": shorter})
    return filled if filled.endswith(_SUFFIX) else safe_name(filled)


def _filled(part: str, values: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda field: safe_name(values.get(field[1], "")), part)


def _connection(document: Described) -> str:
    targets = (reference for reference in document.references if "connection" in reference.place.targets)
    return next((reference.name for reference in targets if reference.name), "")

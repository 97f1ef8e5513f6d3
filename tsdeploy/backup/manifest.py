"""``manifest.json``: what a backup holds, one object a line, and when and from where it was taken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, ClassVar, Final, Protocol, TypeVar

from tsdeploy.errors import Finding, Location, TsdeployError
from tsdeploy.visible import json_text

MANIFEST: Final = "manifest.json"
SHARING: Final = "sharing.json"
TAGS: Final = "tags.json"
VARIABLES: Final = "variables.json"
USERS: Final = "users.json"
GROUPS: Final = "groups.json"
ROLES: Final = "roles.json"
NOT_EXPORTED: Final = "not-exported.json"
BESIDE: Final = {
    SHARING: "objects",
    TAGS: "tags",
    VARIABLES: "variables",
    USERS: "users",
    GROUPS: "groups",
    ROLES: "roles",
    NOT_EXPORTED: "objects",
}
"""The files beside TML → what the list in each is called."""
VERSION: Final = 1
_HEAD: Final = ("environment", "url", "org", "server_time", "full_at")
_TIMES: Final = ("server_time", "full_at")
LATEST: Final = 253_402_300_799
"""The last second of the year 9999."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\\]")


class Entry(Protocol):
    """A dataclass whose fields are texts, numbers, flags and tuples of texts: a line of a file."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


One = TypeVar("One", bound=Entry)


@dataclass(frozen=True, slots=True)
class BackedUp:
    """One object of a backup.

    ``key`` tells it from all others; ``type`` is the server's, "" for what no search lists and that hangs on the
    object ``owner``. ``modified`` is the server's time in milliseconds, 0 where it tells none; ``depends`` are GUIDs of
    what its text is built on; ``sha256`` is that of its file.
    """

    key: str
    kind: str
    name: str
    path: str
    sha256: str
    guid: str = ""
    type: str = ""
    subtype: str = ""
    owner: str = ""
    modified: int = 0
    obj_id: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup. Times are seconds since 1970 by the server's clock; ``full_at`` is that of the last full pass.

    ``files`` are the SHA-256 of the files beside the TML, by path.
    """

    environment: str
    url: str
    org: str
    server_time: float
    full_at: float
    objects: Mapping[str, BackedUp] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def by_guid(self) -> dict[str, BackedUp]:
        """GUID → object, of those that a search lists."""
        return {one.guid: one for one in self.objects.values() if one.guid and one.type}


def manifest_text(manifest: Manifest) -> str:
    """The manifest as its file."""
    head = {name: getattr(manifest, name) for name in _HEAD} | {"files": dict(sorted(manifest.files.items()))}
    return lines_text(head, "objects", (entry_text(manifest.objects[key]) for key in sorted(manifest.objects)))


def lines_text(head: Mapping[str, object], name: str, lines: Iterable[str]) -> str:
    """JSON with one entry of a list a line, so that git keeps and shows only what changed."""
    body = ",\n".join(lines)
    start = json_text({"version": VERSION, **head})[1:-1]
    return f'{{\n{start},\n"{name}": [' + (f"\n{body}\n" if body else "") + "]\n}\n"


def entry_text(one: Entry) -> str:
    """A line: the fields that say something."""
    return json_text({item.name: value for item in fields(one) if (value := getattr(one, item.name))})


def read_manifest(content: bytes, where: str) -> Manifest:
    """A manifest from its file. Raises TsdeployError TD531 when it is none, or of a later version."""
    try:
        value: Any = json.loads(content)
        if value["version"] != VERSION:
            raise ValueError(f"version {value['version']} is not known here")
        objects = {one.key: _with_usable_path(one) for one in _entries(BackedUp, value["objects"])}
        return Manifest(**_usable_head(value), objects=objects)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        hint = "this is no branch of backups, or a later version of tsdeploy wrote it"
        raise TsdeployError(Finding("TD531", f"is no manifest: {error}", Location(where), hint=hint)) from None


def _usable_head(value: Mapping[str, Any]) -> dict[str, Any]:
    """What stands above the objects. Raises KeyError, TypeError and ValueError for what cannot."""
    head = {name: value[name] for name in _HEAD} | {"files": dict(value.get("files", {}))}
    words = [*(head[name] for name in _HEAD if name not in _TIMES), *head["files"], *head["files"].values()]
    if not all(isinstance(word, str) for word in words) or not all(0 <= head[name] <= LATEST for name in _TIMES):
        raise ValueError("its head has a value of another type")
    return head


def _with_usable_path(one: BackedUp) -> BackedUp:
    """An object; whoever can push to the branch can write its line. Raises ValueError for a path of no such file."""
    hidden = any(not step or step.startswith(".") or _CONTROL.search(step) for step in one.path.split("/"))
    if hidden or not one.path.endswith(".tml"):
        raise ValueError(f"{one.key} has no usable path")
    return one


def _entries(kind: type[One], values: Iterable[Mapping[str, Any]]) -> Iterator[One]:
    """Lines as what they are. Raises TypeError and ValueError for what they cannot be."""
    texts = [item.name for item in fields(kind) if item.type == "str"]
    lists = [item.name for item in fields(kind) if item.type == "tuple[str, ...]"]
    numbers = [item.name for item in fields(kind) if item.type == "int"]
    for value in values:
        one = kind(**_tuples(value))
        listed = [text for name in lists for text in getattr(one, name)]
        words = (*listed, *(getattr(one, name) for name in texts))
        whole = all(isinstance(word, str) for word in words)
        if not whole or not all(isinstance(getattr(one, name), int) for name in numbers):
            raise ValueError(f"{next(iter(value.values()))!r} has a value of another type")
        yield one


def _tuples(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}


def read_lines(content: bytes | None, name: str, where: str) -> list[dict[str, Any]]:
    """The entries of a file of lines, none where it is missing. Raises TsdeployError TD531 when it is damaged."""
    try:
        found: Any = json.loads(content)[name] if content else []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise ValueError("no list of objects")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TsdeployError(Finding("TD531", f"cannot be read: {error}", Location(where))) from None
    return found


def read_entries(content: bytes | None, where: str, kind: type[One]) -> list[One]:
    """The entries of a file beside the TML, none where it is missing. Raises TsdeployError TD531."""
    try:
        return list(_entries(kind, read_lines(content, BESIDE[where], where)))
    except (ValueError, TypeError) as error:
        raise TsdeployError(Finding("TD531", f"cannot be read: {error}", Location(where))) from None

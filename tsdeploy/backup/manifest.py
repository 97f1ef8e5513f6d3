"""``manifest.json``: what a backup holds, one object a line, and when and from where it was taken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from tsdeploy.errors import Finding, Location, TsdeployError
from tsdeploy.visible import json_text

MANIFEST: Final = "manifest.json"
SHARING: Final = "sharing.json"
TAGS: Final = "tags.json"
VARIABLES: Final = "variables.json"
NOT_EXPORTED: Final = "not-exported.json"
VERSION: Final = 1


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
    """One backup. Times are seconds since 1970 by the server's clock; ``full_at`` is that of the last full pass."""

    environment: str
    url: str
    org: str
    server_time: float
    full_at: float
    objects: Mapping[str, BackedUp] = field(default_factory=dict)

    def by_guid(self) -> dict[str, BackedUp]:
        """GUID → object, of those that a search lists."""
        return {one.guid: one for one in self.objects.values() if one.guid and one.type}


def manifest_text(manifest: Manifest) -> str:
    """The manifest as its file."""
    head = {name: getattr(manifest, name) for name in ("environment", "url", "org", "server_time", "full_at")}
    return lines_text(head, "objects", (_line(manifest.objects[key]) for key in sorted(manifest.objects)))


def lines_text(head: Mapping[str, object], name: str, lines: Iterable[str]) -> str:
    """JSON with one entry of a list a line, so that git keeps and shows only what changed."""
    body = ",\n".join(lines)
    start = json_text({"version": VERSION, **head})[1:-1]
    return f'{{\n{start},\n"{name}": [' + (f"\n{body}\n" if body else "") + "]\n}\n"


def _line(one: BackedUp) -> str:
    return json_text({item.name: value for item in fields(one) if (value := getattr(one, item.name))})


def read_manifest(content: bytes, where: str) -> Manifest:
    """A manifest from its file. Raises TsdeployError TD531 when it is none, or of a later version."""
    try:
        value: Any = json.loads(content)
        if value["version"] != VERSION:
            raise ValueError(f"version {value['version']} is not known here")
        objects = [BackedUp(**_tuples(one)) for one in value["objects"]]
        head = {name: value[name] for name in ("environment", "url", "org", "server_time", "full_at")}
        return Manifest(**head, objects={one.key: one for one in objects})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        hint = "this is no branch of backups, or a later version of tsdeploy wrote it"
        raise TsdeployError(Finding("TD531", f"is no manifest: {error}", Location(where), hint=hint)) from None


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

"""``EnvironmentGUIDMapper`` of thoughtspot_tml: one row for each object, with its GUID in every environment."""

from __future__ import annotations

import json
from typing import Any

from tsdeploy.errors import ConfigError, Finding, Location
from tsdeploy.mapping.foreign.model import Foreign, GuidPair, guids_only, lossy
from tsdeploy.mapping.foreign.tolerant import json_value, read_json
from tsdeploy.tml.references import is_guid

_COMMENT = "__INFO_for_comments_only"


def read(text: str, shown: str, source: str, target: str) -> Foreign:
    """Read what a file says of two environments, whose names are compared without regard to case.

    The key of a row is not stable and is not looked at. Raises ConfigError TD102, TD106 or TD303 for what is no
    such file, TD328 when no row has one of the environments.
    """
    file = read_json(text, "guid-mapper", shown)
    rows = {key: {_column(n): n for n in row} for key, row in file.value.items() if key != _COMMENT}
    _need_columns({name for row in rows.values() for name in row}, (source, target), shown)
    pairs: list[GuidPair] = []
    unmapped: list[str] = []
    findings: list[Finding] = []
    for key, columns in rows.items():
        names = [columns.get(_column(name)) for name in (source, target)]
        from_guid, to_guid = (file.value[key][name].lower() if name else "" for name in names)
        where = file.at(key, names[0]) if names[0] else file.key_at(key)
        if not from_guid or not to_guid:
            unmapped += filter(None, (from_guid,))
        elif is_guid(from_guid) and is_guid(to_guid):
            pairs.append(GuidPair(from_guid, to_guid, where))
        else:
            findings.append(lossy(f"{from_guid} → {to_guid} is no pair of GUIDs", where, "correct the row"))
    return Foreign(tuple(pairs), unmapped=tuple(unmapped), findings=tuple(findings))


def write(foreign: Foreign, before: str, shown: str, target: str) -> tuple[str, list[Finding]]:
    """The text of a file. Rows and environments that are there already are kept.

    ``foreign.source`` and ``target`` are the environments; names are written in capitals, as their tool does.
    """
    value: dict[str, Any] = json_value(before, shown) or {}
    rows: list[dict[str, str]] = [dict(row) for key, row in value.items() if key != _COMMENT]
    by_guid = {row[_column(foreign.source)]: row for row in rows if _column(foreign.source) in row}
    for pair in foreign.pairs:
        row = by_guid.get(pair.source)
        if row is None:
            row = by_guid[pair.source] = {_column(foreign.source): pair.source}
            rows.append(row)
        row[_column(target)] = pair.target
    head = {_COMMENT: value[_COMMENT]} if _COMMENT in value else {}
    document = head | {"__".join(dict.fromkeys(row.values())): row for row in rows}
    return json.dumps(document, ensure_ascii=False, indent=4) + "\n", guids_only(foreign)


def _column(name: str) -> str:
    return name.upper()


def _need_columns(known: set[str], names: tuple[str, str], shown: str) -> None:
    hint = f"name the one that is meant with --source-name or --target-name: {', '.join(sorted(known)) or 'none'}"
    findings = [
        Finding("TD328", f"no row has the environment {_column(name)}", Location(shown), hint=hint)
        for name in names
        if _column(name) not in known
    ]
    ConfigError.raise_for(findings)

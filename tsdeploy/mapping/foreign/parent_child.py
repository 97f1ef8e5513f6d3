"""The GUID map of ts_rest_api_and_tml_tools, and the TOML file that says where tables move to."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from tsdeploy.errors import ConfigError, Finding, Location, Severity
from tsdeploy.mapping.foreign.model import Foreign, GuidPair, Move, guids_only, lossy
from tsdeploy.mapping.foreign.tolerant import json_value, read_json
from tsdeploy.mapping.locations import PARTS, TableLocation
from tsdeploy.tml.references import is_guid

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MAP = "table_properties_map"
_PREFIXES = "object_prefix_changes"


def read(text: str, shown: str, target: str) -> Foreign:
    """Read what a file says of one environment.

    Raises ConfigError TD102, TD106 or TD303 for what is no such file, TD328 when the environment is not in it.
    """
    file = read_json(text, "parent-child", shown)
    name = {key.casefold(): key for key in file.value}.get(target.casefold())
    if name is None:
        hint = f"name the one that is meant with --target-name: {', '.join(sorted(file.value)) or 'none'}"
        raise ConfigError(Finding("TD328", f"the file has no environment {target}", Location(shown), hint=hint))
    pairs, findings = [], []
    for source, there in file.value[name].items():
        where = file.key_at(name, source)
        if is_guid(source) and is_guid(there):
            pairs.append(GuidPair(source.lower(), there.lower(), where))
        else:
            findings.append(lossy(f"{source} → {there} is no pair of GUIDs", where, "correct the line"))
    return Foreign(tuple(pairs), findings=tuple(findings))


def read_properties(text: str, shown: str) -> Foreign:
    """Read the TOML file of table properties.

    Raises ConfigError TD319 when it is no TOML, TD323 when an entry is no pair of locations of one depth.
    """
    try:
        value = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # what TOML raises, and what Python does of endless numbers
        raise ConfigError(Finding("TD319", f"is no TOML: {error}", Location(shown))) from None
    entries = value.get(_MAP)
    if not isinstance(entries, dict):
        raise ConfigError(Finding("TD319", f"has no table [{_MAP}]", Location(shown)))
    moves, findings = [], []
    depth = 0
    for source, target in entries.items():
        where = _line(text, source, shown)
        depth = depth or source.count(".") + 1
        if isinstance(target, str) and source.count(".") == target.count(".") == depth - 1 <= 3:
            moves.append(Move(_location(source), _location(target), where))
        else:
            hint = "Connection[.Database[.Schema[.Table]]], the same number of parts everywhere in the file"
            findings.append(Finding("TD323", f"{source} → {target} is no move of tables", where, hint=hint))
    ConfigError.raise_for(findings)
    return Foreign(moves=tuple(moves), findings=tuple(_prefixes(value, text, shown)))


def write(foreign: Foreign, before: str, shown: str, target: str) -> tuple[str, list[Finding]]:
    """The text of the GUID map; the maps of other environments in the file ``before`` are kept."""
    value: dict[str, Any] = json_value(before, shown) or {}
    value[target] = {**value.get(target, {}), **{pair.source: pair.target for pair in foreign.pairs}}
    return json.dumps(value, ensure_ascii=False, indent=4) + "\n", guids_only(foreign, moves=False)


def write_properties(foreign: Foreign, target: str) -> tuple[str, list[Finding]]:
    """The text of the TOML file, as deep as the moves need, and TD323 for a name whose dot breaks its keys."""
    depth = _depth(foreign.moves)
    findings: list[Finding] = []
    lines: dict[str, str] = {}
    for move in foreign.moves:
        ends = [_parts(end, depth) for end in (move.source, move.target)]
        if all(all(part and "." not in part for part in end) for end in ends):
            lines[".".join(ends[0])] = ".".join(ends[1])
        else:
            message = f"{move.source} cannot be written as {depth} parts with dots between them"
            findings.append(Finding("TD323", message, move.location, hint="leave it out with --lossy"))
    body = "".join(f"{_quoted(source)} = {_quoted(there)}\n" for source, there in sorted(lines.items()))
    return f"env_name = {_quoted(target)}\n\n[{_MAP}]\n{body}", findings


def dotted_names(names: set[str], shown: str) -> list[Finding]:
    """A warning for each name of the estate that keys of the TOML file cannot hold."""
    hint = "write the rule for it into mapping.yaml by hand"
    return [
        Finding(
            "TD323",
            f"{name} holds a dot, so no key of this file can mean it",
            Location(shown),
            hint=hint,
            severity=Severity.WARNING,
        )
        for name in sorted(names)
        if "." in name
    ]


def _depth(moves: Sequence[Move]) -> int:
    """The least number of parts that says where every table goes: nothing changes behind them."""
    for depth in range(1, len(PARTS)):
        ends = {(_parts(move.source, depth), _parts(move.target, depth)) for move in moves}
        behind = all(_parts(move.source)[depth:] == _parts(move.target)[depth:] for move in moves)
        if behind and len({source for source, _ in ends}) == len(ends):
            return depth
    return len(PARTS)


def _parts(location: TableLocation, depth: int = len(PARTS)) -> tuple[str, ...]:
    return tuple(getattr(location, part) for part in PARTS[:depth])


def _location(text: str) -> TableLocation:
    return TableLocation(**dict(zip(PARTS, text.split("."), strict=False)))


def _prefixes(value: dict[str, Any], text: str, shown: str) -> list[Finding]:
    changes = value.get(_PREFIXES, {})
    old, new = (changes.get(f"{which}_env_prefix", "") for which in ("previous", "new"))
    if old == new:
        return []
    message = f"names that begin with {old!r} would begin with {new!r}; tsdeploy does not rename objects by a prefix"
    return [lossy(message, _line(text, _PREFIXES, shown), "leave it out with --lossy")]


def _line(text: str, words: str, shown: str) -> Location:
    """The line that holds the words; TOML's reader does not say where values stand."""
    at = text.find(words)
    return Location(shown, text.count("\n", 0, at) + 1, 1) if at >= 0 else Location(shown)


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's, but for DEL, and never with halves of a surrogate pair."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

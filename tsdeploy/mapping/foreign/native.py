"""The mapping files of ThoughtSpot's own Git integration. Source: its documentation, and files in public repositories.

One file is for one org of one instance; an entry pairs GUIDs, or is text that is replaced in every deployed file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tsdeploy.config.yaml_file import ConfigFile
from tsdeploy.errors import Finding
from tsdeploy.mapping.foreign.model import Foreign, GuidPair, Replacement, lossy
from tsdeploy.mapping.foreign.tolerant import json_value, read_json
from tsdeploy.tml.references import is_guid

_KEYS = ("originalGuid", "mappedGuid", "counter", "additionalMapping")


def read(text: str, shown: str) -> Foreign:
    """Read a file; trailing commas are no fault. An entry that maps a GUID to itself is the target's own object.

    Raises ConfigError TD102, TD106 or TD303 for what is no such file.
    """
    file = read_json(text, "native", shown)
    pairs, replacements, findings = [], [], []
    for number, entry in enumerate(file.value):
        owner, target = entry["originalGuid"], entry["mappedGuid"]
        inner, within, wrong = _additional(file, number)
        findings += wrong
        if is_guid(owner) and is_guid(target):
            replacements += within
            if owner.lower() != target.lower() or inner:
                pairs.append(GuidPair(owner.lower(), target.lower(), file.at(number, "originalGuid"), inner))
        else:
            replacements.append(Replacement(owner, target, file.at(number, "originalGuid")))
            if inner or within:
                where = file.key_at(number, "additionalMapping")
                findings.append(lossy("additionalMapping of an entry that is no object", where, "delete it"))
    return Foreign(tuple(pairs), tuple(replacements), findings=tuple(findings))


def write(foreign: Foreign, before: str, shown: str) -> tuple[str, list[Finding]]:
    """The text of a file as ThoughtSpot writes it. ``before`` is the file's text as it is, or "".

    Counters, other keys and the target's own objects are kept, and entries stay where they are.
    """
    entries: dict[str, dict[str, Any]] = {
        _folded(entry["originalGuid"]): entry for entry in json_value(before, shown) or ()
    }
    inner = {_folded(pair.source): pair.inner for pair in foreign.pairs}
    wanted = {pair.source: pair.target for pair in foreign.pairs}
    wanted |= {one.find: one.to for one in foreign.replacements if not one.owner}
    for source, target in wanted.items():
        entry = entries.setdefault(_folded(source), dict.fromkeys(_KEYS))
        entry.update(originalGuid=source, mappedGuid=target, counter=entry.get("counter") or 0)
        entry["additionalMapping"] = {**(entry.get("additionalMapping") or {}), **inner.get(source, {})}
    findings = list(_write_within(foreign, entries))
    return _as_jackson(list(entries.values())) + "\n", findings


def _write_within(foreign: Foreign, entries: Mapping[str, dict[str, Any]]) -> Iterator[Finding]:
    """Put text that is replaced in one object beside that object's pair."""
    for one in foreign.replacements:
        if one.owner and one.owner in entries:
            entries[one.owner]["additionalMapping"][one.find] = one.to
        elif one.owner:
            message = f"{one.find!r} is replaced in {one.owner} alone, which has no pair to put that beside"
            yield lossy(message, one.location, "deploy the object, or bind it, and export again")


def _additional(file: ConfigFile, number: int) -> tuple[dict[str, str], list[Replacement], list[Finding]]:
    """The GUIDs inside an object, the text that is replaced in it alone, and what is neither."""
    entry = file.value[number]
    inner: dict[str, str] = {}
    within: list[Replacement] = []
    findings: list[Finding] = []
    for find, to in (entry.get("additionalMapping") or {}).items():
        where = file.key_at(number, "additionalMapping", find)
        if is_guid(find) and is_guid(to):
            inner[find.lower()] = to.lower()
        elif is_guid(find) or is_guid(to):
            findings.append(lossy(f"{find} → {to} pairs a GUID with text", where, "correct one of the two"))
        else:
            within.append(Replacement(find, to, where, owner=entry["originalGuid"].lower()))
    return inner, within, findings


def _folded(source: str) -> str:
    return source.lower() if is_guid(source) else source


def _as_jackson(entries: list[dict[str, Any]]) -> str:
    """JSON as Jackson's default printer writes a list of objects, so that git shows only what changed."""
    if not entries:
        return "[ ]"
    return "[ " + ", ".join(_object(entry, "") for entry in entries) + " ]"


def _object(value: Mapping[str, Any], indent: str) -> str:
    if not value:
        return "{ }"
    inside = indent + "  "
    lines = [f"{inside}{json.dumps(key, ensure_ascii=False)} : {_value(item, inside)}" for key, item in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _value(value: Any, indent: str) -> str:
    return _object(value, indent) if isinstance(value, dict) else json.dumps(value, ensure_ascii=False)

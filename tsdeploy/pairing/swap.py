"""The way back: an environment's rules and records turned around, so that its objects can go to its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.config.yaml_file import ConfigFile
from tsdeploy.errors import Finding, Severity
from tsdeploy.mapping.edit import Addition, Rule
from tsdeploy.mapping.locations import location_parts
from tsdeploy.pairing.files import MappingFiles, files_of
from tsdeploy.tml.references import is_guid

_NAMES = ("connections", "objects", "groups", "users", "hosts")
_SETTINGS = frozenset({"version", "source", "include", "identity", "pin_names", "manage_connections"})


@dataclass(frozen=True, slots=True)
class Inverse:
    """What the way back needs."""

    addition: Addition
    records: tuple[ObjectRecord, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Swapped:
    """What a swap wrote, or would: ``lacking`` are the rules that are not there yet, ``records`` go to the map."""

    files: MappingFiles
    lacking: Addition
    records: tuple[ObjectRecord, ...]
    findings: tuple[Finding, ...]


def swap_mapping(project: Project, source: str, target: str, *, write: bool = False) -> Swapped:
    """Turn the mapping of ``target`` around, so that its objects can go back to ``source``.

    Rules that are there stay; where one contradicts, that is a finding and nothing is written. Raises ConfigError.
    """
    there, back = (files_of(project, project.environment(name)) for name in (target, source))
    inverse = invert(there.rules_file(), there.objects())
    lacking, contradictions = back.lacks(inverse.addition)
    if write and not contradictions:
        back.add(lacking, inverse.records)
    return Swapped(back, lacking, inverse.records, (*inverse.findings, *contradictions))


def invert(file: ConfigFile | None, objects: ObjectMap) -> Inverse:
    """Turn rules and records around; a rule that has no way back is a finding TD324 at its place."""
    findings: list[Finding] = []
    value: Mapping[str, Any] = file.value if file else {}
    entries, rules = {}, {}
    for section in (name for name in value if name not in _SETTINGS):
        assert file is not None
        if section in _NAMES and isinstance(value[section], dict):
            entries[section] = _names(file, section, findings)
        elif section == "tables":
            rules[section] = list(_tables(file, findings))
        elif section == "text":
            # Each goes over what the ones before it left: the way back begins with the last.
            rules[section] = list(_text(file, findings))[::-1]
        else:
            hint = "write what the way back needs by hand"
            findings.append(_no_way_back(file, (section,), f"rules under {section} are not turned around", hint))
    return Inverse(Addition(entries, rules), tuple(_records(objects)), tuple(findings))


def _records(objects: ObjectMap) -> Iterator[ObjectRecord]:
    """Each pair from the other side. What was deployed last is only known of the way there."""
    for record in objects:
        if record.guid and is_guid(record.source):
            inner = {new: old for old, new in record.inner.items()}
            yield ObjectRecord(record.kind, record.name, record.source, record.obj_id, record.guid, inner)


def _names(file: ConfigFile, section: str, findings: list[Finding]) -> dict[str, str]:
    sources: dict[str, list[str]] = defaultdict(list)
    for source, target in file.value[section].items():
        if isinstance(target, str) and "${env:" not in target and "*" not in source:
            sources[target].append(source)
        else:
            hint = "only plain names are turned around: write the way back by hand"
            findings.append(_no_way_back(file, (section, source), f"{source} has no plain target", hint))
    for target, several in sources.items():
        if len(several) > 1:
            message = f"{target} would have to become {' and '.join(several)}"
            findings.append(_no_way_back(file, (section, several[1]), message, "decide which, and bind it by hand"))
    return {target: several[0] for target, several in sources.items() if len(several) == 1}


def _tables(file: ConfigFile, findings: list[Finding]) -> Iterator[Rule]:
    """A rule names in its ``from`` whatever of its ``to`` it does not change, by the name that it has over there."""
    connections = file.value.get("connections") or {}
    for number, rule in enumerate(file.value["tables"]):
        source, target = location_parts(rule["from"]), location_parts(rule["to"])
        unknown = [part for part in target if part not in source]
        unclear = [text for text in target.values() if "${" in text]
        if unknown or unclear or set(rule) != {"from", "to"} or not source:
            message = "a rule for tables has no way back: " + (
                f"it does not say which {unknown[0]} they came from" if unknown else "it is not for plain names"
            )
            hint = "name in from: every part that to: changes"
            findings.append(_no_way_back(file, ("tables", number), message, hint))
            continue
        there = {**source, **target}
        if "connection" in there and "connection" not in target:
            there["connection"] = connections.get(there["connection"], there["connection"])
        yield {"from": there, "to": {part: source[part] for part in target}}


def _text(file: ConfigFile, findings: list[Finding]) -> Iterator[Rule]:
    for number, rule in enumerate(file.value["text"]):
        if not rule["to"] or "${env:" in str(rule["to"]):
            message = f"{rule['find']!r} cannot be told from {rule['to']!r} again"
            findings.append(_no_way_back(file, ("text", number), message, "write the way back by hand"))
        else:
            yield {**rule, "find": str(rule["to"]), "to": rule["find"]}


def _no_way_back(file: ConfigFile, steps: tuple[str | int, ...], message: str, hint: str) -> Finding:
    return Finding(
        "TD324",
        message,
        file.key_at(*steps) if isinstance(steps[-1], str) else file.at(*steps),
        hint=hint,
        severity=Severity.WARNING,
    )

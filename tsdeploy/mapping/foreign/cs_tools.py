"""The mapping files of cs_tools, 1.6 and later."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tsdeploy.config.yaml_file import ConfigFile
from tsdeploy.errors import ConfigError, Finding, Location, Severity
from tsdeploy.mapping.foreign.model import Foreign, GuidPair, Replacement, lossy
from tsdeploy.mapping.foreign.tolerant import json_value, read_any_json, read_json
from tsdeploy.tml.references import is_guid

_THEIR_VARIABLE = re.compile(r"\$\{\{\s*env\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_OUR_VARIABLE = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")


def read(text: str, shown: str) -> Foreign:
    """Read a file; trailing commas are no fault.

    Raises ConfigError TD102, TD106 or TD303 for what is no such file, TD319 for one of cs_tools 1.5 or older.
    """
    value = read_any_json(text, shown)
    if not isinstance(value, dict) or "mapping" not in value:
        message = "this is no mapping file of cs_tools 1.6 or later: it has no key mapping"
        hint = "files of cs_tools 1.5 and older use another layout: export all TML again with a newer cs_tools"
        raise ConfigError(Finding("TD319", message, Location(shown), hint=hint))
    file = read_json(text, "cs_tools", shown)
    pairs = [
        GuidPair(source.lower(), target.lower(), file.key_at("mapping", source))
        for source, target in file.value["mapping"].items()
        if target is not None
    ]
    replacements = tuple(_replacements(file))
    return Foreign(
        pairs=tuple(pairs),
        replacements=replacements,
        unmapped=tuple(source.lower() for source, target in file.value["mapping"].items() if target is None),
        source=_extract_environment(file.value),
        findings=(*_no_guids(file), *_many_variables(file)),
    )


def write(foreign: Foreign, before: str, shown: str) -> tuple[str, list[Finding]]:
    """The text of a file, and findings for what it cannot hold. ``before`` is the file's text as it is, or "".

    Nothing but the known keys is written, because cs_tools refuses others. History and objects that were never
    deployed are kept.
    """
    value: dict[str, Any] = json_value(before, shown) or {}
    there = value.get("mapping", {})
    mapping = {**there, **dict.fromkeys(guid for guid in foreign.unmapped if guid not in there)}
    mapping |= {pair.source: pair.target for pair in foreign.pairs}
    document = {
        "metadata": {**value.get("metadata", {}), "cs_tools": {"extract_environment": foreign.source}},
        "mapping": mapping,
        "additional_mapping": {
            **value.get("additional_mapping", {}),
            **{one.find: _theirs(one.to) for one in foreign.replacements if not one.owner},
        },
        "history": value.get("history", []),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n", list(_dropped(foreign))


def _replacements(file: ConfigFile) -> Iterator[Replacement]:
    for find, to in file.value.get("additional_mapping", {}).items():
        yield Replacement(find, _THEIR_VARIABLE.sub(r"${env:\1}", to, count=1), file.key_at("additional_mapping", find))


def _extract_environment(value: Any) -> str:
    metadata = value.get("metadata", {})
    named = metadata.get("cs_tools") if isinstance(metadata, dict) else None
    return str(named.get("extract_environment", "")) if isinstance(named, dict) else ""


def _no_guids(file: ConfigFile) -> Iterator[Finding]:
    for source, target in file.value["mapping"].items():
        for text in (source, target):
            if text is not None and not is_guid(text):
                where = file.key_at("mapping", source)
                yield lossy(f"{text} is no GUID", where, "text is replaced under additional_mapping")


def _many_variables(file: ConfigFile) -> Iterator[Finding]:
    """cs_tools expands the first variable of a value and leaves the others as they are (facts)."""
    for find, to in file.value.get("additional_mapping", {}).items():
        if len(_THEIR_VARIABLE.findall(to)) > 1:
            where = file.key_at("additional_mapping", find)
            message = "cs_tools expands only the first variable of a value; the others are carried over as text"
            yield Finding("TD320", message, where, hint="write ${env:NAME} for them", severity=Severity.WARNING)


def _theirs(text: str) -> str:
    return _OUR_VARIABLE.sub(r"${{ env.\1 }}", text)


def _dropped(foreign: Foreign) -> Iterator[Finding]:
    for pair in foreign.pairs:
        if pair.inner:
            message = f"{len(pair.inner)} GUIDs inside {pair.source} are left out: cs_tools has no place for them"
            yield lossy(message, pair.location, "cs_tools finds visualizations anew at each deploy").as_warning()
    for one in foreign.replacements:
        if one.owner:
            message = f"{one.find!r} is replaced in one object alone, and cs_tools only knows rules for all"
            yield lossy(message, one.location, "leave it out with --lossy, or widen the rule")
        if len(_OUR_VARIABLE.findall(one.to)) > 1:
            message = f"{one.to!r} has several variables, and cs_tools expands only the first of a value"
            yield lossy(message, one.location, "put the whole value into one variable")

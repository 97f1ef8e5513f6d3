"""The GUID mapping file of an Org: which GUIDs and texts stand for which in this instance.

A JSON array of ``{"originalGuid", "mappedGuid", "counter", "additionalMapping"}``, written as Jackson prints it;
``additionalMapping`` holds for the TML of its object alone. Source: facts about mapping formats, "Native Git".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.vcs.git import refused
from tsdeploy.tml.references import is_guid

_GUID: Final = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the mapping. Either side is a GUID or, in rules written by people, any text."""

    original: str
    mapped: str
    counter: int = 0
    additional: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GuidMapping:
    """The entries of a file, by what they replace, in the order of the file."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def applied(self, text: str, guid: str) -> str:
        """A TML text of the object with a GUID, with everything replaced at once, so that nothing is replaced twice."""
        rules = {one.original: one.mapped for one in self.entries.values() if one.original}
        own = self.entries.get(guid)
        rules |= {key: value for key, value in (own.additional if own else {}).items() if key}
        texts = sorted((rule for rule in rules if not is_guid(rule)), key=len, reverse=True)
        pattern = "|".join([*map(re.escape, texts), _GUID])
        return re.sub(pattern, lambda found: rules.get(found[0], found[0]), text)

    def with_new(self, guids: Iterable[str], choose: Callable[[str], str]) -> GuidMapping:
        """The same, with an entry for each GUID that has none."""
        added = {guid: Entry(guid, choose(guid)) for guid in guids if guid not in self.entries}
        return GuidMapping({**self.entries, **added})

    def deployed(self, guid: str, now: str, additional: Mapping[str, str]) -> GuidMapping:
        """The same, after an object was deployed: believed is the GUID that it has now."""
        before = self.entries.get(guid, Entry(guid, now))
        kept = {**before.additional, **additional}
        after = replace(before, mapped=now, counter=before.counter + guesses.MAPPING_COUNT, additional=kept)
        return GuidMapping({**self.entries, guid: after})


def read_mapping(text: str) -> GuidMapping:
    """The mapping in a file, an empty one for "". Raises ApiError 400/10002 for what is none."""
    if not text.strip():
        return GuidMapping()
    try:
        entries = [_entry(item) for item in json.loads(text)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise refused(guesses.BROKEN_MAPPING_TEXT) from None
    return GuidMapping({entry.original: entry for entry in entries})


def _entry(item: Mapping[str, Any]) -> Entry:
    additional = {str(key): str(value) for key, value in (item.get("additionalMapping") or {}).items()}
    return Entry(str(item["originalGuid"]), str(item["mappedGuid"]), int(item.get("counter") or 0), additional)


def write_mapping(mapping: GuidMapping) -> str:
    """The text of the file, as Jackson prints it."""
    if not mapping.entries:
        return "[ ]"
    return "[ " + ", ".join(map(_written, mapping.entries.values())) + " ]"


def _written(entry: Entry) -> str:
    pairs = ",\n".join(f"    {_said(key)} : {_said(value)}" for key, value in entry.additional.items())
    additional = f"{{\n{pairs}\n  }}" if pairs else "{ }"
    return (
        f'{{\n  "originalGuid" : {_said(entry.original)},\n  "mappedGuid" : {_said(entry.mapped)},\n'
        f'  "counter" : {entry.counter},\n  "additionalMapping" : {additional}\n}}'
    )


def _said(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

"""JSON as the other tools' documentation writes it: with trailing commas, which JSON forbids."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tsdeploy.config.yaml_file import ConfigFile, load_schema, read_config
from tsdeploy.errors import ConfigError, Finding, Location

_STRING_OR_LAST_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[\]}])', re.DOTALL)
_ANYTHING: Mapping[str, Any] = {}


def read_json(text: str, schema: str, shown: str) -> ConfigFile:
    """A file with the place of every value, checked against a schema of this room.

    YAML's reader, which allows trailing commas, gives the places. Raises ConfigError TD102, TD106 or TD303 with
    every fault.
    """
    return read_config(text, load_schema("tsdeploy.mapping.foreign", schema), path=Path(shown), shown=shown)


def read_any_json(text: str, shown: str) -> Any:
    """A file's value, whatever it is. Raises ConfigError TD102 where it cannot be read."""
    return read_config(text, _ANYTHING, path=Path(shown), shown=shown).value


def json_value(text: str, shown: str) -> Any:
    """The value of a file that is to be written again: numbers and words stay what they are.

    Raises ConfigError TD319 when the text is no JSON even without its trailing commas.
    """
    if not text.strip():
        return None
    try:
        return json.loads(without_trailing_commas(text.removeprefix("\ufeff")))
    except (ValueError, RecursionError):
        hint = "name a new file, or one of the same format"
        raise ConfigError(Finding("TD319", "the file that is there is no JSON", Location(shown), hint=hint)) from None


def without_trailing_commas(text: str) -> str:
    """JSON text without the commas in front of closing brackets; strings stay as they are."""
    return _STRING_OR_LAST_COMMA.sub(lambda match: match.group(1) or "", text)

"""Configuration files: YAML with positions, checked against a JSON Schema, every error at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tsdeploy.errors import ConfigError, Finding, Location, TmlError
from tsdeploy.nearest import nearest
from tsdeploy.tml.lines import locate
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence, parse, path_text

_MOST_DIGITS = 100
"""A longer scalar is text: Python refuses to read endless numbers, and a long fraction would be infinite."""
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
}


@dataclass(frozen=True, slots=True, eq=False)
class ConfigFile:
    """A configuration file: its value as plain Python, and where each part of it stands."""

    path: Path
    text: str
    root: Node
    value: Any
    shown: str

    def at(self, *steps: str | int) -> Location:
        """The place of the value under a path; the nearest existing parent where there is none."""
        return self._locate(_descend(self.root, steps))

    def key_at(self, *steps: str | int) -> Location:
        """The place of the key that a path ends in."""
        parent = _descend(self.root, steps[:-1])
        entry = parent.entries.get(str(steps[-1])) if isinstance(parent, Mapping) else None
        return self._locate(entry[0] if entry else parent)

    def _locate(self, node: Node) -> Location:
        return locate(self.text, node.start, self.shown)


def load_config(path: Path, schema: MappingType[str, Any], *, what: str, shown: str) -> ConfigFile:
    """Read and check a file. ``what`` names it in messages; ``shown`` is the path to show.

    Raises ConfigError TD301 (missing), TD302 (unreadable or not YAML) or TD303 (each violation of the schema).
    """
    return read_config(read_text(path, what=what, shown=shown), schema, path=path, shown=shown)


def read_config(text: str, schema: MappingType[str, Any], *, path: Path, shown: str) -> ConfigFile:
    """As ``load_config``, for a text that is at hand."""
    try:
        root = parse(text, shown)
    except TmlError as error:
        raise ConfigError(*error.findings) from None
    file = ConfigFile(path, text, root, _typed(root), shown)
    findings = [finding for error in _violations(schema, file.value) for finding in _explain(error, file)]
    ConfigError.raise_for(findings)
    return file


def read_text(path: Path, *, what: str, shown: str) -> str:
    """The file's text, line ends as they are. Raises ConfigError TD301 or TD302."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise ConfigError(Finding("TD301", f"there is no {what}", Location(shown), hint=_missing_hint(what))) from None
    except OSError as error:
        raise ConfigError(Finding("TD302", f"cannot read the {what}: {error.strerror}", Location(shown))) from None
    except UnicodeDecodeError as error:
        finding = Finding(
            "TD302", f"the {what} is not UTF-8 (byte {error.start})", Location(shown), hint="save it as UTF-8"
        )
        raise ConfigError(finding) from None


def _missing_hint(what: str) -> str:
    return f"create the {what}; the README shows one"


@cache
def load_schema(package: str, name: str) -> MappingType[str, Any]:
    """A JSON Schema that ships with the package, by the package of its folder and its name."""
    text = (resources.files(package) / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _violations(schema: MappingType[str, Any], value: Any) -> list[ValidationError]:
    errors = Draft202012Validator(schema).iter_errors(value)
    return sorted(errors, key=lambda error: list(map(str, error.absolute_path)))


def _explain(error: ValidationError, file: ConfigFile) -> list[Finding]:
    steps = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(_schema(error).get("properties", {}))
        instance: Any = error.instance
        return [_unknown_key(key, (*steps, key), known, file) for key in instance if key not in known]
    if error.validator in ("anyOf", "oneOf"):
        meant = [inner for inner in error.context or () if inner.validator != "type" or len(inner.relative_path)]
        if meant:
            return [finding for inner in meant for finding in _explain(inner, file)]
    return [Finding("TD303", _message(error), file.at(*steps), at=path_text(steps), hint=_hint(error))]


def _schema(error: ValidationError) -> MappingType[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _unknown_key(key: str, steps: tuple[str | int, ...], known: list[str], file: ConfigFile) -> Finding:
    hint = nearest(key, known) or f"known keys: {', '.join(known)}"
    return Finding("TD303", f"unknown key {key}", file.key_at(*steps), at=path_text(steps), hint=hint)


def _message(error: ValidationError) -> str:
    expected: Any = error.validator_value
    if error.validator == "required":
        # There is an error of its own for each missing key, and only its text says which.
        return f"missing key {next(key for key in expected if repr(key) in error.message)}"
    if error.validator == "type":
        names = [expected] if isinstance(expected, str) else expected
        return "must be " + " or ".join(_TYPES.get(name, name) for name in names)
    if error.validator == "enum":
        return "must be one of " + ", ".join(map(str, expected))
    if _is_newer(error):
        return f"version {error.instance} of this file is newer than this tsdeploy, which reads version {expected}"
    if error.validator == "const":
        return f"must be {json.dumps(expected)}"
    if error.validator == "pattern":
        return "does not have the form that is expected here"
    return error.message


def _is_newer(error: ValidationError) -> bool:
    """Whether a later tsdeploy wrote the file."""
    expected: Any = error.validator_value
    steps = tuple(error.absolute_path)
    return (
        error.validator == "const"
        and steps == ("version",)
        and type(error.instance) is int
        and error.instance > expected
    )


def _hint(error: ValidationError) -> str:
    expected: Any = error.validator_value
    if _is_newer(error):
        return "use the tsdeploy that wrote it, or a later one"
    if error.validator == "required" and "'version'" in error.message:
        return "files of this tsdeploy have version 1"
    if error.validator == "enum" and isinstance(error.instance, str):
        return nearest(error.instance, map(str, expected))
    return str(_schema(error).get("description", ""))


def _descend(node: Node, steps: Iterable[str | int]) -> Node:
    for step in steps:
        if isinstance(node, Mapping) and isinstance(step, str) and step in node.entries:
            node = node.entries[step][1]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return node
    return node


def _typed(node: Node) -> Any:
    """Plain Python by the YAML 1.2 core rules: only an unquoted scalar can be a number, a boolean or null."""
    if isinstance(node, Mapping):
        return {key: _typed(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [_typed(item) for item in node.items]
    return _typed_scalar(node)


def _typed_scalar(scalar: Scalar) -> Any:
    value = scalar.value
    if scalar.style:
        return value
    if value in _WORDS:
        return _WORDS[value]
    if len(value) > _MOST_DIGITS:
        return value
    if _INTEGER.fullmatch(value):
        return int(value)
    if _NUMBER.fullmatch(value):
        return float(value)
    return value

"""The keys of each file, from its JSON Schema: type, default, meaning, and the codes of what can be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.docs.code_page import code_link
from tests.docs.prose import codes, prose, row
from tests.tml.real_files import REPOSITORY
from tsdeploy.config.yaml_file import load_schema

FILES = {
    "environment": (
        "tsdeploy.config",
        "config/auth.py config/environment.py config/secrets.py config/guards.py config/deploying.py",
    ),
    "mapping": ("tsdeploy.mapping", "mapping/*.py"),
    "project": ("tsdeploy.config", "config/project.py"),
    "check": ("tsdeploy.check", "check/suppression.py"),
    "objects": ("tsdeploy.config", "config/objects.py"),
    "release": ("tsdeploy.config", "config/releases.py"),
    "plan": ("tsdeploy.plan", "plan/saved.py"),
}
"""Schema → the package that has it, and the modules that read the file."""

_DEFAULT = re.compile(r"\s*Default: (.+?)\.?$")
_CODE = re.compile(r"\bTD[1-7]\d\d\b")
_TYPES = {"integer": "whole number", "string": "text", "boolean": "true or false", "object": "mapping"}
_MANY = {"string": "texts", "object": "mappings"}


def file_table(name: str) -> str:
    """All keys of a file as a table, and the codes of what its readers refuse."""
    package, modules = FILES[name]
    schema = load_schema(package, name)
    patterns = [*modules.split(), "config/yaml_file.py"]
    sources = [source for pattern in patterns for source in (REPOSITORY / "tsdeploy").glob(pattern)]
    found = {code for source in sources for code in _CODE.findall(source.read_text("utf-8"))}
    links = ", ".join(code_link(code, "") for code in sorted(found))
    rows = "".join(_rows(schema, schema, ""))
    return f"| key | value | default | means |\n|---|---|---|---|\n{rows}\nCodes of its reader: {links}."


def _rows(schema: Any, root: Any, prefix: str) -> Iterator[str]:
    for key, given in schema.get("properties", {}).items():
        value = _resolved(given, root)
        path = f"{prefix}{key}"
        yield _row(path, value, root, required=key in schema.get("required", ()))
        for below, suffix in _below(value, root):
            yield from _rows(below, root, f"{path}{suffix}.")


def _below(value: Any, root: Any) -> Iterator[tuple[Any, str]]:
    """The mappings inside a value, and how their keys are reached."""
    for one in (value, *(_resolved(form, root) for form in value.get("oneOf", ()))):
        if "properties" in one:
            yield one, ""
        elif "items" in one:
            yield _resolved(one["items"], root), "[]"


def _row(path: str, value: Any, root: Any, *, required: bool) -> str:
    text = value.get("description", "")
    found = _DEFAULT.search(text)
    default = found.group(1) if found else ""
    shown = default if " " in default else f"`{default}`" if default else ""
    return row(f"`{path}`", _type(value, root), "required" if required else shown, prose(_DEFAULT.sub("", text)))


def _type(value: Any, root: Any) -> str:
    if "const" in value:
        return f"`{_literal(value['const'])}`"
    if "enum" in value:
        return codes(value["enum"])
    if "oneOf" in value:
        return " or ".join(dict.fromkeys(_type(_resolved(form, root), root) for form in value["oneOf"]))
    if "items" in value:
        items = _resolved(value["items"], root)
        return f"list of {codes(items['enum']) if 'enum' in items else _MANY[items['type']]}"
    kinds: list[str] = value["type"] if isinstance(value["type"], list) else [value["type"]]
    return " or ".join(_TYPES.get(kind, kind) for kind in kinds)


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _resolved(value: Any, root: Any) -> Any:
    """A schema with its reference followed; what stands beside the reference wins."""
    if "$ref" not in value:
        return value
    return {**root["$defs"][value["$ref"].rpartition("/")[2]], **{k: v for k, v in value.items() if k != "$ref"}}

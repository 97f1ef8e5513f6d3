"""The JSON Schema of each kind of TML, ready for use."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from tsdeploy.config.yaml_file import load_schema

_PACKAGE = "tsdeploy.check"


@cache
def kind_schema(root: str) -> Any:
    """The schema of the documents with a root key, closed and without references.

    Its parts are written in, because following references takes most of a validator's time. Closed means that an
    object with known fields reports others, which a validator by itself would pass over. Of a kind without a schema
    nothing is said.
    """
    if not (files(_PACKAGE) / "schemas" / f"{root}.schema.json").is_file():
        return {}
    return _closed(load_schema(_PACKAGE, root))


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _part(schema["$ref"].rpartition("/")[2])
    closed = {key: _closed_fields(value) if key == "properties" else _closed(value) for key, value in schema.items()}
    if "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def _closed_fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _closed(schema) for name, schema in fields.items()}


@cache
def _part(name: str) -> Any:
    return _closed(load_schema(_PACKAGE, "shared")["$defs"][name])

"""Answers held against JSON Schemas that are written from the reference of the REST API, not from the sandbox.

``schemas/NAME.json`` describes one answer, or a part that others refer to as ``{"$ref": "NAME.json"}``. An object
that names its ``properties`` has all of them and no other: published clients read answers strictly, nulls included.
One that says ``required`` or ``additionalProperties`` itself means it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import requests
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parent / "schemas"


def conforms(response: requests.Response, name: str, status: int = 200) -> Any:
    """The JSON of an answer, once its status, content type and every field are as a schema says."""
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    assert response.headers["Content-Type"] == "application/json"
    answer = response.json()
    assert faults(answer, name) == []
    return answer


def empty(response: requests.Response) -> None:
    """An operation without a result: 204, no body, no content type."""
    assert response.status_code == 204, f"{response.status_code}: {response.text}"
    assert response.content == b""


def refused(response: requests.Response, status: int, code: int = 0, saying: str = "") -> str:
    """The text of a refusal, in one of the shapes of error bodies. ``code`` 0 is an argument error, without a code."""
    answer = conforms(response, "error", status)
    said = answer["error"]["message"]
    inner = said["debug"] if isinstance(said, dict) and isinstance(said["debug"], dict) else said
    text = inner if isinstance(inner, str) else inner["debug"]
    found = inner.get("code", 0) if isinstance(inner, dict) else 0
    assert found == code, response.text
    assert saying in text
    return str(text)


def faults(answer: Any, name: str) -> list[str]:
    """Where JSON is not as a schema says: path and reason."""
    validator = Draft202012Validator(strict(name), registry=_registry(), format_checker=FormatChecker())
    return sorted(f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer))


def strict(name: str) -> Any:
    """A schema as it is applied."""
    return _closed(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


@cache
def _registry() -> Registry[Any]:
    found: Registry[Any] = Registry()
    return found.with_resources(
        (path.name, Resource.from_contents(strict(path.stem))) for path in SCHEMAS.glob("*.json")
    )


def _closed(schema: Any) -> Any:
    """Objects that name their properties, with all of them required and no other allowed."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        closed.setdefault("required", sorted(schema["properties"]))
        closed.setdefault("additionalProperties", False)
    return closed

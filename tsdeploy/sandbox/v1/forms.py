"""The fields of a V1 request: everything is text, and lists are JSON, or what Python prints, or one plain value."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from tsdeploy.sandbox.web.failures import ApiError, Code, business_error

_LARGEST_REPR: Final = 16 * 1024 * 1024
"""How much text is read as Python; libraries print lists of TML into one field."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Name → text. Where a name came twice, the last one counts."""

    values: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        """A text, the default when it was not given."""
        return self.values.get(name) or default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean: ``true`` in whatever case."""
        return self.text(name, str(default)).lower() == "true"

    def number(self, name: str, default: int) -> int:
        """A whole number. Raises ApiError 400/10002."""
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            raise invalid(name) from None

    def many(self, name: str) -> list[Any]:
        """The items of a list, none when it was not given. Raises ApiError 400/10002 for a list that is broken."""
        try:
            return read_list(self.text(name))
        except ValueError:
            raise invalid(name) from None

    def texts(self, name: str) -> list[str]:
        """The items of a list of texts."""
        return [str(item) for item in self.many(name)]


def read_fields(form: str) -> Fields:
    """The fields of a form or a query."""
    return Fields(dict(parse_qsl(form, keep_blank_values=True)))


def read_list(text: str) -> list[Any]:
    """A list in any of the forms that clients send. Raises ValueError for one that is none of them."""
    text = text.strip()
    if not text.startswith("["):
        return [text] if text else []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = _read_python(text)
    if not isinstance(found, list):
        raise ValueError("not a list")
    return found


def _read_python(text: str) -> Any:
    """A Python literal. Raises ValueError for what is none, too large or nested too deeply."""
    if len(text) > _LARGEST_REPR:
        raise ValueError("too large")
    try:
        return ast.literal_eval(text)
    except (SyntaxError, RecursionError, MemoryError, TypeError) as error:
        raise ValueError("not a literal") from error


def invalid(name: str) -> ApiError:
    """400/10002 for a field."""
    return business_error(f"Invalid parameter values: {name}", Code.INVALID_PARAMETER)

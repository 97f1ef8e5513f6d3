"""Declared arguments: what an endpoint takes, and how JSON is coerced to it.

ThoughtSpot's V2 API is a GraphQL façade, so GraphQL's coercion rules apply: a single value stands for a list of
one, numbers stand for text, enum values are strict, unknown keys inside an input object are refused, and unknown
keys at the top are ignored, because only declared arguments are forwarded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from tsdeploy.sandbox.release import has
from tsdeploy.sandbox.web.failures import argument_error


class Type(Enum):
    """The scalar types, by their GraphQL names; OBJECT has fields, ANY is passed through."""

    TEXT = "String"
    NUMBER = "Int"
    FLAG = "Boolean"
    ENUM = "Enum"
    OBJECT = "Input"
    ANY = "JSON"


@dataclass(frozen=True, slots=True)
class Argument:
    """One declared argument. ``choices`` belong to ENUM, ``fields`` to OBJECT; ``many`` makes it a list.

    ``since`` is the release that brought it, ``later`` those that brought some of its choices. An argument that a
    cluster is too old for is ``absent``: it is unknown to requests, and always has its default.
    """

    name: str
    type: Type = Type.TEXT
    required: bool = False
    default: Any = None
    many: bool = False
    choices: tuple[str, ...] = ()
    fields: tuple[Argument, ...] = ()
    since: str = "9.0"
    later: Mapping[str, str] = field(default_factory=dict)
    absent: bool = False

    @property
    def type_name(self) -> str:
        """How GraphQL would call the type of a required argument."""
        inner = self.type.value if self.type is not Type.OBJECT else f"{self.name.title().replace('_', '')}Input"
        return f"[{inner}!]!" if self.many else f"{inner}!"


def text(name: str, *, required: bool = False, default: str | None = None, many: bool = False) -> Argument:
    """Declare text, or a list of texts."""
    return Argument(name, Type.TEXT, required, default, many)


def number(name: str, default: int | None = None) -> Argument:
    """Declare a whole number."""
    return Argument(name, Type.NUMBER, default=default)


def flag(name: str, default: bool | None = False) -> Argument:
    """Declare a boolean."""
    return Argument(name, Type.FLAG, default=default)


def enum(name: str, *choices: str, default: str | None = None, required: bool = False, many: bool = False) -> Argument:
    """Declare one of fixed values, or a list of them."""
    return Argument(name, Type.ENUM, required, default, many, choices)


def since(release: str, argument: Argument) -> Argument:
    """Declare that an argument came with a release."""
    return replace(argument, since=release)


def later(releases: Mapping[str, str], argument: Argument) -> Argument:
    """Declare that choices came with releases: choice → release."""
    return replace(argument, later=releases)


def group(name: str, *fields: Argument, required: bool = False, many: bool = False) -> Argument:
    """Declare an input object, or a list of them."""
    return Argument(name, Type.OBJECT, required, None, many, (), fields)


def at_release(declared: tuple[Argument, ...], release: str) -> tuple[Argument, ...]:
    """The arguments as a cluster of a release knows them."""
    return tuple(
        replace(
            argument,
            absent=not has(release, argument.since),
            choices=tuple(each for each in argument.choices if has(release, argument.later.get(each, "9.0"))),
            fields=at_release(argument.fields, release),
        )
        for argument in declared
    )


def coerce(declared: tuple[Argument, ...], body: Mapping[str, Any]) -> dict[str, Any]:
    """The declared arguments of a request, defaults filled in. Raises ApiError 400 in shape (c)."""
    return {argument.name: _top(argument, body.get(argument.name)) for argument in declared}


def _top(argument: Argument, value: Any) -> Any:
    if value is None or argument.absent:
        if argument.required and not argument.absent:
            raise argument_error(
                f'Variable "${argument.name}" of required type "{argument.type_name}" was not provided.'
            )
        return argument.default
    return _value(argument, value, _Where(argument.name, value, argument.name))


@dataclass(frozen=True, slots=True)
class _Where:
    """Where a value stands, for messages."""

    variable: str
    given: Any
    path: str

    def below(self, step: str) -> _Where:
        return _Where(self.variable, self.given, self.path + step)

    def refuse(self, value: Any, why: str) -> Exception:
        at = f' at "{self.path}"' if self.path != self.variable else ""
        shown = json.dumps(value, ensure_ascii=False)
        return argument_error(f'Variable "${self.variable}" got invalid value {shown}{at}; {why}')


def _value(argument: Argument, value: Any, where: _Where) -> Any:
    if not argument.many:
        return _single(argument, value, where)
    if not isinstance(value, list):
        return [_single(argument, value, where)]
    return [_single(argument, item, where.below(f"[{index}]")) for index, item in enumerate(value)]


def _single(argument: Argument, value: Any, where: _Where) -> Any:
    if argument.type is Type.ANY:
        return value
    if argument.type is Type.OBJECT:
        return _object(argument, value, where)
    if argument.type is Type.ENUM:
        return _enum(argument, value, where)
    if argument.type is Type.TEXT:
        return _text(value, where)
    if argument.type is Type.NUMBER:
        return _number(value, where)
    return _flag(value, where)


def _object(argument: Argument, value: Any, where: _Where) -> dict[str, Any]:
    type_name = argument.type_name.strip("[]!")
    if not isinstance(value, dict):
        raise where.refuse(value, f'Expected type "{type_name}" to be an object.')
    known = {each.name: each for each in argument.fields}
    for key in value:
        if key not in known or known[key].absent:
            raise where.refuse(value, f'Field "{key}" is not defined by type "{type_name}".')
    found: dict[str, Any] = {}
    for name, each in known.items():
        inner = value.get(name)
        if inner is None and each.required and not each.absent:
            raise where.refuse(value, f'Field "{name}" of required type "{each.type_name}" was not provided.')
        found[name] = each.default if inner is None else _value(each, inner, where.below(f".{name}"))
    return found


def _enum(argument: Argument, value: Any, where: _Where) -> str:
    if value not in argument.choices:
        name = f"{argument.name.title().replace('_', '')}Enum"
        raise where.refuse(value, f'Value "{value}" does not exist in "{name}" enum.')
    return str(value)


def _text(value: Any, where: _Where) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise where.refuse(value, f"String cannot represent a non string value: {json.dumps(value)}")
    return str(value)


def _number(value: Any, where: _Where) -> int:
    if isinstance(value, str) and value.lstrip("-").isdecimal() and value.isascii():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise where.refuse(value, f"Int cannot represent non-integer value: {json.dumps(value)}")
    return value


def _flag(value: Any, where: _Where) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise where.refuse(value, f"Boolean cannot represent a non boolean value: {json.dumps(value)}")

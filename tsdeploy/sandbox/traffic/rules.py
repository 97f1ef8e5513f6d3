"""Faults as data: when one happens, and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from tsdeploy.errors import Finding, UsageError
from tsdeploy.sandbox.traffic.exchange import Incoming


class Kind(Enum):
    """What can go wrong."""

    STATUS = "status"
    """An error status with the body that belongs to it."""
    RESET = "reset"
    """The connection is reset instead of an answer."""
    SLOW = "slow"
    """The answer takes longer."""
    TRUNCATE = "truncate"
    """The connection ends in the middle of the body."""
    CONTENT_TYPE = "content_type"
    """The answer has another content type."""
    BROKEN_JSON = "broken_json"
    """The answer has its length, and is no JSON."""
    MAINTENANCE = "maintenance"
    """The HTML page of a maintenance window, with status 503 or 200."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - a name, no secret
    """401/10097, as if the token had just expired."""
    ITEM = "item"
    """One object of a TML export fails inside an answer that is 200."""
    NOTHING = "nothing"
    """Nothing goes wrong: for rules that others wait for with ``after``."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a fault happens.

    ``path`` is a glob over endpoints (``metadata/*``), ``method`` "" any. ``where`` compares top-level values of the
    JSON body; a list there means one of these. ``after`` is the id of a rule that must have happened before.
    Among the requests that fit: ``nth`` only that one, counted from 1; ``every`` each k-th; ``probability`` by a
    generator with ``seed``; ``times`` at most so often. 0 leaves each of these out.
    """

    path: str = "*"
    method: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    after: str = ""
    nth: int = 0
    every: int = 0
    probability: float = 1.0
    seed: int = 0
    times: int = 0

    def fits(self, incoming: Incoming) -> bool:
        """Whether a request is one of those that are counted."""
        if self.method not in ("", incoming.method) or not fnmatchcase(incoming.endpoint, self.path):
            return False
        return all(
            incoming.arguments.get(key) in (wanted if isinstance(wanted, (list, tuple)) else [wanted])
            for key, wanted in self.where.items()
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong.

    ``applied``: only after the request did its work, as when an answer is lost on its way. ``status`` is for STATUS
    and MAINTENANCE, 0 means 503; ``code`` and ``message`` replace those that belong to the status; ``retry_after`` is
    sent as it is; ``milliseconds`` are for SLOW; ``size`` is how many bytes TRUNCATE sends; ``content_type`` is what
    CONTENT_TYPE claims; ``object`` is the name or GUID of an ITEM.
    """

    kind: Kind
    applied: bool = False
    status: int = 0
    code: int = 0
    message: str = ""
    retry_after: str = ""
    milliseconds: int = 0
    size: int = 0
    content_type: str = "text/html"
    object: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault with its trigger. ``id`` is unique in its sandbox."""

    id: str
    trigger: Trigger
    fault: Fault

    def to_json(self) -> dict[str, Any]:
        """The rule as it is given, with its id."""
        return {"id": self.id, **asdict(self.fault), "kind": self.fault.kind.value, **asdict(self.trigger)}


_Part = TypeVar("_Part", Trigger, Fault)
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "float": (float, int),
    "Mapping[str, Any]": (dict,),
}


def read_rule(identifier: str, given: Mapping[str, Any]) -> Rule:
    """A rule from its keys, flat. Raises UsageError TD810 that says what is wrong."""
    if given.get("kind") not in {kind.value for kind in Kind}:
        raise _refused(f"kind must be one of {', '.join(kind.value for kind in Kind)}")
    known = {item.name for item in (*fields(Trigger), *fields(Fault))}
    for key in given:
        if key not in known:
            raise _refused(f"there is no key {key!r}")
    kind = Kind(given["kind"])
    trigger = _read(Trigger, {}, given)
    if not 0 <= trigger.probability <= 1:
        raise _refused("probability must be between 0 and 1")
    return Rule(identifier, trigger, _read(Fault, {"kind": kind}, given))


def _read(part: type[_Part], done: dict[str, Any], given: Mapping[str, Any]) -> _Part:
    for item in fields(part):
        if item.name in given and item.name not in done:
            done[item.name] = _checked(item.name, str(item.type), given[item.name])
    return part(**done)


def _checked(name: str, type_name: str, value: Any) -> Any:
    if not isinstance(value, _TYPES[type_name]) or (isinstance(value, bool) and type_name != "bool"):
        raise _refused(f"{name} must be {'an object' if 'Mapping' in type_name else type_name}")
    if isinstance(value, (int, float)) and value < 0:
        raise _refused(f"{name} must not be negative")
    return value


def _refused(why: str) -> UsageError:
    return UsageError(Finding("TD810", f"not a fault: {why}", hint="docs/sandbox.md lists the keys"))

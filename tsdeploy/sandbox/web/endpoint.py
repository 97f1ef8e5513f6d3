"""An endpoint as data, and the call that its handler gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.web.arguments import Argument

Json: TypeAlias = "dict[str, Any] | list[Any]"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. ``body`` None is 204 with nothing in it; ``cookies`` are set on the client, "" removes one."""

    body: Json | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the cluster, who calls (None where no session is needed or given), and coerced arguments."""

    cluster: Cluster
    caller: Token | None
    arguments: Mapping[str, Any]

    @property
    def session(self) -> Token:
        """The token of a caller who had to have one."""
        assert self.caller is not None, "the endpoint declares that it needs no session"
        return self.caller

    @property
    def org_id(self) -> int:
        """The Org of the caller's token."""
        return self.session.org_id

    def text(self, name: str) -> str:
        """A text argument, "" when it was not given."""
        return self.arguments[name] or ""

    def number(self, name: str) -> int | None:
        """A whole number, None when it was not given."""
        found: int | None = self.arguments[name]
        return found

    def flag(self, name: str) -> bool:
        """A boolean, False when it was not given."""
        return bool(self.arguments[name])

    def group(self, name: str) -> Mapping[str, Any]:
        """An input object, empty when it was not given."""
        return self.arguments[name] or {}

    def many(self, name: str) -> list[Any]:
        """A list, empty when it was not given."""
        return self.arguments[name] or []


Handler: TypeAlias = Callable[[Call], "Reply"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route. ``open`` needs no session; ``bodiless`` takes a POST without a body.

    ``needs`` are privileges of which the caller has one, ADMINISTRATION aside, which is always enough; ``since`` is
    the release that introduced the route.
    """

    method: str
    path: str
    handler: Handler
    arguments: tuple[Argument, ...] = ()
    open: bool = False
    bodiless: bool = False
    needs: tuple[str, ...] = ()
    since: str = "9.0"

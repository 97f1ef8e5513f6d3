"""An endpoint as data, and the call that its handler gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from tsdeploy.sandbox.access import Access, access_of
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.web.arguments import Argument

_READING: Final = ("/search", "/export", "/fetch-permissions", "/status", "/validate", "/logout")

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
    known_access: Access | None = None

    @property
    def session(self) -> Token:
        """The token of a caller who had to have one."""
        assert self.caller is not None, "the endpoint declares that it needs no session"
        return self.caller

    @property
    def user(self) -> User:
        """The user who calls."""
        found = self.cluster.users.find(self.session.user_id)
        assert found is not None, "a token is good only while its user is there"
        return found

    @property
    def access(self) -> Access:
        """What the caller may do."""
        return self.known_access or access_of(self.cluster, self.session)

    @property
    def org_id(self) -> int:
        """The id of the Org of the caller's token."""
        return self.session.org_id

    @property
    def org(self) -> Org:
        """The Org of the caller's token."""
        found = self.cluster.orgs.get(self.org_id)
        assert found is not None, "a token is good only for an Org that is there"
        return found

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
    the release that introduced the route. ``transactional`` false leaves transactions to the handler. ``refusal``
    is the recorded text of a refusal for want of privileges, where there is one.
    """

    method: str
    path: str
    handler: Handler
    arguments: tuple[Argument, ...] = ()
    open: bool = False
    bodiless: bool = False
    needs: tuple[str, ...] = ()
    since: str = "9.0"
    transactional: bool = True
    refusal: str = ""

    @property
    def reads(self) -> bool:
        """Whether it only reads, so that a token for one object may use it."""
        return self.method == "GET" or self.path.endswith(_READING)

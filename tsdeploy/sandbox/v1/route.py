"""A route of V1 as data, the call that its handler gets, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from tsdeploy.sandbox.endpoints import ENDPOINTS
from tsdeploy.sandbox.release import at_least
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.v1.forms import Fields
from tsdeploy.sandbox.web.arguments import at_release, coerce
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply

PUBLIC: Final = "/callosum/v1/tspublic/v1"
PRIVATE: Final = "/callosum/v1"
_FIRST: Final = "9.0"
"""The first release with V2. Older ones answer to V1 alone, and what V1 asks of V2 here is never seen outside."""

V2: Final[Mapping[str, Endpoint]] = {endpoint.path: endpoint for endpoint in ENDPOINTS}
"""The endpoints of V2 by path."""


@dataclass(frozen=True, slots=True)
class V1Call:
    """One request. ``call`` is the same as V2 knows it, still without arguments."""

    call: Call
    fields: Fields

    def v2(self, path: str, **arguments: Any) -> Reply:
        """What an endpoint of V2 answers. Raises whatever it refuses with."""
        endpoint, cluster = V2[path], self.call.cluster
        coerced = coerce(at_release(endpoint.arguments, at_least(cluster.settings.release, _FIRST)), arguments)
        return endpoint.handler(Call(cluster, self.call.caller, coerced, self.call.known_access))

    def as_holder(self, token: Token) -> V1Call:
        """The same call by the holder of a token."""
        return V1Call(Call(self.call.cluster, token, {}), self.fields)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: JSON, a text as it stands, or nothing (204). ``location`` redirects."""

    body: Any = None
    cookies: Mapping[str, str] = field(default_factory=dict)
    location: str = ""


Handler: TypeAlias = Callable[[V1Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One route. ``rights`` is the V2 path whose privileges it asks for; ``plain`` is TML, which has a type of its own.

    ``base`` is where it stands: under the public prefix or the other one. ``open`` needs no session.
    """

    method: str
    path: str
    handler: Handler
    rights: str = ""
    base: str = PUBLIC
    plain: bool = False
    open: bool = False

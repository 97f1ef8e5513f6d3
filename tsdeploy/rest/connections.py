"""List connections to warehouses."""

from __future__ import annotations

from tsdeploy.rest.errors import ApiError, not_understood
from tsdeploy.rest.metadata import search_metadata
from tsdeploy.rest.query import SearchQuery
from tsdeploy.rest.results import Connection
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import items, text
from tsdeploy.rest.transport import Call

_EVERYTHING = -1
_NO_ROUTE = 404


def search_connections(session: Session, *, name_pattern: str = "") -> list[Connection]:
    """The connections of the session's Org, or those whose name is LIKE the pattern. Needs DATAMANAGEMENT.

    Asked for in one piece: the server pages reliably only without a name (facts §12). Releases before 9.2 know
    connections only as objects, and do not tell their warehouse. Raises AnswerError TD410 when one has no id.
    """
    try:
        return _search(session, name_pattern)
    except ApiError as error:
        if error.answer.status != _NO_ROUTE:
            raise
    query = SearchQuery(types=("CONNECTION",), name_pattern=name_pattern)
    return [Connection(found.id, found.name, found.description, "") for found in search_metadata(session, query)]


def _search(session: Session, name_pattern: str) -> list[Connection]:
    body: dict[str, object] = {"record_offset": 0, "record_size": _EVERYTHING}
    if name_pattern:
        body["connections"] = [{"name_pattern": name_pattern}]
    call = Call("POST", "connection/search", body)
    connections = []
    for found in items(call, session.ask(call)):
        if not text(found, "id"):
            raise not_understood(call, "a connection has no id")
        warehouse = text(found, "data_warehouse_type")
        connections.append(Connection(text(found, "id"), text(found, "name"), text(found, "description"), warehouse))
    return connections

"""What is in a cluster: objects with their TML, and asynchronous imports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from tsdeploy.sandbox.dump import shown_text
from tsdeploy.sandbox.web.arguments import number, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import argument_error

_COLUMNS: Final = (
    "guid, org_id, kind, objects.name, obj_id, coalesce(users.name, objects.author_id) AS author, objects.modified"
)
_FROM: Final = "FROM objects LEFT JOIN users ON users.id = objects.author_id"
_MATCHES: Final = "(objects.name LIKE ? ESCAPE '\\' OR guid LIKE ? ESCAPE '\\' OR obj_id LIKE ? ESCAPE '\\')"
_MOST: Final = 500


def objects(call: Call) -> Reply:
    """``GET /objects``: a page of an Org's objects by name, and how many of each kind there are in all."""
    rows = call.cluster.database.rows
    org_id, kind = call.number("org") or 0, call.text("kind")
    pattern = f"%{_escaped(call.text('search'))}%"
    where, values = f"WHERE org_id = ? AND {_MATCHES}", (org_id, pattern, pattern, pattern)
    counts = rows(f"SELECT kind, count(*) AS count {_FROM} {where} GROUP BY kind ORDER BY kind", *values)
    kinds = {row["kind"]: row["count"] for row in counts}
    found = rows(
        f"SELECT {_COLUMNS} {_FROM} {where} AND ? IN ('', kind)"
        " ORDER BY objects.name COLLATE NOCASE, guid LIMIT ? OFFSET ?",
        *values,
        kind,
        min(call.number("size") or 0, _MOST),
        call.number("offset"),
    )
    total = kinds.get(kind, 0) if kind else sum(kinds.values())
    return Reply({"total": total, "kinds": kinds, "objects": [dict(row) for row in found]})


def one_object(call: Call) -> Reply:
    """``GET /objects/GUID``: an object with its TML, what it uses, and what uses it."""
    cluster, guid = call.cluster, call.text("guid")
    item = cluster.objects.get(guid)
    if item is None:
        raise argument_error(f"There is no object {guid}.", 404)
    (row,) = cluster.database.rows(f"SELECT {_COLUMNS} {_FROM} WHERE guid = ?", guid)
    return Reply(
        {
            **dict(row),
            "tml": shown_text(cluster, item),
            "uses": _briefly(call, set(cluster.objects.links(guid).values()) - {guid}),
            "used_by": _briefly(call, cluster.objects.dependents([guid]).get(guid, [])),
        }
    )


def tasks(call: Call) -> Reply:
    """``GET /tasks``: asynchronous imports, the latest first."""
    rows: list[dict[str, Any]] = [
        dict(row)
        for row in call.cluster.database.rows(
            "SELECT id, org_id, name, policy, status, total, processed, created, completed FROM tasks"
            " ORDER BY created DESC, id LIMIT ?",
            _MOST,
        )
    ]
    return Reply({"tasks": rows})


def _briefly(call: Call, guids: Iterable[str]) -> list[dict[str, str]]:
    rows = call.cluster.database.rows_among("SELECT guid, kind, name FROM objects WHERE guid IN ({marks})", guids)
    return sorted((dict(row) for row in rows), key=lambda found: (found["kind"], found["name"], found["guid"]))


def _escaped(search: str) -> str:
    return search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


ENDPOINTS = (
    Endpoint(
        "GET",
        "/objects",
        objects,
        (number("org", 0), text("search"), text("kind"), number("offset", 0), number("size", 100)),
    ),
    Endpoint("GET", "/objects/<guid>", one_object, (text("guid"),)),
    Endpoint("GET", "/tasks", tasks),
)

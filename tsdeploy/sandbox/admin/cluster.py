"""What a cluster is and holds, for people and tests: its settings, its Orgs, how much is in them."""

from __future__ import annotations

from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply


def describe(call: Call) -> Reply:
    """``GET /cluster``: name, release, and the Orgs with the number of objects in each."""
    cluster = call.cluster
    rows = cluster.database.rows("SELECT org_id, count(*) AS objects FROM objects GROUP BY org_id")
    objects = {row["org_id"]: row["objects"] for row in rows}
    return Reply(
        {
            "name": cluster.settings.name,
            "release": cluster.settings.release,
            "orgs": [{"id": org.id, "name": org.name, "objects": objects.get(org.id, 0)} for org in cluster.orgs.all()],
        }
    )


ENDPOINTS = (Endpoint("GET", "/cluster", describe),)

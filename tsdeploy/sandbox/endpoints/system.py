"""The cluster about itself, and its Orgs. Source: facts about the REST API, "System and orgs"."""

from __future__ import annotations

from tsdeploy.sandbox import wellknown
from tsdeploy.sandbox.web.arguments import enum, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply


def system(call: Call) -> Reply:
    """``GET /system``."""
    return Reply(
        {
            "id": call.cluster.settings.name,
            "name": call.cluster.settings.name,
            "release_version": call.cluster.settings.release,
            "time_zone": "America/Los_Angeles",
            "locale": "",
            "date_format": "MM/dd/yyyy",
            "api_version": "v1",
            "type": "SAAS",
            "environment": "DEV",
            "license": "EAE",
            "date_time_format": "MM/dd/yyyy h:mm a",
            "time_format": "HH:mm:ss",
            "system_user_id": wellknown.SYSTEM_USER_ID,
            "super_user_id": wellknown.SUPER_USER_ID,
            "hidden_object_id": wellknown.HIDDEN_OBJECT_ID,
            "system_group_id": wellknown.SYSTEM_GROUP_ID,
            "tsadmin_user_id": wellknown.TSADMIN_ID,
            "admin_group_id": wellknown.ADMIN_GROUP_ID,
            "all_tables_connection_id": wellknown.ALL_TABLES_CONNECTION_ID,
            "all_user_group_id": wellknown.ALL_USER_GROUP_ID,
            "accept_language": "undefined",
            "all_user_group_member_user_count": 1,
            "logical_model_version": 43,
        }
    )


def orgs_search(call: Call) -> Reply:
    """``POST /orgs/search``: a bare array, never paged."""
    wanted, described = call.text("org_identifier"), call.text("description")
    if call.text("status") == "IN_ACTIVE" or call.text("visibility") == "HIDDEN":
        return Reply([])
    return Reply(
        [
            {
                "id": org.id,
                "name": org.name,
                "status": "ACTIVE",
                "description": org.description,
                "visibility": "SHOW",
            }
            for org in call.cluster.orgs.all()
            if wanted in ("", str(org.id), org.name) and described in ("", org.description)
        ]
    )


ENDPOINTS = (
    Endpoint("GET", "/system", system),
    Endpoint(
        "POST",
        "/orgs/search",
        orgs_search,
        (
            text("org_identifier"),
            text("description"),
            enum("visibility", "SHOW", "HIDDEN"),
            enum("status", "ACTIVE", "IN_ACTIVE"),
            text("user_identifiers", many=True),
        ),
    ),
)

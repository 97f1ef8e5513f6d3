"""The cluster about itself, and its Orgs. Source: facts about the REST API, "System and orgs"."""

from __future__ import annotations

from typing import Final

from tsdeploy.sandbox import guesses, wellknown
from tsdeploy.sandbox.principals import need_user
from tsdeploy.sandbox.web.arguments import enum, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, system_error

_NEEDS: Final = ("SYSTEM_INFO_ADMINISTRATION",)
_REFUSAL: Final = "ADMINISTRATION privilege required to retrieve system information."


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
            "all_user_group_member_user_count": len(call.cluster.users.in_org(wellknown.PRIMARY_ORG_ID)),
            "logical_model_version": 43,
        }
    )


def config(call: Call) -> Reply:
    """``GET /system/config``."""
    return Reply({"onboarding_content_url": "", "saml_enabled": False, "okta_enabled": False})


def config_overrides(call: Call) -> Reply:
    """``GET /system/config-overrides``: free form; a sandbox overrides nothing."""
    return Reply({"config_override_info": {}})


def orgs_search(call: Call) -> Reply:
    """``POST /orgs/search``: a bare array, never paged."""
    if not call.cluster.settings.orgs_enabled:
        raise system_error(guesses.ORGS_DISABLED_TEXT, Code.FORBIDDEN, 403)
    wanted, described = call.text("org_identifier"), call.text("description")
    users = [need_user(call.cluster, identifier).id for identifier in call.many("user_identifiers")]
    theirs = {org_id for found in call.cluster.users.org_ids(users).values() for org_id in found}
    return Reply(
        [
            {
                "id": org.id,
                "name": org.name,
                "status": org.status,
                "description": org.description,
                "visibility": org.visibility,
            }
            for org in call.cluster.orgs.all()
            if wanted in ("", str(org.id), org.name)
            and described in ("", org.description)
            and call.text("visibility") in ("", org.visibility)
            and call.text("status") in ("", org.status)
            and (not users or org.id in theirs)
        ]
    )


ENDPOINTS = (
    Endpoint("GET", "/system", system, needs=_NEEDS, refusal=_REFUSAL),
    Endpoint("GET", "/system/config", config, needs=_NEEDS, refusal=_REFUSAL),
    Endpoint("GET", "/system/config-overrides", config_overrides, needs=_NEEDS, refusal=_REFUSAL),
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
        needs=("ORG_ADMINISTRATION",),
    ),
)

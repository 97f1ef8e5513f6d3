"""Sessions, tokens and the Org of a session."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.credentials import may_enter, orgs_of
from tsdeploy.sandbox.endpoints.auth import without_orgs
from tsdeploy.sandbox.store.groups import all_group_id
from tsdeploy.sandbox.v1.forms import invalid
from tsdeploy.sandbox.v1.route import PRIVATE, Answer, Route, V1Call
from tsdeploy.sandbox.web.failures import Code, business_error, system_error
from tsdeploy.sandbox.wellknown import ADMIN_GROUP_ID, PRIMARY_ORG_ID, SYSTEM_USER_ID, TSADMIN_ID


def login(call: V1Call) -> Answer:
    """``POST session/login``: cookies, for a name and a password."""
    fields = call.fields
    reply = call.v2(
        "/auth/session/login",
        username=fields.text("username"),
        password=fields.text("password"),
        remember_me=fields.flag("rememberme", default=True),
    )
    return Answer(cookies=reply.cookies)


def logout(call: V1Call) -> Answer:
    """``POST session/logout``."""
    return Answer(cookies=call.v2("/auth/session/logout").cookies)


def auth_token(call: V1Call) -> Answer:
    """``POST session/auth/token``: the token alone, as plain text."""
    fields = call.fields
    wanted: dict[str, Any] = {
        "username": fields.text("username"),
        "secret_key": fields.text("secret_key"),
        "org_id": fields.number("orgid", PRIMARY_ORG_ID),
        "group_identifiers": fields.texts("groups"),
        "auto_create": fields.flag("autocreate"),
    }
    if fields.text("access_level", "FULL") == "FULL":
        reply = call.v2("/auth/token/full", **wanted)
    else:
        reply = call.v2("/auth/token/object", **wanted, object_id=fields.text("id"))
    assert isinstance(reply.body, dict)
    return Answer(str(reply.body["token"]))


def login_with_token(call: V1Call) -> Answer:
    """``POST session/login/token``: cookies for a token, and on to a page of this server."""
    fields, cluster = call.fields, call.call.cluster
    token = cluster.tokens.find(fields.text("auth_token"), cluster.now())
    user = cluster.users.find(fields.text("username")) if fields.text("username") else None
    if token is None or (fields.text("username") and (user is None or user.id != token.user_id)):
        raise system_error(guesses.UNAUTHORIZED_TEXT, Code.NOT_AUTHENTICATED, 401)
    reply = call.as_holder(token).v2("/auth/session/login")
    wanted = urlsplit(fields.text("redirect_url"))
    stay = fields.flag("no_url_redirection") or not wanted.path
    # Only the path: a redirect to another host would make the sandbox a tool of whoever wrote the link.
    path = "" if stay else "/" + wanted.path.lstrip("/\\") + (f"?{wanted.query}" if wanted.query else "")
    return Answer(cookies=reply.cookies, location=path)


def info(call: V1Call) -> Answer:
    """``GET session/info``."""
    user, session, cluster = call.call.user, call.call.session, call.call.cluster
    shown = {
        "userName": user.name,
        "userDisplayName": user.display_name,
        "userEmail": user.email,
        "userCreatedTime": user.created,
        "userExpirationTime": session.expires,
        "userGUID": user.id,
        "apiVersion": "v1",
        "canChangePassword": True,
        "isSystemUser": user.id == SYSTEM_USER_ID,
        "logicalModelVersion": 401,
        "userGroupMask": 4 if call.call.access.is_admin else 0,
        "privileges": sorted(call.call.access.privileges),
        "expirationTime": session.expires,
        "authToken": session.token,
        "locale": "en_US",
        "timezone": "UTC",
        "dateFormat": {"formatPattern": "MM/dd/yyyy"},
        "timeFormat": {"formatPattern": "HH:mm:ss"},
        "dateTimeFormat": {"formatPattern": "MM/dd/yyyy h:mm a"},
        "configInfo": {
            "selfClusterId": cluster.settings.name,
            "selfClusterName": cluster.settings.name,
            "isSaas": True,
        },
        "releaseVersion": cluster.settings.release,
        "currentOrgId": call.call.org_id,
    }
    return Answer(shown if cluster.settings.orgs_enabled else without_orgs(shown))


def orgs(call: V1Call) -> Answer:
    """``GET session/orgs``: the Orgs that the user may enter, and the one that the session is in."""
    cluster = call.call.cluster
    listed = [
        {
            "orgId": org.id,
            "orgName": org.name,
            "description": org.description,
            "allUserGroupId": all_group_id(org.id),
            "defaultAdminUserGroupId": ADMIN_GROUP_ID,
            "isActive": org.status == "ACTIVE",
        }
        for org in orgs_of(cluster, call.call.user)
    ]
    everywhere = call.call.user.id == TSADMIN_ID or len(listed) == len(cluster.orgs.all())
    return Answer({"orgs": listed, "canAdministerAllOrgs": everywhere, "currentOrgId": call.call.org_id})


def switch_org(call: V1Call) -> Answer:
    """``PUT session/orgs``: from now on, the session is in another Org."""
    cluster = call.call.cluster
    org = cluster.orgs.get(call.fields.number("orgid", -1))
    if org is None:
        raise invalid("orgid")
    user = call.call.user
    if not may_enter(cluster, user, org):
        short = guesses.user_in_org_error(user.id)
        raise business_error(f"User {short} do not have access to org {org.id}", Code.NO_ORG_ACCESS)
    cluster.tokens.move(call.call.session.token, org.id)
    return Answer()


def is_active(_call: V1Call) -> Answer:
    """``GET session/isactive``: what clients ask every now and then to keep a session alive."""
    return Answer(dict(guesses.SESSION_IS_ACTIVE))


ROUTES = (
    Route("POST", "/session/login", login, open=True),
    Route("POST", "/session/logout", logout),
    Route("POST", "/session/auth/token", auth_token, open=True),
    Route("POST", "/session/login/token", login_with_token, open=True),
    Route("GET", "/session/info", info),
    Route("GET", "/session/orgs", orgs),
    Route("PUT", "/session/orgs", switch_org),
    Route("GET", "/session/isactive", is_active, base=PRIVATE),
)

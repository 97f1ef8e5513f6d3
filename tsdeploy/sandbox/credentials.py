"""Who may log in, and into which Orgs. Source: facts about the REST API, "Authentication"."""

from __future__ import annotations

import hashlib
import hmac

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.access import Access
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.orgs import Org
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.web.failures import ApiError, Code, system_error
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID, TSADMIN_ID

_ROUNDS = 1000


def digest(password: str, user_id: str) -> str:
    """What is kept of a password."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), user_id.encode(), _ROUNDS).hex()


def with_password(cluster: Cluster, name: str, password: str) -> User | None:
    """The user with a name and a password. tsadmin's is a setting; who has none cannot log in with one."""
    user = cluster.users.find(name)
    if user is None or user.name != name:
        return None
    if user.id == TSADMIN_ID:
        return user if hmac.compare_digest(password.encode(), cluster.settings.password.encode()) else None
    good = bool(user.password) and hmac.compare_digest(digest(password, user.id), user.password)
    return user if good else None


def is_secret_key(cluster: Cluster, key: str) -> bool:
    """Whether a text is the cluster's secret key."""
    return hmac.compare_digest(key.encode(), cluster.settings.secret_key.encode())


def check_status(user: User) -> None:
    """Raises ApiError 403/10023 in shape (b) for an account that is not active."""
    if user.account_status != "ACTIVE":
        raise system_error("User account is inactive or locked.", Code.FORBIDDEN, 403)


def orgs_of(cluster: Cluster, user: User) -> list[Org]:
    """The Orgs that a user may enter: the user's own, or for an administrator of Primary all of them."""
    orgs = [org for org in cluster.orgs.all() if org.status == "ACTIVE"]
    if Access(cluster, user.id, PRIMARY_ORG_ID).is_admin:
        return orgs
    own = cluster.users.org_ids([user.id]).get(user.id, [])
    return [org for org in orgs if org.id in own]


def may_enter(cluster: Cluster, user: User, org: Org) -> bool:
    """Whether a user may work in an Org."""
    own = cluster.users.org_ids([user.id]).get(user.id, [])
    member = org.id in own or Access(cluster, user.id, PRIMARY_ORG_ID).is_admin
    return member and org.status == "ACTIVE"


def first_org(cluster: Cluster, user: User, wanted: int) -> Org:
    """The Org that a user lands in without naming one: the wanted one, else the first that is open.

    Raises ApiError 403/10023 for a user without any.
    """
    org = cluster.orgs.get(wanted)
    if org is not None and may_enter(cluster, user, org):
        return org
    own = orgs_of(cluster, user)
    if not own:
        raise system_error(guesses.NO_ORG_TEXT, Code.FORBIDDEN, 403)
    return own[0]


def no_principal(identifier: str) -> ApiError:
    """400/13003 in shape (b): a user or group that is not there."""
    return system_error(
        f"Principal object does not exist corresponding to the identifier {identifier}", Code.NOT_FOUND, 400
    )

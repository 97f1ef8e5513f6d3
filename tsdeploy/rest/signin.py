"""Sign in, and make sure that it is the right Org before anything else is asked."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.config.auth import Auth, PasswordAuth, TokenAuth, TrustedAuth
from tsdeploy.errors import RestError
from tsdeploy.rest.auth import Token, mint_call, minted_token, ready_token
from tsdeploy.rest.errors import WRONG_ORG, AnswerError, ApiError, finding
from tsdeploy.rest.exchange import Exchange
from tsdeploy.rest.identity import orgs_call, read_orgs, read_user, user_call
from tsdeploy.rest.results import CurrentUser


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A token, and who holds it where. ``is_v1``: the server has V1 of the API alone."""

    token: Token
    user: CurrentUser
    is_v1: bool = False


def sign_in(exchange: Exchange, auth: Auth, org: int | str | None) -> SignedIn:
    """Get a token for the Org (id, name, or None for wherever the server puts the user) and check its Org.

    Raises RestError TD405 when the token belongs to another Org or the name cannot be resolved, TD403 for
    wrong credentials, ConfigError TD305 when a secret's variable is not set.
    """
    if isinstance(auth, TokenAuth):
        signed_in = _introduce(exchange, ready_token(auth, exchange.redactor))
    else:
        signed_in = _mint(exchange, auth, org if isinstance(org, int) else None)
        if isinstance(org, str) and signed_in.user.org_name != org:
            org = _resolve(exchange, signed_in, org)
            signed_in = _mint(exchange, auth, org)
    check_org(exchange, signed_in.user, org)
    return signed_in


def _mint(exchange: Exchange, auth: PasswordAuth | TrustedAuth, org_id: int | None) -> SignedIn:
    call = mint_call(auth, org_id, exchange.redactor)
    asked_at = exchange.pacing.clock()
    answer = exchange.ask(call)
    return _introduce(exchange, minted_token(call, answer, asked_at=asked_at, redactor=exchange.redactor))


def _introduce(exchange: Exchange, token: Token) -> SignedIn:
    call = user_call()
    return SignedIn(token, read_user(call, exchange.ask(call, token.credential)))


def _resolve(exchange: Exchange, signed_in: SignedIn, name: str) -> int:
    """The id of the Org with exactly this name; only the cluster's administrators may look (facts §4)."""
    call = orgs_call(name)
    try:
        orgs = read_orgs(call, exchange.ask(call, signed_in.token.credential))
    except (ApiError, AnswerError) as error:
        reason = error.findings[0].message
    else:
        ids = {org.id for org in orgs if org.name == name}
        if len(ids) == 1:
            return ids.pop()
        reason = f"{call}: {'several Orgs have' if ids else 'no Org has'} this name"
    raise wrong_org(exchange, f"cannot find the id of Org {name!r}: {reason}")


def check_org(exchange: Exchange, user: CurrentUser, wanted: int | str | None) -> None:
    """Raises RestError TD405 unless a user is in the Org that is wanted, by id or name; None is any."""
    found = user.org_name if isinstance(wanted, str) else user.org_id
    if wanted is not None and found != wanted:
        actual = "no Org" if user.org_id is None else f"Org {user.org_id} {user.org_name!r}"
        raise wrong_org(exchange, f"signed in to {actual} as {user.name!r}, but Org {wanted!r} is wanted")


def wrong_org(exchange: Exchange, message: str) -> RestError:
    """The error for an Org that cannot be entered."""
    return RestError(finding(WRONG_ORG, exchange.redactor.clean(message)))

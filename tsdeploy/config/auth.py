"""How an environment signs in. Which of the three is meant is said by the type."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.config.secrets import Secret


@dataclass(frozen=True, slots=True)
class PasswordAuth:
    """A token is minted with user name and password."""

    username: str
    password: Secret

    @property
    def secret(self) -> Secret:
        """What nobody may see."""
        return self.password


@dataclass(frozen=True, slots=True)
class TrustedAuth:
    """A token is minted with user name and the cluster's or org's secret key (trusted authentication)."""

    username: str
    secret_key: Secret

    @property
    def secret(self) -> Secret:
        """What nobody may see."""
        return self.secret_key


@dataclass(frozen=True, slots=True)
class TokenAuth:
    """A ready bearer token, minted elsewhere. Cannot be renewed."""

    token: Secret

    @property
    def secret(self) -> Secret:
        """What nobody may see."""
        return self.token


Auth = PasswordAuth | TrustedAuth | TokenAuth

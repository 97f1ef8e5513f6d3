"""Secrets by reference: configuration holds ``${env:NAME}``, never the value."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tsdeploy.errors import ConfigError, Finding, Location
from tsdeploy.tml.secret_names import speaks_of_secret

_REFERENCE = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")
_SIGN_IN = re.compile(r"(?:password|secret_key|token)[\"']?\s{0,99}:\s{0,99}[\"']?\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference to an environment variable that holds a secret. Prints as the reference, never as the value."""

    variable: str
    location: Location | None = None

    def __str__(self) -> str:
        return f"${{env:{self.variable}}}"

    def __repr__(self) -> str:
        return f"Secret({self})"

    def reveal(self, environ: Mapping[str, str] | None = None) -> str:
        """The value, read now. Raises ConfigError TD305 when the variable is not set or empty."""
        value = (os.environ if environ is None else environ).get(self.variable)
        if not value:
            raise ConfigError(unset_variable(self.variable, self.location, "not set" if value is None else "empty"))
        return value


def unset_variable(variable: str, location: Location | None, what: str = "not set") -> Finding:
    """The finding for a reference to an environment variable that is not set, or empty."""
    return Finding(
        "TD305",
        f"environment variable {variable} is {what}",
        location,
        hint=f"set it in the shell or in the CI's secrets:  export {variable}=…",
    )


def _would_be_seen(variable: str, location: Location | None) -> Finding:
    hint = "a secret stands under auth, or under  secret:  of a property; what is none gets a name that says so"
    return Finding("TD340", f"{variable} is a secret, and everybody would see it here", location, hint=hint)


def variables(text: str) -> frozenset[str]:
    """The variables that a text refers to."""
    return frozenset(_REFERENCE.findall(text))


def sign_in_variables(environment_file: str) -> frozenset[str]:
    """The variables that the text of an environment file refers to as the secrets of its sign-in."""
    return frozenset(_SIGN_IN.findall(environment_file))


def parse_secret(text: str, location: Location | None, *, key: str) -> Secret:
    """Read ``${env:NAME}``. Raises ConfigError TD304, without the text, when it is anything else."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise ConfigError(
            Finding(
                "TD304",
                f"{key} must be a reference, not the secret itself",
                location,
                at=key,
                hint=f'put the secret into an environment variable and write {key}: "${{env:NAME}}"; '
                "if a real secret was ever committed here, change it",
            )
        )
    return Secret(match.group(1), location)


def expand_variables(
    text: str,
    location: Location | None,
    environ: Mapping[str, str] | None = None,
    hidden: Collection[str] = frozenset(),
) -> str:
    """Replace every ``${env:NAME}``; leave ThoughtSpot's own ``${variable}`` alone.

    What is put in can be seen by everybody who sees a plan or an object, and is written by whoever writes the file: so
    it may be no secret, by its name or because it is among the ``hidden``. Raises ConfigError TD305 with one finding
    for each variable that is not set, TD340 for a secret.
    """
    source = os.environ if environ is None else environ
    for name in _REFERENCE.findall(text):
        if name in hidden or speaks_of_secret(name):
            raise ConfigError(_would_be_seen(name, location))
    missing = [name for name in _REFERENCE.findall(text) if name not in source]
    if missing:
        first, *more = (unset_variable(name, location) for name in dict.fromkeys(missing))
        raise ConfigError(first, *more)
    return _REFERENCE.sub(lambda match: source[match.group(1)], text)

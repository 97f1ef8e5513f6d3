"""What has to be known to set up a repository, and how it is said on a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

from tsdeploy.errors import Finding, UsageError
from tsdeploy.files import safe_name

AuthKind = Literal["trusted", "password", "token"]
AUTH_KINDS: Final[tuple[AuthKind, ...]] = get_args(AuthKind)
USERNAME: Final = "svc-deploy"
BRANCH: Final = "main"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_SECRETS: Final[Mapping[AuthKind, str]] = {"trusted": "KEY", "password": "PASSWORD", "token": "TOKEN"}


@dataclass(frozen=True, slots=True)
class NewEnvironment:
    """An environment to write files for. ``source`` is "" where objects are built; ``org`` an id or a name, or ""."""

    name: str
    url: str
    org: str = ""
    source: str = ""
    auth: AuthKind = "trusted"
    username: str = USERNAME
    branch: str = BRANCH

    @property
    def variable(self) -> str:
        """The environment variable that is to hold its secret."""
        return f"TS_{re.sub(r'[^A-Z0-9]', '_', self.name.upper())}_{_SECRETS[self.auth]}"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How all new environments sign in, and from which branch they may be deployed."""

    auth: AuthKind = "trusted"
    username: str = USERNAME
    branch: str = BRANCH


_USUAL: Final = SignIn()


def new_environments(
    pairs: Sequence[tuple[str, str]],
    orgs: Mapping[str, str] | None = None,
    sign_in: SignIn = _USUAL,
    *,
    source: str = "",
) -> tuple[NewEnvironment, ...]:
    """Environments from pairs of name and address; those after the first are promoted to from it, or from ``source``.

    Raises UsageError TD031 for a name that cannot be a folder's, one that comes twice, something that is no address,
    or an Org of no environment.
    """
    names, orgs = [check_name(name) for name, _ in pairs], orgs or {}
    if len({name.casefold() for name in names}) < len(names):
        raise _refused(f"an environment is named twice: {', '.join(names)}", "each needs a name of its own")
    stray = sorted(orgs.keys() - set(names))
    if stray:
        raise _refused(f"there is an Org for {', '.join(stray)}, which is not set up here", "--org NAME=ORG")
    first = source or next(iter(names), "")
    return tuple(
        NewEnvironment(
            name,
            address(url),
            orgs.get(name, ""),
            "" if name == first else first,
            sign_in.auth,
            sign_in.username,
            sign_in.branch,
        )
        for name, (_, url) in zip(names, pairs, strict=True)
    )


def read_pairs(texts: Iterable[str], option: str) -> tuple[tuple[str, str], ...]:
    """``NAME=VALUE`` in parts. Raises UsageError TD031 for anything else."""
    found = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise _refused(f"{option} {text} is not NAME=VALUE", f"{option} dev=…")
        found.append((name, value))
    return tuple(found)


def address(text: str) -> str:
    """An address as people paste it, cut down to ``https://host``. Raises UsageError TD031 when it is none."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        fine = parts.scheme in ("http", "https") and parts.port != 0 and bool(_HOST.fullmatch(parts.netloc))
    except ValueError:
        fine = False
    if not fine or not parts.hostname:
        # The text is not repeated: there may be a password in it.
        raise _refused("this is no http or https address", "write it as  https://NAME.thoughtspot.cloud")
    return f"{parts.scheme}://{parts.netloc}"


def folder_inside(root: Path, text: str) -> str:
    """A folder of the project, relative to its root. Raises UsageError TD031 for one outside, or of git's own."""
    path = (root / text.strip()).resolve()
    if path.is_relative_to(root.resolve()) and ".git" not in path.parts:
        return path.relative_to(root.resolve()).as_posix()
    raise _refused("the TML has to be in a folder of the project", "name one below it, such as  tml")


def check_name(name: str) -> str:
    """A name that is safe for a folder and for a pipeline. Raises UsageError TD031 for any other."""
    if _NAME.fullmatch(name) and safe_name(name) == name:
        return name
    raise _refused(f"{name} cannot be an environment's name", "use letters, digits, dots, dashes and underscores")


def _refused(message: str, hint: str) -> UsageError:
    return UsageError(Finding("TD031", message, hint=hint))

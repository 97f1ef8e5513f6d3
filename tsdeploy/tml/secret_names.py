"""Which names say that what they name is a secret: keys in TML, properties of connections, environment variables."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"pass(?:w|phrase|code)|pwd|secret|token|credential|cookie|authorization|private_?(?:key|pem)|(?:api|access)_?key|external_id"
    r"|(?:^|_)(?:key|pat|jwt)(?:$|_)"
)
"""Also what CI hosts call so: GITHUB_TOKEN, CI_JOB_JWT. ``external_id`` is what a role of AWS is entered with."""
_ABOUT_ONE = re.compile(
    r"search_tokens?|token_?(?:url|uri|endpoint|type)|secret_?(?:name|arn)|(?<!access_)key_?(?:name|id|type)$"
)
"""Names that speak of a secret and hold none: ``search_tokens`` are words of a search."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP = re.compile(r"[\W_]+")


def names_secret(name: str) -> bool:
    """Whether a name says so, however its words are joined: ``oauthClientSecret``, ``X-Api-Key``, ``DB_PWD``."""
    return _SECRET.search(_ABOUT_ONE.sub("", _words(name))) is not None


def speaks_of_secret(name: str) -> bool:
    """Whether a name says so, or that it is about one, such as ``TOKEN_URL``: for whoever would rather refuse."""
    return _SECRET.search(_words(name)) is not None


def _words(name: str) -> str:
    return _GAP.sub("_", _HUMP.sub("_", name)).lower()

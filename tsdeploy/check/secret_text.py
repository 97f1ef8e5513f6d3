"""Tell what sort of secret a text holds, without ever giving back any part of it."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

SHORTEST = 12
"""Nothing below matches a shorter text, so most values need no look at all."""
_DEPTH = 2
"""How many layers of base64 are taken off."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of secret. A text without any of the ``needles`` need not be searched for the pattern."""

    name: str
    needles: tuple[str, ...]
    pattern: re.Pattern[str]


_WORD = r"[A-Za-z0-9_./+~%=-]"
_KEYS = (
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "sk_live_",
    "AIza",
    "dapi",
)
_SORTS = (
    Sort("a private key", ("PRIVATE KEY",), re.compile(r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY")),
    Sort(
        "a user name and password in a URL",
        ("://",),
        re.compile(r"://[^\s/:@\"'<>{}]{1,200}:[^\s/@\"'<>{}]{1,200}@"),
    ),
    Sort(
        "a signed URL",
        ("?", "&"),
        re.compile(
            r"[?&](?:amp;)?(?:X-Amz-Signature|X-Goog-Signature|X-Amz-Security-Token|Signature|sig|hmac)="
            + _WORD
            + "{8}",
            re.IGNORECASE,
        ),
    ),
    Sort(
        "a credential in a URL",
        ("?", "&"),
        re.compile(
            r"[?&](?:amp;)?(?:(?:access_|auth_|id_)?token|api_?key|client_secret|secret|password|passwd|pwd)="
            + _WORD
            + "{6}",
            re.IGNORECASE,
        ),
    ),
    Sort("a JSON web token", ("eyJ",), re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8}")),
    Sort("a bearer token", ("Bearer ",), re.compile(r"\bBearer [A-Za-z0-9_./+~-]{16}")),
    Sort(
        "an access key",
        _KEYS,
        re.compile(
            r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40}"
            r"|glpat-[\w-]{20}|xox[abeoprs]-[\w-]{10}|sk_live_[A-Za-z0-9]{16}|AIza[\w-]{35}|dapi[0-9a-f]{32})"
        ),
    ),
)
_ASSIGNED = re.compile(
    r"(?:password|passwd|passphrase|secret|api_?key|access_?key|private_?key|token)[\"']?\s{0,4}[:=]\s{0,4}"
    r"[\"'](?!\$\{)[^\s\"']{8,200}[\"']",
    re.IGNORECASE,
)
_LONG = 24
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_TO_BLANKS = bytes(byte if byte in _BASE64 else ord(" ") for byte in range(256))
"""For ``bytes.translate``: whatever base64 does not have becomes a blank."""


def sort_of_secret(text: str) -> str:
    """What sort of secret a text holds, in plain text or in base64; "" when there is none that can be told."""
    return _sort(text, _DEPTH)


def _sort(text: str, layers: int) -> str:
    if len(text) < SHORTEST:
        return ""
    for sort in _SORTS:
        if any(needle in text for needle in sort.needles) and sort.pattern.search(text):
            return sort.name
    if layers < _DEPTH and _ASSIGNED.search(text):
        return "a secret in code"
    return _encoded_sort(text, layers - 1) if layers else ""


def _encoded_sort(text: str, layers: int) -> str:
    for word in text.encode("utf-8", "surrogatepass").translate(_TO_BLANKS).split():
        if len(word) < _LONG:
            continue
        decoded = _decoded(word)
        sort = "a private key" if _is_private_key(decoded) else _sort(_as_text(decoded), layers)
        if sort:
            return sort if sort.endswith(" in base64") else f"{sort} in base64"
    return ""


def _decoded(word: bytes) -> bytes:
    """What base64 stands for, whatever its padding; nothing when it is none."""
    body = word[: len(word) - 1] if len(word) % 4 == 1 else word
    try:
        return base64.b64decode(body + b"=" * (-len(body) % 4), validate=True)
    except binascii.Error:
        return b""


def _is_private_key(content: bytes) -> bool:
    """Whether it begins as RSA and PKCS #8 keys do in DER: a long sequence, and in it the version 0 (RFC 5208)."""
    return content[:2] == b"\x30\x82" and content[4:7] == b"\x02\x01\x00"


def _as_text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return ""

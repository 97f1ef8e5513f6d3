"""Make text that came from outside fit to be shown: no secrets, no control characters, not endless."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Final
from urllib.parse import quote, quote_plus

MAX_TEXT: Final = 2000
"""Characters of server text kept in an error."""

_HIDDEN: Final = "[redacted]"
# Redaction shortens text, so far more than is shown has to be looked at before it is cut.
_LOOKED_AT: Final = 100_000
_KEY: Final = (
    r"pass(?:word|wd|phrase)|pwd|secret(?:[_-]?key)?|client[_-]?secret|private[_-]?key"
    r"|api[_-]?key|(?:access|auth|refresh|id|bearer)[_-]?token|jsessionid|clientid"
)
# A key, then a quoted value (the quotes may be escaped, as in JSON inside JSON) or a bare one.
_QUOTED: Final = re.compile(
    rf"((?:{_KEY}|token)\\*[\"']?\s*[:=]\s*(\\*[\"']))(?:(?!(?<!\\)\2).)*(\2)?", re.IGNORECASE | re.DOTALL
)
_BARE: Final = re.compile(rf"((?:(?:{_KEY})\s*[:=]|token\s*=)\s*)(?![\\\"'\s])[^\s,;&\"'<>}}]+", re.IGNORECASE)
_BEARER: Final = re.compile(r"(\bBearer\s+)[^\s\"'\\,;<>]+", re.IGNORECASE)
_JWT: Final = re.compile(r"(?<![\w-])eyJ[\w-]{5,}\.[\w-]+\.[\w-]*")
_PERCENT: Final = re.compile("%[0-9A-F]{2}")
_USERINFO: Final = re.compile(r"(\w://)[^/\s@\"']+@")


_CORE: Final = 6
"""Characters of a secret's Base64 that are taken for it wherever they stand."""


class Redactor:
    """Knows secrets and takes them out of any text that people may see. Safe to use from several threads.

    ``told`` hears each secret that this one learns.
    """

    def __init__(self, told: Callable[[str], None] = lambda _: None) -> None:
        self._told = told
        self._lock = Lock()
        self._secrets: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None
        self._longest = 0

    def learn(self, secret: str) -> None:
        """Hide this value from now on, also in its usual encodings (JSON, URL, HTML, Python, Base64)."""
        with self._lock:
            if not secret or secret in self._secrets:
                return
            self._secrets |= {secret}
            spellings = sorted({s for known in self._secrets for s in _spellings(known)}, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(_as_pattern, spellings)))
            self._longest = len(spellings[0])
        self._told(secret)

    def redact(self, text: str) -> str:
        """The text without known secrets, bearer tokens, session cookies, and values under telling keys."""
        if self._pattern is not None:
            text = self._pattern.sub(_HIDDEN, text)
        text = _BEARER.sub(rf"\1{_HIDDEN}", text)
        text = _JWT.sub(_HIDDEN, text)
        text = _USERINFO.sub(rf"\1{_HIDDEN}@", text)
        text = _QUOTED.sub(lambda match: f"{match[1]}{_HIDDEN}{match[2]}", text)
        return _BARE.sub(rf"\1{_HIDDEN}", text)

    def clean(self, text: str, limit: int = MAX_TEXT) -> str:
        """One redacted line of at most ``limit`` characters in which nothing can steer a terminal."""
        shown = self.redact(text[:_LOOKED_AT])
        if len(text) > _LOOKED_AT and self._longest:
            shown = shown[: -self._longest]  # the cut may have gone through a secret
        line = escaped(" ".join(shown.split()))
        return line if len(line) <= limit else line[: limit - 1] + "…"


def escaped(text: str) -> str:
    """The text with what is not printable (ANSI escapes, bidi marks, lone surrogates) spelled out."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _spellings(secret: str) -> Iterator[str]:
    once = json.dumps(secret)[1:-1]
    yield from (secret, once, json.dumps(once)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    encodable = secret.encode("utf-8", "replace")
    quoted = (quote(encodable), quote(encodable, safe=""), quote_plus(encodable))
    yield from (*quoted, *(_PERCENT.sub(lambda found: found[0].lower(), text) for text in quoted))
    yield from (html.escape(secret), repr(secret)[1:-1], ascii(secret)[1:-1])
    for core in _cores(encodable):
        yield from (core, core.replace("+", "-").replace("/", "_"))


def _cores(secret: bytes) -> Iterator[str]:
    """What the Base64 of any text with the secret in it has, by where in a group of three bytes the secret begins."""
    for before in range(3):
        encoded = b64encode(bytes(before) + secret).decode("ascii")
        begin, end = -(-before * 8 // 6), (before + len(secret)) * 8 // 6
        if end - begin >= _CORE:
            yield encoded[begin:end]


def _as_pattern(spelling: str) -> str:
    # A very short secret would blank half of every text, so it only counts as a word of its own.
    pattern = re.escape(spelling)
    return pattern if len(spelling) > 3 else rf"(?<!\w){pattern}(?!\w)"

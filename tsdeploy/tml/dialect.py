"""How ThoughtSpot writes a scalar, so that an edited file has the bytes of the next export.

Two dialects, found by counting real exports: ``model:`` documents come out of SnakeYAML with its
defaults, every other type out of Jackson's YAMLGenerator with MINIMIZE_QUOTES and
ALWAYS_QUOTE_NUMBERS_AS_STRINGS. TML may also be JSON.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from io import StringIO

from yaml.emitter import Emitter, ScalarAnalysis
from yaml.resolver import Resolver


class Dialect(Enum):
    """Whose quoting rules a file follows."""

    JACKSON = "jackson"
    SNAKEYAML = "snakeyaml"
    JSON = "json"


_JACKSON_RESERVED = frozenset(
    word
    for base in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
    for word in (base, base.capitalize(), base.upper())
) | {"~", ""}
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_JACKSON_NUMBER = re.compile(r"[+-]?[0-9]*(\.[0-9]*)?")
_JACKSON_QUOTABLE = re.compile(r"[\[\]{},]|(?<=\s)#|:(?=\s)")
_NEVER_RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\xa0": "_",
    "\u2028": "L",
    "\u2029": "P",
}


def scalar_text(
    value: str, dialect: Dialect, *, indent: int | None = None, newline: str = "\n", flow: bool = False
) -> str:
    """The text of a string value in a dialect; ``flow`` when it stands inside ``{…}`` or ``[…]``.

    ``indent`` is the column of a block scalar's lines; None where no block may stand (keys, flow style, a value
    followed by something on its line). A block's text ends with its line break.
    """
    if dialect is Dialect.JSON:
        return json_text(value)
    if _GUID.fullmatch(value):
        return value  # what is written most often by far, and plain in both dialects
    analysis = _analyze(value)
    if _NEVER_RAW.search(value):
        return _double_quoted(value)
    if analysis.multiline:
        may_be_block = indent is not None and analysis.allow_block
        return _literal(value, indent or 0, newline) if may_be_block else _double_quoted(value)
    if dialect is Dialect.JACKSON and _jackson_quotes(value):
        return _double_quoted(value)
    may_be_plain = analysis.allow_flow_plain if flow else analysis.allow_block_plain
    if may_be_plain and value and not (dialect is Dialect.SNAKEYAML and _resolves(value)):
        return value
    if analysis.allow_single_quoted:
        return "'" + value.replace("'", "''") + "'"
    return _double_quoted(value)


def key_text(key: str, dialect: Dialect) -> str:
    """The text of a mapping key in a dialect; Jackson quotes only reserved words in keys."""
    if dialect is Dialect.JACKSON and key not in _JACKSON_RESERVED and _analyze(key).allow_block_plain:
        return key
    return scalar_text(key, dialect)


def json_text(value: object) -> str:
    """JSON that YAML readers read alike: raw, but for the characters that YAML refuses or takes for line breaks.

    Half a surrogate pair, which no file can hold, becomes U+FFFD.
    """
    raw = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _NEVER_RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", raw)


def _analyze(value: str) -> ScalarAnalysis:
    emitter = Emitter(StringIO(), allow_unicode=True)
    return emitter.analyze_scalar(value)


def _jackson_quotes(value: str) -> bool:
    return (
        value in _JACKSON_RESERVED
        or _JACKSON_NUMBER.fullmatch(value) is not None
        or _JACKSON_QUOTABLE.search(value) is not None
    )


def _resolves(value: str) -> bool:
    """Whether YAML 1.1 would read the plain text as something else than a string; ``=`` is written plain."""
    if value == "=":
        return False
    resolvers = Resolver.yaml_implicit_resolvers
    candidates = [*resolvers.get(value[0], ()), *resolvers.get(None, ())]
    return any(pattern.match(value) for _, pattern in candidates)


def _double_quoted(value: str) -> str:
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return "\\" + _ESCAPES[character]
    if character.isascii() and character.isprintable():
        return character
    if not _NEVER_RAW.match(character):
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"


def _literal(value: str, indent: int, newline: str) -> str:
    """A ``|`` block. The chomping indicator keeps the final line breaks exactly."""
    body = value.rstrip("\n")
    trailing = len(value) - len(body)
    chomping = "-" if not trailing else "" if trailing == 1 and body else "+"
    hint = "2" if value[:1] in (" ", "\n") else ""
    lines = [(" " * indent + line) if line else "" for line in value.split("\n")]
    text = newline.join(lines) if not trailing else newline.join(lines[:-1])
    return f"|{hint}{chomping}{newline}{text}{newline}"

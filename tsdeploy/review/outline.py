"""What a file of TML calls itself and what it mentions, told from its bytes without parsing them.

The patterns may find too much, which parsing the few files in question puts right; for the ways in which ThoughtSpot
writes TML they do not find too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.errors import TmlError
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.entries import Packed
from tsdeploy.tml.folder import decode
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.references import GUID_PATTERN

_GUID = re.compile(GUID_PATTERN.encode("ascii"))
_INNER_GUID = re.compile(rb"-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-")
"""What is between the ends of a GUID: with a character to begin with, it is found ten times as fast as the whole."""
_NAMES = re.compile(
    # What an answer inside of something is called is no mention, nor is the name of the document itself, and where an
    # identity follows a name, that decides. To begin with a line break is what makes it fast.
    rb"\n(?:(?<! answer:\n)(?!  name:)[ -]*[\"']?"
    rb"(?:name|id|obj_id|fqn|connection|table|model|worksheet)[\"']?: *[\"']?([^\"'\n\r]+)[\"']?\r?$"
    rb"(?!\n +(?:alias: [^\n]*\n +)?(?:name|fqn|obj_id|join_path): ?|\n +type: [A-Z_]+\n +id: )"
    rb"| *- [\"']?([^\"':\n\r]+)[\"']?\r?$)",
    re.MULTILINE,
)
_DB_TABLE = re.compile(rb"^  db_table: *[\"']?([^\"'\n\r]+)", re.MULTILINE)
_SCHEMA = re.compile(rb"^  schema: *[\"']?([^\"'\n\r]+)", re.MULTILINE)
_QUOTED = re.compile(rb'"((?:[^"\\\n]|\\.)*)"')
_OWN_GUID = re.compile(rb"^guid: *[\"']?([^\"'\s]+)", re.MULTILINE)
_OWN_OBJ_ID = re.compile(rb"^obj_id: *[\"']?([^\"'\s]+)", re.MULTILINE)
_ROOT = re.compile(rb"^(" + b"|".join(sorted(root.encode("ascii") for root in KINDS)) + rb"): *\r?$", re.MULTILINE)
_COHORT = re.compile(rb"^\{?\s*\"?cohort\"?:|\"cohort\":", re.MULTILINE)
NAMELESS = "\0"
"""In place of a path, so that an object that is called like its file can be told from one with a name."""
_OWN_NAME = re.compile(rb"^  name: *(?![|>])[\"']?([^\"'\\\n\r]+?)[\"']? *\r?$", re.MULTILINE)
"""A name as it stands; one with escapes, or on lines of its own, only the parser can read."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One file. ``identities`` are its GUID, its obj_id, and ``kind:name``; ``bound`` is schema and warehouse table.

    The name is NAMELESS where an object is called like its file: the outline is that of the content, wherever it lies.
    """

    identities: tuple[str, ...]
    mentions: frozenset[str]
    is_set: bool = False
    bound: tuple[str, str] = ("", "")

    def identities_at(self, path: str) -> Iterator[str]:
        """The identities of the file with this content at a path."""
        *others, label = self.identities or ("",)
        kind, colon, name = label.partition(":")
        yield from others
        if colon:
            yield f"{kind}:{name_at(name, path)}"

    def pack(self) -> Packed:
        """The outline as plain data, for a cache or another process."""
        return [list(self.identities), sorted(self.mentions), self.is_set, list(self.bound)]

    @classmethod
    def unpack(cls, packed: Packed) -> Outline:
        """The outline of plain data."""
        identities, mentions, is_set, (schema, table) = packed
        return cls(tuple(identities), frozenset(mentions), is_set, (schema, table))


def name_at(name: str, path: str) -> str:
    """The name of an object whose file lies at a path: the first part of the file's name where it has none."""
    return path.rpartition("/")[2].partition(".")[0] if name in ("", NAMELESS) else name


def outline_of(content: bytes) -> Outline:
    """Look a file over."""
    return Outline(
        tuple(_identities(content)),
        frozenset(map(_text, _mentioned(content))),
        # Looking for a word first is a tenth of the time.
        b"cohort" in content and _COHORT.search(content) is not None,
        _bound(content) if b"db_table" in content else ("", ""),
    )


def read_document(content: bytes, path: str) -> Document | None:
    """The file as a document, None where it is none."""
    try:
        return parse_document(decode(content, path), path)
    except TmlError:
        return None


def _identities(content: bytes) -> Iterator[str]:
    root = _ROOT.search(content)
    name = _OWN_NAME.search(content, root.end()) if root else None
    if root is None or name is None:
        # Not as ThoughtSpot writes it, such as JSON, or without a name: only the parser knows.
        document = read_document(content, NAMELESS)
        if document is not None:
            yield from filter(None, (document.guid, document.obj_id, document.label))
        return
    patterns = (_OWN_GUID, _OWN_OBJ_ID) if b"obj_id" in content else (_OWN_GUID,)
    yield from (_text(found.group(1)) for one in patterns if (found := one.search(content)))
    yield f"{KINDS[root.group(1).decode('ascii')].name}:{_text(name.group(1))}"


def _mentioned(content: bytes) -> set[bytes]:
    names = {(first or second).rstrip() for first, second in _NAMES.findall(content)}
    if content[:200].lstrip().startswith(b"{"):
        names.update(_QUOTED.findall(content))
    around = (content[inner.start() - 8 : inner.end() + 12] for inner in _INNER_GUID.finditer(content))
    names.update(guid for guid in around if _GUID.fullmatch(guid))
    return names


def _bound(content: bytes) -> tuple[str, str]:
    schema, table = _SCHEMA.search(content), _DB_TABLE.search(content)
    return (_text(schema.group(1)) if schema else "", _text(table.group(1))) if table else ("", "")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")

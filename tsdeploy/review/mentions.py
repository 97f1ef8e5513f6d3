"""Who may depend on whom in a whole commit, told from the bytes of its files without parsing them.

What a file calls itself and what it mentions is found by patterns. They may find too much, which parsing the few
files in question puts right; for the ways in which ThoughtSpot writes TML they do not find too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tsdeploy.errors import TmlError
from tsdeploy.review.git_objects import Blob
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.folder import decode
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.references import GUID_PATTERN, Reference

_GUIDS = re.compile(GUID_PATTERN.encode("ascii"))
_NAMES = re.compile(
    # A name that an identity follows is not what decides, and the name of the document itself is no mention.
    rb"^(?!  name:)[ -]*[\"']?(?:name|id|obj_id|fqn|connection|table|model|worksheet)[\"']?: *[\"']?"
    rb"([^\"'\n\r]+)[\"']?\r?$(?!\n +(?:alias: [^\n]*\n +)?(?:name|fqn|obj_id|join_path): ?)"
    rb"|^ *- [\"']?([^\"':\n\r]+)[\"']?\r?$",
    re.MULTILINE,
)
_DB_TABLE = re.compile(rb"^  db_table: *[\"']?([^\"'\n\r]+)", re.MULTILINE)
_SCHEMA = re.compile(rb"^  schema: *[\"']?([^\"'\n\r]+)", re.MULTILINE)
_QUOTED = re.compile(rb'"((?:[^"\\\n]|\\.)*)"')
_OWN_GUID = re.compile(rb"^guid: *[\"']?([^\"'\s]+)", re.MULTILINE)
_OWN_OBJ_ID = re.compile(rb"^obj_id: *[\"']?([^\"'\s]+)", re.MULTILINE)
_ROOT = re.compile(rb"^(" + b"|".join(sorted(root.encode("ascii") for root in KINDS)) + rb"): *\r?$", re.MULTILINE)
_COHORT = re.compile(rb"^\{?\s*\"?cohort\"?:|\"cohort\":", re.MULTILINE)
_OWN_NAME = re.compile(rb"^  name: *[\"']?([^\"'\n\r]+?)[\"']? *\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a commit and its bytes."""

    blob: Blob
    content: bytes

    def document(self) -> Document | None:
        """The file as a document, None where it is none."""
        try:
            return parse_document(decode(self.content, self.blob.path), self.blob.path)
        except TmlError:
            return None


class Mentions:
    """What the files of a commit are called, and what they mention. ``parsed`` are documents of it that were read."""

    def __init__(self, sources: Iterable[Source], parsed: Iterable[Document] = ()) -> None:
        self.sources: Sequence[Source] = tuple(sources)
        self._mentions = [_mentioned(source.content) for source in self.sources]
        self._owners: dict[bytes, list[int]] = {}
        self._numbers = {source.blob.path: number for number, source in enumerate(self.sources)}
        self._read: dict[int, Document | None] = {self._numbers[one.path]: one for one in parsed}
        for number, source in enumerate(self.sources):
            for identity in self._identities(number, source.content):
                self._owners.setdefault(identity, []).append(number)

    def knows(self, reference: Reference) -> bool:
        """Whether something in the commit has the GUID or obj_id of a reference: then its name decides nothing."""
        return any(one and _bytes(one) in self._owners for one in (reference.obj_id, reference.guid))

    def meant(self, references: Iterable[Reference]) -> Iterator[Document]:
        """The documents that references may mean: by identity, or by name where nothing has the identity."""
        wanted: set[str] = set()
        for reference in references:
            if self.knows(reference):
                wanted |= {reference.guid, reference.obj_id}
            elif reference.name:
                wanted |= {f"{kind}:{reference.name}" for kind in reference.place.targets}
        return self.owners(wanted - {""})

    def owners(self, identities: Iterable[str], most: int | None = None) -> Iterator[Document]:
        """The documents that are called by one of these: a GUID, an obj_id, or ``kind:name``; so many of each."""
        numbers = {n for identity in identities for n in self._owners.get(_bytes(identity), [])[:most]}
        return self._documents(sorted(numbers))

    def mentioning(self, documents: Iterable[Document], known: Iterable[str]) -> Iterator[Document]:
        """Documents that may depend on some others; those whose paths are known already are left out."""
        wanted: set[bytes] = set()
        texts: list[bytes] = []
        for document in documents:
            wanted |= {_bytes(one) for one in (document.guid, document.obj_id, document.name) if one}
            if document.kind.name == "cohort":
                # An answer names its sets nowhere but in the text of its search.
                texts.append(b"[" + _bytes(document.name) + b"]")
        passed = {self._numbers[path] for path in known if path in self._numbers}
        found = [
            number
            for number, mentioned in enumerate(self._mentions)
            if number not in passed
            and (not wanted.isdisjoint(mentioned) or any(text in self.sources[number].content for text in texts))
        ]
        return self._documents(found)

    def sets_of(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The sets that hang on one of some Models, which answers use like columns."""
        wanted = {
            _bytes(one) for document in documents for one in (document.guid, document.obj_id, document.name) if one
        }
        sets = (n for n, source in enumerate(self.sources) if _COHORT.search(source.content))
        return self._documents([number for number in sets if not wanted.isdisjoint(self._mentions[number])])

    def bound_to(self, tables: Iterable[tuple[str, str]]) -> Iterator[Document]:
        """The tables that are bound to tables of the warehouse, given by schema and name."""
        wanted = {(_bytes(schema), _bytes(name)) for schema, name in tables if name}
        found = (n for n, source in enumerate(self.sources) if wanted and _bound_to(source.content) in wanted)
        return self._documents(list(found))

    def _document(self, number: int) -> Document | None:
        if number not in self._read:
            self._read[number] = self.sources[number].document()
        return self._read[number]

    def _documents(self, numbers: Iterable[int]) -> Iterator[Document]:
        return (document for number in numbers if (document := self._document(number)) is not None)

    def _identities(self, number: int, content: bytes) -> Iterator[bytes]:
        root = _ROOT.search(content)
        name = _OWN_NAME.search(content, root.end()) if root else None
        if root is None or name is None:
            # Not as ThoughtSpot writes it, such as JSON, or without a name: only the parser knows.
            document = self._document(number)
            if document is not None:
                yield from map(_bytes, filter(None, (document.guid, document.obj_id, document.label)))
            return
        yield from (found.group(1) for pattern in (_OWN_GUID, _OWN_OBJ_ID) if (found := pattern.search(content)))
        yield _bytes(f"{KINDS[root.group(1).decode('ascii')].name}:") + name.group(1)


def _mentioned(content: bytes) -> frozenset[bytes]:
    names = {first or second for first, second in _NAMES.findall(content)}
    if content[:200].lstrip().startswith(b"{"):
        names.update(_QUOTED.findall(content))
    names.update(_GUIDS.findall(content))
    return frozenset(name.rstrip() for name in names)


def _bound_to(content: bytes) -> tuple[bytes, bytes]:
    schema, table = _SCHEMA.search(content), _DB_TABLE.search(content)
    return (schema.group(1) if schema else b"", table.group(1)) if table else (b"", b"")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

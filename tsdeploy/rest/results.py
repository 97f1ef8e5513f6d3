"""What the endpoints give back: plain facts about users, Orgs, objects, TML and imports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """Who is signed in, and where. ``org_id`` is None when the server does not name an Org (Orgs are off)."""

    id: str
    name: str
    display_name: str
    org_id: int | None
    org_name: str
    privileges: frozenset[str]


@dataclass(frozen=True, slots=True)
class SystemInfo:
    """The cluster. ``release_version`` is free text such as ``26.8.0.cl-123`` and may be empty."""

    id: str
    name: str
    release_version: str
    type: str
    environment: str

    @property
    def release(self) -> tuple[int, ...]:
        """The leading numbers of the version, for comparing: ``(26, 8, 0)``; empty when there are none."""
        numbers = re.match(r"\d{1,9}(\.\d{1,9})*", self.release_version)
        return tuple(int(number) for number in numbers.group().split(".")) if numbers else ()


@dataclass(frozen=True, slots=True)
class Org:
    """A tenant of a cluster. Id 0 is the Primary Org."""

    id: int
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class ObjectHeader:
    """One object as ``metadata/search`` lists it.

    ``type`` is the V2 type (``LOGICAL_TABLE``), ``subtype`` the header's ``type`` (``WORKSHEET``; with
    ``worksheet_version`` ``V2`` it is a Model). Times are milliseconds since 1970, or None. ``tags`` are
    names; ``modified_by`` is a user's GUID. ``obj_id`` is "" for an object that has none, None from a server that says
    nothing of obj_ids. ``details`` is there only when the query asked for it. What the server leaves out is empty or
    None.
    """

    id: str
    name: str
    type: str
    subtype: str = ""
    obj_id: str | None = None
    description: str = ""
    author_id: str = ""
    author_name: str = ""
    created_ms: int | None = None
    modified_ms: int | None = None
    modified_by: str = ""
    tags: tuple[str, ...] = ()
    owner_org_id: int | None = None
    hidden: bool = False
    auto_created: bool = False
    connection_name: str = ""
    worksheet_version: str = ""
    details: Mapping[str, object] | None = field(default=None, repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection to a warehouse; ``warehouse`` is its kind (``SNOWFLAKE``)."""

    id: str
    name: str
    description: str
    warehouse: str


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """How an object is named to the server: its GUID, or its name together with its type."""

    identifier: str
    type: str | None = None


class Status(str, Enum):
    """How it went for one object. ``ABSENT`` is ours: the server said nothing about the object."""

    OK = "OK"
    WARNING = "WARNING"
    ERROR = "ERROR"
    ABSENT = "ABSENT"


@dataclass(frozen=True, slots=True)
class ExportedObject:
    """One object of an export. ``kind`` is the TML kind (``model``); ``edoc`` the YAML, None when refused."""

    id: str
    name: str
    kind: str
    filename: str
    edoc: str | None = field(repr=False)
    status: Status
    error_message: str = ""


class ImportPolicy(str, Enum):
    """What the server does with a batch when some of it is wrong."""

    ALL_OR_NONE = "ALL_OR_NONE"
    PARTIAL = "PARTIAL"
    PARTIAL_OBJECT = "PARTIAL_OBJECT"
    VALIDATE_ONLY = "VALIDATE_ONLY"


@dataclass(frozen=True, slots=True)
class ImportItem:
    """What the server says about the TML at ``request_index`` (from 0) of an import.

    ``message`` keeps the server's HTML-ish tags. ``guid``, ``name``, ``metadata_type`` (a V1 name such as
    ``PINBOARD_ANSWER_BOOK``) and ``obj_id`` are empty or None where the answer has no header.
    An ERROR that has a ``guid`` was imported with problems.
    """

    request_index: int
    status: Status
    error_code: int | None = None
    message: str = ""
    guid: str | None = None
    name: str = ""
    metadata_type: str = ""
    obj_id: str | None = None

    @property
    def notice_only(self) -> bool:
        """Whether the message is nothing but the harmless notice that an existing GUID will be used.

        The notice is also glued to the end of real errors, so only a message with nothing else counts
        (facts, rest-api §7: recorded on a live cluster).
        """
        rest, notices = _NOTICE.subn(" ", self.message)
        return notices > 0 and not _MARKUP.sub(" ", rest).strip()


_NOTICE = re.compile(r"Warning:\s+Existing guid\s+\S+\s+corresponding to object Id\s+\S+\s+will be used\.?")
_MARKUP = re.compile(r"<[^<>]*>|&nbsp;")

"""Everything that an export takes: what was selected, what that is built on, and what hangs on it, each once.

The client walks down the references itself. Were the server asked for associated objects with every call, tables that
many use would be sent again and again, and one that is broken would take everything above it along. Only Liveboards
and answers are asked for with what is associated, because that alone brings their alerts and the sets they use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tsdeploy.config.environment import IdentityForm
from tsdeploy.errors import Finding
from tsdeploy.export.batches import LeftOut
from tsdeploy.export.exportable import is_exportable, is_part, not_exported
from tsdeploy.export.fetch import Fetched, export_options, export_reference, stream
from tsdeploy.export.parallel import in_order, patiently
from tsdeploy.export.sizing import Sizing
from tsdeploy.rest import ExportOptions, ObjectHeader, ObjectRef, SearchQuery, Session, search_metadata
from tsdeploy.tml.catalogue import DATA, Promotion
from tsdeploy.tml.document import Document
from tsdeploy.tml.kinds import Phase
from tsdeploy.tml.references import Reference, is_guid, is_link

_TOPS: Final = frozenset({"LIVEBOARD", "ANSWER"})
_TABLE: Final = "ONE_TO_ONE_LOGICAL"
_FOLLOWED: Final = DATA | {"answer", "liveboard", "cohort", "collection"}
_CHUNK: Final = 100

_SYSTEM_USERS: Final = frozenset({"67e15c06-d153-4924-a4cd-ff615393b60f", "0f0dd0f7-7411-4195-a4aa-0dc6b58413c9"})
"""The users system and su, whose GUIDs are the same on every cluster (facts §4)."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a collection goes. ``associated`` is what the objects are built on, ``attached`` what hangs on them."""

    identity: IdentityForm = "guid"
    associated: bool = True
    attached: bool = True
    system_owned: bool = False

    @property
    def options(self) -> ExportOptions:
        """What every call asks for."""
        plain = export_options(self.identity, associated=False)
        return replace(plain, feedback=self.attached, aliases=self.attached)


@dataclass(slots=True)
class Collector:
    """One collection under way: the headers of all that was asked for or came along, and what went wrong.

    ``refused`` has a finding for each GUID that was asked for and is not there, ``left_out`` for each object that came
    without what hangs on it, or that others need and that has no TML.
    """

    session: Session
    extent: Extent = field(default_factory=Extent)
    headers: dict[str, ObjectHeader] = field(default_factory=dict)
    left_out: dict[str, Finding] = field(default_factory=dict)
    refused: dict[str, Finding] = field(default_factory=dict)
    _sizing: Sizing = field(init=False)
    _seen: set[str] = field(default_factory=set)
    _came: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)
    _looked_up: set[str] = field(default_factory=set)
    _wanted: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sizing = Sizing(self.session.budget.widest)

    def collect(self, headers: Sequence[ObjectHeader]) -> Iterator[Fetched]:
        """The objects, then level by level what they are built on. Raises RestError as ``stream_exports`` does."""
        todo = list(headers)
        while todo:
            self._looked_up.update(header.id for header in todo)
            self.headers.update((header.id, header) for header in todo)
            yield from self._level(todo)
            todo = self._next_level()

    def _level(self, todo: list[ObjectHeader]) -> Iterator[Fetched]:
        """Objects that are asked for alike are asked for together; those that bring others along come first."""
        groups: dict[ExportOptions, list[ObjectHeader]] = {}
        for header in sorted(todo, key=_turn):
            groups.setdefault(self._options(header), []).append(header)
        for options, headers in groups.items():
            yield from self._fetch(headers, options)

    def _options(self, header: ObjectHeader) -> ExportOptions:
        options = self.extent.options
        if not self.extent.attached or _turn(header) == 1:
            return options
        return replace(options, associated=True, security_rules=header.subtype == _TABLE)

    def _fetch(self, headers: list[ObjectHeader], options: ExportOptions) -> Iterator[Fetched]:
        references = [export_reference(header) for header in headers]
        self._asked.update(header.id for header in headers)

        def is_here(one: ObjectRef) -> bool:
            # A table that came along came without its security rules.
            return not options.security_rules and one.identifier in self._came

        for item in stream(self.session, references, options, self._sizing, is_here):
            if isinstance(item, Fetched):
                yield from self._new(item)
            elif isinstance(item, LeftOut):
                self.left_out.update(dict.fromkeys(item.guids, item.finding))
            elif item.guid in self._asked or not item.guid:
                # What only came along is asked for by itself on the next level.
                self.refused[item.guid] = item.finding
        for header in headers:
            if header.id not in self._came and header.id not in self.refused:
                message = f"the server said nothing about {header.name}, which it was asked to export"
                self.refused[header.id] = Finding("TD503", message, hint="export again")

    def _new(self, item: Fetched) -> Iterator[Fetched]:
        document = item.document
        if item.guid:
            self._came.add(item.guid)
        key = key_of(document)
        if key in self._seen:
            return
        self._seen.add(key)
        if self.extent.associated:
            self._wanted.update(dict.fromkeys(depends_of(document)))
        yield item

    def _next_level(self) -> list[ObjectHeader]:
        """The headers of what is needed and has not come; what came along gets its header, too."""
        if not self.extent.associated:
            return []
        unknown = [identity for identity in (*self._wanted, *sorted(self._came)) if identity not in self._looked_up]
        self._wanted.clear()
        self._looked_up.update(unknown)
        found = look_up(self.session, unknown)
        self.headers.update((header.id, header) for header in found)
        open_ = [header for header in found if header.id not in self._came]
        without = (header for header in open_ if not is_exportable(header) and not is_part(header))
        self.left_out.update((header.id, not_exported(header)) for header in without)
        return [header for header in open_ if is_exportable(header) and self._is_within(header)]

    def _is_within(self, header: ObjectHeader) -> bool:
        return self.extent.system_owned or not is_system_owned(header)


def _turn(header: ObjectHeader) -> int:
    """Liveboards and answers first; tables, whose security rules need edit access, last."""
    return 0 if header.type in _TOPS else 2 if header.subtype == _TABLE else 1


def look_up(session: Session, identities: Sequence[str]) -> list[ObjectHeader]:
    """The headers of those GUIDs and obj_ids that exist, in no particular order."""
    guids = tuple(one for one in identities if is_guid(one))
    obj_ids = tuple(one for one in identities if not is_guid(one))
    # By V1 everything is listed for each query, and nothing has an obj_id.
    size = max(1, len(guids)) if session.is_v1 else _CHUNK
    queries = [SearchQuery(identifiers=guids[at : at + size]) for at in range(0, len(guids), size)]
    queries += [SearchQuery(obj_ids=obj_ids[at : at + size]) for at in range(0, len(obj_ids), size)]

    def ask(query: SearchQuery) -> list[ObjectHeader]:
        return patiently(lambda: list(search_metadata(session, query)))

    found = (header for page in in_order(ask, queries, session.budget.widest) for header in page)
    return list({header.id: header for header in found}.values())


def is_system_owned(header: ObjectHeader) -> bool:
    """Whether it came with the cluster, and is on every other one, too."""
    return header.author_id in _SYSTEM_USERS


def key_of(document: Document) -> str:
    """What tells a document from all others of its Org, before and after it was made anew.

    Aliases and security rules are the only ones of their kind on their Model or table; whatever GUID the server writes
    into them, nothing refers to it.
    """
    owner = owner_of(document)
    if owner and document.kind.phase is Phase.AFTER_MODELS:
        return f"{document.kind.name}:{owner}"
    return document.key


def owner_of(document: Document) -> str:
    """The GUID or obj_id of the object that a document hangs on; "" for one that stands by itself."""
    if document.kind.rest_type and document.kind.owned:
        return ""
    if not document.kind.owned:
        return document.guid or document.obj_id
    return next(depends_of(document), "")


def depends_of(document: Document) -> Iterator[str]:
    """What a document is built on: by GUID where it says one, else by obj_id."""
    for reference in document.references:
        if _is_followed(reference) and (reference.guid or reference.obj_id):
            yield reference.guid or reference.obj_id


def _is_followed(reference: Reference) -> bool:
    place = reference.place
    return place.promotion is Promotion.MAP and not is_link(reference) and bool(place.targets & _FOLLOWED)

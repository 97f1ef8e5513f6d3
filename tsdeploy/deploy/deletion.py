"""Delete objects, dependents first, and believe only a search that they are gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tsdeploy.deploy.result import ObjectResult
from tsdeploy.deploy.work import Bench, count
from tsdeploy.errors import Finding, RestError, Severity
from tsdeploy.plan.live import LiveObject
from tsdeploy.rest import (
    ObjectRef,
    SearchQuery,
    Session,
    UnknownOutcomeError,
    delete_metadata,
    search_dependents,
    search_metadata,
)
from tsdeploy.rest.collections import delete_collections
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.kinds import can_become

_SIZE = 50
_DELETABLE = frozenset({"LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "LOGICAL_COLUMN"})
_COLLECTION = "COLLECTION"


@dataclass(frozen=True, slots=True, eq=False)
class Doomed:
    """An object that is to be deleted. ``source`` is its key in the source environment, ``live`` what is there."""

    source: str
    label: str
    guid: str
    live: LiveObject

    @property
    def type(self) -> str:
        """Its V2 metadata type."""
        return self.live.document.kind.rest_type

    @property
    def can_be_deleted(self) -> bool:
        """Whether the server has a call for it; what hangs on an object goes with it."""
        return self.live.document.kind.owned and self.type in (*_DELETABLE, _COLLECTION)

    def result(self, status: str, message: str = "") -> ObjectResult:
        """What became of it."""
        return ObjectResult(
            self.label, self.live.document.path, "delete", status, self.guid, message, source=self.source
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object that is to be deleted as far as files of the repository say, which anybody can have written.

    ``label`` is what they call it, ``text`` the SHA-256 of the text that the server had after the deploy, "" for none.
    """

    source: str
    label: str
    guid: str
    text: str = ""

    def is_object(self, live: LiveObject) -> bool:
        """Whether an object of the target is the one that was deployed: it has its text, or its name and kind."""
        kind, _, name = self.label.partition(":")
        there = live.document
        return self.text == live.hash or (name == there.name and can_become(kind, there.kind.name))


def find_doomed(
    candidates: Iterable[Candidate], live: Mapping[str, LiveObject], environment: str
) -> tuple[tuple[Doomed, ...], tuple[Finding, ...]]:
    """What is to be deleted, called as it is called in the target, and a warning for what is there and stays.

    TD619 for what cannot be deleted, TD635 for a GUID that is something else's. ``live`` is by GUID.
    """
    doomed, kept = [], []
    for one in candidates:
        there = live.get(one.guid)
        if there is None:
            continue
        found = Doomed(one.source, there.document.label, one.guid, there)
        if not one.is_object(there):
            kept.append(_is_another(one, found.label, environment))
        elif found.can_be_deleted:
            doomed.append(found)
        else:
            kept.append(cannot_be_deleted(found.label, environment))
    return tuple(doomed), tuple(kept)


def users_of(session: Session, doomed: Sequence[Doomed]) -> dict[str, tuple[str, ...]]:
    """GUID of a doomed object → names of the objects that use it and are not doomed themselves.

    What no search lists (feedback on a Model) goes with what it hangs on, and is not among them.
    """
    gone = {one.guid for one in doomed}
    data = [one.guid for one in doomed if one.type == "LOGICAL_TABLE"]
    uses = {guid: sorted(users - gone) for guid, users in search_dependents(session, data).items()}
    wanted = sorted({user for users in uses.values() for user in users})
    query = SearchQuery(identifiers=tuple(wanted))
    names = {header.id: header.name for header in search_metadata(session, query)} if wanted else {}
    return {guid: tuple(names[user] for user in users if user in names) for guid, users in uses.items()}


def delete_all(bench: Bench, doomed: Iterable[Doomed]) -> None:
    """Delete objects, at most 50 to a call; what is really gone is no longer in ``objects.json``.

    A finding TD622 for an object that is still there after the server said that it deleted it.
    """
    for chunk in _calls(list(doomed)):
        if bench.stop():
            return
        bench.progress(f"deleting {count(chunk)}")
        bench.journal.write("delete", objects=[{"source": one.source, "guid": one.guid} for one in chunk])
        try:
            _delete_for_sure(bench, chunk)
        except RestError as error:
            _settle(bench, chunk, error.findings)
        else:
            _settle(bench, chunk, ())


def _delete_for_sure(bench: Bench, chunk: Sequence[Doomed]) -> None:
    """Delete; once more when the answer was lost and all of it is still there. Raises RestError when it is refused."""
    try:
        _delete(bench.session, chunk)
    except UnknownOutcomeError:
        bench.progress("the answer was lost; looking at what is there")
        if len(still_there(bench.session, [one.guid for one in chunk])) < len(chunk):
            raise
        _delete(bench.session, chunk)


def _delete(session: Session, chunk: Sequence[Doomed]) -> None:
    if chunk[0].type == _COLLECTION:
        delete_collections(session, [one.guid for one in chunk])
    else:
        delete_metadata(session, [ObjectRef(one.guid, one.type) for one in chunk])


def _settle(bench: Bench, chunk: Sequence[Doomed], refused: tuple[Finding, ...]) -> None:
    try:
        there = still_there(bench.session, [one.guid for one in chunk])
    except RestError as error:
        bench.notes.add((*refused, *error.findings))
        for one in chunk:
            bench.notes.put(one.source, one.result("unknown", "deleted, but not looked up"))
        return
    gone = [one for one in chunk if one.guid not in there]
    bench.recorder.forget({one.source for one in gone if one.source})
    bench.journal.write("deleted", objects=[one.guid for one in gone])
    for one in gone:
        bench.notes.put(one.source, one.result("done"))
    left = [one for one in chunk if one.guid in there]
    bench.notes.add(refused if left else ())
    for one in left:
        finding = refused[0] if refused else _lied(bench, one)
        bench.notes.add([finding])
        bench.notes.put(one.source, one.result("failed", finding.message))


def still_there(session: Session, guids: Iterable[str]) -> set[str]:
    """Those of the GUIDs that objects of the target have. Raises RestError."""
    query = SearchQuery(identifiers=tuple(guids), hidden=True)
    return {header.id for header in search_metadata(session, query)}


def _lied(bench: Bench, one: Doomed) -> Finding:
    message = f"{bench.environment} said that {one.label} was deleted, but it is still there"
    return Finding("TD622", message, hint="the user may lack access to it; let its owner or an administrator delete it")


def _calls(doomed: list[Doomed]) -> Iterator[list[Doomed]]:
    """Collections first, then level after level from the top: nothing has dependents when it is its turn."""
    collections = [one for one in doomed if one.type == _COLLECTION]
    others = [one for one in doomed if one.type in _DELETABLE]
    by_guid = {one.guid: one for one in others}
    graph = build_graph(replace(one.live.document, guid=one.guid) for one in others)
    level = graph.levels()
    groups: dict[int, list[Doomed]] = {}
    for key in graph.documents:
        groups.setdefault(level[key], []).append(by_guid[key])
    for group in (collections, *(groups[number] for number in sorted(groups, reverse=True))):
        for start in range(0, len(group), _SIZE):
            yield group[start : start + _SIZE]


def _is_another(one: Candidate, label: str, environment: str) -> Finding:
    message = f"{environment} has {label} under the GUID that stands here for {one.label}: it is not deleted"
    hint = "if somebody renamed it there, delete it in the browser; if not, look who wrote that GUID"
    return Finding("TD635", message, hint=hint, severity=Severity.WARNING)


def cannot_be_deleted(label: str, environment: str) -> Finding:
    """The warning TD619 for what the server has no call for."""
    message = f"{label} cannot be deleted from {environment} by the API"
    hint = "delete it in the browser, or leave it"
    return Finding("TD619", message, hint=hint, severity=Severity.WARNING)

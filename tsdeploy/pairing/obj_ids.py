"""Readable obj_ids for the objects of an environment: chosen so that they are unique, set, and looked up again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap, ObjectRecord, save_objects
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding
from tsdeploy.rest import ApiError, SearchQuery, Session, UnknownOutcomeError, search_metadata
from tsdeploy.rest.obj_ids import ObjIdUpdate, update_obj_ids
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.references import is_guid

CHUNK = 50
_NOT_IN_ID = re.compile(r"[^\w.-]+")
_TYPES = ("LOGICAL_TABLE", "ANSWER", "LIVEBOARD", "CONNECTION", "COLLECTION")
_HAVE_NONE = frozenset(kind.name for kind in KINDS.values() if not kind.rest_type or not kind.owned)


@dataclass(frozen=True, slots=True)
class Assignment:
    """An object and the obj_id that it is to get; ``before`` is the one it has."""

    kind: str
    name: str
    guid: str
    before: str
    obj_id: str

    @property
    def changes(self) -> bool:
        """Whether the object has another one now."""
        return self.obj_id != self.before


@dataclass(frozen=True, slots=True)
class Assigned:
    """The obj_ids that were chosen, whether they differ or not, and what stands against them or was refused."""

    objects: tuple[Assignment, ...]
    findings: tuple[Finding, ...] = ()


def assign_obj_ids(
    project: Project,
    environment: Environment,
    session: Session,
    *,
    like: Environment | None = None,
    write: bool = False,
) -> Assigned:
    """Readable obj_ids for the recorded objects of an environment, or those of their counterparts in ``like``.

    With ``write`` they are set on the server, looked up, and recorded. Raises ConfigError and RestError.
    """
    objects = project.objects(environment)
    live = live_obj_ids(session, [record.guid for record in objects if record.guid])
    wanted = readable(objects, live) if like is None else alike(objects, live, project.objects(like))
    findings = collisions(wanted, live)
    if write and not findings:
        findings = assign(session, wanted)
        _record(environment, objects, wanted, findings)
    return Assigned(tuple(wanted), tuple(findings))


def _record(
    environment: Environment, objects: ObjectMap, wanted: Iterable[Assignment], findings: Iterable[Finding]
) -> None:
    """Write down what was set."""
    refused = {finding.at for finding in findings}
    given = {one.guid: one.obj_id for one in wanted if one.guid not in refused}
    records = [replace(record, obj_id=given.get(record.guid, record.obj_id)) for record in objects]
    save_objects(environment.objects_path, ObjectMap(tuple(records)))


def live_obj_ids(session: Session, guids: Sequence[str]) -> dict[str, str]:
    """GUID → obj_id ("" where there is none) of the Org's objects: all of the usual types, and these."""
    found = {header.id: header.obj_id or "" for header in search_metadata(session, SearchQuery(types=_TYPES))}
    missing = tuple(guid for guid in guids if guid not in found)
    if missing:
        found |= {one.id: one.obj_id or "" for one in search_metadata(session, SearchQuery(identifiers=missing))}
    return found


def readable(records: Iterable[ObjectRecord], live: Mapping[str, str]) -> list[Assignment]:
    """An obj_id for each object that is live: its name without spaces, and what else makes it unique in the Org.

    One that was given on purpose stays; one that the server made (name and the GUID's first eight digits) does not.
    """
    wanted = [record for record in records if record.guid in live and record.kind not in _HAVE_NONE]
    changing = {record.guid for record in wanted if _is_generated(live[record.guid], record.guid)}
    taken = {obj_id for guid, obj_id in live.items() if obj_id and guid not in changing}
    made = []
    for record in sorted(wanted, key=lambda record: record.order):
        before = live[record.guid]
        obj_id = _free(record, taken) if record.guid in changing else before
        taken.add(obj_id)
        made.append(Assignment(record.kind, record.name, record.guid, before, obj_id))
    return made


def alike(records: Iterable[ObjectRecord], live: Mapping[str, str], other: ObjectMap) -> list[Assignment]:
    """The obj_ids of another environment's objects for their counterparts here, by the pairs of either map."""
    guids = {record.source: record.guid for record in other if is_guid(record.source)}
    obj_ids = {record.guid: record.obj_id for record in other if record.guid and record.obj_id}
    made = []
    for record in sorted(records, key=lambda record: record.order):
        obj_id = obj_ids.get(record.source) or obj_ids.get(guids.get(record.guid, ""), "")
        if obj_id and record.guid in live:
            made.append(Assignment(record.kind, record.name, record.guid, live[record.guid], obj_id))
    return made


def collisions(assignments: Iterable[Assignment], live: Mapping[str, str]) -> list[Finding]:
    """A finding TD326 for each obj_id that another object of the Org has, or that is wanted twice."""
    wanted = {one.guid: one.obj_id for one in assignments}
    holder = {obj_id: guid for guid, obj_id in live.items() if obj_id and guid not in wanted}
    findings = []
    for one in assignments:
        other = holder.setdefault(one.obj_id, one.guid)
        if other != one.guid:
            message = f"{one.kind}:{one.name} cannot have obj_id {one.obj_id}: {other} has it"
            hint = "obj_ids are unique in an Org: give the other object another one first"
            findings.append(Finding("TD326", message, at=one.guid, hint=hint))
    return findings


def assign(session: Session, assignments: Iterable[Assignment]) -> list[Finding]:
    """Set obj_ids, and say which could not be set.

    The server refuses a whole batch without saying which part it did not like, so a refused one is halved until
    the parts are found. Whatever it answered, the objects are looked up afterwards. Raises RestError when the server
    cannot be reached.
    """
    changing = [one for one in assignments if one.changes]
    refused: dict[str, str] = {}
    for start in range(0, len(changing), CHUNK):
        refused.update(_assign(session, changing[start : start + CHUNK]))
    there = _look_up(session, changing)
    return [_not_set(one, refused.get(one.guid, "")) for one in changing if there.get(one.guid) != one.obj_id]


def _assign(session: Session, some: Sequence[Assignment]) -> Iterator[tuple[str, str]]:
    try:
        update_obj_ids(session, [ObjIdUpdate(one.guid, one.obj_id) for one in some])
    except ApiError as error:
        if len(some) == 1:
            yield some[0].guid, error.findings[0].message
            return
        half = len(some) // 2
        yield from _assign(session, some[:half])
        yield from _assign(session, some[half:])
    except UnknownOutcomeError:
        # Whether it was carried out is seen when the objects are looked up.
        return


def _look_up(session: Session, some: Sequence[Assignment]) -> dict[str, str | None]:
    guids = tuple(one.guid for one in some)
    return {one.id: one.obj_id for one in search_metadata(session, SearchQuery(identifiers=guids))} if guids else {}


def _not_set(one: Assignment, said: str) -> Finding:
    message = f"{one.kind}:{one.name} did not get obj_id {one.obj_id}" + (f": {said}" if said else "")
    hint = "another object may have it, or the user may not change this object"
    return Finding("TD326", message, at=one.guid, hint=hint)


def _is_generated(obj_id: str, guid: str) -> bool:
    return not obj_id or obj_id.endswith(f"-{guid[:8]}")


def _free(record: ObjectRecord, taken: set[str]) -> str:
    """The object's name without spaces; where that is taken, with its kind, and then with a number."""
    stem = _NOT_IN_ID.sub("", record.name).strip(".-") or f"{record.kind}-{record.guid[:8]}"
    number = 1
    candidate = stem
    while candidate in taken:
        candidate = f"{stem}-{record.kind}" + (f"-{number}" if number > 1 else "")
        number += 1
    return candidate

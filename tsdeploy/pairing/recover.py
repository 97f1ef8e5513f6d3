"""A lost ``objects.json``, worked out again from what identities derive from and from what the server has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap, ObjectRecord, save_objects
from tsdeploy.config.project import Project
from tsdeploy.deploy.inner import has_inner, pair_inner
from tsdeploy.plan.live import LiveObject, read_known, read_live
from tsdeploy.release import load_release, release_inputs
from tsdeploy.rest import Session
from tsdeploy.tml.document import Document
from tsdeploy.transform.inputs import Inputs, Rendered
from tsdeploy.transform.render import render


@dataclass(frozen=True, slots=True)
class Recovered:
    """The records of what the target has, and the labels of what it has not, or not under a GUID that is known."""

    records: tuple[ObjectRecord, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecoveredMap:
    """What was worked out: ``fresh`` records, how many were ``known`` already, and the labels of what is not there."""

    fresh: tuple[ObjectRecord, ...]
    known: int
    absent: tuple[str, ...]


def recover_objects(
    project: Project, environment: Environment, session: Session, *, write: bool = False
) -> RecoveredMap:
    """Work a lost ``objects.json`` out again, and write it where that is wanted; records that are there stay.

    Raises TmlError, ConfigError and RestError.
    """
    found = recover(session, load_release(project), release_inputs(project, environment))
    present = project.objects(environment)
    there = present.by_source()
    fresh = tuple(record for record in found.records if record.source not in there)
    if write:
        save_objects(environment.objects_path, present.with_records(fresh))
    return RecoveredMap(fresh, len(found.records) - len(fresh), found.absent)


def recover(session: Session, documents: Iterable[Document], inputs: Inputs) -> Recovered:
    """Look for each object under the identity that it would be given: obj_id, binding, warehouse table, derived GUID.

    What is recorded in ``inputs.objects`` is not looked at. GUIDs inside objects are read back from the live ones;
    what was deployed last, and from which commit, cannot be known again. Nothing is written anywhere.
    """
    everything = tuple(documents)
    blank = replace(inputs, objects=ObjectMap())
    blank = replace(blank, known=read_known(session, everything, blank.mapping, blank.objects))
    rendered = render(everything, blank).rendered
    live = read_live(session, rendered).objects
    records, absent = [], []
    for item in rendered:
        there = live.get(item.key)
        if there is None:
            absent.append(item.source.label)
        else:
            records.append(_record(item, there))
    return Recovered(tuple(records), tuple(absent))


def _record(item: Rendered, there: LiveObject) -> ObjectRecord:
    source = item.source
    guid = (there.header.id if there.header else there.document.guid) if source.kind.owned else ""
    inner = pair_inner(source, there.document) if has_inner(source) else {}
    return ObjectRecord(source.kind.name, source.name, guid, item.target.obj_id, source.key, inner)

"""A lost ``objects.json``, worked out again from what identities derive from and from what the server has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.deploy.inner import has_inner, pair_inner
from tsdeploy.plan.live import LiveObject, read_known, read_live
from tsdeploy.rest import Session
from tsdeploy.tml.document import Document
from tsdeploy.transform.render import Inputs, Rendered, render


@dataclass(frozen=True, slots=True)
class Recovered:
    """The records of what the target has, and the labels of what it has not, or not under a GUID that is known."""

    records: tuple[ObjectRecord, ...]
    absent: tuple[str, ...]


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

"""What is written down of an object that was published."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.config.objects import ObjectRecord
from tsdeploy.deploy.inner import has_inner, pair_inner
from tsdeploy.tml.document import Document
from tsdeploy.transform.render import Rendered


@dataclass(frozen=True, slots=True)
class Sent:
    """A document that was published: its change, as it was rendered, and what the server has for it."""

    rendered: Rendered
    guid: str
    live: Document | None


def differs(sent: Sent, record: ObjectRecord) -> bool:
    """Whether the server has other GUIDs than those that were sent to it."""
    text = sent.rendered.text
    return sent.guid != sent.rendered.target.guid or any(guid not in text for guid in record.inner.values())


def record_of(sent: Sent, commit: str, before: ObjectRecord | None) -> ObjectRecord:
    """The record of an object; inner GUIDs that are known already are kept until they were looked up again."""
    rendered, source = sent.rendered, sent.rendered.source
    inner = dict(before.inner) if before else {}
    if sent.live is not None and has_inner(source):
        inner = pair_inner(source, sent.live)
    return ObjectRecord(
        kind=source.kind.name,
        name=source.name,
        guid=sent.guid if source.kind.owned else "",
        obj_id=rendered.target.obj_id,
        source=source.key,
        inner=inner,
        hash=rendered.hash,
        commit=commit,
    )

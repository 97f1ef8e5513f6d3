"""What all documents of a release share when their references are rewritten, worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import Index, index
from tsdeploy.transform.targets import Target


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is who in source and target.

    ``index`` finds documents of the release; ``targets`` has each one's target identity by document key;
    ``recorded`` what an earlier deploy wrote down, by source key; ``inner`` the inner GUIDs that were read back;
    ``minted`` the inner GUIDs that documents of the release define; ``foreign`` the GUIDs of the source's objects,
    which must not reach the target unless they are an object's there, too.
    """

    index: Index
    targets: Mapping[str, Target]
    recorded: Mapping[str, ObjectRecord]
    inner: Mapping[str, str]
    minted: frozenset[str]
    foreign: frozenset[str]


def identities_of(
    documents: Iterable[Document],
    targets: Mapping[str, Target],
    objects: ObjectMap,
    *,
    source_objects: ObjectMap,
    bound: Iterable[str],
) -> Identities:
    """The identities of a release.

    ``objects`` is the target's map, ``source_objects`` the source's; ``bound`` are GUIDs of the target that a rule
    names.
    """
    everything = tuple(documents)
    own = {*bound, *objects.guids(), *(target.guid for target in targets.values())}
    known = (document for document in everything if document.kind.owned and document.kind.known)
    source = {document.guid for document in known} | source_objects.guids().keys()
    return Identities(
        index=index(everything),
        targets=targets,
        recorded=objects.by_source(),
        inner=_inner(objects),
        minted=frozenset(_minted(everything)),
        foreign=frozenset(guid for guid in source if guid and guid not in own),
    )


def _inner(objects: ObjectMap) -> dict[str, str]:
    """What was read back of inner GUIDs; an alert's own GUID stands inside its document, too."""
    alerts = {record.source: record.guid for record in objects if record.kind == "monitor_alert" and record.guid}
    return alerts | {old: new for record in objects for old, new in record.inner.items()}


def _minted(documents: Iterable[Document]) -> Iterable[str]:
    for document in documents:
        for reference in document.references:
            if reference.place.promotion is Promotion.MINT:
                yield reference.guid

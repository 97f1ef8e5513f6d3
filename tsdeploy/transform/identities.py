"""What all documents of a release share when their references are rewritten, worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.described import Described
from tsdeploy.tml.graph import IndexOf, index
from tsdeploy.transform.targets import Target


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is who in source and target.

    ``documents`` are those of the release by key, as ``index`` has them; ``targets`` has each one's target identity;
    ``recorded`` what an earlier deploy wrote down, by source key; ``inner`` the inner GUIDs that were read back;
    ``minted`` the inner GUIDs that documents of the release define; ``foreign`` the GUIDs of the source's objects,
    which must not reach the target unless they are an object's there, too.
    """

    documents: Mapping[str, Described]
    index: IndexOf[Described]
    targets: Mapping[str, Target]
    recorded: Mapping[str, ObjectRecord]
    inner: Mapping[str, str]
    minted: frozenset[str]
    foreign: frozenset[str]


def identities_of(
    documents: Sequence[Described],
    targets: Mapping[str, Target],
    objects: ObjectMap,
    *,
    source_objects: ObjectMap,
    bound: Iterable[str],
    minted: Iterable[str],
) -> Identities:
    """The identities of a release.

    ``objects`` is the target's map, ``source_objects`` the source's; ``bound`` are GUIDs of the target that a rule
    names; ``minted`` inner GUIDs that documents of the release define.
    """
    own = {*bound, *objects.guids(), *(target.guid for target in targets.values())}
    known = (document for document in documents if document.kind.owned and document.kind.known)
    source = {document.guid for document in known} | source_objects.guids().keys()
    return Identities(
        documents={document.key: document for document in documents},
        index=index(documents),
        targets=targets,
        recorded=objects.by_source(),
        inner=_inner(objects),
        minted=frozenset(minted),
        foreign=frozenset(guid for guid in source if guid and guid not in own),
    )


def minted_in(document: Described) -> Iterator[str]:
    """The inner GUIDs that a document defines, and that a server may mint anew."""
    return (one.guid for one in document.references if one.place.promotion is Promotion.MINT)


def _inner(objects: ObjectMap) -> dict[str, str]:
    """What was read back of inner GUIDs; an alert's own GUID stands inside its document, too."""
    alerts = {record.source: record.guid for record in objects if record.kind == "monitor_alert" and record.guid}
    return alerts | {old: new for record in objects for old, new in record.inner.items()}

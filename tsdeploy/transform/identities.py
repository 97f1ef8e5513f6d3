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
    ``minted`` the inner GUIDs that documents of the release define.
    """

    index: Index
    targets: Mapping[str, Target]
    recorded: Mapping[str, ObjectRecord]
    inner: Mapping[str, str]
    minted: frozenset[str]


def identities_of(documents: Iterable[Document], targets: Mapping[str, Target], objects: ObjectMap) -> Identities:
    """The identities of a release; ``objects`` is the target's map."""
    everything = tuple(documents)
    return Identities(
        index=index(everything),
        targets=targets,
        recorded=objects.by_source(),
        inner={old: new for record in objects for old, new in record.inner.items()},
        minted=frozenset(_minted(everything)),
    )


def _minted(documents: Iterable[Document]) -> Iterable[str]:
    for document in documents:
        for reference in document.references:
            if reference.place.promotion is Promotion.MINT:
                yield reference.guid

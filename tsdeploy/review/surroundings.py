"""What some documents of a commit are built on, and what could be mistaken for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.review.mentions import Mentions
from tsdeploy.tml.difference.labels import text_at
from tsdeploy.tml.document import Document

_TWINS = 3
"""How many of those with one name are looked at to tell that it is not unique."""


def needed_by(documents: Iterable[Document], mentions: Mentions) -> Iterator[Document]:
    """What documents refer to, and is none of them."""
    everything = tuple(documents)
    paths = {document.path for document in everything}
    references = (reference for document in everything for reference in document.references)
    return (document for document in mentions.meant(references) if document.path not in paths)


def around(documents: Iterable[Document], mentions: Mentions) -> Iterator[Document]:
    """All that decides how documents are understood; they themselves may be among it."""
    everything = tuple(documents)
    needed = tuple(needed_by(everything, mentions))
    yield from needed
    yield from _alike(everything, mentions)
    yield from mentions.sets_of((*everything, *needed))


def _alike(documents: tuple[Document, ...], mentions: Mentions) -> Iterator[Document]:
    """What has the identity, what looks like the name, or the table of the warehouse that one of them has."""
    identities = (one for document in documents for one in (document.guid, document.obj_id) if one)
    yield from mentions.owners(identities, _TWINS)
    yield from mentions.drawn_like((document.label for document in documents), _TWINS)
    tables = (one for one in documents if one.kind.name == "table")
    yield from mentions.bound_to((text_at(one.body, "schema"), text_at(one.body, "db_table")) for one in tables)

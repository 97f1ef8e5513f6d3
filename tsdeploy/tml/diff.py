"""What differs between two versions of a document, in places and values, not in lines.

List items are matched by their natural key (a column's name, a visualization's id), so that reordering is no
change. What a server adds or mints by itself is noise, and left out on request. ``difference.describe`` has the
same in sentences.
"""

from __future__ import annotations

from tsdeploy.tml.difference.change import Weight
from tsdeploy.tml.difference.deltas import body_deltas
from tsdeploy.tml.difference.fields import FieldChange, field_change
from tsdeploy.tml.document import Document

__all__ = ["FieldChange", "diff_documents"]


def diff_documents(before: Document, after: Document, *, noise: bool = False) -> tuple[FieldChange, ...]:
    """The differences between two versions of an object, identity left out and secrets masked.

    With ``noise`` also what nobody changed; see ``difference.volatile``.
    """
    found = body_deltas(before, after)
    return tuple(field_change(delta) for delta in found if noise or delta.weight is not Weight.NOISE)

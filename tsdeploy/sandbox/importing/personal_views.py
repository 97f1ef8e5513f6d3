"""Views that people saved of a Liveboard: an administrator's import deletes what its text lacks, unless it keeps them.

Source: facts about TML, 4.1, rule 12 (``enable_personalized_view_upsert``).
"""

from __future__ import annotations

from tsdeploy.sandbox.texts.items import append_items, item_text, mappings, value
from tsdeploy.tml.document import Document

_LIST = "views"


def keep_views(before: Document, after: Document) -> Document:
    """A Liveboard with the views it had, and those of its text in place of the ones they replace."""
    given = mappings(after.body, _LIST)
    known = {value(view, key) for view in given for key in ("view_guid", "name")}
    kept = [
        item_text(before, (_LIST,), number)
        for number, view in enumerate(mappings(before.body, _LIST))
        if not {value(view, "view_guid"), value(view, "name")} & known - {""}
    ]
    return append_items(after, _LIST, kept)

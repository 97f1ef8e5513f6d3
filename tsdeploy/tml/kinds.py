"""The kinds of TML object: root key, REST type, and the order in which they depend on each other.

Source: ThoughtSpot's scriptability documentation and counts over public exports. A kind is told by its
root key, never by file name or folder. Adding a kind is adding an entry here and its places in ``catalogue``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Phase(IntEnum):
    """When an object may be published: each phase needs what the one before it has committed."""

    OBJECTS = 0
    """Everything that refers to its peers by GUID, obj_id or name: one atomic group."""
    AFTER_MODELS = 1
    """Feedback, aliases and security rules: refused (14500) in the call that creates their model."""
    ALERTS = 2
    """Monitor alerts hold viz GUIDs, which are known only when the Liveboard is there."""
    COLLECTIONS = 3
    """Collections list finished objects by GUID."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object.

    ``name`` is what people call it and selectors use; ``root`` the content key of its documents (``pinboard``
    is an old root of kind ``liveboard``). ``rest_type`` is the V2 metadata type, "" where there is none;
    ``rank`` orders kinds that do not refer to each other. ``owned``: the root GUID is the object's own
    (feedback carries its model's).
    """

    name: str
    root: str
    rest_type: str
    rank: int
    phase: Phase = Phase.OBJECTS
    subtypes: tuple[str, ...] = ()
    owned: bool = True
    known: bool = True

    @property
    def is_data(self) -> bool:
        """Whether it is something one can search on: a table, view, model …"""
        return self.rest_type == "LOGICAL_TABLE"


_ALL = (
    Kind("connection", "connection", "CONNECTION", 0),
    Kind("table", "table", "LOGICAL_TABLE", 1, subtypes=("ONE_TO_ONE_LOGICAL", "USER_DEFINED")),
    Kind("sql_view", "sql_view", "LOGICAL_TABLE", 1, subtypes=("SQL_VIEW",)),
    Kind("input_table", "input_table", "LOGICAL_TABLE", 1),
    Kind("view", "view", "LOGICAL_TABLE", 2, subtypes=("AGGR_WORKSHEET",)),
    Kind("model", "model", "LOGICAL_TABLE", 2, subtypes=("WORKSHEET",)),
    Kind("worksheet", "worksheet", "LOGICAL_TABLE", 2, subtypes=("WORKSHEET", "PRIVATE_WORKSHEET")),
    Kind("cohort", "cohort", "LOGICAL_COLUMN", 3),
    Kind("action_object", "action_object", "CUSTOM_ACTION", 2),
    Kind("answer", "answer", "ANSWER", 4),
    Kind("liveboard", "liveboard", "LIVEBOARD", 5),
    Kind("liveboard", "pinboard", "LIVEBOARD", 5),
    Kind("nls_feedback", "nls_feedback", "FEEDBACK", 6, Phase.AFTER_MODELS, owned=False),
    Kind("column_alias", "column_alias", "", 6, Phase.AFTER_MODELS),
    Kind("column_security_rules", "column_security_rules", "", 6, Phase.AFTER_MODELS),
    Kind("monitor_alert", "monitor_alert", "", 7, Phase.ALERTS),
    Kind("collection", "collection", "COLLECTION", 8, Phase.COLLECTIONS),
    Kind("collection", "collection_object", "COLLECTION", 8, Phase.COLLECTIONS),
    Kind("user", "user_object", "USER", 0),
    Kind("group", "group_object", "USER_GROUP", 0),
    Kind("role", "role_object", "ROLE", 0),
)

KINDS: dict[str, Kind] = {kind.root: kind for kind in _ALL}
"""Root key → kind."""

KIND_NAMES: tuple[str, ...] = tuple(dict.fromkeys(kind.name for kind in _ALL))

ROOT_FLAGS = frozenset({"guid", "obj_id", "hidden", "is_demo_data", "belongs_to_all_orgs"})
"""Keys that may stand beside the content key."""


def unknown_kind(root: str) -> Kind:
    """The kind of a document whose root key this version does not know; it passes through untouched."""
    return Kind(root, root, "", 9, known=False)

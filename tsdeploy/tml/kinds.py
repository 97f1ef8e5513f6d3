"""The kinds of TML object: root key, REST type, and the order in which they depend on each other.

Source: ThoughtSpot's scriptability documentation and counts over public exports. A kind is told by its
root key, never by file name or folder. Adding a kind is adding an entry here; what it refers to is added in
``catalogue``, what it names besides in ``unfollowed``, and the shape of its fields is a schema in ``tsdeploy/check``.
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

    ``listed``: a search shows it as an object of its own, which an export can be asked for by kind; ``subtypes`` and
    ``version``, the Model flag of worksheet headers, then tell it from others of its type. ``since`` is the first
    release that takes it; ``words`` what people call it, where that is not its name.
    """

    name: str
    root: str
    rest_type: str
    rank: int
    phase: Phase = Phase.OBJECTS
    subtypes: tuple[str, ...] = ()
    owned: bool = True
    known: bool = True
    listed: bool = False
    version: str | None = None
    since: tuple[int, ...] = ()
    words: str = ""

    @property
    def called(self) -> str:
        """What people call it."""
        return self.words or self.name.replace("_", " ")

    @property
    def is_data(self) -> bool:
        """Whether it is something one can search on: a table, view, model …"""
        return self.rest_type == "LOGICAL_TABLE"


_WORKSHEETS = ("WORKSHEET", "PRIVATE_WORKSHEET")
_COLLECTIONS_SINCE = (26, 4)
_ALL = (
    Kind("connection", "connection", "CONNECTION", 0, listed=True),
    Kind("table", "table", "LOGICAL_TABLE", 1, subtypes=("ONE_TO_ONE_LOGICAL", "USER_DEFINED"), listed=True),
    Kind("sql_view", "sql_view", "LOGICAL_TABLE", 1, subtypes=("SQL_VIEW",), listed=True, words="SQL view"),
    Kind("input_table", "input_table", "LOGICAL_TABLE", 1),
    Kind("view", "view", "LOGICAL_TABLE", 2, subtypes=("AGGR_WORKSHEET",), listed=True),
    Kind("model", "model", "LOGICAL_TABLE", 2, subtypes=("WORKSHEET",), listed=True, version="V2", words="Model"),
    Kind("worksheet", "worksheet", "LOGICAL_TABLE", 2, subtypes=_WORKSHEETS, listed=True, version=""),
    Kind("cohort", "cohort", "LOGICAL_COLUMN", 3, listed=True, words="set"),
    Kind("action_object", "action_object", "CUSTOM_ACTION", 2),
    Kind("answer", "answer", "ANSWER", 4, listed=True),
    Kind("liveboard", "liveboard", "LIVEBOARD", 5, listed=True, words="Liveboard"),
    Kind("liveboard", "pinboard", "LIVEBOARD", 5, words="Liveboard"),
    Kind("nls_feedback", "nls_feedback", "FEEDBACK", 6, Phase.AFTER_MODELS, owned=False, words="coaching file"),
    Kind("column_alias", "column_alias", "", 6, Phase.AFTER_MODELS, since=(10, 13), words="alias file"),
    Kind("column_security_rules", "column_security_rules", "", 6, Phase.AFTER_MODELS, since=(10, 12)),
    Kind("monitor_alert", "monitor_alert", "", 7, Phase.ALERTS, words="alert"),
    Kind("collection", "collection", "COLLECTION", 8, Phase.COLLECTIONS, listed=True, since=_COLLECTIONS_SINCE),
    Kind("collection", "collection_object", "COLLECTION", 8, Phase.COLLECTIONS, since=_COLLECTIONS_SINCE),
    Kind("user", "user_object", "USER", 0),
    Kind("group", "group_object", "USER_GROUP", 0),
    Kind("role", "role_object", "ROLE", 0),
)

KINDS: dict[str, Kind] = {kind.root: kind for kind in _ALL}
"""Root key → kind."""

KIND_NAMES: tuple[str, ...] = tuple(dict.fromkeys(kind.name for kind in _ALL))

LISTED: dict[str, Kind] = {kind.name: kind for kind in _ALL if kind.listed}
"""Name → kind, of those that an export can be asked for."""

ROOT_FLAGS = frozenset({"guid", "obj_id", "hidden", "is_demo_data", "belongs_to_all_orgs"})
"""Keys that may stand beside the content key."""


_MIGRATED = frozenset({"worksheet", "model"})


def can_become(kind: str, other: str) -> bool:
    """Whether an object of one kind, by name, can be one of another later on, and still be the same object.

    The server makes Models of worksheets, which keep their GUIDs.
    """
    return kind == other or {kind, other} <= _MIGRATED


def unknown_kind(root: str) -> Kind:
    """The kind of a document whose root key this version does not know; it passes through untouched."""
    return Kind(root, root, "", 9, known=False)

"""Everything the sandbox had to choose without a source, each guess under a name of its own.

When the real answer is known, it is put here, and nowhere else.
"""

from __future__ import annotations

from typing import Final

from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.tml.dialect import Dialect, scalar_text

UNAUTHORIZED_TEXT: Final = "Authentication is required: the token or session is missing, invalid or expired."
"""Guessed: text for a missing, wrong or expired token. Shape (b) and 10097 are guessed along with it."""

UNSUPPORTED_MEDIA_TEXT: Final = "Unsupported Media Type"
"""Guessed: body of 415 is shape (c)."""

NO_JSON_TEXT: Final = "Request body must be a JSON object."
"""Guessed: a missing body, or one that is not a JSON object, is 400 in shape (c)."""

HTTP_TEXTS: Final = {404: "Not Found", 405: "Method Not Allowed", 413: "Payload Too Large"}
"""Guessed: unknown routes, wrong methods and oversized bodies answer in shape (c)."""


def user_in_org_error(user_id: str) -> str:
    """Guessed: 400/13090 shows a short id of the user; seen once as ``0000084a``."""
    return user_id.split("-", maxsplit=1)[0]


def duplicate_tag(name: str) -> str:
    """Guessed: a second tag of one name is 400/10002 in shape (a)."""
    return f"Tag with name {name} already exists."


def ambiguous_name(name: str) -> str:
    """Guessed: a name and type that fit several objects are 400/10002 in shape (a)."""
    return f"Multiple metadata objects found with name {name}. Provide the GUID."


HEADER_WHEN_EXCLUDED: Final = None
"""Guessed: ``include_headers: false`` gives a null header; the documentation says it is always returned."""

SORT_FIELD: Final = "MODIFIED"
"""Guessed: metadata/search sorts by time of modification when it is not told."""

EXPORT_TYPES_BEYOND_SPEC: Final = ("LOGICAL_COLUMN",)
"""Seen by client authors, absent from the specification: sets are exported as LOGICAL_COLUMN."""


def sort_order(field_name: str) -> str:
    """Guessed: names ascend, times descend, when no order is given."""
    return "ASC" if field_name in ("NAME", "DISPLAY_NAME", "AUTHOR") else "DESC"


def no_feedback(model: str) -> str:
    """Guessed: text of 400/10002 for a Model without feedback; shape (b)."""
    return f"No feedback found for the metadata_identifier: {model}"


def export_forbidden(identifier: str) -> str:
    """Recorded text; that it names the identifier in front is guessed."""
    return (
        f"Error Code: FORBIDDEN Incident Id: {identifier}\n"
        "Error Message: Cannot download TML due to lack of access to objects."
    )


def associated_upwards(item: StoredObject, dependents: list[StoredObject]) -> list[StoredObject]:
    """Guessed: an associated export brings the alerts that hang on an exported Liveboard or answer.

    Sets that an answer or Liveboard uses are among its links, and come along as what it depends on.
    """
    if item.kind not in ("liveboard", "answer"):
        return []
    return [found for found in dependents if found.kind == "monitor_alert"]


ROOTS_WITHOUT_INNER_IDS: Final = frozenset({"pinboard", "worksheet"})
"""Guessed: exports of before 8.9 carry no inner GUIDs, so none are written into documents of that age."""


def keeps_given_guid(*, has_obj_id: bool) -> bool:
    """Guessed: beside an obj_id that matches nothing, the GUID in the file is ignored and a fresh one given.

    The facts say "a fresh guid (guid in the file, if any, is secondary)" and "guid, only if no obj_id".
    """
    return not has_obj_id


def may_become(kind: str, wanted: str) -> bool:
    """Guessed: an object keeps its kind; only a legacy worksheet may be replaced by a Model."""
    return kind == wanted or (kind, wanted) == ("worksheet", "model")


def wrong_kind(guid: str, kind: str, wanted: str) -> Problem:
    """Guessed: text for a GUID or obj_id that belongs to an object of another kind."""
    return Problem(f"Schema validation failed: {guid} is a {kind}, not a {wanted}.")


def malformed_guid() -> Problem:
    """Guessed: a root ``guid`` that is no GUID is answered like any other malformed file."""
    return Problem("Invalid YAML/JSON syntax in file.")


def twice_in_batch(guid: str) -> Problem:
    """Guessed: the second of two objects of one identity in a batch fails, with the code of a stale write."""
    return Problem(f"VERSION_CONFLICT: {guid} is imported twice in one request.", code=14009)


def object_missing(guid: str, where: str) -> Problem:
    """Guessed: text for a GUID, as alerts and collections carry, that is not in the Org."""
    return Problem(f"Metadata object not found corresponding to {guid} in {where}.", code=13003)


def preferred_by_name(root: str, kinds: list[str]) -> frozenset[str]:
    """Guessed: a name means a table, view or SQL view first inside data objects, and a Model first elsewhere.

    Models are often called like the table they stand on; without a preference every such name were ambiguous.
    """
    models = frozenset({"model", "worksheet"})
    tables = frozenset(kinds) - models
    order = (tables, models) if root in ("table", "sql_view", "view", "model", "worksheet") else (models, tables)
    return next((group for group in order if group & set(kinds)), frozenset())


KINDS_WITH_DANGLING_GUIDS: Final = frozenset({"cohort", "answer", "liveboard", "model"})
"""Guessed: a GUID inside these (``cohort_answer_guid``) may lead nowhere; alerts and collections refuse it."""

SPOTTER_SWITCH: Final = ("properties", "spotter_config", "is_spotter_enabled")
"""Where a Model says that Spotter is on. The key names are facts; that they stand under ``properties`` is guessed."""


def spotter_disabled(model: str) -> Problem:
    """Guessed: text of 14531."""
    return Problem(f"Spotter is not enabled on the Model {model}.", code=14531)


DIFF_DELETED: Final = "columns_deleted"
"""Guessed: ``diff`` is recorded with ``columns_added``; the other keys are made after it."""


def has_obj_id(kind: str) -> bool:
    """Guessed: what hangs on another object has no obj_id of its own."""
    return kind not in ("nls_feedback", "column_alias", "column_security_rules", "monitor_alert")


DEPENDENTS_CODE: Final = 10002
"""Guessed: deleting what others need is 400/10002 in shape (a); the text is recorded with 13152 for unpublish."""

OBJ_ID_ADDRESS_TEXT: Final = "Provide either metadata_identifier or current_obj_id."
"""Guessed: neither or both is 400 in shape (c)."""


def placeholder_connection(name: str, guid: str, obj_id: str) -> str:
    """Made up: a connection that a folder's tables name without bringing it along. Only for loading folders."""
    identity = "".join(f"{key}: {text}\n" for key, text in (("guid", guid), ("obj_id", obj_id)) if text)
    shown = scalar_text(name or obj_id or guid, Dialect.JACKSON)
    return f"{identity}connection:\n  name: {shown}\n  type: RDBMS_SNOWFLAKE\n  authentication_type: SERVICE_ACCOUNT\n"

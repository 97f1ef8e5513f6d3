"""Everything the sandbox had to choose without a source, each guess under a name of its own.

When the real answer is known, it is put here, and nowhere else.
"""

from __future__ import annotations

from typing import Any, Final

from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.request import Policy
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.shares import Mode
from tsdeploy.sandbox.texts.items import value
from tsdeploy.tml.columns.use import Role
from tsdeploy.tml.dialect import Dialect, scalar_text
from tsdeploy.tml.syntax import Mapping

UNAUTHORIZED_TEXT: Final = "Authentication is required: the token or session is missing, invalid or expired."
"""Guessed: text for a missing, wrong or expired token. Shape (b) and 10097 are guessed along with it."""

UNSUPPORTED_MEDIA_TEXT: Final = "Unsupported Media Type"
"""Guessed: body of 415 is shape (c)."""

NO_JSON_TEXT: Final = "Request body must be a JSON object."
"""Guessed: a missing body, or one that is not a JSON object, is 400 in shape (c)."""

HTTP_TEXTS: Final = {
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    413: "Payload Too Large",
    414: "URI Too Long",
}
"""Guessed: unknown routes, wrong methods and oversized bodies answer in shape (c)."""


def user_in_org_error(user_id: str) -> str:
    """Guessed: 400/13090 shows a short id of the user; seen once as ``0000084a``."""
    return user_id.split("-", maxsplit=1)[0]


def duplicate_tag(name: str) -> str:
    """Guessed: a second tag of one name is 400/10002 in shape (a)."""
    return f"Tag with name {name} already exists."


def duplicate_principal(name: str) -> str:
    """Guessed: a second user, group or role of one name is 400/10002 in shape (a)."""
    return f"Principal with name {name} already exists."


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


def too_many_records(largest: int) -> str:
    """Guessed: a ``record_size`` over the limit is 400/10002 in shape (a); -1 is as many as the limit allows."""
    return f"record_size cannot be more than {largest}."


def conflicting_items(count: int) -> list[dict[str, Any]]:
    """Guessed: of two active tasks that write the same object, the later one ends as FAILED, with all its objects.

    Known is that one of them fails with a version conflict.
    """
    message = "VERSION_CONFLICT: an object of this task is part of another task."
    status = {"status_code": "ERROR", "error_code": 14009, "error_message": message}
    return [
        {
            "filename": f"tml_{item}",
            "zip_filename": f"zip_tml_{item}",
            "request_index": item,
            "response": {"status": status},
        }
        for item in range(count)
    ]


UNKNOWN_SEARCH_COLUMN_IS_ERROR: Final = True
"""Guessed: a search that names a column its sources lack is refused. The text is recorded for formulas (14516)."""

ROLES_THAT_MAY_NAME_ANYTHING: Final = frozenset({Role.ANSWER_COLUMN, Role.TABLE, Role.CHART, Role.CHIP, Role.PROPERTY})
"""Guessed: how a result is laid out may name columns that are not there, and needs none of those it names."""

_UNKNOWN_NAMES: Final = {
    Role.SECURITY: ("Error while importing RLS rules. Column {name} not found.", 0),
    Role.COLUMN_SECURITY: ("Column {name} not found in the table of the column security rules.", 14502),
    Role.ALIAS: ("Column {name} of the column aliases not found.", 0),
    Role.FEEDBACK: ("EDOC_FEEDBACK_TML_INVALID: Invalid value token: {name}", 0),
    Role.PARAMETER: ("Parameter {name} not found.", 0),
}


def unknown_name(root: str, role: Role, name: str) -> Problem:
    """Guessed: texts for names that mean nothing in rules, aliases, feedback and parameters of a kind of object."""
    text, code = _UNKNOWN_NAMES.get(role, (f"Column {{name}} of the {root} not found.", 0))
    return Problem(text.format(name=name), code=code)


def named_twice(key: str, name: str) -> Problem:
    """Guessed: text for two formulas, parameters, visualizations or groups of one name."""
    return Problem(f"{key} should have unique values: duplicate {name}")


def shared_with_owner(kind: str) -> bool:
    """Guessed: what hangs on an object is shared with it. Sets are columns, and sharing a table shares its columns."""
    return kind == "cohort" or not has_obj_id(kind)


TOO_MANY_REQUESTS_TEXT: Final = "Too Many Requests"
"""Guessed: the body of 429 is shape (c). Whether it comes with ``Retry-After`` is not documented, and a switch here."""

FORBIDDEN_TEXT: Final = "User does not have the privileges that this request needs."
"""Guessed: text of a 403 that a fault asks for without a text of its own."""


def gateway_page(status: int, reason: str) -> str:
    """Guessed: 502, 503 and 504 come from the load balancer, as its HTML page and not as JSON."""
    return f"<html>\n<head><title>{status} {reason}</title></head>\n<body><h1>{status} {reason}</h1></body>\n</html>\n"


def warehouse_unreachable() -> Problem:
    """Recorded are the name of the fault and the driver's words; that they come in one line, without a code, is not."""
    return Problem("CONNECTION_METADATA_FETCH_ERROR: JDBC driver encountered a communication error")


_SAME_TYPES: Final = {
    "BOOLEAN": "BOOL",
    "INT32": "INT64",
    "FLOAT": "DOUBLE",
    "TIMESTAMP": "DATE_TIME",
    "CHAR": "VARCHAR",
}


def is_warehouse_type(tml: str, warehouse: str) -> bool:
    """Guessed: which of TML's data types fit a column of the warehouse; a column without a type takes any."""
    wanted, there = (_SAME_TYPES.get(name, name) for name in (tml.upper(), warehouse.upper()))
    return not there or wanted == there


def names_dependents(kind: str, policy: Policy) -> bool:
    """Guessed: which of the two texts of 14544 is used. The short one is for the import of a Table in one piece."""
    return kind != "table" or policy is not Policy.ALL_OR_NONE


READ_ONLY_TOKEN_TEXT: Final = "The token gives read access to one object only."  # noqa: S105 - a name, no secret
"""Guessed: an object token that writes is refused with 403/10023 in shape (b)."""


def missing_privilege(needs: tuple[str, ...]) -> str:
    """Guessed: text of 403/10023, made after the recorded one of ``GET /system``."""
    return f"{' or '.join(('ADMINISTRATION', *needs))} privilege required to perform this operation."


NO_ORG_TEXT: Final = "The user does not belong to any active Org."
"""Guessed: a user without an Org cannot log in, 403/10023."""

BAD_TOKEN_TEXT: Final = "Invalid or expired token."  # noqa: S105 - a name, no secret
"""Guessed: text of 400/10002 for a token that ``auth/token/validate`` does not know."""


def no_such_org(identifier: str) -> str:
    """Guessed: text of 400/13090 for a token that would create its user in an Org that is not there."""
    return f"Org {identifier} does not exist."


def persist_option(given: str) -> str:
    """Guessed: made after a recorded text for another option; variable values can only be kept."""
    return f"Invalid persistOption: '{given}'. Expected: 'APPEND' or 'REPLACE' when variable_values is provided."


HEADER_ADDRESS_TEXT: Final = "Provide either identifier or obj_identifier; for all Orgs, provide identifier."
"""Guessed: neither or both, or an obj_id for all Orgs, is 400 in shape (c)."""

OTHER_ORG_TEXT: Final = "Only an administrator of the Org may do this."
"""Guessed: who names an Org without administering it gets 403/10023 in shape (b)."""


def unknown_attribute(name: str) -> str:
    """Guessed: obj_id is the only attribute that headers/update takes; any other is 400/10002 in shape (a)."""
    return f"Attribute {name} cannot be updated."


def title_of_copy(name: str) -> str:
    """Guessed: what a copy is called that was given no title."""
    return f"Copy of {name}"


def no_access(guid: str) -> str:
    """Guessed: reading or changing an object without access to it is 403/10023 in shape (a); the form is recorded."""
    return (
        f"Error Code: FORBIDDEN Incident Id: {guid}\nError Message: User does not have access to the requested object."
    )


ORGS_DISABLED_TEXT: Final = "Orgs are not enabled on this cluster."
"""Guessed: orgs/search of a cluster without Orgs is 403/10023 in shape (b); known is that it fails."""

KEYS_OF_ORGS: Final = frozenset({"current_org", "orgs", "org_privileges", "currentOrgId"})
"""Guessed: a cluster without Orgs says nothing of Orgs when asked who is logged in, by V2 or by V1."""


def users_seen_by_others(visibility: str) -> bool:
    """Guessed: who is no administrator finds the sharable users and groups of the own Org, with all their fields."""
    return visibility == "SHARABLE"


def dangling(identifier: str) -> str:
    """Recorded code, 404/13003; that the text is the one of missing objects is guessed."""
    return f"Metadata object not found corresponding to the metadata_identifier: {identifier}"


SHARE_WHAT_TEXT: Final = "Provide either metadata or metadata_identifiers."
"""Guessed: sharing both or neither is 400 in shape (c)."""


def not_the_author(name: str, owner: str) -> str:
    """Guessed: text of 400/10002 when ``current_owner_identifier`` is not the author of an object."""
    return f"{owner} is not the author of {name}."


def group_permission(group_id: str, name: str, mode: str) -> dict[str, str]:
    """Guessed: keys of ``group_permission``, which says through which groups a user has access."""
    return {"group_id": group_id, "group_name": name, "permission": mode}


LEVEL_OF_DETAILS: Final = "COLUMN"
"""Guessed: ``include_details`` alone shows the tables that are linked to a connection, down to their columns."""


def connection_invalid(name: str) -> str:
    """Guessed: text of 400/12119, for a warehouse that does not answer and for a configuration without anything."""
    return f"Connection validation failed: {name}. JDBC driver encountered a communication error"


PARAMETERIZE_NEEDS: Final = ("DATAMANAGEMENT",)
"""Guessed: the privileges that the parameterize endpoints ask for."""

VARIABLE_NEEDS: Final = ("CAN_MANAGE_VARIABLES",)
"""Guessed: the privilege, beside ADMINISTRATION, that template variables ask for."""

VARIABLE_DATA_TYPES: Final = ("VARCHAR", "INT32", "INT64", "DOUBLE", "DATE", "DATE_TIME", "BOOLEAN")
"""Guessed: the data types of formula variables."""

VARIABLES_ARE_PRIMARYS_TEXT: Final = "Variables of the cluster can only be managed from the Primary Org."
"""Guessed: creating, renaming and deleting elsewhere, and values of another Org, are 403/10023 in shape (b)."""

DUPLICATE_VARIABLE_CODE: Final = 10002
"""Guessed: the text of a duplicate name is known; that it is 400 with this code, in shape (a), is not."""

VARIABLES_OF_MANY_VALUES: Final = frozenset({"FORMULA_VARIABLE"})
"""Guessed: TABLE_MAPPING is known to take a single value; which other types do is not."""

SENSITIVE_VALUES_ARE_SHOWN: Final = False
"""Guessed: the values of a sensitive variable are null in answers, and stay ``${name}`` where they are resolved."""


def variable_in_use(name: str, users: list[str]) -> str:
    """Guessed: deleting a variable that objects use is 400/10002 in shape (a); renaming it renames it in them."""
    return f"Variable {name} is used by: {', '.join(users)}"


def table_place_taken(name: str) -> str:
    """Guessed: a Table whose new database, schema and table another has already; 400/10002 in shape (a)."""
    return f"Another table stands for what {name} would stand for."


def not_parameterizable(name: str) -> str:
    """Guessed: a field type that does not belong to the object is 400/10002 in shape (a)."""
    return f"The field type does not fit {name}."


def unknown_field(name: str) -> str:
    """Guessed: a field that the object does not have is 400/10002 in shape (a)."""
    return f"Invalid field name: {name}"


COLLECTIONS_BY_GUID_TEXT: Final = "collection_identifiers must be GUIDs."
"""Guessed: a name where collections/delete wants GUIDs is 400/10002 in shape (a)."""

PUBLISHABLE: Final = ("LIVEBOARD", "ANSWER", "LOGICAL_TABLE")
"""Guessed: the types that publish and unpublish take."""

PUBLISH_NEEDS: Final = ("ORG_ADMINISTRATION",)
"""Guessed: the privilege, beside ADMINISTRATION, that publishing asks for."""

PUBLISH_TO_SELF_TEXT: Final = "Objects cannot be published to the Org that they are in."
"""Guessed: publishing to the own Org is 400/13151 in shape (a)."""


def publish_refused(variables: list[str], org_id: int) -> str:
    """Guessed: 13151 is for variables without a value in the Org that objects are published to."""
    return f"Publish validation failed. Variables without a value in org {org_id}: {', '.join(variables)}"


def authorization_failure(guid: str) -> str:
    """Recorded name of the error, 400 in shape (a); that its code is 10023 and the text around it are guessed."""
    return f"Error Code: AUTHORIZATION_FAILURE Incident Id: {guid}\nError Message: User is not authorized to edit."


MODE_OF_PUBLISHED: Final = Mode.READ_ONLY
"""Guessed: what is published to an Org can be seen and exported there, and changed only where it is from."""


def keeps_views(asked: bool, is_admin: bool) -> bool:
    """Guessed: an import by anybody but an administrator deletes no personal view, asked to keep them or not."""
    return asked or not is_admin


PERSONAL_VIEWS_KEY: Final = "personalisedViews"
"""Guessed: ``include_personalised_views`` lists the views of a Liveboard in its details, under this key."""

VISUALIZATION_HEADER_KEYS: Final = (
    "indexVersion",
    "generationNum",
    "author",
    "authorName",
    "authorDisplayName",
    "created",
    "modified",
    "modifiedBy",
    "isDeleted",
    "isHidden",
)
"""Guessed: which fields a visualization's header has in common with that of its Liveboard."""


def viz_type(viz: Mapping) -> str:
    """Guessed: a note is a NOTE_TILE, a table a TABLE, everything else a CHART."""
    if viz.get("note_tile") is not None:
        return "NOTE_TILE"
    return "TABLE" if value(viz, "answer", "display_mode") == "TABLE_MODE" else "CHART"


def in_liveboard_response(version: str, viz_id: str) -> dict[str, str]:
    """Guessed: version 2 of the Liveboard response tells a visualization's id in the Liveboard, too."""
    return {"containerId": viz_id} if version == "V2" else {}


NO_REQUESTED_BY_TEXT: Final = "The X-Requested-By header is required."
"""Guessed: V1 without it is 400, for everything but GET, as in the filter that is usual for that header in Java."""

LONGEST_URI: Final = 8192
"""Guessed: a longer address is 414; known is that clients ask about 25 objects at a time because of it."""

SESSION_IS_ACTIVE: Final = {"isActive": True}
"""Guessed: the body of the heartbeat that V1 clients send. Known is that it is 200."""


def v1_pattern(pattern: str) -> str:
    """Guessed: a pattern of V1 without wildcards is looked for anywhere in the name."""
    return pattern if "%" in pattern else f"%{pattern}%"


def export_invalid_state(identifier: str) -> str:
    """The code is recorded; the text, made like that of FORBIDDEN, is guessed."""
    return f"Error Code: OBJECT_INVALID_STATE Incident Id: {identifier}\nError Message: The object cannot be exported."


PRINCIPALS_HAVE_NO_TML_IN_EXPORT: Final = True
"""Guessed: users, groups and roles fail their item of an export; ``export/batch`` is the call for them."""

LEGACY_WORKSHEETS_ARE_ACCEPTED: Final = True
"""Guessed: the documentation says that importing a legacy worksheet is blocked since 10.13; old folders need it."""


def documents_of_list(items: int) -> list[int]:
    """Guessed: several alerts of one file are an object, and come back as a document, each. Indexes of the items."""
    return list(range(items))


def is_read_by_default(columns: int, limit: int) -> bool:
    """Guessed: without ``enable_large_metadata_validation`` the names inside a large Model are not checked at all.

    How large is large is not known; ``limit`` 0 is never.
    """
    return not limit or columns <= limit


def may_update_elsewhere(*, all_orgs: bool, is_admin: bool) -> bool:
    """Guessed: ``all_orgs_override`` lets an administrator update an object in whatever Org it is, by its GUID."""
    return all_orgs and is_admin


def is_shown_as_model(kind: str, schema_version: str) -> bool:
    """Guessed: schema version V2 shows legacy worksheets as Models; V1 and DEFAULT show everything as it is kept."""
    return kind == "worksheet" and schema_version == "V2"


def updates_bound_table(*, has_identity: bool) -> bool:
    """Guessed: a Table with an unknown GUID or obj_id over a physical table that has a Table is an update of that.

    Without any identity it is refused, which is recorded.
    """
    return has_identity


GIT_NEEDS: Final = ("CAN_SETUP_VERSION_CONTROL", "DATAMANAGEMENT")
"""Guessed: the privileges that ``vcs/git`` asks for."""

NO_GIT_CONFIG_TEXT: Final = "No git configuration exists for the org."
"""Guessed: 400/10002 in shape (a), as for whatever else is wrong in ``vcs/git``."""

GIT_CONFIG_EXISTS_TEXT: Final = "A git configuration exists for the org; update it."
"""Guessed: a second configuration of one Org is refused. Each Org has its own, Primary's is not inherited."""

NO_BRANCH_TEXT: Final = "Provide branch_name, or configure a commit branch."
"""Guessed: text where no branch is named and none is configured."""

NOT_COMMITTED_TEXT: Final = "File not committed. No changes found."
"""Known is that it contains "File not committed"; the rest is guessed. No commit is made when nothing changed."""

FILE_DELETED_TEXT: Final = "File deleted."
"""Guessed: text for a file that a delete_aware commit takes out."""

NOT_DELETED_TEXT: Final = "The object does not exist in this org."
"""Guessed: text for a file that a FULL deploy would delete an object for, and there is none."""

BROKEN_MAPPING_TEXT: Final = "The GUID mapping file cannot be read."
"""Guessed: text for a mapping file that is no JSON array of entries."""

CONFIGURATION_COMMENT: Final = "Update configuration files"
"""Guessed: the message of commits to the configuration branch."""

MAPPING_COUNT: Final = 1
"""Guessed: how much a deploy adds to ``counter`` of a mapping entry; the files seen have 0."""


def git_failed(said: str) -> str:
    """Guessed: what is said when git fails."""
    return f"Git operation failed: {said}"


def git_email(name: str) -> str:
    """Guessed: the address of somebody who has none."""
    return f"{name}@users.noreply.local"


def file_done(what: str) -> str:
    """Guessed: ``status_message`` of a file that was deployed, validated or deleted."""
    return f"File successfully {what}."


def revert_refused(failures: list[tuple[str, str]]) -> str:
    """Guessed: a revert under ALL_OR_NONE that cannot be imported is 400/10002 in shape (a), and changes nothing.

    A deploy answers 200 with a line for each file, and a PARTIAL one counts as the last of its branch, errors or not.
    """
    return "; ".join(f"{path}: {message}" for path, message in failures)


def revert_comment(commit_id: str) -> str:
    """Guessed: the message of a commit that reverts."""
    return f"Revert to {commit_id}"


OBJ_ID_AND_FQN_ARE_BOTH_WRITTEN: Final = True
"""Guessed: an export that is asked for both writes both into a reference. Some builds leave out ``fqn``."""

OWN_VIZ_GUID_MOVES: Final = True
"""Guessed: a visualization that gets another id keeps the viz_guid that its text carries, if that is the object's."""

SKIPPED_JOIN_IS_WARNING: Final = True
"""Guessed: a join to a table that is not there is skipped with a warning under every policy, PARTIAL as well."""

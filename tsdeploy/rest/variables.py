"""ThoughtSpot's template variables: list and create them, set their values, and put them into tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, flag, inner, item, items, sequence, text
from tsdeploy.rest.transport import Call

TABLE_MAPPING: Final = "TABLE_MAPPING"
"""The type of variables for databases, schemas and tables. They hold one value for each Org."""

_EVERYTHING: Final = -1


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable. Names are unique in the cluster; ``org`` is the name of the Org that it belongs to."""

    id: str
    name: str
    type: str
    sensitive: bool = False
    org: str = ""


def search_variables(session: Session) -> list[Variable]:
    """The variables that the session's Org sees, without their values. Raises AnswerError TD410."""
    body = {"record_offset": 0, "record_size": _EVERYTHING, "response_content": "METADATA"}
    call = Call("POST", "template/variables/search", body)
    found = []
    for one in items(call, session.ask(call)):
        if not text(one, "name"):
            raise not_understood(call, "a variable has no name")
        kind, org = text(one, "variable_type", "type"), text(inner(one, "org"), "name")
        found.append(Variable(text(one, "id"), text(one, "name"), kind, flag(one, "sensitive"), org))
    return found


def create_variable(session: Session, name: str, type_: str = TABLE_MAPPING) -> str:
    """Make a variable without a value, and return its id. Needs the Primary Org (facts §13).

    Raises ApiError when there is one of that name, UnknownOutcomeError TD409 when nobody can tell.
    """
    call = Call("POST", "template/variables/create", {"type": type_, "name": name}, write=True)
    return text(item(call, session.ask(call)), "id")


def set_variable(session: Session, variable: str, value: str, org: str) -> None:
    """Give a variable, by name or id, its one value in an Org, by the Org's name or id. Doing it again is nothing."""
    assignment = {"assigned_values": [value]} | ({"org_identifier": org} if org else {})
    body = {"operation": "REPLACE", "variable_assignment": [assignment]}
    path = f"template/variables/{quote(variable, safe='')}/update-values"
    session.ask(Call("POST", path, body, write=True))


def parameterize_table(session: Session, table: str, fields: Sequence[str], variable: str) -> None:
    """Put a variable into fields of a table, by its GUID. Needs 26.5 or later.

    Raises ApiError when the variable is of another type, or the table is not there.
    """
    body = {
        "metadata_type": "LOGICAL_TABLE",
        "metadata_identifier": table,
        "field_type": "ATTRIBUTE",
        "field_names": list(fields),
        "variable_identifier": variable,
    }
    session.ask(Call("POST", "metadata/parameterize-fields", body, write=True))


def search_values(session: Session) -> list[dict[str, object]]:
    """The variables that the session's Org sees with their values, as plain data for a record, by name.

    Of a sensitive variable only its name and type. Raises ApiError below 10.14 and without the privilege.
    """
    body = {"record_offset": 0, "record_size": _EVERYTHING, "response_content": "METADATA_AND_VALUES"}
    call = Call("POST", "template/variables/search", body)
    found = [_with_values(one) for one in items(call, session.ask(call))]
    return sorted(found, key=lambda one: str(one["name"]))


def _with_values(found: Item) -> dict[str, object]:
    known: dict[str, object] = {"name": text(found, "name"), "type": text(found, "variable_type", "type")}
    if flag(found, "sensitive"):
        return known | {"sensitive": True}
    values = [value for value in sequence(found, "values") if isinstance(value, dict)]
    return known | {
        "values": [{key: value[key] for key in sorted(value) if value[key] is not None} for value in values]
    }

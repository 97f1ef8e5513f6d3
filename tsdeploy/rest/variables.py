"""ThoughtSpot's template variables: list and create them, set their values, and put them into tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, flag, inner, item, items, listed, sequence, text
from tsdeploy.rest.transport import Call

TABLE_MAPPING: Final = "TABLE_MAPPING"
"""The type of variables for databases, schemas and tables. They hold one value for each Org."""

_EVERYTHING: Final = -1
_SCOPE: Final = ("org_identifier", "principal_type", "principal_identifier", "model_identifier", "priority")
"""For whom a value is (facts §13): without one of them it would be for more people than before."""


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


def create_variable(session: Session, name: str, type_: str = TABLE_MAPPING, *, sensitive: bool = False) -> str:
    """Make a variable without a value, and return its id. Needs the Primary Org (facts §13).

    Raises ApiError when there is one of that name, UnknownOutcomeError TD409 when nobody can tell.
    """
    body = {"type": type_, "name": name} | ({"is_sensitive": True} if sensitive else {})
    call = Call("POST", "template/variables/create", body, write=True)
    return text(item(call, session.ask(call)), "id")


def set_variable(session: Session, variable: str, value: str, org: str) -> None:
    """Give a variable, by name or id, its one value in an Org, by the Org's name or id. Doing it again is nothing."""
    set_values(session, variable, [{"value": value, "org_identifier": org}])


def set_values(session: Session, variable: str, values: Sequence[Item]) -> None:
    """Give a variable values as ``search_values`` has them, each for those it is for. Doing it again is nothing."""
    body = {"operation": "REPLACE", "variable_assignment": [_assignment(value) for value in values]}
    path = f"template/variables/{quote(variable, safe='')}/update-values"
    session.ask(Call("POST", path, body, write=True))


def _assignment(value: Item) -> dict[str, object]:
    scope = {key: value[key] for key in _SCOPE if value.get(key) not in (None, "")}
    return {"assigned_values": list(sequence(value, "value_list")) or [text(value, "value")], **scope}


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
    values = [{key: one[key] for key in sorted(one) if one[key] is not None} for one in listed(found, "values")]
    return known | {"values": values}

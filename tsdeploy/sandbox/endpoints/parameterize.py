"""Fields of Tables and connections that become variables, and stop being some.

Source: facts about the REST API, section 9, "Parameterize".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.lookup import need_modifiable
from tsdeploy.sandbox.parameters import put
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.web.arguments import Argument, enum, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error, not_found
from tsdeploy.tml.syntax import Mapping, Node, Scalar

_TABLE_FIELDS: Final = {"databaseName": "db", "schemaName": "schema", "tableName": "db_table"}
_ALLOWED: Final = {
    "ATTRIBUTE": ("TABLE_MAPPING",),
    "CONNECTION_PROPERTY": ("CONNECTION_PROPERTY", "CONNECTION_PROPERTY_PER_PRINCIPAL"),
}
_FIELD_TYPES: Final = {
    "LOGICAL_TABLE": "ATTRIBUTE",
    "CONNECTION": "CONNECTION_PROPERTY",
    "CONNECTION_CONFIG": "CONNECTION_PROPERTY",
}


def parameterize(call: Call) -> Reply:
    """``POST /metadata/parameterize``: one field."""
    return _parameterize(call, [call.text("field_name")])


def parameterize_fields(call: Call) -> Reply:
    """``POST /metadata/parameterize-fields``: several, or none."""
    return _parameterize(call, call.many("field_names"))


def unparameterize(call: Call) -> Reply:
    """``POST /metadata/unparameterize``: a value in the place of the variable."""
    _write(call, [call.text("field_name")], call.text("value"))
    return Reply()


def _parameterize(call: Call, names: Iterable[str]) -> Reply:
    variable = call.cluster.variables.find(call.text("variable_identifier"))
    if variable is None:
        raise not_found(call.text("variable_identifier"))
    if variable.type not in _ALLOWED[call.text("field_type")]:
        raise business_error(
            f"Parameterization of given Object cannot be done with Variable of type: {variable.type}",
            Code.INVALID_PARAMETER,
        )
    _write(call, names, f"${{{variable.name}}}")
    return Reply()


def _write(call: Call, names: Iterable[str], said: str) -> None:
    for name in names:
        item = _item(call)
        put(call.cluster, item, _field(call, item, name), said)


def _item(call: Call) -> StoredObject:
    """The Table or connection that is named. Raises ApiError 400/13003, 400/10002 for a field of another kind."""
    identifier, kind = call.text("metadata_identifier"), call.text("metadata_type")
    if kind == "CONNECTION_CONFIG":
        identifier, kind = _configured(call, identifier), "CONNECTION"
    item = need_modifiable(call, identifier, kind or None)
    fits = _FIELD_TYPES["CONNECTION" if item.kind == "connection" else "LOGICAL_TABLE"]
    if item.kind not in ("table", "connection") or call.text("field_type") != fits:
        raise business_error(guesses.not_parameterizable(item.name), Code.INVALID_PARAMETER)
    return item


def _configured(call: Call, identifier: str) -> str:
    """The GUID of the connection that has a configuration of its own with an id or a name."""
    for item in call.cluster.objects.of_kind(call.org_id, "connection"):
        if _configuration(item, identifier) is not None:
            return item.guid
    raise not_found(identifier)


def _configuration(item: StoredObject, identifier: str) -> Mapping | None:
    found = mappings(reread(item.text).body, "connection_configurations")
    return next((each for each in found if identifier in (value(each, "id"), value(each, "name"))), None)


def _field(call: Call, item: StoredObject, name: str) -> Scalar:
    holder: Node | None = reread(item.text).body
    key = _TABLE_FIELDS.get(name, "")
    if item.kind == "connection":
        if call.text("metadata_type") == "CONNECTION_CONFIG":
            holder = _configuration(item, call.text("metadata_identifier"))
        holder = next((each for each in mappings(holder, "properties") if value(each, "key") == name), None)
        key = "value"
    found = holder.scalar(key) if isinstance(holder, Mapping) else None
    if found is None:
        raise business_error(guesses.unknown_field(name), Code.INVALID_PARAMETER)
    return found


def _arguments(*own: Argument) -> tuple[Argument, ...]:
    return (
        enum("metadata_type", *_FIELD_TYPES),
        text("metadata_identifier", required=True),
        enum("field_type", *_ALLOWED, required=True),
        *own,
    )


_VARIABLE = text("variable_identifier", required=True)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/metadata/parameterize",
        parameterize,
        _arguments(text("field_name", required=True), _VARIABLE),
        needs=guesses.PARAMETERIZE_NEEDS,
        since="10.9",
    ),
    Endpoint(
        "POST",
        "/metadata/parameterize-fields",
        parameterize_fields,
        _arguments(text("field_names", required=True, many=True), _VARIABLE),
        needs=guesses.PARAMETERIZE_NEEDS,
        since="26.5",
    ),
    Endpoint(
        "POST",
        "/metadata/unparameterize",
        unparameterize,
        _arguments(text("field_name", required=True), text("value", required=True)),
        needs=guesses.PARAMETERIZE_NEEDS,
        since="26.5",
    ),
)

"""Template variables. Source: facts about the REST API, section 13."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.paging import PAGE, page
from tsdeploy.sandbox.endpoints.variable_values import need_variable, shown_values
from tsdeploy.sandbox.lookup import like
from tsdeploy.sandbox.parameters import rename, users_of
from tsdeploy.sandbox.store.variables import Variable
from tsdeploy.sandbox.web.arguments import Argument, enum, flag, group, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error, system_error
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID, PRIMARY_ORG_NAME

TYPES = ("CONNECTION_PROPERTY", "TABLE_MAPPING", "CONNECTION_PROPERTY_PER_PRINCIPAL", "FORMULA_VARIABLE")


def create(call: Call) -> Reply:
    """``POST /template/variables/create``; names are unique in the cluster."""
    _need_primary(call)
    _refuse_taken(call, call.text("name"))
    variable = Variable(
        id=call.cluster.mint.guid(),
        name=call.text("name"),
        type=call.text("type"),
        sensitive=call.flag("is_sensitive"),
        data_type=call.text("data_type") or None,
    )
    call.cluster.variables.save(variable)
    return Reply(_shown(call, variable, with_values=True))


def search(call: Call) -> Reply:
    """``POST /template/variables/search``: a bare array; values only when asked for, and of the caller's Org only."""
    found = [variable for variable in call.cluster.variables.all() if _is_asked(call, variable)]
    with_values = call.text("response_content") == "METADATA_AND_VALUES"
    return Reply([_shown(call, variable, with_values=with_values) for variable in page(call, found)])


def update(call: Call) -> Reply:
    """``POST /template/variables/{identifier}/update``: another name, in the objects that use it as well."""
    _need_primary(call)
    variable, name = need_variable(call, call.text("identifier")), call.text("name")
    if name != variable.name:
        _refuse_taken(call, name)
        for item in list(users_of(call.cluster, variable)):
            rename(call.cluster, item, variable.name, name)
        call.cluster.variables.save(replace(variable, name=name))
    return Reply()


def delete(call: Call) -> Reply:
    """``POST /template/variables/delete``: all, or none."""
    return _delete(call, call.many("identifiers"))


def delete_one(call: Call) -> Reply:
    """``POST /template/variables/{identifier}/delete``."""
    return _delete(call, [call.text("identifier")])


def _delete(call: Call, identifiers: list[str]) -> Reply:
    _need_primary(call)
    for identifier in identifiers:
        variable = need_variable(call, identifier)
        users = [item.guid for item in users_of(call.cluster, variable)]
        if users:
            raise business_error(guesses.variable_in_use(variable.name, users), Code.INVALID_PARAMETER)
        call.cluster.variables.delete(variable.id)
    return Reply()


def _need_primary(call: Call) -> None:
    if call.org_id != PRIMARY_ORG_ID:
        raise system_error(guesses.VARIABLES_ARE_PRIMARYS_TEXT, Code.FORBIDDEN, 403)


def _refuse_taken(call: Call, name: str) -> None:
    if any(known.name == name for known in call.cluster.variables.all()):
        raise business_error("Duplicate template variable name", guesses.DUPLICATE_VARIABLE_CODE)


def _is_asked(call: Call, variable: Variable) -> bool:
    wanted = call.many("variable_details")
    return not wanted or any(_fits(entry, variable) for entry in wanted)


def _fits(entry: Mapping[str, Any], variable: Variable) -> bool:
    return (
        (not entry["identifier"] or entry["identifier"] in (variable.id, variable.name))
        and (not entry["type"] or entry["type"] == variable.type)
        and (not entry["name_pattern"] or like(entry["name_pattern"], variable.name))
    )


def _shown(call: Call, variable: Variable, *, with_values: bool) -> dict[str, Any]:
    return {
        "id": variable.id,
        "name": variable.name,
        "variable_type": variable.type,
        "sensitive": variable.sensitive,
        "values": shown_values(call, variable) if with_values else None,
        "org": {"id": PRIMARY_ORG_ID, "name": PRIMARY_ORG_NAME},
    }


_IDENTIFIER = text("identifier", required=True)
_SCOPE: tuple[Argument, ...] = (
    text("org_identifier"),
    enum("principal_type", "USER", "USER_GROUP"),
    text("principal_identifier"),
    text("model_identifier"),
)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/template/variables/create",
        create,
        (
            enum("type", *TYPES, required=True),
            text("name", required=True),
            flag("is_sensitive"),
            enum("data_type", *guesses.VARIABLE_DATA_TYPES),
        ),
        needs=guesses.VARIABLE_NEEDS,
        since="10.14",
    ),
    Endpoint(
        "POST",
        "/template/variables/search",
        search,
        (
            group("variable_details", text("identifier"), enum("type", *TYPES), text("name_pattern"), many=True),
            group("value_scope", *_SCOPE, many=True),
            *PAGE,
            enum("response_content", "METADATA", "METADATA_AND_VALUES", default="METADATA"),
        ),
        needs=guesses.VARIABLE_NEEDS,
        since="10.14",
    ),
    Endpoint(
        "POST",
        "/template/variables/<identifier>/update",
        update,
        (_IDENTIFIER, text("name", required=True)),
        needs=guesses.VARIABLE_NEEDS,
        since="10.14",
    ),
    Endpoint(
        "POST",
        "/template/variables/delete",
        delete,
        (text("identifiers", required=True, many=True),),
        needs=guesses.VARIABLE_NEEDS,
        since="26.4",
    ),
    Endpoint(
        "POST",
        "/template/variables/<identifier>/delete",
        delete_one,
        (_IDENTIFIER,),
        bodiless=True,
        needs=guesses.VARIABLE_NEEDS,
        since="10.14",
    ),
)

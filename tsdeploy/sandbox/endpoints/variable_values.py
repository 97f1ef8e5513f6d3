"""The values of template variables: who sees them, how they change. Source: facts about the REST API, section 13."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.principals import need_org
from tsdeploy.sandbox.store.variables import Assignment, Scope, Variable
from tsdeploy.sandbox.web.arguments import Argument, enum, group, number, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error, not_found, system_error
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID

_OPERATIONS = ("ADD", "REMOVE", "REPLACE", "RESET")


def need_variable(call: Call, identifier: str) -> Variable:
    """The variable with a GUID or a name. Raises ApiError 400/13003."""
    found = call.cluster.variables.find(identifier)
    if found is None:
        raise not_found(identifier)
    return found


def shown_values(call: Call, variable: Variable) -> list[dict[str, Any]]:
    """The values that a caller sees: in Primary those of all Orgs, elsewhere those of the own Org."""
    names = {org.id: org.name for org in call.cluster.orgs.all()}
    found = []
    for one in call.cluster.variables.assignments(variable.id):
        if call.org_id in (PRIMARY_ORG_ID, one.scope.org_id) and _in_scope(call, one.scope, names):
            found.append(_shown(variable, one, names.get(one.scope.org_id)))
    return found


def update_values(call: Call) -> Reply:
    """``POST /template/variables/{identifier}/update-values``: one variable in several scopes."""
    variable = need_variable(call, call.text("identifier"))
    for entry in call.many("variable_assignment"):
        _change(call, variable, call.text("operation"), Assignment(_scope(call, entry), *_given(entry)))
    return Reply()


def update_many_values(call: Call) -> Reply:
    """``POST /template/variables/update-values``: several variables in the same scopes."""
    scopes = call.many("variable_value_scope")
    if not scopes:
        raise business_error("Empty Scope is not allowed", Code.INVALID_PARAMETER)
    for entry in call.many("variable_assignment"):
        variable = need_variable(call, entry["variable_identifier"])
        for scope in scopes:
            wanted = Assignment(_scope(call, scope), tuple(entry["variable_values"]), scope["priority"])
            _change(call, variable, entry["operation"], wanted)
    return Reply()


def _given(entry: Mapping[str, Any]) -> tuple[tuple[str, ...], int | None]:
    return tuple(entry["assigned_values"]), entry["priority"]


def _scope(call: Call, entry: Mapping[str, Any]) -> Scope:
    """The scope an entry names; the caller's Org where it names none. Raises ApiError 403 for another Org's."""
    org_id = need_org(call.cluster, entry["org_identifier"]).id if entry["org_identifier"] else call.org_id
    if call.org_id not in (PRIMARY_ORG_ID, org_id):
        raise system_error(guesses.VARIABLES_ARE_PRIMARYS_TEXT, Code.FORBIDDEN, 403)
    return Scope(
        org_id, entry["principal_type"] or "", entry["principal_identifier"] or "", entry["model_identifier"] or ""
    )


def _change(call: Call, variable: Variable, operation: str, wanted: Assignment) -> None:
    known = {one.scope: one for one in call.cluster.variables.assignments(variable.id)}
    before = known.get(wanted.scope, Assignment(wanted.scope, ()))
    priority = before.priority if wanted.priority is None else wanted.priority
    values = tuple(dict.fromkeys(_changed(operation, before.values, wanted.values)))
    if len(values) > 1 and variable.type not in guesses.VARIABLES_OF_MANY_VALUES:
        raise business_error("This variable type can only take a single value", Code.INVALID_PARAMETER)
    call.cluster.variables.assign(variable.id, Assignment(wanted.scope, values, priority))


def _changed(operation: str, before: tuple[str, ...], given: tuple[str, ...]) -> Iterator[str]:
    if operation == "ADD":
        yield from before
    if operation in ("ADD", "REPLACE"):
        yield from given
    if operation == "REMOVE":
        yield from (value for value in before if value not in given)


def _in_scope(call: Call, scope: Scope, names: Mapping[int, str]) -> bool:
    wanted = call.arguments.get("value_scope") or []
    said = {
        "principal_type": scope.principal_type,
        "principal_identifier": scope.principal,
        "model_identifier": scope.model,
    }
    return not wanted or any(
        (not entry["org_identifier"] or entry["org_identifier"] in (str(scope.org_id), names.get(scope.org_id)))
        and all(not entry[key] or entry[key] == value for key, value in said.items())
        for entry in wanted
    )


def _shown(variable: Variable, one: Assignment, org_name: str | None) -> dict[str, Any]:
    many = variable.type in guesses.VARIABLES_OF_MANY_VALUES
    hidden = variable.sensitive and not guesses.SENSITIVE_VALUES_ARE_SHOWN
    return {
        "value": None if many or hidden else one.values[0],
        "value_list": list(one.values) if many and not hidden else None,
        "org_identifier": org_name,
        "principal_type": one.scope.principal_type or None,
        "principal_identifier": one.scope.principal or None,
        "model_identifier": one.scope.model or None,
        "priority": one.priority,
    }


_SCOPE: tuple[Argument, ...] = (
    text("org_identifier"),
    enum("principal_type", "USER", "USER_GROUP"),
    text("principal_identifier"),
    text("model_identifier"),
    number("priority"),
)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/template/variables/<identifier>/update-values",
        update_values,
        (
            text("identifier", required=True),
            enum("operation", *_OPERATIONS, default="REPLACE"),
            group(
                "variable_assignment",
                text("assigned_values", required=True, many=True),
                *_SCOPE,
                required=True,
                many=True,
            ),
        ),
        needs=guesses.VARIABLE_NEEDS,
        since="26.4",
    ),
    Endpoint(
        "POST",
        "/template/variables/update-values",
        update_many_values,
        (
            group(
                "variable_assignment",
                text("variable_identifier", required=True),
                text("variable_values", required=True, many=True),
                enum("operation", *_OPERATIONS, required=True),
                required=True,
                many=True,
            ),
            group("variable_value_scope", *_SCOPE, required=True, many=True),
        ),
        needs=guesses.VARIABLE_NEEDS,
        since="10.14",
    ),
)

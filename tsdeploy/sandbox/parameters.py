"""Variables in objects: which objects use one, what it stands for in an Org, and how it gets into a text.

In TML a variable is written ``${name}``; formulas ask for it with ``ts_var(name)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.variables import Scope, Variable
from tsdeploy.sandbox.texts.items import value
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.web.failures import Code, business_error
from tsdeploy.tml import edit
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.syntax import Scalar, walk

_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
_FORMULA = re.compile(r"\bts_var\s*\(([^()]*)\)")


def names_in(text: str) -> set[str]:
    """The names of the variables that a text mentions."""
    return {*_PLACEHOLDER.findall(text), *(found.strip() for found in _FORMULA.findall(text))}


def users_of(cluster: Cluster, variable: Variable) -> Iterator[StoredObject]:
    """The objects, of whatever Org, that mention a variable."""
    return (item for item in cluster.objects.mentioning(variable.name) if variable.name in names_in(item.text))


def value_in(cluster: Cluster, variable: Variable, org_id: int) -> str | None:
    """What a variable stands for in an Org, for everybody there; None where it has no value."""
    found = {one.scope: one for one in cluster.variables.assignments(variable.id)}.get(Scope(org_id))
    return found.values[0] if found else None


def resolved(cluster: Cluster, content: Any, org_id: int) -> Any:
    """JSON with variables replaced by their values in an Org; what has no value stays as it is written."""
    if isinstance(content, dict):
        return {key: resolved(cluster, inner, org_id) for key, inner in content.items()}
    if isinstance(content, list):
        return [resolved(cluster, inner, org_id) for inner in content]
    if not isinstance(content, str) or "${" not in content:
        return content

    def found(match: re.Match[str]) -> str:
        variable = cluster.variables.find(match[1])
        if variable is None or (variable.sensitive and not guesses.SENSITIVE_VALUES_ARE_SHOWN):
            return match[0]
        return value_in(cluster, variable, org_id) or match[0]

    return _PLACEHOLDER.sub(found, content)


def rename(cluster: Cluster, item: StoredObject, old: str, new: str) -> None:
    """Write another name of a variable into an object."""
    document = reread(item.text)
    edits: list[Edit] = []
    for _, scalar in walk(document.root):
        said = _renamed(scalar.value, old, new)
        if said != scalar.value:
            edits.append(edit.replace(document.text, scalar, said, document.dialect))
    _write(cluster, item, edits)


def _renamed(text: str, old: str, new: str) -> str:
    def asked(match: re.Match[str]) -> str:
        return match[0].replace(match[1], match[1].replace(old, new)) if match[1].strip() == old else match[0]

    return _FORMULA.sub(asked, text.replace(f"${{{old}}}", f"${{{new}}}"))


def put(cluster: Cluster, item: StoredObject, field: Scalar, said: str) -> None:
    """Write a value, which may be a variable, into a field of an object.

    Raises ApiError 400/10002 when a Table would stand for what another stands for already.
    """
    document = reread(item.text)
    _write(cluster, item, [edit.replace(document.text, field, said, document.dialect)])


def _write(cluster: Cluster, item: StoredObject, edits: list[Edit]) -> None:
    changed = replace(item, text=edit.apply(item.text, edits), modified=cluster.now())
    binding = cluster.objects.binding(item.guid)
    if binding is not None:
        body = reread(changed.text).body
        binding = replace(binding, db=value(body, "db"), schema=value(body, "schema"), db_table=value(body, "db_table"))
        if cluster.objects.bound(binding) not in ("", item.guid):
            raise business_error(guesses.table_place_taken(item.name), Code.INVALID_PARAMETER)
        cluster.objects.bind(item.guid, binding)
    cluster.objects.save(changed)

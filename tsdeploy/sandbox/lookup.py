"""Finding what a request names: by GUID, or by name and type."""

from __future__ import annotations

import re

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.kinds import rest_type
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.web.endpoint import Call
from tsdeploy.sandbox.web.failures import Code, business_error, not_found
from tsdeploy.tml.references import is_guid

_AS_SQL = re.IGNORECASE | re.DOTALL


def like(pattern: str, name: str) -> bool:
    """SQL's LIKE, without regard to case: ``%`` any text, ``_`` one character.

    Part after part is looked for behind the one before: a pattern of many ``%`` takes no more time than its length.
    """
    first, *others = ("".join("." if one == "_" else re.escape(one) for one in part) for part in pattern.split("%"))
    if not others:
        return re.fullmatch(first, name, _AS_SQL) is not None
    *middle, last = others
    found = re.match(first, name, _AS_SQL)
    for part in middle:
        found = found and re.compile(part, _AS_SQL).search(name, found.end())
    return found is not None and re.compile(last + r"\Z", _AS_SQL).search(name, found.end()) is not None


def need_object(call: Call, identifier: str, type_name: str | None) -> StoredObject:
    """The object of the caller's Org, or published to it, with a GUID, or a name and a type. Raises ApiError 400/13003.

    A name without a type is not enough, because names are not unique.
    """
    if is_guid(identifier):
        found = call.cluster.objects.get(identifier.lower())
        if found is None or not _is_in(call, found) or not _is_a(found, type_name):
            raise not_found(identifier)
        return found
    if not type_name:
        raise not_found(identifier)
    named = [item for item in call.cluster.objects.listed(call.org_id, [identifier]) if item.name == identifier]
    named = [item for item in named if _is_a(item, type_name)]
    if not named:
        raise not_found(identifier)
    if len(named) > 1:
        raise business_error(guesses.ambiguous_name(identifier), Code.INVALID_PARAMETER)
    found = call.cluster.objects.get(named[0].guid)
    assert found is not None, "it was just listed"
    return found


def need_readable(call: Call, identifier: str, type_name: str | None) -> StoredObject:
    """An object that the caller sees. Raises ApiError 400/13003, and 403/10023 for one that is hidden."""
    found = need_object(call, identifier, type_name)
    if not call.access.may_read(found):
        raise business_error(guesses.no_access(found.guid), Code.FORBIDDEN, 403)
    return found


def need_modifiable(call: Call, identifier: str, type_name: str | None) -> StoredObject:
    """An object that the caller may change. Raises ApiError 400/13003, and 403/10023 for one that is not."""
    found = need_object(call, identifier, type_name)
    if not call.access.may_modify(found):
        raise business_error(guesses.no_access(found.guid), Code.FORBIDDEN, 403)
    return found


def _is_a(item: StoredObject, type_name: str | None) -> bool:
    return not type_name or rest_type(item.kind) == type_name


def _is_in(call: Call, item: StoredObject) -> bool:
    return item.org_id == call.org_id or call.org_id in call.cluster.publications.of([item.guid]).get(item.guid, ())

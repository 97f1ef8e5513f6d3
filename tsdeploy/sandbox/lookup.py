"""Finding what a request names: by GUID, or by name and type."""

from __future__ import annotations

import re

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.kinds import rest_type
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.web.endpoint import Call
from tsdeploy.sandbox.web.failures import Code, business_error, not_found
from tsdeploy.tml.references import is_guid


def like(pattern: str, name: str) -> bool:
    """SQL's LIKE, without regard to case: ``%`` any text, ``_`` one character."""
    parts = re.split(r"([%_])", pattern)
    wanted = "".join({"%": ".*", "_": "."}.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(wanted, name, re.IGNORECASE | re.DOTALL) is not None


def need_object(call: Call, identifier: str, type_name: str | None) -> StoredObject:
    """The object of the caller's Org with a GUID, or with a name and a type. Raises ApiError 400/13003.

    A name without a type is not enough, because names are not unique.
    """
    if is_guid(identifier):
        found = call.cluster.objects.get(identifier.lower())
        if found is None or found.org_id != call.org_id or not _is_a(found, type_name):
            raise not_found(identifier)
        return found
    if not type_name:
        raise not_found(identifier)
    named = [item for item in call.cluster.objects.named(call.org_id, identifier) if _is_a(item, type_name)]
    if not named:
        raise not_found(identifier)
    if len(named) > 1:
        raise business_error(guesses.ambiguous_name(identifier), Code.INVALID_PARAMETER)
    return named[0]


def _is_a(item: StoredObject, type_name: str | None) -> bool:
    return not type_name or rest_type(item.kind) == type_name

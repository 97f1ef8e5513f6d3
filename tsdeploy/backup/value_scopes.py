"""For whom the values of variables are in another environment: its mapping says who is who there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tsdeploy.backup.needed import USER, Naming
from tsdeploy.config.objects import ObjectMap
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.rest.sharing import Permission
from tsdeploy.tml.references import is_guid

_PRINCIPAL, _MODEL = "principal_identifier", "model_identifier"


@dataclass(frozen=True, slots=True)
class ValueScopes:
    """Who is who in a target: names by rules, ``guids`` of objects by their GUIDs in the backup, in lower case."""

    naming: Naming
    guids: Mapping[str, str]

    def placed(self, value: Mapping[str, object]) -> dict[str, object] | None:
        """A value for the same people and the same Model; None where nobody knows who or what they are there.

        Without its scope it would be everybody's.
        """
        principal, model = str(value.get(_PRINCIPAL) or ""), str(value.get(_MODEL) or "")
        there = self._principal(principal, str(value.get("principal_type") or ""))
        model_there = self._by_guid(model) if is_guid(model) else model
        if bool(principal) != bool(there) or bool(model) != bool(model_there):
            return None
        return {**value, _PRINCIPAL: there, _MODEL: model_there}

    def _principal(self, name: str, type_: str) -> str:
        if not name or is_guid(name):
            return self._by_guid(name)
        found = self.naming.share(Permission(name, USER if type_ == USER else "USER_GROUP", ""))
        return found.principal if found is not None else ""

    def _by_guid(self, guid: str) -> str:
        return self.guids.get(guid.lower(), "")


def value_scopes(rules: Rules, objects: ObjectMap) -> ValueScopes:
    """As a mapping and an object map say: what is bound by hand wins."""
    recorded = {source.lower(): record.guid for source, record in objects.by_source().items() if record.guid}
    bound = {source: parse_binding(rule.target).guid for source, rule in rules.objects.items()}
    return ValueScopes(Naming(rules.users, rules.groups), recorded | bound)

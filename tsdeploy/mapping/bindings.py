"""What stands on either side of ``objects:``: a GUID, an obj_id, or kind and name."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.tml.kinds import KIND_NAMES, KINDS
from tsdeploy.tml.references import is_guid

_OBJ_ID = "obj_id:"


@dataclass(frozen=True, slots=True)
class Binding:
    """An object by one of its identities."""

    guid: str = ""
    obj_id: str = ""
    kind: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """How it is looked up: the GUID in lower case, the obj_id, or ``kind:name``."""
        return self.guid or self.obj_id or f"{self.kind}:{self.name}"


def parse_binding(text: str) -> Binding:
    """Read ``<guid>``, ``model:Sales``, ``obj_id:sales`` or, for what is none of these, a bare obj_id."""
    if is_guid(text):
        return Binding(guid=text.lower())
    kind, _, name = text.partition(":")
    if name and (kind in KIND_NAMES or kind in KINDS):
        return Binding(kind=KINDS[kind].name if kind in KINDS else kind, name=name)
    return Binding(obj_id=text.removeprefix(_OBJ_ID))

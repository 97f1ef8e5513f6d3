"""Who each object of an import is: the object it updates, or the identity it is created with.

Source: facts about the REST API, section 7, "Create-vs-update"; facts about TML, 4.1. obj_id comes before GUID,
Tables are also known by what they stand for, and a name never identifies.
"""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.sandbox.importing.parts import Part
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.store.objects import Binding, StoredObject


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A part with its identity. ``existing`` is what it updates, None for a new object.

    ``model`` is the GUID of the Model that feedback hangs on, which its own text may name by obj_id only.
    """

    part: Part
    guid: str
    obj_id: str
    existing: StoredObject | None = None
    binding: Binding | None = None
    notice: Problem | None = None
    model: str = ""

    @property
    def kind(self) -> str:
        """The kind of the object."""
        return self.part.document.kind.name

    @property
    def name(self) -> str:
        """The name of the object."""
        return self.part.document.name

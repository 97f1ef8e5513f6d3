"""Gives a root or an identity block the one identity that it is to have: never obj_id and GUID together."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.tml.syntax import Mapping
from tsdeploy.transform.rewriting import Rewriting, Why
from tsdeploy.transform.targets import Target

_NAMES = ("alias", "name", "id")


@dataclass(frozen=True, slots=True)
class Holder:
    """What holds an identity: a root, whose GUID is under ``guid``, or a block, where it is under ``fqn``."""

    mapping: Mapping
    at: str
    guid_key: str

    def point(self, rewriting: Rewriting, target: Target, why: Why, *, insert: bool = True) -> None:
        """Leave the target's obj_id, else its GUID, else neither: both is a version conflict (14009)."""
        wanted, value = ("obj_id", target.obj_id) if target.obj_id else (self.guid_key, target.guid)
        present = [key for key in (self.guid_key, "obj_id") if self.mapping.scalar(key) is not None]
        if not value:
            self._delete(rewriting, present, why)
        elif wanted in present:
            scalar = self.mapping.scalar(wanted)
            assert scalar is not None
            rewriting.set(scalar, value, at=f"{self.at}.{wanted}".lstrip("."), why=why)
            self._delete(rewriting, [key for key in present if key != wanted], why)
        elif present:
            rewriting.rename(self.mapping, present[0], wanted, value, at=self.at, why=why)
        elif insert:
            self._insert(rewriting, (wanted, value), why)

    def _delete(self, rewriting: Rewriting, keys: list[str], why: Why) -> None:
        for key in keys:
            rewriting.delete(self.mapping, key, at=self.at, why=why)

    def _insert(self, rewriting: Rewriting, entry: tuple[str, str], why: Why) -> None:
        after = next((key for key in _NAMES if key in self.mapping.entries), None)
        if self.guid_key == "guid" or after is None:
            first = next(iter(self.mapping.entries))
            rewriting.insert_before(self.mapping, first, entry, at=self.at, why=why)
        else:
            rewriting.insert_after(self.mapping, after, entry, at=self.at, why=why)

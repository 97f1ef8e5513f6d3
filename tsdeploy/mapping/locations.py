"""Where a table lives in the warehouse, by any of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("connection", "db", "schema", "table")
"""From the coarsest to the finest."""


@dataclass(frozen=True, slots=True)
class TableLocation:
    """Any part of where a table lives in the warehouse; "" is any (in ``from``) or unchanged (in ``to``)."""

    connection: str = ""
    db: str = ""
    schema: str = ""
    table: str = ""

    @property
    def specificity(self) -> tuple[int, tuple[bool, ...]]:
        """More parts win; of as many, the finer part."""
        given = (bool(self.table), bool(self.schema), bool(self.db), bool(self.connection))
        return (sum(given), given)

    def covers(self, other: TableLocation) -> bool:
        """Whether every part given here is the other's."""
        return all(not getattr(self, part) or getattr(self, part) == getattr(other, part) for part in PARTS)

    def given(self) -> dict[str, str]:
        """The parts that are given."""
        return {part: text for part in PARTS if (text := getattr(self, part))}

    def __str__(self) -> str:
        return ".".join(filter(None, (self.connection, self.db, self.schema, self.table)))


def location_parts(value: str | Mapping[str, str]) -> dict[str, str]:
    """The parts of a location as rules for tables write it: a mapping of parts, or ``db.schema.table``."""
    return dict(zip(PARTS[1:], value.split("."), strict=False)) if isinstance(value, str) else dict(value)

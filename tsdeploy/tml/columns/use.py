"""One use of a column: who uses which, where, and what is built on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tsdeploy.tml.syntax import Path, Scalar, path_text

if TYPE_CHECKING:
    from tsdeploy.tml.columns.scope import Lack


class Role(Enum):
    """What kind of place a column is used in."""

    COLUMN_ID = "column"
    FORMULA_ID = "formula id"
    OUTPUT = "output of the search"
    FORMULA = "formula"
    JOIN = "join"
    FILTER = "filter"
    SEARCH = "search"
    ANSWER_COLUMN = "answer column"
    TABLE = "table"
    CHART = "chart"
    PARAMETER = "parameter"
    CHIP = "filter chip"
    SET = "set"
    SECURITY = "row-level security"
    COLUMN_SECURITY = "column security"
    ALIAS = "column alias"
    FEEDBACK = "feedback"
    PROPERTY = "column property"


@dataclass(frozen=True, slots=True, order=True)
class ColumnRef:
    """A column of a document, by the document's key and the column's name."""

    document: str
    column: str


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A column that a document uses.

    ``position`` is the index in the document's text where the reader should look. ``scalar.value[start:end]`` is the
    column's name, ``escaped`` where it stands in brackets; it is empty where a place names the column by a formula's
    id only, or by a join that compares it. ``is_key``: the scalar is a key. ``makes`` is the column of the same
    document that is built with it; ``part`` the visualization that it stands in, "" outside of any.
    """

    document: str
    column: ColumnRef
    role: Role
    path: Path
    position: int
    scalar: Scalar
    start: int
    end: int
    escaped: bool = False
    is_key: bool = False
    makes: ColumnRef | None = None
    part: str = ""

    @property
    def where(self) -> str:
        """The path as people write it."""
        return path_text(self.path)

    @property
    def is_own(self) -> bool:
        """Whether it is only how a column shows the formula that it is one with."""
        return self.makes == self.column


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """A name that stands where a column is named, and that none of the sources at hand has.

    ``position`` is the index in the document's text where the reader should look.
    """

    document: str
    name: str
    role: Role
    path: Path
    position: int
    lack: Lack

    @property
    def where(self) -> str:
        """The path as people write it."""
        return path_text(self.path)

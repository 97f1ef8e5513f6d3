"""A file that says what the warehouses behind connections have.

YAML or JSON: connection (name or GUID) → database → schema → table → column → data type of TML::

    Harbor Snowflake:
      RETAIL:
        CORE:
          STORES: {STORE_ID: INT64, NAME: VARCHAR}
          OLD_STORES: {type: VIEW, columns: {STORE_ID: INT64}}
    Harbor Databricks: unreachable

A table may also be a list of columns whose types do not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tsdeploy.errors import Finding, TmlError, UsageError
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.warehouses import WarehouseColumn
from tsdeploy.tml import syntax as tml
from tsdeploy.tml.lines import locate

UNREACHABLE = "unreachable"
DEFAULT_TYPE = "TABLE"


@dataclass(frozen=True, slots=True)
class Declared:
    """One warehouse: all that it has, or that it does not answer."""

    columns: tuple[WarehouseColumn, ...] = ()
    reachable: bool = True


def read_warehouses(path: Path) -> dict[str, Declared]:
    """The warehouses of a file, by connection. Raises UsageError TD830 for what cannot be read or understood."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(Finding("TD830", f"cannot read the warehouse file {path}: {error}", hint=_HINT)) from None
    return parse_warehouses(text, str(path))


def parse_warehouses(text: str, file: str) -> dict[str, Declared]:
    """As ``read_warehouses``, of text. ``file`` is named in errors."""
    try:
        root = tml.parse(text, file)
    except TmlError as error:
        first = error.findings[0]
        raise UsageError(
            Finding("TD830", f"the warehouse file is {first.message}", first.location, hint=_HINT)
        ) from None
    return _Reader(text, file).warehouses(root)


def declare(cluster: Cluster, warehouses: Mapping[str, Declared]) -> None:
    """Hold imports and searches of connections against what their warehouses are said to have."""
    with cluster.database.transaction():
        for connection, declared in warehouses.items():
            cluster.warehouses.declare(connection, declared.columns, reachable=declared.reachable)


_HINT = "connection → database → schema → table → column: data type; see the documentation of the sandbox"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one file, and says where it cannot."""

    text: str
    file: str

    def warehouses(self, root: tml.Node) -> dict[str, Declared]:
        return {name: self._warehouse(node) for name, node in self._entries(root, "connections").items()}

    def _warehouse(self, node: tml.Node) -> Declared:
        if isinstance(node, tml.Scalar):
            if node.value != UNREACHABLE:
                self._refuse(node, f"databases, or the word {UNREACHABLE}")
            return Declared(reachable=False)
        found: list[WarehouseColumn] = []
        for db, schemas in self._entries(node, "databases").items():
            for schema, tables in self._entries(schemas, "schemas").items():
                for name, table in self._entries(tables, "tables").items():
                    found += self._table((db, schema, name), table)
        return Declared(tuple(found))

    def _table(self, place: tuple[str, str, str], node: tml.Node) -> Iterator[WarehouseColumn]:
        table_type = DEFAULT_TYPE
        inner = node.get("columns") if isinstance(node, tml.Mapping) else None
        if isinstance(node, tml.Mapping) and inner is not None and not isinstance(inner, tml.Scalar):
            given = node.scalar("type")
            table_type = given.value if given else DEFAULT_TYPE
            node = inner
        columns = self._columns(node) or {"": ""}
        for position, (name, data_type) in enumerate(columns.items()):
            yield WarehouseColumn(*place, table_type, position, name, data_type)

    def _columns(self, node: tml.Node) -> dict[str, str]:
        if isinstance(node, tml.Sequence):
            return {self._scalar(item): "" for item in node.items}
        return {name: self._scalar(value) for name, value in self._entries(node, "columns").items()}

    def _scalar(self, node: tml.Node) -> str:
        if not isinstance(node, tml.Scalar):
            self._refuse(node, "the name or the data type of a column")
        return node.value

    def _entries(self, node: tml.Node, what: str) -> dict[str, tml.Node]:
        if not isinstance(node, tml.Mapping):
            self._refuse(node, what)
        return node.nodes

    def _refuse(self, node: tml.Node, expected: str) -> NoReturn:
        where = locate(self.text, node.start, self.file)
        raise UsageError(Finding("TD830", f"the warehouse file should have {expected} here", where, hint=_HINT))

"""A Table against the warehouse of its connection, where that was declared. Code 14536.

Source: facts about the REST API, section 7, and about TML, 4.1, rule 11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing import problems
from tsdeploy.sandbox.importing.checks.context import Context
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.request import Policy
from tsdeploy.sandbox.importing.world import Subject
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.tml.syntax import Node

_VARIABLE = "${"


def check_table(context: Context) -> Iterator[Problem]:
    """Database, table, columns and types. Without a declaration everything that TML names is there."""
    connection = context.target("table.connection")
    if connection is None:
        return
    declared = context.warehouses.declared(connection.guid, connection.name)
    if not declared:
        return
    if not context.warehouses.is_reachable(declared):
        yield guesses.warehouse_unreachable()
        return
    place = _Place(context, connection, declared)
    if not place.is_variable:
        yield from place.check()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a Table says that its data is."""

    context: Context
    connection: Subject
    declared: str

    @property
    def body(self) -> Node:
        return self.context.document.body

    @property
    def names(self) -> tuple[str, str, str]:
        return value(self.body, "db"), value(self.body, "schema"), value(self.body, "db_table")

    @property
    def is_variable(self) -> bool:
        """Whether it depends on a variable, whose value is the business of each Org."""
        return any(_VARIABLE in name for name in self.names)

    def check(self) -> Iterator[Problem]:
        db, schema, table = self.names
        if db and not self.context.warehouses.has_database(self.declared, db):
            yield problems.database_missing(db, self.connection.name)
            return
        types = {
            column.name: column.data_type
            for column in self.context.warehouses.columns_of(self.declared, db, schema, table)
        }
        if not types:
            yield problems.external_table_missing(table)
            return
        yield from self._columns(types)

    def _columns(self, types: dict[str, str]) -> Iterator[Problem]:
        missing = False
        for column in mappings(self.body, "columns"):
            name = value(column, "db_column_name") or value(column, "name")
            shown = ".".join((*self.names, name))
            if name not in types:
                if not missing or self.context.request.policy is not Policy.VALIDATE_ONLY:
                    yield problems.external_column_missing(shown, self.connection.name)
                missing = True
                continue
            data_type = value(column, "db_column_properties", "data_type")
            if data_type and not guesses.is_warehouse_type(data_type, types[name]):
                yield problems.data_type_differs(data_type, shown, self.connection.name)

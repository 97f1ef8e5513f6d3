"""What can be wrong with an object of an import, in the words of ThoughtSpot.

Texts and codes are the ones recorded in the facts (REST API section 7, TML section 4.2) unless ``guesses`` says
otherwise. Messages are HTML-ish, as the server's are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tsdeploy.tml.syntax import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One message. ``code`` 0 is none; ``part`` is the path of a visualization, join or rule set it is about.

    A warning with a part means that the part is dropped; an error with a part becomes such a warning under
    PARTIAL_OBJECT. One without text drops its part without a word.
    """

    text: str
    code: int = 0
    part: Path = ()
    warning: bool = False

    def dropped(self) -> Problem:
        """The same as a warning: the part goes, the object stays."""
        return replace(self, warning=True)


def syntax_error() -> Problem:
    """Also what the server says to many faults that are not of syntax."""
    return Problem("Invalid YAML/JSON syntax in file.")


def connection_missing() -> Problem:
    """A Table or SQL view names no connection of the Org."""
    return Problem("Please ensure that connection name specified in TML file exists on this cluster")


def tables_missing(name: str, part: Path = ()) -> Problem:
    """A Model, View or row-level security rule names no table of the Org."""
    return Problem(f"Error: Tables do not exist. - {name}", part=part)


def dead_fqn(fqn: str, table_id: str) -> Problem:
    """A GUID that is not there; the name was used."""
    return Problem(f"Warning: No table with fqn {fqn} found for table_id {table_id}", warning=True)


def same_name(part: Path = ()) -> Problem:
    """A name that several objects have."""
    return Problem("Multiple tables have same name", part=part)


def source_missing(reference_id: str, fqn: str, name: str) -> Problem:
    """14500: the data source of an answer, or the Model of feedback."""
    return Problem(f"Worksheet not found for referencedObjectId {reference_id}, fqn {fqn}, and name {name}", code=14500)


def referenced_table_missing(name: str) -> Problem:
    """14502: the table of column security rules."""
    return Problem(f"Referenced table with name {name} not found.", code=14502)


def skipped_relationship(join: str, target: str, org: str, part: Path) -> Problem:
    """A join whose table is not there is left out."""
    text = f"{join}: Skipped relationship import as there are no tables with id {target} in {org}. "
    return Problem(text, part=part, warning=True)


def in_visualization(viz: str, problem: Problem, part: Path) -> Problem:
    """A problem of one visualization."""
    text = f"Visualization <b> {viz} </b> has following errors<br/>{problem.text}"
    return replace(problem, text=text, part=part)


def group_dropped() -> Problem:
    """A group that lost its last visualization."""
    return Problem("Group was dropped because it has no valid visualizations", warning=True)


def guid_notice(guid: str, obj_id: str) -> Problem:
    """An object was found by obj_id and is updated in place."""
    return Problem(f"Warning: Existing guid {guid} corresponding to object Id {obj_id} will be used.", warning=True)


def no_access(name: str) -> Problem:
    """The object to update is there, and the caller may not change it. The form is the one of exports."""
    return Problem(f"Error Code: FORBIDDEN Error Message: User does not have access to modify {name}.", code=10023)


def no_rules_access() -> Problem:
    """10038: security rules of a table that the caller may not change."""
    return Problem("FORBIDDEN: User does not have access to read/modify CSR for these tables", code=10038)


def table_exists(guid: str) -> Problem:
    """The physical table has a Table already."""
    return Problem(
        f"Cannot create a new table as the table in the TML file already exists. Existing Table GUID: {guid}"
    )


def other_table_bound() -> Problem:
    """14501: the physical table belongs to another Table than the one to update."""
    return Problem("Logical table ID to update is compulsory for UPDATE action.", code=14501)


def no_columns() -> Problem:
    """A Table without columns."""
    return Problem("Attempting to create a table with 0 columns. Not allowed.")


def duplicate_column(name: str) -> Problem:
    """Two columns of one name."""
    return Problem(f"duplicate column name {name}")


def repeated_column_id(column_id: str) -> Problem:
    """Two columns of a Model made of one column."""
    return Problem(f"columns should have unique column_id values: duplicate column_id {column_id}")


def duplicate_alias(name: str) -> Problem:
    """Two tables of one alias."""
    return Problem(f"Multiple tables have same alias {name}")


def wrong_columns(names: Iterable[str]) -> Problem:
    """14547: columns made of something that is not there."""
    listed = ", ".join(names)
    return Problem(
        "Unable to create model column(s). These column_id/formula_id values are incorrect: " + listed, code=14547
    )


def wrong_value(given: str, field: str, allowed: Iterable[str], part: Path) -> Problem:
    """14528: a value outside its enumeration."""
    listed = ", ".join(allowed)
    text = f"Invalid value <b> {given} </b> of field <b> {field} </b>. Allowed values are <b> {listed} </b>. <br/>"
    return Problem(text, code=14528, part=part)


def broken_join(number: str, owner: str, table: str, part: Path) -> Problem:
    """14540: a join that leads nowhere."""
    text = (
        f"Error while translating <b>{number}</b> join of <b>{owner}</b>. <br/>No matches found for table {table}.<br/>"
    )
    return Problem(text, code=14540, part=part)


def silently(part: Path) -> Problem:
    """A part that is dropped without a word."""
    return Problem("", part=part, warning=True)


def tables_with_columns_in_use(tables: Iterable[str]) -> Problem:
    """14544 in its short form, which names the tables and not who needs the columns."""
    listed = "".join(f"- <b>{table}</b>: Deleted columns have dependents.<br/>" for table in tables)
    return Problem(
        f"Unable to import tml due to following errors:<br/>{listed}<br/><b>SOLUTION:</b><br/>"
        "Either fix the error objects or remove those objects.<br/>",
        code=14544,
    )


def columns_in_use(dependents: dict[str, list[str]]) -> Problem:
    """14544: column → names of the objects that need it."""
    listed = "".join(
        f"- <b>{column}</b></br><ul>{''.join(f'<li>{name} </li>' for name in sorted(names))}</ul>"
        for column, names in dependents.items()
    )
    return Problem(
        f"Deleted columns have dependents.<br/>{listed}<br/><b>SOLUTION:</b><br/>"
        "Either fix the error objects or remove those objects.<br/>",
        code=14544,
    )


def not_found_text(token: str) -> str:
    """What the search engine says to a word that it does not know."""
    return (
        f'Search did not find "{token}" in your data or metadata. '
        'Expecting one of the valid keywords, such as, "(", "-", "abs" etc..'
    )


def unknown_token(token: str) -> Problem:
    """A search names what its sources do not have."""
    return Problem(f'Search did not find "{token}" in your data or metadata.')


def formula_failed(formula: str, reason: str) -> Problem:
    """14516: a formula that cannot be understood."""
    return Problem(f"Formula addition failed. Formula: {formula}, Error: {reason}", code=14516)


def wrong_filter(column: str) -> Problem:
    """14518: a filter on a column that is not there."""
    return Problem(f"Invalid filter column: {column}", code=14518)


def column_not_found(column: str) -> Problem:
    """A set is made of a column that its Model lacks."""
    return Problem(f"Column: {column} not found")


def wrong_data_type(given: str, column: str) -> Problem:
    """A data type that TML does not know."""
    return Problem(f"Data type {given} is not valid for column {column}")


def wrong_aggregation(given: str) -> Problem:
    """An aggregation that TML does not know."""
    return Problem(f"{given} is not a valid aggregation type")


def half_defined_join(where: str) -> Problem:
    """A join of a Model with ``on``, that lacks its type or cardinality. The two blanks are the server's."""
    return Problem(f"{where} both  type and cardinality should be defined.")


def join_without_target(where: str) -> Problem:
    """A join of a Model that says not where it leads."""
    return Problem(f"Compulsory Field {where}->with is not populated")


def unknown_referencing_join(join: str) -> Problem:
    """A join of a Model names none of its table's joins."""
    return Problem(f"referencing_join not found: {join}")


def external_column_missing(column: str, connection: str) -> Problem:
    """14536: the warehouse lacks a column, given as ``db.schema.table.column``."""
    return Problem(
        f"External column with name: {column} does not exist in connection {connection}.",
        code=14536,
    )


def data_type_differs(data_type: str, column: str, connection: str) -> Problem:
    """14536: the warehouse has a column of another type."""
    return Problem(
        f"DataType {data_type} does not match CDW DataType for column with name {column} in connection {connection}.",
        code=14536,
    )


def external_table_missing(table: str) -> Problem:
    """The warehouse lacks a table."""
    return Problem(f"Tables do not exist. - {table}")


def database_missing(database: str, connection: str) -> Problem:
    """The warehouse lacks a database."""
    return Problem(f"Database with name: {database} does not exist in connection: {connection}")


def empty_cohort() -> Problem:
    """A set without ``worksheet``; ``model`` in its place is not understood."""
    return Problem("Invalid save request, Table cant be empty")


def ordinal(index: int) -> str:
    """``1st`` for 0, as error messages count."""
    number = index + 1
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"

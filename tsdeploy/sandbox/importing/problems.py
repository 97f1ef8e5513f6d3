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
    PARTIAL_OBJECT.
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


def unknown_token(token: str) -> Problem:
    """A search names what its sources do not have."""
    return Problem(f'Search did not find "{token}" in your data or metadata.')


def empty_cohort() -> Problem:
    """A set without ``worksheet``; ``model`` in its place is not understood."""
    return Problem("Invalid save request, Table cant be empty")


def ordinal(index: int) -> str:
    """``1st`` for 0, as error messages count."""
    number = index + 1
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"

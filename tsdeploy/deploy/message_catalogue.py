"""What the server says about an import, as data: how to recognise it, what it means, and what to do.

Texts and codes are those recorded on live clusters, in the project's facts on TML and the REST API. A ``{name}`` of
``means`` and ``hint`` is what the pattern found under that name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MISSING_COLUMN: Final = "missing-column"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the server.

    ``pattern`` is searched in the text without its HTML. The group ``name`` is what the message is about, and is
    looked for in the object's file; ``means`` is "" where the server's own words are plain enough.
    """

    id: str
    pattern: re.Pattern[str]
    means: str
    hint: str


def _message(id_: str, pattern: str, means: str, hint: str) -> Message:
    return Message(id_, re.compile(pattern, re.IGNORECASE), means, hint)


CATALOGUE: Final[tuple[Message, ...]] = (
    _message(
        MISSING_COLUMN,
        r"External column with name: (?P<external>.+\.(?P<name>[^.]+)) does not exist "
        r"in connection (?P<connection>.+?)\.(?:;|$)",
        "the warehouse behind {connection} has no column {external}",
        "add the column to the warehouse table, or take it out of the TML; "
        "if the table is another one, mend its rule under tables: in the mapping",
    ),
    _message(
        "column-type",
        r"DataType (?P<type>\S+) does not match CDW DataType "
        r"for column with name (?:.+\.)?(?P<name>[^.]+) in connection",
        "column {name} has another type in the warehouse than {type}",
        "set db_column_properties.data_type of the column to the warehouse's type",
    ),
    _message(
        "columns-in-use",
        r"Deleted columns have dependents\.(?:; - (?P<name>[^;]+?)\s*(?:;|$))?",
        "a column that is no longer in the TML is still used in the target",
        "keep the column until nothing uses it, or change its users in the same release;  tsdeploy plan  lists them",
    ),
    _message(
        "broken-join",
        r"Error while translating (?P<number>\S+) join of (?P<name>[^.;]+)",
        "a join of {name} lost its table or its column",
        "compare the join's with, on and destination with the columns of both tables",
    ),
    _message(
        "wrong-column-ids",
        r"column_id/formula_id values are incorrect: (?P<name>[^,;]+)",
        "the column {name} is made of something that its table does not have",
        "write column_id as TABLE::COLUMN, with the names as the table's TML has them",
    ),
    _message(
        "formula",
        r"Formula addition failed\. Formula: (?P<name>.+?), Error: (?P<why>.+)",
        "formula {name} cannot be understood: {why}",
        "mend the formula; a name in it may have changed, or the function may not exist on this release",
    ),
    _message(
        "filter-column",
        r"Invalid filter column:? ?(?P<name>[^;]*)",
        "a filter is on a column that is not there: {name}",
        "name a column of the Model in the filter, or take it out",
    ),
    _message(
        "wrong-value",
        r"Invalid value (?P<name>.+?) of field (?P<field>.+?)\s*\. Allowed values are (?P<allowed>.+?)\s*\.",
        "{name} is no value for {field}",
        "write one of: {allowed}",
    ),
    _message(
        "row-level-security",
        r"(?P<name>\brls\b|row.level.security)",
        "row-level security is not right, and the server drops all rules of a table when one is wrong",
        "mend the rule: its tables, its columns and its ts_ variables must exist",
    ),
    _message(
        "source-not-found",
        r"Worksheet not found for referencedObjectId .*?, fqn .*?, and name (?P<name>[^;]+)",
        "{name}, on which it is built, is not in the target",
        "deploy that object, too:  --select '+KIND:NAME' , or bind it under objects: in the mapping",
    ),
    _message(
        "feedback-needs-spotter",
        r"(?P<name>spotter).*(?:not enabled|disabled)|is_spotter_enabled",
        "the Model takes no feedback, because Spotter is not enabled on it",
        "set spotter_config.is_spotter_enabled in the Model's TML",
    ),
    _message(
        "table-taken",
        r"Logical table ID to update is compulsory for UPDATE action|"
        r"Cannot create a new table as the table in the TML file already exists",
        "another Table of the target stands for the same warehouse table",
        "bind it:  tsdeploy map infer  proposes how",
    ),
    _message(
        "table-not-found",
        r"(?:Referenced table with name|Table with name) (?P<name>.+?) (?:not found|does not exist)",
        "table {name} is not in the target",
        "deploy the table in the same release, or bind it under objects: in the mapping",
    ),
    _message(
        "tables-not-there",
        r"Tables do not exist\. - (?P<name>[^;]+)",
        "{name} exists neither in the target nor in the release, or not in the warehouse",
        "deploy it in the same release; for a warehouse table, look at the rules under tables: in the mapping",
    ),
    _message(
        "database-missing",
        r"Database with name: (?P<name>.+?) does not exist in connection:? (?P<connection>[^;]+)",
        "connection {connection} has no database {name}",
        "mend the rule under tables: in the mapping, or give the connection's user access to the database",
    ),
    _message(
        "connection-missing",
        r"Please ensure that connection name specified in TML file exists on this cluster",
        "the target has no connection of that name",
        "create it there, and name it under connections: in the mapping",
    ),
    _message(
        "no-columns",
        r"Attempting to create a table with 0 columns",
        "a table needs at least one column",
        "export the table again",
    ),
    _message(
        "relationship-skipped",
        r"(?P<name>\S+): Skipped relationship import",
        "join {name} is left out, because its other table is not there",
        "deploy both tables together",
    ),
    _message(
        "dead-fqn",
        r"No table with fqn (?P<guid>\S+) found for table_id (?P<name>[^;]+)",
        "the GUID {guid} of {name} is not in the target, and the name was used instead",
        "bind it under objects: in the mapping",
    ),
    _message(
        "visualization",
        r"Visualization (?P<name>.+?) has following errors",
        "",
        "the visualization refers to a column, formula or filter that its source does not have",
    ),
    _message(
        "formula-ids",
        r"columns use invalid formula IDs",
        "a column is made of a formula that is no longer there",
        "take the column out, or bring the formula back",
    ),
    _message(
        "half-join",
        r"(?P<name>\S+joins\(\S+\)) both\s+type and cardinality should be defined",
        "a join says only one of type and cardinality",
        "give the join both",
    ),
    _message(
        "join-without-target",
        r"Compulsory Field (?P<name>\S+)->with is not populated|destination is missing|Invalid srcTable or destTable",
        "a join does not say where it leads",
        "give it  with  or  destination",
    ),
    _message(
        "join-unknown",
        r"referencing_join not found:? ?(?P<name>[^;]*)",
        "the Model names a join that none of its tables has",
        "deploy the table with the join first, or write the join into the Model with  on",
    ),
    _message(
        "same-alias",
        r"Multiple tables have same (?:alias|name) ?(?P<name>[^;]*)",
        "a name means more than one table",
        "give the tables of the Model aliases of their own, and refer by fqn or obj_id",
    ),
    _message(
        "duplicate-column",
        r"duplicate column(?:_id| name) (?P<name>[^;]+)|columns should have unique column_id values",
        "two columns have one name",
        "rename or remove one of them",
    ),
    _message(
        "set-without-model",
        r"Invalid save request, Table cant be empty",
        "the set does not say which Model it belongs to in the way that the server reads",
        "name it under cohort.worksheet",
    ),
    _message(
        "not-a-column",
        r"Column: (?P<name>.+?) not found",
        "column {name} is not in the Model",
        "name a column that is there",
    ),
    _message(
        "search-word",
        r"Search did not find \"(?P<name>[^\"]+)\"",
        "the search or formula has a word that the Model does not know: {name}",
        "rename it as the Model's columns are called",
    ),
    _message(
        "warehouse-asleep",
        r"CONNECTION_METADATA_FETCH_ERROR|JDBC driver encountered|CONNECTION_CREATION_ERROR|free trial has ended",
        "the warehouse did not answer",
        "wake it up, check its credentials in the connection, and deploy again",
    ),
    _message(
        "version-conflict",
        r"VERSION_CONFLICT",
        "somebody else changed the object at the same moment",
        "deploy again",
    ),
    _message(
        "forbidden",
        r"Error Code: FORBIDDEN|FORBIDDEN",
        "the user of the environment may not change it",
        "give the user edit access to the object",
    ),
    _message(
        "schema",
        r"Schema validation failed",
        "the server finds the TML wrong, and does not say where; often a formula names one that is not there",
        "tsdeploy check  may find it",
    ),
    _message(
        "syntax",
        r"Invalid YAML/JSON syntax in file",
        "the server says this of many faults that are not of syntax",
        "tsdeploy check  tells whether it is TML; export the object again if it is",
    ),
)

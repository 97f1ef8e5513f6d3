"""Small TML, as ThoughtSpot writes it."""

from __future__ import annotations

from collections.abc import Iterable

C1 = "c0000000-0000-4000-8000-000000000001"
T1 = "70000000-0000-4000-8000-000000000001"
T2 = "70000000-0000-4000-8000-000000000002"
M1 = "30000000-0000-4000-8000-000000000001"
A1 = "a0000000-0000-4000-8000-000000000001"
L1 = "10000000-0000-4000-8000-000000000001"
V1 = "e0000000-0000-4000-8000-000000000001"
NOWHERE = "dead0000-0000-4000-8000-00000000dead"


def identity(guid: str = "", obj_id: str = "") -> str:
    """The lines at the root."""
    return (f"guid: {guid}\n" if guid else "") + (f"obj_id: {obj_id}\n" if obj_id else "")


def connection(name: str = "Warehouse", guid: str = C1, obj_id: str = "") -> str:
    """A connection."""
    return f"""{identity(guid, obj_id)}connection:
  name: {name}
  type: RDBMS_SNOWFLAKE
  authentication_type: SERVICE_ACCOUNT
  properties:
  - key: accountName
    value: acme
  - key: password
    value: ""
"""


def table(
    name: str = "ORDERS",
    guid: str = T1,
    *,
    columns: Iterable[str] = ("ID", "AMOUNT", "REGION"),
    obj_id: str = "",
    db_table: str = "",
    connected: str = "name: Warehouse",
    tail: str = "",
) -> str:
    """A table; ``tail`` is put at the end of ``table``."""
    listed = "".join(
        f"""  - name: {column}
    db_column_name: {column}
    properties:
      column_type: ATTRIBUTE
    db_column_properties:
      data_type: VARCHAR
"""
        for column in columns
    )
    shown = f"  columns:\n{listed}" if listed else "  columns: []\n"
    return f"""{identity(guid, obj_id)}table:
  name: {name}
  db: DEV
  schema: SALES
  db_table: {db_table or name}
  connection:
    {connected}
{shown}{tail}"""


def join(destination: str, on: str, kind: str = "LEFT_OUTER", fqn: str = "") -> str:
    """A join of a table, to be its tail."""
    reference = f"      name: {destination}\n" + (f"      fqn: {fqn}\n" if fqn else "")
    return f"""  joins_with:
  - name: to_{destination}
    destination:
{reference}    "on": "{on}"
    type: {kind}
    is_one_to_one: false
"""


def model(
    name: str = "Sales",
    guid: str = M1,
    *,
    tables: Iterable[str] = ("name: ORDERS",),
    columns: Iterable[str] = ("ID", "AMOUNT", "REGION"),
    source: str = "ORDERS",
    obj_id: str = "",
    tail: str = "",
) -> str:
    """A Model whose columns are called like those of a table; ``tables`` are identity blocks, lines apart by |."""
    listed = "".join("  - " + block.replace("|", "\n    ") + "\n" for block in tables)
    shown = "".join(
        f"  - name: {column}\n    column_id: {source}::{column}\n    properties:\n      column_type: ATTRIBUTE\n"
        for column in columns
    )
    return f"""{identity(guid, obj_id)}model:
  name: {name}
  model_tables:
{listed}  columns:
{shown}{tail}"""


SPOTTER = """  properties:
    spotter_config:
      is_spotter_enabled: true
"""


def answer(
    name: str = "By region",
    guid: str = A1,
    *,
    source: str = "id: Sales|name: Sales",
    query: str = "[AMOUNT] [REGION]",
    obj_id: str = "",
) -> str:
    """A saved answer."""
    return f"{identity(guid, obj_id)}answer:\n{_answer(name, source, query, '  ')}"


def _answer(name: str, source: str, query: str, indent: str) -> str:
    block = source.replace("|", f"\n{indent}  ")
    lines = f"""name: {name}
tables:
- {block}
search_query: "{query}"
answer_columns:
- name: REGION
display_mode: TABLE_MODE
"""
    first, *rest = lines.splitlines(keepends=True)
    return indent + first + "".join(line if line.startswith(indent) else indent + line for line in rest)


def liveboard(
    name: str = "Overview",
    guid: str = L1,
    *,
    vizzes: Iterable[tuple[str, str, str]] = (("Viz_1", "[AMOUNT]", V1),),
    source: str = "id: Sales|name: Sales",
    obj_id: str = "",
    tail: str = "",
) -> str:
    """A Liveboard; a visualization is its id, its search and its viz_guid ("" for none)."""
    shown = "".join(
        f"  - id: {viz}\n    answer:\n{_answer(f'Chart {viz}', source, query, '      ')}"
        + (f"    viz_guid: {viz_guid}\n" if viz_guid else "")
        for viz, query, viz_guid in vizzes
    )
    return f"{identity(guid, obj_id)}liveboard:\n  name: {name}\n  visualizations:\n{shown}{tail}"


def layout(*vizzes: str) -> str:
    """Tiles, to be a Liveboard's tail."""
    tiles = "".join(f"    - visualization_id: {viz}\n      size: SMALL\n" for viz in vizzes)
    return f"  layout:\n    tiles:\n{tiles}"


def feedback(*phrases: str, guid: str = M1, obj_id: str = "", kind: str = "REFERENCE_QUESTION") -> str:
    """Feedback for a Model."""
    entries = "".join(
        f"""  - id: "{number}"
    type: {kind}
    feedback_phrase: {phrase}
    search_tokens: "[AMOUNT]"
"""
        for number, phrase in enumerate(phrases, 1)
    )
    return f"{identity(guid, obj_id)}nls_feedback:\n  feedback:\n{entries}"


def cohort(name: str = "Big ones", guid: str = "", source: str = "name: Sales", key: str = "worksheet") -> str:
    """A set."""
    return f"""{identity(guid)}cohort:
  name: {name}
  {key}:
    {source}
  config:
    cohort_type: SIMPLE
    anchor_column_id: REGION
"""


def alert(liveboard_guid: str, viz_guid: str, guid: str = "", name: str = "Falling") -> str:
    """A monitor alert of a visualization."""
    own = f"- guid: {guid}\n  name: {name}\n" if guid else f"- name: {name}\n"
    return f"""monitor_alert:
{own}  metric_id:
    pinboard_viz_id:
      pinboard_id: {liveboard_guid}
      viz_id: {viz_guid}
"""


ESTATE = (connection(), table(), model(), answer(), liveboard())
"""One of each, by name, from the warehouse up."""

ESTATE_KINDS = ("connection", "table", "model", "answer", "liveboard")

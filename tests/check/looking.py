"""Run the rules over a few documents, and say shortly what they found."""

from __future__ import annotations

from collections.abc import Mapping

from tsdeploy.check.context import make_context
from tsdeploy.check.foreign import Registry
from tsdeploy.check.rules import RULES
from tsdeploy.errors import Finding, Location
from tsdeploy.tml.folder import read_documents

NOWHERE = Location("")

SALES = """\
guid: 11111111-0000-4000-8000-000000000001
table:
  name: SALES
  db: DEV
  schema: RETAIL
  db_table: SALES
  connection:
    name: Warehouse
  columns:
  - name: NET
    db_column_name: NET_AMOUNT
  - name: STORE_ID
    db_column_name: STORE_ID
  joins_with:
  - name: SALES_to_STORES
    destination:
      name: STORES
      fqn: 11111111-0000-4000-8000-000000000002
    "on": "[SALES::STORE_ID] = [STORES::STORE_ID]"
    type: INNER
"""
STORES = """\
guid: 11111111-0000-4000-8000-000000000002
table:
  name: STORES
  db: DEV
  schema: RETAIL
  db_table: STORES
  connection:
    name: Warehouse
  columns:
  - name: STORE_ID
    db_column_name: STORE_ID
  - name: REGION
    db_column_name: REGION
"""
MODEL = """\
guid: 11111111-0000-4000-8000-000000000003
model:
  name: Retail
  model_tables:
  - name: SALES
    fqn: 11111111-0000-4000-8000-000000000001
    joins:
    - with: HOME
      referencing_join: SALES_to_STORES
  - name: STORES
    alias: HOME
    fqn: 11111111-0000-4000-8000-000000000002
  formulas:
  - id: formula_Margin
    name: Margin
    expr: sum ( [SALES::NET] ) * [Rate]
  parameters:
  - id: 11111111-0000-4000-8000-00000000000a
    name: Rate
  columns:
  - name: Net
    column_id: SALES::NET
  - name: Region
    column_id: HOME::REGION
  - name: Margin
    formula_id: formula_Margin
"""
ANSWER = """\
guid: 11111111-0000-4000-8000-000000000004
answer:
  name: Net by Region
  tables:
  - id: Retail
    name: Retail
    fqn: 11111111-0000-4000-8000-000000000003
  search_query: "[Net] [Region] [Margin] [formula_Share]"
  formulas:
  - id: formula_Share
    name: Share
    expr: "[Net] / [Rate]"
"""
LIVEBOARD = """\
guid: 11111111-0000-4000-8000-000000000005
liveboard:
  name: Overview
  visualizations:
  - id: Viz_1
    answer:
      name: Net
      tables:
      - id: Retail
        name: Retail
      search_query: "[Net] [Region]"
  - id: Viz_2
    note_tile:
      html_parsed_string: Hello
  filters:
  - column:
    - Retail::Region
    excluded_visualizations:
    - Viz_2
  layout:
    tiles:
    - visualization_id: Viz_1
    - visualization_id: Group_1
    group_layouts:
    - id: Group_1
      tiles:
      - visualization_id: Viz_2
  groups:
  - id: Group_1
    name: Notes
    visualizations:
    - Viz_2
"""
RETAIL = {
    "SALES.tml": SALES,
    "STORES.tml": STORES,
    "Retail.tml": MODEL,
    "Net.tml": ANSWER,
    "Overview.tml": LIVEBOARD,
}
"""A small closed folder in which nothing is wrong."""


def findings(files: Mapping[str, str]) -> list[Finding]:
    """Everything that this package's rules find in files, given by name; they must be readable."""
    content = read_documents((name, text.encode("utf-8")) for name, text in files.items())
    assert content.findings == ()
    return list(Registry(RULES).run(make_context(content.documents)))


def retail(name: str, old: str, new: str) -> dict[str, str]:
    """The closed folder with one text replaced in one file."""
    assert old in RETAIL[name]
    return {**RETAIL, name: RETAIL[name].replace(old, new, 1)}


def seen(files: Mapping[str, str]) -> list[str]:
    """Everything found, each as ``severity code file:line:column message``, in the order of the files' lines."""
    found = sorted(findings(files), key=lambda finding: (finding.location or NOWHERE, finding.at))
    return [f"{finding.severity.value} {finding.code} {finding.location} {finding.message}" for finding in found]

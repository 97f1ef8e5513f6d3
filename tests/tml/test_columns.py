"""Who uses which column, and what breaks without it: the samples, the corpus, and small documents for each place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tml.real_files import CORPUS, RETAIL, RETAIL_OBJ_ID, documents_below
from tests.tml.tml_texts import documents, guid, head
from tsdeploy.tml.columns.graph import Breakage, ColumnGraph, build_column_graph
from tsdeploy.tml.columns.names import bracketed
from tsdeploy.tml.columns.offered import ColumnKind, columns_of
from tsdeploy.tml.columns.reading import make_reader
from tsdeploy.tml.columns.sight import index_columns
from tsdeploy.tml.columns.use import ColumnRef, Role, Use
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.spots import Spot, body

ESTATES = [RETAIL, RETAIL_OBJ_ID, *sorted(path for path in CORPUS.glob("*") if path.is_dir())]


@pytest.fixture(scope="module")
def retail() -> ColumnGraph:
    return build_column_graph(build_graph(documents_below(RETAIL)).documents)


def column(graph: ColumnGraph, label: str, name: str) -> ColumnRef:
    (key,) = (key for key, document in graph.documents.items() if document.label == label)
    assert name in graph.offers[key].columns
    return ColumnRef(key, name)


def broken(graph: ColumnGraph, label: str, name: str) -> Breakage:
    return graph.broken_by([column(graph, label, name)])


def objects(graph: ColumnGraph, found: Breakage, *, direct: bool | None = None) -> set[str]:
    return {
        graph.documents[use.document].label for use in found.uses if direct is None or found.is_direct(use) is direct
    }


def gone(graph: ColumnGraph, found: Breakage) -> set[str]:
    return {f"{graph.documents[one.document].label}::{one.column}" for one in found.gone}


def _answers(document: Document, *keys: str) -> Iterator[Spot]:
    """What stands below keys of a document's answers, or of a view."""
    content = body(document)
    for holder in (content, *content.each("visualizations", "answer")):
        yield from holder.each(*keys)


def small(*texts: str) -> ColumnGraph:
    return build_column_graph(build_graph(documents(texts)).documents)


def test_a_table_column_takes_model_view_and_all_that_shows_them_along(retail: ColumnGraph) -> None:
    found = broken(retail, "table:SALES", "COST_AMOUNT")
    assert gone(retail, found) == {
        "table:SALES::COST_AMOUNT",
        "model:Retail Sales::Cost of Goods",
        "model:Retail Sales::Gross Margin",
        "model:Retail Sales::Gross Margin %",
        "view:Store Monthly Sales::Gross Margin",
    }
    assert objects(retail, found, direct=True) == {"model:Retail Sales"}
    assert objects(retail, found) == {
        "model:Retail Sales",
        "view:Store Monthly Sales",
        "liveboard:Executive Weekly Summary",
        "liveboard:Store Performance",
    }


def test_the_chain_leads_from_the_column_to_the_place(retail: ColumnGraph) -> None:
    found = broken(retail, "table:SALES", "COST_AMOUNT")
    use = next(use for use in found.uses if use.role is Role.SEARCH and use.part == "Viz_6")
    labels = [(retail.documents[step.column.document].label, step.column.column) for step in found.chain(use)]
    assert labels == [
        ("table:SALES", "COST_AMOUNT"),
        ("model:Retail Sales", "Gross Margin"),
        ("view:Store Monthly Sales", "Gross Margin"),
    ]
    assert [str(retail.documents[step.document].at(step.position)) for step in found.chain(use)] == [
        "model/Retail Sales.9a5c5542.model.tml:52:55",
        "view/Store Monthly Sales.ab9d673f.view.tml:43:27",
        "liveboard/Executive Weekly Summary.04829e91.liveboard.tml:229:71",
    ]


def test_an_alias_of_a_table_is_the_table(retail: ColumnGraph) -> None:
    assert {"model:Retail Sales::Region", "model:Retail Sales::Home Region"} <= gone(
        retail, broken(retail, "table:STORES", "REGION")
    )


def test_a_join_takes_along_who_uses_it_by_its_name(retail: ColumnGraph) -> None:
    found = broken(retail, "table:PROMOTIONS", "PROMOTION_ID")
    assert objects(retail, found, direct=True) == {"table:SALES", "model:Retail Sales"}
    assert {use.where for use in found.uses} == {
        "table.joins_with[3].on",
        "model.model_tables[0].joins[2].referencing_join",
    }


def test_row_level_security_through_the_alias_of_a_path(retail: ColumnGraph) -> None:
    found = broken(retail, "table:REGION_ACCESS", "GROUP_NAME")
    assert objects(retail, found) >= {"table:STORES"}
    wheres = {use.where for use in found.uses if use.role is Role.SECURITY}
    assert wheres >= {"table.rls_rules.rules[0].expr", "table.rls_rules.table_paths[0].column[0]"}


def test_a_column_of_a_sql_view(retail: ColumnGraph) -> None:
    found = broken(retail, "sql_view:Weekly Stock Cover", "Average Weekly Units")
    assert {"model:Inventory and Returns::Weeks of Cover", "model:Inventory and Returns::Below Cover"} <= gone(
        retail, found
    )
    assert "answer:Products Below Stock Cover" in objects(retail, found)


def test_a_parameter_of_a_model(retail: ColumnGraph) -> None:
    found = broken(retail, "model:Retail Sales", "Sales Basis")
    assert gone(retail, found) == {"model:Retail Sales::Sales Basis", "model:Retail Sales::Selected Sales"}
    wheres = {use.where for use in found.uses if found.is_direct(use)}
    assert {
        "model.formulas[6].expr",
        "answer.parameter_values.Sales Basis",
        "liveboard.parameter_overrides[0].value.name",
        "liveboard.ordered_chips[3].name",
    } <= wheres


def test_a_column_of_a_view(retail: ColumnGraph) -> None:
    found = broken(retail, "view:Store Monthly Sales", "Sales Month")
    assert objects(retail, found) == {
        "answer:Store League by Sales per Square Foot",
        "liveboard:Executive Weekly Summary",
    }
    assert {use.part for use in found.uses} == {"", "Viz_6"}


def test_a_formula_of_a_view_is_one_with_its_column(retail: ColumnGraph) -> None:
    key = column(retail, "view:Store Monthly Sales", "Sales per Square Foot")
    found = retail.offers[key.document].columns[key.column]
    assert (found.kind, found.made_of) == (ColumnKind.FORMULA, ("Net Sales", "Floor Area"))
    assert objects(retail, retail.broken_by([key])) >= {"answer:Store League by Sales per Square Foot"}


def test_a_set_and_what_it_is_built_on(retail: ColumnGraph) -> None:
    users = {"answer:Sales by Outdoor Range", "liveboard:Regional Sales Detail"}
    assert objects(retail, broken(retail, "cohort:Core Outdoor Ranges", "Core Outdoor Ranges")) == users
    found = broken(retail, "model:Retail Sales", "Category")
    assert "cohort:Core Outdoor Ranges::Core Outdoor Ranges" in gone(retail, found)
    assert objects(retail, found, direct=False) >= users
    assert objects(retail, found, direct=True) >= {"cohort:Core Outdoor Ranges"}


def test_feedback_of_a_model(retail: ColumnGraph) -> None:
    found = broken(retail, "model:Retail Sales", "Discount Amount")
    assert [use.where for use in found.uses if use.role is Role.FEEDBACK] == [
        "nls_feedback.feedback[3].formula_info[0].expression"
    ]


def test_a_column_that_nobody_uses_breaks_nothing(retail: ColumnGraph) -> None:
    assert broken(retail, "table:SALES", "TAX_AMOUNT").uses == ()


def test_several_columns_at_once_break_what_each_breaks(retail: ColumnGraph) -> None:
    some = [column(retail, "table:SALES", "COST_AMOUNT"), column(retail, "model:Retail Sales", "Category")]
    together = retail.broken_by(some)
    apart = {use for one in some for use in retail.broken_by([one]).uses}
    assert set(together.uses) == apart
    assert len(together.uses) == len(apart)


def test_a_position_is_that_of_the_name(retail: ColumnGraph) -> None:
    uses = [use for some in retail.users.values() for use in some if use.start < use.end]
    elsewhere = set()
    for use in uses:
        text = retail.documents[use.document].text
        if not text.startswith(use.scalar.value[use.start : use.end], use.position):
            assert (use.position, use.scalar.style) == (use.scalar.start, '"')
            elsewhere.add(use.where)
    # Only quotes that the file escapes in front of the name hide where it stands.
    assert elsewhere == {"liveboard.visualizations[4].answer.formulas[0].expr"}


def test_uses_of_one_document_are_those_of_the_graph() -> None:
    keyed = build_graph(documents_below(RETAIL_OBJ_ID)).documents
    reader = make_reader(index_columns(keyed))
    found = (use for key in keyed for use in reader.read(key))
    one_by_one = [use.where for use in found if isinstance(use, Use) and not use.is_own]
    together = build_column_graph(keyed)
    assert sorted(one_by_one) == sorted(use.where for uses in together.users.values() for use in uses)


@pytest.mark.parametrize("folder", ESTATES, ids=lambda path: path.name)
def test_every_name_in_every_search_is_a_column_of_somebody(folder: Path) -> None:
    keyed = build_graph(documents_below(folder)).documents
    graph = build_column_graph(keyed)
    named = set()
    for key, document in keyed.items():
        own = {spot.text for spot in _answers(document, "formulas", "id")}
        for spot in _answers(document, "search_query"):
            names = (name for name in bracketed(spot.text) if name.text not in own)
            named |= {(key, spot.path, name.end) for name in names}
    ends = {(use.document, use.path, use.end) for uses in graph.users.values() for use in uses}
    assert graph.unknown == ()
    assert named
    assert named <= ends


def test_what_a_view_and_a_model_offer(retail: ColumnGraph) -> None:
    (model,) = (one for one in retail.documents.values() if one.label == "model:Retail Sales")
    found = columns_of(model)
    assert {name for name, one in found.items() if one.kind is ColumnKind.PARAMETER} == {
        "Sales Basis",
        "Target Growth",
    }
    assert found["Net Sales"].made_of == ("SALES::NET_AMOUNT",)
    assert found["Gross Margin %"].made_of == ("formula_Gross Margin", "SALES::NET_AMOUNT")
    assert "formula_Gross Margin %" in found["Gross Margin %"].ways
    assert {spelling.name.text for spelling in found["Gross Margin %"].spellings} == {"Gross Margin %"}


TABLE = f"{head(1)}table:\n  name: T\n  columns:\n  - name: A\n    db_column_name: a_db\n  - name: Total A\n"
MODEL = f"""\
{head(2)}model:
  name: M
  model_tables:
  - name: T
    fqn: {guid(1)}
  formulas:
  - id: f1
    name: Double
    expr: '[T::A] * 2'
  - id: formula_Shown
    name: Hidden name
    expr: '[f1] + [T::GONE]'
  columns:
  - name: A
    column_id: T::A
  - name: Shown
    formula_id: formula_Shown
"""


def answer(search: str, more: str = "") -> str:
    return (
        f"{head(9)}answer:\n  name: x\n  tables:\n  - id: M\n    name: M\n    fqn: {guid(2)}\n"
        f'  search_query: "{search}"\n{more}'
    )


def test_a_formula_shown_under_another_name_is_not_the_column() -> None:
    graph = small(TABLE, MODEL, answer("[Shown]"))
    found = broken(graph, "table:T", "A")
    assert gone(graph, found) == {
        "table:T::A",
        "model:M::A",
        "model:M::Double",
        "model:M::Hidden name",
        "model:M::Shown",
    }
    assert "answer:x" in objects(graph, found)


def test_a_name_that_no_source_has_is_unknown_with_its_place() -> None:
    graph = small(TABLE, MODEL, answer("[A] [Nowhere]"))
    assert [(one.name, one.where) for one in graph.unknown] == [
        ("T::GONE", "model.formulas[1].expr"),
        ("Nowhere", "answer.search_query"),
    ]


def test_the_warehouse_name_is_no_name_of_the_column() -> None:
    assert small(TABLE).offers[guid(1)].find("a_db") is None


def test_an_answers_own_formula_shadows_the_models_column() -> None:
    own = "  formulas:\n  - id: formula_A\n    name: A\n    expr: '[Shown] + 1'\n"
    graph = small(TABLE, MODEL, answer("[A] [formula_A]", own))
    assert objects(graph, broken(graph, "model:M", "A")) == set()
    assert objects(graph, broken(graph, "model:M", "Shown")) == {"answer:x"}


@pytest.mark.parametrize("token", ["A", "a", "M::A", r"M\\::A"])
def test_ways_to_name_a_column_in_a_search(token: str) -> None:
    graph = small(TABLE, MODEL, answer(f"[{token}]"))
    assert ("answer:x" in objects(graph, broken(graph, "model:M", "A"))) is ("\\" not in token)


def test_a_literal_is_no_column() -> None:
    graph = small(TABLE, MODEL, answer("[Shown].'[A]'"))
    assert "answer:x" not in objects(graph, broken(graph, "model:M", "A"))


def test_a_column_called_total_is_not_the_total_of_another() -> None:
    source = f"{head(9)}answer:\n  name: x\n  tables:\n  - name: T\n    fqn: {guid(1)}\n"
    graph = small(TABLE, source + "  answer_columns:\n  - name: Total A\n  - name: Total Total A\n")
    assert objects(graph, broken(graph, "table:T", "A")) == set()
    assert len(broken(graph, "table:T", "Total A").uses) == 2


def test_security_rules_aliases_and_alerts() -> None:
    graph = small(
        TABLE,
        MODEL,
        f"column_security_rules:\n  name: R\n  table:\n    name: T\n    fqn: {guid(1)}\n  rules:\n  - column_name: A\n",
        f"column_alias:\n  name: L\n  model:\n    name: M\n    fqn: {guid(2)}\n  columns:\n  - name: A\n",
        f"monitor_alert:\n- guid: {guid(7)}\n  name: W\n  personalised_view_info:\n    tables:\n    - name: M\n"
        f"      fqn: {guid(2)}\n    filters:\n    - column:\n      - M::A\n",
    )
    assert {use.role for use in broken(graph, "table:T", "A").uses} >= {
        Role.COLUMN_SECURITY,
        Role.ALIAS,
        Role.FILTER,
    }


def test_formulas_that_need_each_other_end() -> None:
    loop = f"{head(3)}model:\n  name: L\n  formulas:\n"
    loop += "".join(f"  - name: F{number}\n    expr: '[F{(number + 1) % 3}]'\n" for number in range(3))
    graph = small(loop)
    found = broken(graph, "model:L", "F0")
    assert [one.column for one in found.gone] == ["F0", "F2", "F1"]
    assert [len(found.chain(use)) for use in found.uses] == [1, 2, 3]


def test_a_chain_of_formulas_has_no_depth_limit() -> None:
    count = 3000
    chain = f"{head(3)}model:\n  name: L\n  formulas:\n  - name: F0\n    expr: '1'\n"
    chain += "".join(f"  - name: F{number}\n    expr: '[F{number - 1}]'\n" for number in range(1, count))
    graph = small(chain)
    found = broken(graph, "model:L", "F0")
    assert len(found.gone) == count
    assert len(found.chain(found.uses[-1])) == count - 1

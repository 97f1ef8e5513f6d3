"""What must always hold: the uses of a column are all there is to rename, and reading them takes linear work."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import FrameType

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tml.real_files import RETAIL, RETAIL_OBJ_ID, documents_below
from tests.tml.tml_texts import documents, guid, head
from tsdeploy.tml.columns.graph import build_column_graph
from tsdeploy.tml.columns.names import escape
from tsdeploy.tml.columns.reading import make_reader
from tsdeploy.tml.columns.sight import index_columns
from tsdeploy.tml.columns.use import ColumnRef, Use
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.edit import Edit, apply, rename_key, replace
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.syntax import Scalar

KEYED = build_graph([*documents_below(RETAIL), *documents_below(RETAIL_OBJ_ID)]).documents
READER = make_reader(index_columns(KEYED))
USES = [found for key in KEYED for found in READER.read(key) if isinstance(found, Use)]
COLUMNS = sorted(ColumnRef(key, name) for key, offer in READER.index.offers.items() for name in offer.columns)
NEW_NAMES = st.text("aé %[]\\():'\"#&*-,{}\xa0\u202e😀", min_size=1, max_size=12).map(lambda text: f"New{text}".strip())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(COLUMNS), NEW_NAMES)
def test_a_column_that_is_renamed_at_every_use_leaves_no_use_of_the_old_name(column: ColumnRef, name: str) -> None:
    before = [use for use in USES if use.column == column]
    graph = build_column_graph({key: renamed(key, column, name) for key in KEYED})
    assert graph.unknown == ()
    assert column not in graph.users
    assert len(graph.users.get(ColumnRef(column.document, name), ())) == sum(not use.is_own for use in before)
    assert sum(map(len, graph.users.values())) == sum(not use.is_own for use in USES)


def renamed(key: str, column: ColumnRef, name: str) -> Document:
    """A document with another name for a column: where it is offered, and at every use."""
    document = KEYED[key]
    spans: dict[tuple[int, bool], tuple[Scalar, dict[tuple[int, int], str]]] = {}
    for use in USES:
        if use.document == key and use.column == column and use.start < use.end:
            _, found = spans.setdefault((use.scalar.start, use.is_key), (use.scalar, {}))
            found[use.start, use.end] = escape(name) if use.escaped else name
    if key == column.document:
        for spelling in READER.index.offers[key].columns[column.column].spellings:
            _, found = spans.setdefault((spelling.scalar.start, False), (spelling.scalar, {}))
            found[spelling.name.start, spelling.name.end] = name
    edits = [edit_of(document, scalar, found, is_key=is_key) for (_, is_key), (scalar, found) in spans.items()]
    return parse_document(apply(document.text, edits), document.path) if edits else document


def edit_of(document: Document, scalar: Scalar, spans: Mapping[tuple[int, int], str], *, is_key: bool) -> Edit:
    value = apply(scalar.value, [Edit(start, end, text) for (start, end), text in spans.items()])
    if is_key:
        return rename_key(scalar, value, document.dialect)
    return replace(document.text, scalar, value, document.dialect)


def estate(size: int) -> dict[str, Document]:
    """So many tables, each with a model and an answer of its own."""
    texts = []
    for number in range(size):
        texts += [
            f"{head(3 * number + 1)}table:\n  name: T\n  columns:\n  - name: A\n  - name: B\n  joins_with:\n"
            f"  - name: J\n    destination:\n      name: T\n      fqn: {guid(3 * number + 1)}\n"
            "    on: '[T::A] = [T::B]'\n",
            f"{head(3 * number + 2)}model:\n  name: M\n  model_tables:\n  - name: T\n    fqn: {guid(3 * number + 1)}\n"
            "  formulas:\n  - name: F\n    expr: '[T::A] + [T::B]'\n  columns:\n  - name: A\n    column_id: T::A\n",
            f"{head(3 * number + 3)}answer:\n  name: x\n  tables:\n  - name: M\n    fqn: {guid(3 * number + 2)}\n"
            '  search_query: "[A] [F]"\n',
        ]
    return dict(build_graph(documents(texts)).documents)


def calls_for(size: int) -> int:
    keyed = estate(size)
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        graph = build_column_graph(keyed)
        graph.broken_by(ColumnRef(guid(3 * number + 1), "A") for number in range(size))
    finally:
        sys.setprofile(None)
    return calls


def test_twice_the_documents_take_twice_the_work() -> None:
    assert calls_for(200) < 2.1 * calls_for(100)

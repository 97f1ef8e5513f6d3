"""Whatever stands where columns are named: uses and unknown names, never a traceback."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.check.test_hostile import damage
from tests.tml.real_files import RETAIL, documents_below
from tsdeploy.graph.breakage import BreakageReport
from tsdeploy.tml.columns.graph import build_column_graph
from tsdeploy.tml.columns.use import ColumnRef
from tsdeploy.tml.folder import read_documents
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.syntax import Plain, to_plain

DOCUMENTS = documents_below(RETAIL)
TREES = [to_plain(document.root) for document in DOCUMENTS]


@st.composite
def damaged(draw: st.DrawFn) -> Plain:
    """A real tree in which one node is something else."""
    return damage(draw(st.sampled_from(TREES)), draw)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(damaged(), min_size=1, max_size=4))
def test_damaged_documents_are_read_as_far_as_they_go(trees: list[Plain]) -> None:
    content = read_documents((f"{number}.tml", json.dumps(tree).encode()) for number, tree in enumerate(trees))
    keyed = build_graph([*content.documents, *DOCUMENTS]).documents
    graph = build_column_graph(keyed)
    removed = [ColumnRef(key, name) for key, offer in graph.offers.items() for name in offer.columns]
    found = graph.broken_by(removed)
    assert len(found.uses) == sum(map(len, graph.users.values()))
    if removed:
        report = BreakageReport(removed[0], graph.broken_by(removed[:1]), keyed, keyed.keys())
        assert report.text().replace("\n", "").isprintable()
        json.dumps(report.plain())

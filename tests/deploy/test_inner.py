"""Which GUID inside a document has become which, when the server mints its own."""

from __future__ import annotations

import pytest

from tsdeploy.deploy.inner import pair_inner
from tsdeploy.tml.document import Document, parse_document


def board(*views: tuple[str, str]) -> Document:
    """A Liveboard with views of these GUIDs and names."""
    listed = "".join(f"  - view_guid: {guid}\n    name: {name}\n" for guid, name in views)
    return parse_document(f"liveboard:\n  name: Sales\n  views:\n{listed}", "a.liveboard.tml")


SOURCE = board(("s1", "Mine"), ("s2", "North"), ("s3", "Mine"))


@pytest.mark.parametrize(
    ("live", "pairs"),
    [
        ([("t2", "North"), ("t1", "Mine"), ("t3", "Mine")], {"s1": "t1", "s2": "t2", "s3": "t3"}),
        ([("t1", "Mine"), ("t2", "North")], {"s1": "t1", "s2": "t2"}),
        ([("t0", "New"), ("t1", "Mine"), ("t2", "North"), ("t3", "Mine")], {"s1": "t1", "s2": "t2", "s3": "t3"}),
        ([("t1", "V1"), ("t2", "V2"), ("t3", "V3")], {"s1": "t1", "s2": "t2", "s3": "t3"}),
        ([("t1", "V1")], {}),
    ],
    ids=["in another order", "one is gone", "one is new", "all are renamed", "nothing is known"],
)
def test_views_of_one_name_stay_two(live: list[tuple[str, str]], pairs: dict[str, str]) -> None:
    assert pair_inner(SOURCE, board(*live)) == pairs

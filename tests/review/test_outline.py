"""What a file calls itself and mentions is told from its bytes, in every way in which TML refers to an object."""

from __future__ import annotations

import pytest

from tsdeploy.review.outline import Outline, outline_of

MODEL = "model:\n  name: M\n  model_tables:\n"


@pytest.mark.parametrize(
    "user",
    [
        f"{MODEL}  - name: T\n",
        f"{MODEL}  - name: T\n    alias: T2\n",
        f"{MODEL}  - name: T\n    alias: T2\n    joins: []\n",
        f"{MODEL}  - id: T\n    name: T\n",
        f"{MODEL}  - id: T\n    name: 'T'\r\n",
        "answer:\n  name: A\n  tables:\n  - T\n",
        'answer:\n  name: A\n  tables:\n  - "T"\n',
        "table:\n  name: U\n  rls_rules:\n    table: T\n",
        '{"model": {"name": "M", "model_tables": [{"name": "T"}]}}',
    ],
)
def test_a_reference_by_name_is_seen(user: str) -> None:
    assert "T" in outline_of(user.encode()).mentions


@pytest.mark.parametrize(
    "other",
    [
        f"{MODEL}  - id: T\n    name: T\n    fqn: 11111111-2222-4333-8444-555555555555\n",
        "collection:\n  name: C\n  content:\n  - name: T\n    type: LIVEBOARD\n    id: 11111111-2222\n",
        "liveboard:\n  name: L\n  visualizations:\n  - id: Viz_1\n    answer:\n      name: T\n",
    ],
)
def test_a_name_that_decides_nothing_is_none(other: str) -> None:
    assert "T" not in outline_of(other.encode()).mentions


@pytest.mark.parametrize(
    ("text", "identities"),
    [
        ("guid: g-1\ntable:\n  name: T\n", ["g-1", "table:T"]),
        ("obj_id: o-1\nliveboard:\n  name: 'T'\n", ["o-1", "liveboard:T"]),
        ('{"guid": "g-1", "answer": {"name": "T"}}', ["g-1", "answer:T"]),
        ("guid: g-1\nnls_feedback:\n  feedback: []\n", ["g-1", "nls_feedback:Sales"]),
        ("no: tml\n", []),
    ],
)
def test_what_a_file_is_called(text: str, identities: list[str]) -> None:
    assert list(outline_of(text.encode()).identities_at("tml/Sales.1.tml")) == identities


def test_an_outline_survives_packing() -> None:
    outline = outline_of(b"guid: g\ncohort:\n  name: \xff\n  db_table: X\n  schema: S\n")
    assert outline.is_set
    assert outline.bound == ("S", "X")
    assert Outline.unpack(outline.pack()) == outline

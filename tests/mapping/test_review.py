"""What is suspicious about rules, and the rules turned round."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.mapping.files import load
from tsdeploy.errors import Location, Severity
from tsdeploy.mapping.inverse import inverted
from tsdeploy.mapping.locations import TableLocation
from tsdeploy.mapping.model import Mapping, TableRule
from tsdeploy.mapping.names import NameRule, NameRules
from tsdeploy.mapping.review import review

HERE = Location("mapping.yaml", 1, 1)
G = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(4)]

SUSPICIOUS = {
    "two connections become one": ("connections: {A: P, B: P}\n", ["TD222"]),
    "two groups become one": ("groups: {a: x, b: x}\n", ["TD222"]),
    "two databases become one": (
        "tables:\n- {from: {db: A}, to: {db: P}}\n- {from: {db: B}, to: {db: P}}\n",
        ["TD222"],
    ),
    "two columns become one": ("columns:\n- {from: T.A, to: X}\n- {from: T.B, to: X}\n", ["TD222"]),
    "columns of two tables": ("columns:\n- {from: T.A, to: X}\n- {from: U.B, to: X}\n", []),
    "one group, two scopes": ("groups:\n- {in: 'table:A', from: a, to: x}\n- {in: 'table:B', from: b, to: x}\n", []),
    "a chain of connections": ("connections: {A: B, B: C}\n", ["TD223"]),
    "a chain of objects": (f"objects: {{{G[0]}: {G[1]}, {G[1]}: {G[2]}}}\n", ["TD223"]),
    "a swap": ("groups: {a: b, b: a}\n", ["TD223", "TD223"]),
    "a chain of databases": ("tables:\n- {from: {db: A}, to: {db: B}}\n- {from: {db: B}, to: {db: C}}\n", ["TD223"]),
    "what is kept is no chain": ("groups: {a: b, b: b}\n", ["TD222"]),
    "what is kept alone": ("groups: {a: a}\nconnections: {C: C}\ntables: [{from: {}, to: {}}]\n", []),
    "patterns": ("groups: {'dev_*': '*', '*': '*'}\n", []),
    "a finer rule": ("tables:\n- {from: {db: A}, to: {db: B}}\n- {from: A.S.T, to: {table: T2}}\n", []),
}


@pytest.mark.parametrize(("text", "codes"), SUSPICIOUS.values(), ids=SUSPICIOUS)
def test_what_is_suspicious_is_a_warning(tmp_path: Path, text: str, codes: list[str]) -> None:
    found = review(load(tmp_path, text))
    assert ([finding.code for finding in found], {finding.severity for finding in found}) == (
        codes,
        {Severity.WARNING} if codes else set(),
    )


def test_a_suspicion_points_at_the_rule(tmp_path: Path) -> None:
    (finding,) = review(load(tmp_path, "connections:\n  A: B\n  B: C\n"))
    assert (str(finding.location)[-4:], "line 4" in finding.message) == (":3:3", True)


NO_WAY_BACK = {
    "two names that become one": ("groups: {a: x, b: x}\n", 2),
    "a pattern that forgets": ("groups: {'dev_*': all}\n", 1),
    "a database from nowhere": ("tables:\n- {from: {table: T}, to: {db: P}}\n", 1),
    "a database that a coarser rule knows": (
        "tables:\n- {from: {db: A}, to: {db: B}}\n- {from: {db: A, table: T}, to: {schema: S}}\n",
        1,
    ),
    "text that is taken away": ("text: [{find: a, to: ''}]\n", 1),
    "a property without a from": ("properties: [{path: a, to: b}]\n", 1),
    "a property that is kept": ("properties: [{path: a, keep: true}]\n", 0),
    "what leads back": ("groups: {a: b, 'x_*': 'y_*'}\ntables: [{from: A.B, to: C.D}]\nhosts: {a: B}\n", 0),
}


@pytest.mark.parametrize(("text", "count"), NO_WAY_BACK.values(), ids=NO_WAY_BACK)
def test_a_rule_without_a_way_back_says_so(tmp_path: Path, text: str, count: int) -> None:
    _, found = inverted(load(tmp_path, text))
    assert [finding.code for finding in found] == ["TD228"] * count


NAMES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("uvwxyz"), max_size=4)


@given(NAMES)
def test_names_lead_there_and_back(pairs: dict[str, str]) -> None:
    assume(len(set(pairs.values())) == len(pairs))
    rules = NameRules(tuple(NameRule(a, b, HERE, section="groups") for a, b in pairs.items()))
    turned, findings = inverted(Mapping(groups=rules))
    assert findings == ()
    for source, target in pairs.items():
        assert turned.groups.covering(target)[0].apply(target) == source


PARTS = st.builds(TableLocation, st.just("C"), *(st.sampled_from([f"{part}1", f"{part}2"]) for part in "dst"))
MOVES = st.dictionaries(
    st.builds(TableLocation, st.just(""), *(st.sampled_from(["", f"{part}1", f"{part}2"]) for part in "dst")),
    st.booleans(),
    max_size=4,
)


@given(MOVES, PARTS)
def test_tables_lead_there_and_back(sources: dict[TableLocation, bool], table: TableLocation) -> None:
    """Rules that give each part they name a name of its own have a way back, in any cascade."""
    rules = tuple(
        TableRule(source, TableLocation(**{part: f"{text}!" for part, text in source.given().items()}), HERE)
        for source in sources
    )
    mapping = Mapping(tables=rules)
    turned, _ = inverted(mapping)
    assert turned.move(mapping.move(table)[0])[0] == table

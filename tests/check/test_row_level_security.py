"""Row-level security rules that would make the server drop all rules of a table."""

from __future__ import annotations

from tests.check.looking import RETAIL, SALES, seen

RULES = """\
  rls_rules:
    tables:
    - name: SALES
      fqn: 11111111-0000-4000-8000-000000000001
    - name: STORES
      fqn: 11111111-0000-4000-8000-000000000002
    table_paths:
    - id: SALES_1
      table: SALES
      join_path:
      - {}
    - id: STORES_1
      table: STORES
      join_path:
      - join:
        - SALES_to_STORES
    rules:
    - name: Regions
      expr: "[STORES_1::REGION] = ts_groups"
"""


def with_rules(old: str = "", new: str = "") -> dict[str, str]:
    assert old in RULES
    return {**RETAIL, "SALES.tml": SALES + RULES.replace(old, new, 1)}


def test_sound_rules() -> None:
    assert seen(with_rules()) == []


def test_rule_without_a_column() -> None:
    assert seen(with_rules("[STORES_1::REGION] = ts_groups", "ts_groups = 'Admins'")) == [
        "error TD170 SALES.tml:39:13 the rule names no column"
    ]


def test_unknown_alias() -> None:
    assert seen(with_rules("[STORES_1::", "[STORE_1::")) == [
        "error TD171 SALES.tml:39:15 the rule names STORE_1, which no path defines"
    ]


def test_column_that_the_table_does_not_have() -> None:
    assert seen(with_rules("STORES_1::REGION", "STORES_1::AREA")) == [
        "error TD171 SALES.tml:39:15 STORES_1::AREA: table:STORES has no column AREA"
    ]


def test_path_along_a_join_that_is_not_there() -> None:
    assert seen(with_rules("        - SALES_to_STORES", "        - SALES_to_SHOPS")) == [
        "error TD144 SALES.tml:36:11 there is no join SALES_to_SHOPS"
    ]

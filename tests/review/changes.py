"""What people do to TML between two commits: each kind of breaking change, and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable

from tests.review.repositories import Workshop

HOSTILE = "<img src=x onerror=alert(1)> @everyone #1 [x](javascript:alert(1)) `code` | \u202e</script>"


def column_of_a_table_removed(shop: Workshop) -> None:
    column = "  - name: NET_AMOUNT\n"
    text = shop.file("SALES").read_text("utf-8")
    start = text.index(column)
    shop.edit("SALES", (text[start : text.index("  - name:", start + 1)], ""))


def column_renamed_in_the_model_alone(shop: Workshop) -> None:
    shop.edit("Retail Sales.9a5c5542.model", ("  - name: Net Sales\n", "  - name: Net Revenue\n"))


def column_renamed_with_everybody_who_uses_it(shop: Workshop) -> None:
    shop.edit("PRODUCTS", ("  - name: BRAND\n", "  - name: LABEL\n"))
    for file in shop.project.tml.rglob("*.tml"):
        text = file.read_text("utf-8")
        if "PRODUCTS::BRAND" in text:
            file.write_bytes(text.replace("PRODUCTS::BRAND", "PRODUCTS::LABEL").encode("utf-8"))


def column_that_nobody_uses_removed(shop: Workshop) -> None:
    text = shop.file("SALES").read_text("utf-8")
    start = text.index("  - name: LINE_NO\n")
    shop.edit("SALES", (text[start : text.index("  - name:", start + 1)], ""))


def parameter_renamed(shop: Workshop) -> None:
    shop.edit("Retail Sales.9a5c5542.model", ("    name: Sales Basis\n", "    name: Amount Basis\n"))


def formula_removed(shop: Workshop) -> None:
    text = shop.file("Retail Sales.9a5c5542.model").read_text("utf-8")
    formula, column = text.index("  - id: formula_Sales Target\n"), text.index("  - name: Sales Target\n    formula_id")
    shop.edit(
        "Retail Sales.9a5c5542.model",
        (text[formula : text.index("  - id:", formula + 1)], ""),
        (text[column : text.index("  - name:", column + 1)], ""),
    )


def formula_removed_and_its_column_left(shop: Workshop) -> None:
    text = shop.file("Retail Sales.9a5c5542.model").read_text("utf-8")
    formula = text.index("  - id: formula_Discount Rate\n")
    shop.edit("Retail Sales.9a5c5542.model", (text[formula : text.index("  - id:", formula + 1)], ""))


def formula_calculates_otherwise(shop: Workshop) -> None:
    shop.edit("Retail Sales.9a5c5542.model", ("* ( 1 + [Target Growth] )", "* ( 1 + [Target Growth] / 100 )"))


def join_type_changed(shop: Workshop) -> None:
    shop.edit("SALES", ("type: LEFT_OUTER", "type: INNER"))


def cardinality_changed(shop: Workshop) -> None:
    shop.edit("Retail Sales.9a5c5542.model", ("cardinality: MANY_TO_ONE", "cardinality: ONE_TO_ONE"))


def row_level_security_removed(shop: Workshop) -> None:
    text = shop.file("STORES").read_text("utf-8")
    shop.edit("STORES", (text[text.index("  rls_rules:\n") : text.index("  joins_with:\n")], ""))


def row_level_security_loosened(shop: Workshop) -> None:
    shop.edit("STORES", ("= 'Web' and ts_groups = 'Web Shop'", "= 'Web'"))


def connection_changed(shop: Workshop) -> None:
    shop.edit("PROMOTIONS", ("name: Harbor Snowflake Dev\n    fqn: 5a283375", "name: Harbor Lake\n    fqn: 5a283376"))


def database_changed(shop: Workshop) -> None:
    shop.edit("CUSTOMERS", ("  db: HARBOR_DEV\n  schema: RETAIL\n", "  db: HARBOR_DEV\n  schema: CRM\n"))


def type_changed(shop: Workshop) -> None:
    text = shop.file("SALES").read_text("utf-8")
    start = text.index("  - name: SALE_DATE\n")
    old = text[start : text.index("  - name:", start + 1)]
    shop.edit("SALES", (old, old.replace("data_type: DATE", "data_type: VARCHAR")))


def column_added(shop: Workshop) -> None:
    new = "  - name: Postal Code\n    column_id: STORES::POSTAL_CODE\n    properties:\n      column_type: ATTRIBUTE\n"
    shop.edit("Retail Sales.9a5c5542.model", ("  - name: Sale Date\n", f"{new}  - name: Sale Date\n"))


def liveboard_renamed_and_moved(shop: Workshop) -> None:
    shop.edit("Inventory Health", ("  name: Inventory Health\n", "  name: Stock Health\n"))
    old = shop.file("Inventory Health")
    old.rename(old.with_name("Stock Health.2758ff74.liveboard.tml"))


def columns_reordered(shop: Workshop) -> None:
    text = shop.file("STORES").read_text("utf-8")
    start = text.index("  columns:\n") + len("  columns:\n")
    second = text.index("  - name:", start + 1)
    third = text.index("  - name:", second + 1)
    shop.edit("STORES", (text[start:third], text[second:third] + text[start:second]))


def noise_only(shop: Workshop) -> None:
    shop.edit("Retail Sales.9a5c5542.model", ("id: eb6bd2fb", "id: eb6bd2fc"))
    shop.edit("PROMOTIONS", ("  db: HARBOR_DEV\n", '  db: "HARBOR_DEV"\n'))


def liveboard_redesigned(shop: Workshop) -> None:
    text = shop.file("Store Performance").read_text("utf-8")
    first = text[text.index("      - visualization_id: Viz_7\n") : text.index("      - visualization_id: Viz_8\n")]
    tab = "    - name: Products\n      tiles:\n" + first.replace('"y": 8', '"y": 0').replace("width: 6", "width: 12")
    wide = '        x: 6\n        "y": 0\n        height: 4\n        width: 6\n'
    shop.edit(
        "Store Performance",
        (first, ""),
        ("      id: 9259e5fe-e787-4b35-8f2c-416a98103307\n", f"      id: 9259e5fe-e787-4b35-8f2c-416a98103307\n{tab}"),
        (wide, wide.replace("width: 6", "width: 3")),
        ("        type: COLUMN\n", "        type: BAR\n") if "        type: COLUMN\n" in text else ("COLUMN", "BAR"),
        ("name: Net Sales by Region\n", "name: Net Sales by Region, Ranked\n"),
    )


def merge_conflict_left_in_a_file(shop: Workshop) -> None:
    both = "<<<<<<< ours\n    type: LEFT_OUTER\n=======\n    type: OUTER\n>>>>>>> theirs\n"
    shop.edit("SALES", ("    type: LEFT_OUTER\n", both))


def liveboard_with_an_alert_removed(shop: Workshop) -> None:
    shop.file("Store Performance").unlink()


def name_that_wants_to_be_markup(shop: Workshop) -> None:
    shop.edit("Regional Sales Detail", ("  name: Regional Sales Detail\n", f"  name: '{HOSTILE}'\n"))


CHANGES: tuple[Callable[[Workshop], None], ...] = (
    column_of_a_table_removed,
    column_renamed_in_the_model_alone,
    column_renamed_with_everybody_who_uses_it,
    column_that_nobody_uses_removed,
    parameter_renamed,
    formula_removed,
    formula_removed_and_its_column_left,
    formula_calculates_otherwise,
    join_type_changed,
    cardinality_changed,
    row_level_security_removed,
    row_level_security_loosened,
    connection_changed,
    database_changed,
    type_changed,
    column_added,
    liveboard_renamed_and_moved,
    columns_reordered,
    noise_only,
    liveboard_redesigned,
    merge_conflict_left_in_a_file,
    liveboard_with_an_alert_removed,
    name_that_wants_to_be_markup,
)

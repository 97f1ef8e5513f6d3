"""References between documents: dangling, ambiguous, doubled."""

from __future__ import annotations

from tests.check.looking import ANSWER, MODEL, RETAIL, SALES, retail, seen


def test_object_that_is_in_no_file() -> None:
    files = {name: text for name, text in RETAIL.items() if name != "STORES.tml"}
    gone = "refers to STORES (11111111-0000-4000-8000-000000000002), which is not here"
    assert seen(files) == [
        f"error TD120 Retail.tml:10:5 model:Retail {gone}",
        f"error TD120 SALES.tml:17:7 table:SALES {gone}",
    ]


def test_connection_is_not_asked_for() -> None:
    assert "name: Warehouse" in SALES
    assert seen(RETAIL) == []


def test_connection_is_only_missed_where_there_are_others() -> None:
    other = "guid: 11111111-0000-4000-8000-0000000000d1\nconnection:\n  name: Other\n"
    assert {line.partition(" ")[0] for line in seen({**RETAIL, "Other.tml": other})} == {"warning"}


def test_link_to_a_liveboard_that_is_in_no_file_is_a_note() -> None:
    link = "https://ts.example/#/pinboard/11111111-0000-4000-8000-0000000000ff"
    files = retail("Retail.tml", "  name: Retail\n", f"  name: Retail\n  description: see {link}\n")
    gone = "model:Retail links to 11111111-0000-4000-8000-0000000000ff, which is not here"
    assert seen(files) == [f"info TD120 Retail.tml:4:16 {gone}"]


def test_dead_guid_falls_back_to_the_name_as_on_the_server() -> None:
    assert seen(retail("Net.tml", "000000000003", "0000000000aa")) == []


def test_name_that_two_objects_have_names_both() -> None:
    other = MODEL.replace("000000000003", "0000000000b3")
    files = {
        **RETAIL,
        "Second.tml": other,
        "Net.tml": ANSWER.replace("    fqn: 11111111-0000-4000-8000-000000000003\n", ""),
    }
    both = "refers to Retail, and 2 objects are called so: Retail.tml, Second.tml"
    assert seen(files) == [
        f"error TD121 Net.tml:5:5 answer:Net by Region {both}",
        f"error TD121 Overview.tml:9:9 liveboard:Overview {both}",
        "warning TD132 Second.tml:1:1 Retail.tml is called model:Retail, too",
    ]


def test_model_that_is_called_like_its_table_does_not_mean_itself() -> None:
    files = retail("Retail.tml", "name: Retail\n", "name: SALES\n")
    files["Retail.tml"] = files["Retail.tml"].replace("    fqn: 11111111-0000-4000-8000-000000000001\n", "")
    files["Net.tml"] = files["Net.tml"].replace("Retail", "SALES")
    del files["Overview.tml"]
    assert seen(files) == []


def test_same_identity_in_two_files() -> None:
    assert seen({**RETAIL, "copy.tml": ANSWER}) == [
        "error TD110 copy.tml:1:1 answer:Net by Region has the same identity as answer:Net by Region in Net.tml: "
        "11111111-0000-4000-8000-000000000004"
    ]


def test_two_tables_of_one_warehouse_table() -> None:
    other = SALES.replace("000000000001", "0000000000b1").replace("table:\n  name: SALES", "table:\n  name: ORDERS")
    assert seen({**RETAIL, "ORDERS.tml": other.replace("[SALES::", "[ORDERS::")}) == [
        "error TD133 ORDERS.tml:6:13 Warehouse.DEV.RETAIL.SALES is bound to table:SALES in SALES.tml already"
    ]


def test_feedback_without_its_model() -> None:
    text = "guid: 11111111-0000-4000-8000-0000000000ee\nnls_feedback:\n  feedback: []\n"
    (line,) = seen({"coach.tml": text})
    assert line.startswith("error TD120 coach.tml:1:7")

"""What a change is held to be, where its words alone do not tell: by who uses it, and by what else goes with it."""

from __future__ import annotations

from tests.review.repositories import Workshop
from tsdeploy.review.report import Review
from tsdeploy.review.risk import Risk

MODEL = "Retail Sales.9a5c5542.model"
SET = "Core Outdoor Ranges"


def weights(review: Review) -> list[tuple[str, Risk]]:
    """Kind and risk of each change, the worst first."""
    return [(change.difference.what, change.risk) for item in review.objects for change in item.changes]


def broken(review: Review) -> list[str]:
    return [one.label for one in review.broken()]


def test_the_last_join_of_a_table_is_a_join(workshop: Workshop) -> None:
    text = workshop.file("STORES").read_text("utf-8")
    workshop.edit("STORES", (text[text.index("  joins_with:\n") : text.index("  properties:\n    spotter")], ""))
    assert weights(workshop.review()) == [("join.removed", Risk.BREAKING)]


def test_all_parameters_of_a_model_are_missed(workshop: Workshop) -> None:
    text = workshop.file(MODEL).read_text("utf-8")
    workshop.edit(MODEL, (text[text.index("  parameters:\n") :], ""))
    review = workshop.review()
    assert weights(review) == [("parameter.removed", Risk.BREAKING)] * 2
    assert "liveboard:Store Performance" in broken(review)


def test_a_filter_of_a_model_changes_numbers(workshop: Workshop) -> None:
    workshop.edit(MODEL, ("    - Shipped\n", ""))
    assert weights(workshop.review()) == [("filter.values.changed", Risk.RISKY)]


def test_another_table_in_a_model_is_other_data(workshop: Workshop) -> None:
    workshop.edit(MODEL, ("fqn: c71e3ff5-8c1e-417c", "fqn: c71e3ff5-8c1e-417d"))
    assert weights(workshop.review()) == [("table.reference.changed", Risk.BREAKING)]


def test_a_join_that_security_goes_across_decides_who_sees_what(workshop: Workshop) -> None:
    workshop.edit("STORES", ('"[STORES::REGION] = [REG', '"[STORES::CITY] = [REG'))
    assert weights(workshop.review()) == [("join.condition.changed", Risk.BREAKING)]


def test_another_case_of_a_name_takes_nothing_away(workshop: Workshop) -> None:
    workshop.edit(MODEL, ("  - name: Net Sales\n", "  - name: NET SALES\n"))
    review = workshop.review()
    assert weights(review) == [("column.renamed", Risk.RISKY)]
    assert broken(review) == []


def test_a_formula_renamed_behind_its_id_is_shown_still(workshop: Workshop) -> None:
    workshop.edit(MODEL, ("    name: Gross Margin\n    expr", "    name: Gross Profit\n    expr"))
    assert weights(workshop.review()) == [("formula.renamed", Risk.RISKY)]


def test_a_set_is_missed_by_searches_that_name_it(workshop: Workshop) -> None:
    workshop.file(SET).unlink()
    review = workshop.review()
    assert review.risk is Risk.BREAKING
    assert broken(review) == ["answer:Sales by Outdoor Range", "liveboard:Regional Sales Detail"]


def test_a_renamed_set_is_missed_under_its_former_name(workshop: Workshop) -> None:
    workshop.edit(SET, (f"  name: {SET}\n", "  name: Ranges\n"), (f"    name: {SET}\n", "    name: Ranges\n"))
    review = workshop.review()
    assert weights(review)[0] == ("object.renamed", Risk.BREAKING)
    assert broken(review) == ["answer:Sales by Outdoor Range", "liveboard:Regional Sales Detail"]


def test_other_values_in_a_set_are_other_numbers(workshop: Workshop) -> None:
    workshop.edit(SET, ("        - Kayaks\n", "        - Canoes\n"))
    review = workshop.review()
    assert weights(review) == [("condition.values.changed", Risk.RISKY)]
    assert [one.label for one in review.untouched()] == [
        "answer:Sales by Outdoor Range",
        "liveboard:Regional Sales Detail",
    ]


def test_a_new_name_breaks_only_those_who_knew_nothing_but_the_old_one(workshop: Workshop) -> None:
    workshop.edit("PROMOTIONS", ("  name: PROMOTIONS\n", "  name: PROMOS\n"))
    assert workshop.review().risk is Risk.ORDINARY
    workshop.repository.run("reset", "-q", "--hard", "start")
    workshop.edit(
        MODEL, ("  - name: PROMOTIONS\n    fqn: c71e3ff5-8c1e-417c-b91d-c7818e45baf8\n", "  - name: PROMOTIONS\n")
    )
    workshop.commit()
    workshop.repository.run("tag", "-f", "start")
    workshop.edit("PROMOTIONS", ("  name: PROMOTIONS\n", "  name: PROMOS\n"))
    review = workshop.review()
    assert (review.risk, broken(review)) == (Risk.BREAKING, ["model:Retail Sales"])


def test_an_alert_is_affected_by_what_is_under_a_liveboard_that_changes_too(workshop: Workshop) -> None:
    workshop.edit("Store Performance", ("name: Net Sales by Region\n", "name: Net Sales, Ranked\n"))
    workshop.edit("SALES", ("type: LEFT_OUTER", "type: INNER"))
    assert "monitor_alert:Weekly net sales below plan" in [one.label for one in workshop.review().affected]

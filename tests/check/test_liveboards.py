"""Liveboards name their visualizations; answers name the columns of their models."""

from __future__ import annotations

import pytest

from tests.check.looking import RETAIL, retail, seen


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "- visualization_id: Viz_1",
            "- visualization_id: Viz_9",
            "error TD150 Overview.tml:22:25 there is no visualization Viz_9 here",
        ),
        (
            "      - visualization_id: Viz_2",
            "      - visualization_id: Viz_9",
            "error TD150 Overview.tml:27:27 there is no visualization Viz_9 here",
        ),
        (
            "    - id: Group_1\n      tiles",
            "    - id: Group_2\n      tiles",
            "error TD150 Overview.tml:25:11 there is no group Group_2 here",
        ),
        (
            "    visualizations:\n    - Viz_2",
            "    visualizations:\n    - Viz_9",
            "error TD150 Overview.tml:32:7 there is no visualization Viz_9 here",
        ),
        (
            "    excluded_visualizations:\n    - Viz_2",
            "    excluded_visualizations:\n    - Viz_9",
            "warning TD150 Overview.tml:19:7 there is no visualization Viz_9 here",
        ),
    ],
)
def test_place_that_names_a_missing_visualization(old: str, new: str, message: str) -> None:
    assert seen(retail("Overview.tml", old, new)) == [message]


def test_tile_in_a_tab() -> None:
    tabs = "  layout:\n    tabs:\n    - name: One\n      tiles:\n      - visualization_id: Viz_9\n"
    assert seen(retail("Overview.tml", "  layout:\n", tabs)) == [
        "error TD150 Overview.tml:24:27 there is no visualization Viz_9 here"
    ]


def test_id_that_stands_twice() -> None:
    files = retail("Overview.tml", "  - id: Viz_2", "  - id: Viz_1")
    assert "error TD151 Overview.tml:12:9 id Viz_1 stands twice" in seen(files)


def test_pinboard_is_checked_like_a_liveboard() -> None:
    files = retail("Overview.tml", "- visualization_id: Viz_1", "- visualization_id: Viz_9")
    files["Overview.tml"] = files["Overview.tml"].replace("liveboard:", "pinboard:")
    assert seen(files) == ["error TD150 Overview.tml:22:25 there is no visualization Viz_9 here"]


def test_search_for_a_column_that_the_model_does_not_have() -> None:
    assert seen(retail("Net.tml", "[Net] [Region]", "[Nett] [Region].'[x]' [Retail::Region]")) == [
        "warning TD145 Net.tml:8:19 model:Retail has no column Nett"
    ]


def test_search_may_name_a_parameter_and_a_set() -> None:
    cohort = "guid: 11111111-0000-4000-8000-0000000000c0\ncohort:\n  name: Big\n  worksheet:\n    name: Retail\n"
    files = retail("Net.tml", "[Net] [Region]", "[Net] [Rate] [Big]")
    assert seen({**files, "Big.tml": cohort}) == []


def test_escaped_brackets_in_an_old_search() -> None:
    files = retail("Net.tml", '"[Net] [Region]', '"[\\\\[Old\\\\] Region]')
    files["Retail.tml"] = files["Retail.tml"].replace("- name: Region", "- name: '[Old] Region'")
    files["Overview.tml"] = files["Overview.tml"].replace(" [Region]", "").replace("Retail::Region", "Net")
    assert seen(files) == []


def test_formula_of_an_answer_that_is_not_there() -> None:
    assert seen(retail("Net.tml", "[formula_Share]", "[formula_Part]")) == [
        "error TD141 Net.tml:8:43 there is no formula formula_Part here"
    ]


def test_filter_on_a_column_that_the_model_does_not_have() -> None:
    assert seen(retail("Overview.tml", "- Retail::Region", "- Retail::Area")) == [
        "warning TD145 Overview.tml:17:7 Retail::Area: model:Retail has no column Area"
    ]


def test_nothing_is_said_of_columns_of_a_model_that_is_in_no_file() -> None:
    files = {name: text for name, text in retail("Net.tml", "[Net]", "[Nett]").items() if name != "Retail.tml"}
    assert [line for line in seen(files) if "TD145" in line] == []
    assert [line for line in seen({**RETAIL}) if "TD145" in line] == []

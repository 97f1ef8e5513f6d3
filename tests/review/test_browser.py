"""The page in a real browser: everything is shown under its own policy, and hostile names do nothing."""

from __future__ import annotations

from pathlib import Path

from tests.browser import Dom, needs_browser
from tests.browser import opened as opened_at
from tests.review.changes import HOSTILE, column_of_a_table_removed, liveboard_redesigned, name_that_wants_to_be_markup
from tests.review.repositories import Workshop
from tsdeploy.review.page import review_page
from tsdeploy.review.report import Review
from tsdeploy.visible import visible

pytestmark = needs_browser


def opened(review: Review, folder: Path, fragment: str = "overview") -> tuple[Dom, str]:
    """The page's DOM after its script ran, and what the browser had to say about it."""
    file = folder / "review.html"
    file.write_bytes(review_page(review).encode("utf-8"))
    return opened_at(f"{file.as_uri()}#{fragment}", folder)


def test_the_overview_has_the_verdict_and_what_stops_working(workshop: Workshop, tmp_path: Path) -> None:
    review = workshop.review(column_of_a_table_removed, "prod")
    dom, said = opened(review, tmp_path)
    assert said == ""
    assert review.verdict().text in dom.text
    assert "Regional Sales Detail" in dom.text
    assert sum(names.startswith("node") for names in dom.classes) == len(review.graph.documents)


def test_a_liveboard_is_a_picture_with_marked_tiles(workshop: Workshop, tmp_path: Path) -> None:
    dom, said = opened(workshop.review(liveboard_redesigned), tmp_path, "object-0")
    tiles = [names for names in dom.classes if names.split()[0] == "tile"]
    assert said == ""
    assert sorted(set(tiles)) == ["tile ", "tile changed", "tile moved"]
    assert "Net Sales by Region, Ranked" in dom.text


def test_hostile_names_are_shown_and_do_nothing(workshop: Workshop, tmp_path: Path) -> None:
    workshop.edit("Store Performance", ("name: Net Sales by Region\n", f"name: '{HOSTILE}'\n"))
    review = workshop.review(name_that_wants_to_be_markup, "prod")
    for fragment in ("overview", "object-0", "object-1"):
        dom, said = opened(review, tmp_path, fragment)
        assert said == ""
        assert not {"img", "iframe"} & set(dom.tags)
        assert dom.handlers == []
        assert dom.tags.count("script") == 2
        assert any(visible(HOSTILE) in text for text in dom.text)


def test_no_change_is_a_page_too(workshop: Workshop, tmp_path: Path) -> None:
    dom, said = opened(workshop.review(), tmp_path)
    assert said == ""
    assert "No TML changes." in dom.text

"""Comments fit into what each host takes, are cut between items, and nothing in TML becomes markup."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from tests.review.changes import HOSTILE, column_of_a_table_removed, name_that_wants_to_be_markup
from tests.review.repositories import Workshop, make_workshop
from tsdeploy.review.hosts import HOSTS
from tsdeploy.review.markdown import MARKER, Dialect, review_markdown
from tsdeploy.review.report import Review
from tsdeploy.visible import visible


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """A change with many long items."""
    workshop = make_workshop(tmp_path_factory.mktemp("large") / "project")
    for file in workshop.project.tml.rglob("*.tml"):
        text = file.read_text("utf-8")
        file.write_bytes(
            re.sub(r"^( +description: )[A-Za-z].*", rf"\1{'é' * 300} {file.name}", text, flags=re.M).encode()
        )
    return workshop.review(column_of_a_table_removed, "prod")


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_gets_no_more_than_it_takes(large: Review, host: str) -> None:
    text = review_markdown(large, HOSTS[host].dialect)
    assert text.startswith(MARKER)
    assert len(text.encode("utf-16-le")) // 2 <= HOSTS[host].dialect.limit


@pytest.mark.parametrize("limit", [3_500, 5_000, 9_000])
def test_a_cut_comment_has_its_verdict_all_headings_and_whole_items(large: Review, limit: int) -> None:
    whole = review_markdown(large, Dialect(1_000_000))
    cut = review_markdown(large, Dialect(limit), "see https://ci.example/run/1")
    assert len(cut) <= limit
    assert re.findall(r"<summary>.*", cut) == re.findall(r"<summary>.*", whole)
    assert cut.count("<details") == cut.count("</details>")
    assert large.verdict().text in cut
    assert "; `see https://ci.example/run/1`" in cut
    kept = [line for line in cut.splitlines() if line.startswith(("- ", "  - ")) and "ci.example" not in line]
    assert set(kept) <= set(whole.splitlines())


def test_bitbucket_has_headings_instead_of_folds(large: Review) -> None:
    text = review_markdown(large, HOSTS["bitbucket"].dialect)
    assert "<details" not in text
    assert "\n#### Breaking (1 change in 1 object)\n" in text


def test_hostile_names_are_code_and_nothing_else(workshop: Workshop) -> None:
    text = review_markdown(workshop.review(name_that_wants_to_be_markup), HOSTS["github"].dialect)
    tokens = [inner for token in MarkdownIt().parse(text) for inner in (token, *(token.children or ()))]
    shown = visible(HOSTILE)
    html = [token.content for token in tokens if token.type in ("html_inline", "html_block")]
    assert any(token.type == "code_inline" and shown in token.content for token in tokens)
    assert not any("img" in one or "script" in one for one in html)
    assert not any(token.type in ("link_open", "image") for token in tokens)
    assert not any("@everyone" in token.content for token in tokens if token.type == "text")
    assert "\u202e" not in text

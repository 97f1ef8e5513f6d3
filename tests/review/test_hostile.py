"""Whatever a pull request calls its objects, columns, tabs, files and branches: no form of the report is led astray."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from tests.review.changes import HOSTILE
from tests.review.repositories import Workshop, make_workshop
from tsdeploy.cli.review_text import review_lines
from tsdeploy.review.build import make_review
from tsdeploy.review.formats import review_code_quality, review_json, review_junit, review_sarif
from tsdeploy.review.hosts import HOSTS
from tsdeploy.review.markdown import review_markdown
from tsdeploy.review.page import review_page
from tsdeploy.review.report import Review
from tsdeploy.visible import json_text

FENCE = (
    "\\n```\\n::error::x ##[error] ]](https://e.example) ```` </details></summary> \\u202e | \\x1b[31m @all !1 $(x) {0}"
)
"""As YAML writes it between double quotes: what ends code, tables, folds and lines, and gives orders to pipelines."""
BRANCH = "side/`@all`<b>-](y)<script>"


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Such words everywhere."""
    shop = make_workshop(tmp_path_factory.mktemp("hostile") / "project")
    _hostile(shop)
    shop.repository.run("checkout", "-q", "-b", BRANCH)
    shop.commit()
    return make_review(shop.project, "start", BRANCH)


def _hostile(shop: Workshop) -> None:
    shop.edit("Retail Sales.9a5c5542.model", ("  - name: Net Sales\n", f'  - name: "{FENCE}"\n'))
    shop.edit("Regional Sales Detail", ("  name: Regional Sales Detail\n", f"  name: '{HOSTILE}'\n"))
    shop.edit("Store Performance", ("    - name: Stores\n", f'    - name: "{FENCE}"\n'))
    shop.edit("Store Performance", ("name: Net Sales by Region\n", f'name: "{FENCE}"\n'))
    shop.edit("STORES", ("name: Web shop team", f'name: "{FENCE}"'), ("= 'Web' and", "= '](x)' and"))
    shop.edit("Inventory Health", ("  description: ", f'  description: "{FENCE}"\n  was: '))
    file = shop.file("PROMOTIONS")
    file.rename(file.with_name("`a`](b)<i>@all\u202e.table.tml"))


FORMS: dict[str, Callable[[Review], str]] = {
    "text": lambda review: "\n".join(review_lines(review)),
    "html": review_page,
    "markdown": lambda review: review_markdown(review, HOSTS["github"].dialect),
    "json": lambda review: json_text(review_json(review)),
    "sarif": lambda review: json_text(review_sarif(review)),
    "code-quality": lambda review: json_text(review_code_quality(review)),
    "junit": review_junit,
}


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_hidden_and_no_pipeline_takes_orders(review: Review, form: str) -> None:
    text = FORMS[form](review)
    assert not set(text) & {"\u202e", "\x07"}
    # The terminal form has colours of its own, which are gone where nobody looks.
    assert "\x1b[31m @all" not in text
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)


@pytest.mark.parametrize("host", HOSTS)
def test_markdown_is_code_and_nothing_else(review: Review, host: str) -> None:
    text = review_markdown(review, HOSTS[host].dialect)
    tokens = [inner for token in MarkdownIt().enable("table").parse(text) for inner in (token, *(token.children or ()))]
    kinds = {token.type for token in tokens}
    assert not kinds & {"link_open", "image", "fence", "code_block", "table_open", "hr", "blockquote_open"}
    markup = "".join(token.content for token in tokens if token.type in ("html_inline", "html_block"))
    assert set(re.findall(r"<\w+", markup)) <= {"<details", "<summary", "<b"}
    assert markup.count("<details") == markup.count("</details>") == text.count("\n</details>")
    words = "".join(token.content for token in tokens if token.type == "text")
    assert not re.search(r"@\w|[!#]1|https?:|\$\(", words)


def test_sarif_has_no_links(review: Review) -> None:
    (run,) = review_sarif(review)["runs"]
    assert run["results"]
    assert not any("](" in result["message"]["text"] for result in run["results"])


def test_machines_get_whole_documents(review: Review) -> None:
    for form in ("json", "sarif", "code-quality"):
        assert json.loads(FORMS[form](review))
    assert list(ElementTree.fromstring(review_junit(review)))


def test_the_page_keeps_everything_in_its_data(review: Review) -> None:
    text = review_page(review)
    assert text.count("<script") == text.count("</script>") == 2
    data: Any = json.loads(text.partition('id="data">')[2].partition("</script>")[0])
    assert "<img" not in text
    assert any("](b)<i>" in item["path"] for item in data["objects"])

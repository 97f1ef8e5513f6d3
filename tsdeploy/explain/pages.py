"""The pages, found by code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_HEADING = re.compile(r"# (\w+): (.+)")


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``markdown`` is all of it; ``summary`` its first paragraph, as one line."""

    code: str
    title: str
    markdown: str

    @property
    def summary(self) -> str:
        """What the code means, without heading, reasons and examples."""
        body = self.markdown.partition("\n\n")[2]
        return " ".join(body.partition("\n\n")[0].split())


@cache
def all_pages() -> dict[str, Page]:
    """Code → page, in the order of the codes."""
    folder = resources.files("tsdeploy.explain") / "pages"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    pages = (read_page(file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".md"))
    return {page.code: page for page in pages}


def read_page(markdown: str) -> Page:
    """A page from its text, which begins with ``# CODE: title``. Raises ValueError when it does not."""
    heading = _HEADING.match(markdown)
    if heading is None:
        raise ValueError("a page begins with '# CODE: title'")
    return Page(heading.group(1), heading.group(2), markdown)

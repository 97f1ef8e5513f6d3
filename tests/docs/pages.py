"""The documentation as its tests read it: pages, and the fenced blocks in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from tests.tml.real_files import REPOSITORY

DOCS = REPOSITORY / "docs"
PAGES = (REPOSITORY / "README.md", *sorted(DOCS.rglob("*.md")))

_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. ``title`` is the file that it shows, "" where it shows none; lines count from 1."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


@cache
def blocks(page: Path) -> tuple[Block, ...]:
    """The fenced blocks of a page, in their order."""
    return tuple(_blocks(page))


def all_blocks(*languages: str) -> list[Block]:
    """The blocks in these languages of every page."""
    return [block for page in PAGES for block in blocks(page) if block.language in languages]


def _blocks(page: Path) -> Iterator[Block]:
    for token in MarkdownIt().parse(page.read_text("utf-8")):
        if token.type == "fence" and token.map:
            language, _, rest = token.info.partition(" ")
            title = _TITLE.search(rest)
            yield Block(page, token.map[0] + 1, language, title.group(1) if title else "", token.content)

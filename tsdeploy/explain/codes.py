"""The codes that have a page, told by the names of the files: quicker than reading them."""

from __future__ import annotations

from pathlib import Path

_PAGES = Path(__file__).parent / "pages"


def all_codes() -> list[str]:
    """Every code, sorted."""
    return sorted(path.stem for path in _PAGES.glob("*.md"))

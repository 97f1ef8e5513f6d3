"""The catalogue: whole, without contradictions, and the page that lists it is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tsdeploy.tml.catalogue import Promotion, places
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.unfollowed import unfollowed

PAGE = Path(__file__).parents[2] / "docs" / "references.md"
HEAD = """# References

Every place in TML that names something, by the root key of the document, and what promotion to another environment
does with it. Generated from the catalogue (`tsdeploy/tml/catalogue.py`, `tsdeploy/tml/unfollowed.py`). `[]` is every
item of a list.

**map**: rewritten to the target's identity; what cannot be mapped blocks the object · **mint**: an inner GUID, derived,
and read back after the import, because the server may choose another · **inner**: refers to a minted GUID · **keep**:
left as it is · **environment**: belongs to the environment; rewritten by a rule, else left · **secret**: never
written to another environment.
"""


def page() -> Iterator[str]:
    """The page as it should be."""
    yield HEAD
    for root in KINDS:
        yield f"\n## `{root}`\n\n| place | holds | of | promotion |\n|---|---|---|---|\n"
        for place in places(root):
            of = ", ".join(sorted(place.targets))
            yield f"| `{place}` | {place.holds.value} | {of} | {place.promotion.value} |\n"
        for entry in unfollowed(root):
            yield f"| `{entry.pattern}` | {entry.names.value} | | {entry.promotion.value} |\n"


def test_page_lists_the_catalogue(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        PAGE.write_text("".join(page()), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == "".join(page())


@pytest.mark.parametrize("root", KINDS)
def test_no_place_is_listed_twice(root: str) -> None:
    listed = [entry.pattern for entry in unfollowed(root)]
    assert len(listed) == len(set(listed))
    followed = [(str(place), place.holds) for place in places(root)]
    assert len(followed) == len(set(followed))


@pytest.mark.parametrize("root", KINDS)
def test_what_is_kept_is_not_followed(root: str) -> None:
    """Formulas and texts are kept but for the links in them; nothing else is in both lists."""
    followed = {str(place) for place in places(root) if not place.holds.value.endswith("links")}
    assert followed.isdisjoint(entry.pattern for entry in unfollowed(root))


@pytest.mark.parametrize("root", KINDS)
def test_followed_places_are_never_kept_or_secret(root: str) -> None:
    assert not [place for place in places(root) if place.promotion in (Promotion.KEEP, Promotion.SECRET)]

"""The report of each kind of change, as a reviewer reads it in a comment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.golden_files import assert_golden
from tests.review.changes import CHANGES
from tests.review.repositories import Workshop, settled
from tsdeploy.review.hosts import HOSTS
from tsdeploy.review.markdown import review_markdown


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_report(workshop: Workshop, change: Callable[[Workshop], None], request: pytest.FixtureRequest) -> None:
    review = workshop.review(change, "prod")
    text = settled(review_markdown(review, HOSTS["github"].dialect))
    assert_golden(request, f"review/{change.__name__}.md", text)

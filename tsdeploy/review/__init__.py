"""What a reviewer looks at.

    from tsdeploy import find_project
    from tsdeploy.review import make_review, review_markdown

    review = make_review(find_project(Path(".")), "origin/main", "HEAD")
    print(review.verdict().text, review_markdown(review))

Names are imported when they are used: a process that only helps to read needs few of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tsdeploy.review.build import ReviewOptions as ReviewOptions
    from tsdeploy.review.build import make_review as make_review
    from tsdeploy.review.markdown import review_markdown as review_markdown
    from tsdeploy.review.page import review_page as review_page
    from tsdeploy.review.report import Review as Review

_HOME_OF = {
    "Review": "tsdeploy.review.report",
    "ReviewOptions": "tsdeploy.review.build",
    "make_review": "tsdeploy.review.build",
    "review_markdown": "tsdeploy.review.markdown",
    "review_page": "tsdeploy.review.page",
}
__all__ = ["Review", "ReviewOptions", "make_review", "review_markdown", "review_page"]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME_OF[name]), name)

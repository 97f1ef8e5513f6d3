"""The repository that most tests of reviews begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.repositories import Workshop, make_workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """The retail samples, committed."""
    return make_workshop(tmp_path / "project")

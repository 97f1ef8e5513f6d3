"""The repository that most tests of reviews begin with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.review.repositories import Workshop, make_workshop
from tsdeploy.config.project import Project
from tsdeploy.git import Repository


@pytest.fixture(scope="session")
def committed_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The retail samples, committed once for all tests."""
    return make_workshop(tmp_path_factory.mktemp("samples") / "project").project.root


@pytest.fixture
def workshop(tmp_path: Path, committed_samples: Path) -> Workshop:
    """A copy of them, to be changed."""
    root = tmp_path / "project"
    shutil.copytree(committed_samples, root)
    return Workshop(Project(root), Repository.find(root))

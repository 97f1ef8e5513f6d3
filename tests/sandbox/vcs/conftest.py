"""A sandbox that is connected to a repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.answers import conforms
from tests.sandbox.client import Client
from tests.sandbox.vcs.remotes import Remote, make_remote

Connect = Callable[..., Any]


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """A repository with a branch main."""
    return make_remote(tmp_path / "git")


def connect(client: Client, remote: Remote, **more: Any) -> Any:
    """Connect the client's Org to a repository."""
    body = {
        "repository_url": remote.url,
        "username": "robot",
        "access_token": "very-secret",
        "commit_branch_name": "main",
        "branch_names": ["main"],
        **more,
    }
    return conforms(client.post("/vcs/git/config/create", body), "git_config")


@pytest.fixture
def connected(client: Client, remote: Remote) -> Client:
    """A client of Primary, whose repository is the remote."""
    connect(client, remote)
    return client

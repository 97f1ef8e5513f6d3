"""Fixtures for tests of whatever talks to ThoughtSpot: ``pytest_plugins = ["tsdeploy.sandbox.pytest"]``.

It is not an entry point, so that only projects that ask for it have it. The server is imported with the first
sandbox that a test asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import pytest

import tsdeploy.sandbox

if TYPE_CHECKING:
    from tsdeploy.sandbox.testing import Sandbox


class SandboxFactory(Protocol):
    """Makes sandboxes: ``sandbox_factory(release="10.4", orgs=("Sales",), rate_limit=True)``."""

    def __call__(self, **settings: Any) -> Sandbox:
        """A sandbox with settings by name, closed when the test ends. Raises UsageError TD814."""
        ...


@pytest.fixture
def sandbox_factory() -> Iterator[SandboxFactory]:
    """As many sandboxes as a test wants, each with settings of its own."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Sandbox:
            made = tsdeploy.sandbox.Sandbox(tsdeploy.sandbox.read_settings(settings))
            return stack.enter_context(made)

        yield make


@pytest.fixture
def sandbox(sandbox_factory: SandboxFactory) -> Sandbox:
    """An empty sandbox on a free port: ``.url``, ``.token()``, ``.load(folder)``, ``.faults``, ``.requests``."""
    return sandbox_factory()

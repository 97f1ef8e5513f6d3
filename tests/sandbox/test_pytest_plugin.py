"""The fixtures for other projects, as other projects use them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tml.real_files import REPOSITORY, RETAIL
from tsdeploy.errors import UsageError
from tsdeploy.sandbox import Sandbox, Settings

pytest_plugins = ["pytester"]

PAGE = REPOSITORY / "docs" / "sandbox.md"


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty project that uses the plugin; its tests run in a process of their own."""
    pytester.makeconftest('pytest_plugins = ["tsdeploy.sandbox.pytest"]')
    return pytester


def test_the_example_of_the_documentation_passes(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"<!-- test: plugin -->\n```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    project.makepyfile(found.group(1))
    (project.path / "estate").symlink_to(RETAIL)
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))

    result = project.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=len(re.findall(r"^def test_", found.group(1), re.MULTILINE)))


def test_nothing_heavy_is_imported_before_a_sandbox_is_asked_for(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile(
        """
        import sys
        def test_nothing_is_there():
            assert "flask" not in sys.modules
            assert "tsdeploy.sandbox.cluster" not in sys.modules
        """
    )
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))

    project.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


@pytest.fixture
def sandbox() -> Sandbox:
    """A sandbox; closed by each test."""
    return Sandbox(Settings(orgs=("Sales",)))


def test_a_sandbox_is_loaded_snapshot_and_forked(sandbox: Sandbox) -> None:
    with sandbox:
        loaded = sandbox.load(RETAIL)
        sandbox.snapshot()
        sandbox.cluster.objects.delete(item.guid for item in loaded)
        assert sandbox.cluster.objects.in_org(0) == []
        sandbox.restore()
        with sandbox.fork() as copy:
            assert copy.url != sandbox.url
            assert len(copy.cluster.objects.in_org(0)) == len(loaded)


def test_tokens_are_of_a_user_in_an_org(sandbox: Sandbox) -> None:
    with sandbox:
        token = sandbox.cluster.tokens.find(sandbox.token(org="Sales"), sandbox.cluster.now())
        assert token is not None
        assert token.org_id == sandbox.cluster.orgs.ensure("Sales").id
        with pytest.raises(UsageError, match="TD817"):
            sandbox.token(user="nobody")
        with pytest.raises(UsageError, match="TD806"):
            sandbox.token(org="Nowhere")


def test_a_folder_is_loaded_into_an_org(sandbox: Sandbox, tmp_path: Path) -> None:
    with sandbox:
        sandbox.load(str(RETAIL), org="Sales")
        assert sandbox.cluster.objects.in_org(0) == []

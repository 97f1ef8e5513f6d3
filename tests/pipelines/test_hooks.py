"""The pre-commit hook and the composite action, run as their hosts run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import put_on_path
from tests.pipelines.reading import github_uploads, read
from tests.review.changes import join_type_changed, merge_conflict_left_in_a_file
from tests.review.repositories import Workshop, make_workshop
from tests.tml.real_files import REPOSITORY

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the steps are those of a POSIX shell")


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    put_on_path(tmp_path / "bin", monkeypatch)
    return make_workshop(tmp_path / "project")


def commit(shop: Workshop) -> subprocess.CompletedProcess[str]:
    """Commit as a developer does, with the hook's entry as git's own hook."""
    (hook,) = read((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    root = shop.project.root
    file = root / ".git/hooks/pre-commit"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\nexec {hook['entry']}\n", encoding="utf-8")
    file.chmod(0o755)
    return subprocess.run(["git", "commit", "-qam", "change"], cwd=root, capture_output=True, check=False, text=True)


def test_the_hook_lets_good_tml_through(workshop: Workshop) -> None:
    join_type_changed(workshop)
    done = commit(workshop)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hook_stops_a_forgotten_conflict(workshop: Workshop) -> None:
    merge_conflict_left_in_a_file(workshop)
    done = commit(workshop)
    assert done.returncode == 1
    assert "error[TD102]" in done.stdout + done.stderr
    assert workshop.repository.dirty([workshop.project.root]) != []


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("breaking", 1)])
def test_the_action_reviews(workshop: Workshop, tmp_path: Path, fail_on: str, code: int) -> None:
    workshop.review(join_type_changed)
    action = read((REPOSITORY / "action.yml").read_text("utf-8"))
    (script,) = [step["run"] for step in action["runs"]["steps"] if step.get("name") == "Review"]
    inputs = {"BASE": "start", "ENVIRONMENT": "prod", "FAIL_ON": fail_on, "POST": "true"}
    host = {"GITHUB_TOKEN": "", "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output")}
    environ = {**os.environ, **inputs, **host}
    root = workshop.project.root
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=root, env=environ, capture_output=True, check=False, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    _, folder = (tmp_path / "output").read_text("utf-8").strip().split("=")
    assert {path.name for path in Path(folder).iterdir()} == {"review.html", "review.sarif", "review.xml", "review.md"}
    assert list(github_uploads(action["runs"]["steps"])) == ["${{ steps.review.outputs.folder }}"]

"""``tsdeploy.yaml``: a project whose TML is in a folder of its own choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tsdeploy.config.project import find_project
from tsdeploy.errors import ConfigError


def project(root: Path, text: str) -> Path:
    (root / "environments").mkdir()
    (root / "tsdeploy.yaml").write_text(text, "utf-8")
    return root


def test_without_the_file_it_is_tml(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    assert find_project(tmp_path).tml == tmp_path / "tml"


@pytest.mark.parametrize(
    ("text", "folder"), [("version: 1\n", "tml"), ("version: 1\ntml: .\n", "."), ("version: 1\ntml: a/b\n", "a/b")]
)
def test_the_file_says_where(tmp_path: Path, text: str, folder: str) -> None:
    assert find_project(project(tmp_path, text)).tml == tmp_path / folder


@pytest.mark.parametrize("folder", ["..", "/etc", "a/../../b"])
def test_it_cannot_lead_out_of_the_project(tmp_path: Path, folder: str) -> None:
    with pytest.raises(ConfigError, match=r"TD303: must be a folder of the project \(in tsdeploy.yaml:2:6\)"):
        find_project(project(tmp_path, f"version: 1\ntml: {folder}\n"))


def test_what_is_wrong_with_it_is_located(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown key tmll"):
        find_project(project(tmp_path, "version: 1\ntmll: x\n"))

"""A project is the folder that has environments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.environment_files import VALID
from tsdeploy.config.objects import ObjectMap, ObjectRecord, save_objects
from tsdeploy.config.project import Project, find_project
from tsdeploy.errors import ConfigError, Finding


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("dev", "prod"):
        folder = tmp_path / "environments" / name
        folder.mkdir(parents=True)
        (folder / "environment.yaml").write_text(VALID)
    (tmp_path / "environments" / "empty").mkdir()
    return Project(tmp_path)


def refused(project: Project, name: str) -> Finding:
    with pytest.raises(ConfigError) as caught:
        project.environment(name)
    return caught.value.findings[0]


def test_a_project_is_found_from_below(project: Project) -> None:
    below = project.root / "tml" / "model"
    below.mkdir(parents=True)
    assert find_project(below) == find_project(project.root)


def test_no_project_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find_project(tmp_path)
    assert (caught.value.code, "--project" in caught.value.findings[0].hint) == ("TD307", True)


def test_environments_are_folders_with_a_file(project: Project) -> None:
    assert project.environment_names() == ("dev", "prod")


def test_an_environment_is_read(project: Project) -> None:
    assert project.environment("prod").folder == project.root / "environments" / "prod"


@pytest.mark.parametrize("name", ["../environments/prod", "prod/", "/etc", "", ".", "*"])
def test_a_name_cannot_lead_elsewhere(project: Project, name: str) -> None:
    assert refused(project, name).code == "TD306"


def test_the_nearest_environment_is_suggested(project: Project) -> None:
    assert [refused(project, name).hint for name in ("prd", "x")] == [
        "did you mean prod?",
        "environments here: dev, prod",
    ]


def test_objects_lie_beside_the_environment(project: Project) -> None:
    environment = project.environment("prod")
    objects = ObjectMap((ObjectRecord("model", "A"),))
    save_objects(environment.objects_path, objects)
    assert project.objects(environment) == objects


def test_paths_are_shown_relative_to_the_project(project: Project) -> None:
    shown = [project.shown(path) for path in (project.tml / "x.tml", Path("/elsewhere/x"))]
    assert shown == ["tml/x.tml", "/elsewhere/x"]

"""Files are added to a repository or none are; what is there stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tml.real_files import REPOSITORY
from tsdeploy.git import create_repository
from tsdeploy.scaffold.answers import NewEnvironment
from tsdeploy.scaffold.undo import undone_on_failure
from tsdeploy.scaffold.write import IGNORED, TOUCHED, scaffold

DEV = NewEnvironment("dev", "https://dev.example.com")
PROD = NewEnvironment("prod", "https://prod.example.com", source="dev")


def tree(root: Path) -> dict[str, bytes | None]:
    """Every file and folder, by its path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
        if not path.is_symlink()
    }


def written(root: Path, *environments: NewEnvironment, tml: str = "tml") -> dict[str, str]:
    """What a scaffold says that it did."""
    return {one.path.relative_to(root).as_posix(): one.how for one in scaffold(root, environments, tml)}


def test_new_project(tmp_path: Path) -> None:
    assert written(tmp_path, DEV, PROD, tml="content") == {
        "tsdeploy.yaml": "new",
        "environments/dev/environment.yaml": "new",
        "environments/prod/environment.yaml": "new",
        "environments/prod/mapping.yaml": "new",
        ".gitignore": "new",
        ".gitattributes": "new",
    }
    assert written(tmp_path, DEV, PROD, tml="content") == {}


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "environments/dev").mkdir(parents=True)
    (tmp_path / "environments/dev/environment.yaml").write_bytes(b"mine")
    (tmp_path / ".gitignore").write_bytes(b"*.log\r\n.tsdeploy/")
    (tmp_path / ".gitattributes").write_bytes(b"*.tml  -text\n*.tsl -text\n")

    assert written(tmp_path, DEV) == {"environments/dev/environment.yaml": "kept", ".gitignore": "added to"}

    assert (tmp_path / "environments/dev/environment.yaml").read_bytes() == b"mine"
    ignored = (tmp_path / ".gitignore").read_bytes()
    assert ignored.startswith(b"*.log\r\n.tsdeploy/\r\n.env\r\n/plan.json\r\n")
    assert (ignored.count(b".tsdeploy/"), ignored.count(b"\n")) == (1, 1 + len(IGNORED))


_WRITTEN = re.compile(
    r"tsdeploy.*?(?: -o | --junit | --out \S+?=| --format sarif > )"
    r"(?P<file>[a-z][\w-]*(?:/[\w./-]+|\.(?!schema)\w+|\b))"
)


def test_git_adds_no_report_that_the_documentation_has_people_write(tmp_path: Path) -> None:
    pages = [
        REPOSITORY / "README.md",
        *(REPOSITORY / "docs").rglob("*.md"),
        *(REPOSITORY / "tsdeploy/pipelines").iterdir(),
    ]
    texts = [page.read_text("utf-8") for page in pages if page.suffix in (".md", ".yml", "") and page.is_file()]
    named = {found["file"] for text in texts for found in _WRITTEN.finditer(text)}
    assert {"plan.json", "review.html", "check.sarif", "rendered", "tsdeploy-reports/deploy.xml"} <= named
    repository = create_repository(tmp_path)
    list(scaffold(tmp_path, (DEV,)))
    # What is behind these is a folder, and a file is in it.
    assert {name for name in named if not repository.ignores(tmp_path / name / "x")} == set()


def test_link_is_kept_and_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "environments/dev").mkdir(parents=True)
    (tmp_path / "environments/dev/environment.yaml").symlink_to(tmp_path / "elsewhere")
    assert written(tmp_path, DEV)["environments/dev/environment.yaml"] == "kept"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_failure_leaves_everything_as_it_was(tmp_path: Path, failure: type[BaseException]) -> None:
    (tmp_path / "environments/old").mkdir(parents=True)
    (tmp_path / "environments/old/objects.json").write_bytes(b"old")
    (tmp_path / "environments/empty").mkdir()
    (tmp_path / ".gitignore").write_bytes(b"*.log\n")
    before = tree(tmp_path)

    def write_and_fail() -> None:
        with undone_on_failure(tmp_path / name for name in (*TOUCHED, ".github/workflows/tsdeploy.yml")):
            list(scaffold(tmp_path, (DEV, PROD), "content"))
            (tmp_path / ".github/workflows").mkdir(parents=True)
            (tmp_path / "environments/old/objects.json").write_bytes(b"new")
            raise failure

    with pytest.raises(failure):
        write_and_fail()
    assert tree(tmp_path) == before


def test_what_goes_well_stays(tmp_path: Path) -> None:
    with undone_on_failure([tmp_path / "environments"]):
        list(scaffold(tmp_path, (DEV,)))
    assert (tmp_path / "environments/dev/environment.yaml").is_file()

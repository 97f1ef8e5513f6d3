"""Repositories to review: the retail samples as TML of dev, an environment prod, and commits on top."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import environment_yaml
from tsdeploy.bundled import bundled
from tsdeploy.config.project import Project
from tsdeploy.git import Repository, create_repository
from tsdeploy.review.build import ReviewOptions, make_review
from tsdeploy.review.report import Review

_COMMIT = re.compile(r"\b[0-9a-f]{10}\b(?=\)|`|$)", re.MULTILINE)


@dataclass(frozen=True)
class Workshop:
    """A committed project, whose environments lead nowhere."""

    project: Project
    repository: Repository

    def file(self, name: str) -> Path:
        """The file of the TML folder that begins so."""
        (found,) = (path for path in self.project.tml.rglob("*.tml") if path.name.startswith(f"{name}."))
        return found

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        """Replace texts in a file, each once."""
        path = self.file(name)
        text = path.read_bytes().decode("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_bytes(text.encode("utf-8"))

    def commit(self, message: str = "change") -> None:
        """Commit everything."""
        self.repository.commit([self.project.root], message)

    def review(self, change: Callable[[Workshop], None] | None = None, *environments: str) -> Review:
        """Commit what changed, and review it against the commit before."""
        if change is not None:
            change(self)
        self.commit()
        return make_review(self.project, "start", "HEAD", ReviewOptions(environments))


def make_workshop(root: Path) -> Workshop:
    """The samples, committed and tagged ``start``."""
    root.mkdir()
    made = Workshop(Project(root), create_repository(root))
    shutil.copytree(bundled("samples") / "retail", root / "tml")
    for name, more in (("dev", ""), ("prod", "source: dev\n")):
        folder = root / "environments" / name
        folder.mkdir(parents=True)
        (folder / "environment.yaml").write_text(environment_yaml("http://127.0.0.1:1", more), encoding="utf-8")
    shutil.copy(bundled("environments") / "prod" / "mapping.yaml", root / "environments/prod/mapping.yaml")
    (root / ".gitignore").write_text(".tsdeploy/\n", encoding="utf-8")
    made.commit("start")
    made.repository.run("tag", "start")
    return made


def settled(text: str) -> str:
    """A report without the ids of commits, which differ from run to run."""
    return _COMMIT.sub("0123456789", text)

"""What attacks begin with: a committed project, a folder that it must not touch, and a program that must not run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Estate
from tests.rest.test_transport import certificate as certificate
from tests.rest.test_transport import tls_server as tls_server
from tests.review.repositories import Workshop, make_workshop
from tsdeploy.bundled import bundled


@dataclass(frozen=True)
class Trap:
    """A program that leaves a trace when anything starts it."""

    program: Path
    trace: Path

    @property
    def sprung(self) -> bool:
        """Whether it was started."""
        return self.trace.exists()


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    """Set, and not sprung yet."""
    made = Trap(tmp_path / "trap.sh", tmp_path / "sprung")
    made.program.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{made.trace}'\nexit 1\n", encoding="utf-8")
    made.program.chmod(0o755)
    return made


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """The retail samples, committed, with environments that lead nowhere."""
    return make_workshop(tmp_path / "project")


STRANGER = "cccba033-165d-46a0-be37-d97aee27bf66"
"""A view in prod that the project has nothing to do with."""
_MAPPING = """\
version: 1
source: dev
connections: {Harbor Snowflake Dev: Harbor Snowflake Prod}
tables: [{from: {db: HARBOR_DEV}, to: {db: HARBOR_PROD}}]
"""


@pytest.fixture
def neighbours(retail: Estate, tmp_path: Path) -> Estate:
    """Two tables, PROMOTIONS and PRODUCTS, that are to be deployed to prod, where somebody else has a view."""
    samples = bundled("samples") / "retail"
    for name in ("PROMOTIONS", "PRODUCTS"):
        (path,) = (samples / "table").glob(f"{name}.*")
        retail.write(f"tml/table/{path.name}", path.read_bytes().decode("utf-8"))
    (view,) = (samples / "sql_view").iterdir()
    theirs = view.read_bytes().decode("utf-8").replace("Harbor Snowflake Dev", "Harbor Snowflake Prod")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / view.name).write_text(theirs.replace("HARBOR_DEV", "HARBOR_PROD"), encoding="utf-8")
    retail.load("prod", tmp_path / "theirs")
    retail.write("environments/prod/mapping.yaml", _MAPPING)
    retail.commit()
    return retail


def recorded(estate: Estate) -> dict[str, str]:
    """Name → GUID, as prod's ``objects.json`` has them."""
    path = estate.project.root / "environments" / "prod" / "objects.json"
    objects = json.loads(path.read_bytes())["objects"] if path.exists() else []
    return {one["name"]: one["guid"] for one in objects}


def there(estate: Estate) -> dict[str, str]:
    """Name → GUID, as prod has them."""
    return {one.name: one.guid for one in estate.clusters["prod"].objects.in_org(0)}


def forge(estate: Estate, path: Path, old: str, new: str) -> None:
    """Commit a file with other words in it than tsdeploy wrote."""
    assert old.encode() in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    estate.commit()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the machine that no project has any business in."""
    made = tmp_path / "outside"
    made.mkdir()
    (made / "private.tml").write_text("answer:\n  name: kept\n", encoding="utf-8")
    return made

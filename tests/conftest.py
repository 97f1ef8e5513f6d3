"""Two sandboxes, a project in a real git repository, and the command line, for the tests of whole commands."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tsdeploy.bundled import bundled
from tsdeploy.cli.main import run
from tsdeploy.config.project import Project
from tsdeploy.git import Repository, create_repository
from tsdeploy.pipelines.systems import SYSTEMS
from tsdeploy.rest import Session
from tsdeploy.sessions import connect

if TYPE_CHECKING:
    from tsdeploy.sandbox import Cluster, Server

KEY = "sandbox"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update`` rewrites what people read: golden files and output in the documentation."""
    parser.addoption("--update", action="store_true", help="rewrite golden files and documented output")


def pytest_configure() -> None:
    """Make the tests say the same wherever they run.

    Ctrl-C means something also where a shell started them in the background, which ignores it; and errors are those
    that a person sees, also in CI, where each would say how to see it at home.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for system in SYSTEMS.values():
        os.environ.pop(system.runs, None)


@dataclass(frozen=True)
class Outcome:
    """What a command line gave back."""

    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


@dataclass
class Estate:
    """A project whose dev and prod are running sandboxes."""

    project: Project
    repository: Repository
    clusters: dict[str, Cluster] = field(default_factory=dict)
    servers: dict[str, Server] = field(default_factory=dict)

    def load(self, environment: str, folder: Path) -> None:
        """Put a folder of TML into a sandbox."""
        from tsdeploy.sandbox import load_folder

        load_folder(self.clusters[environment], folder)

    def add_group(self, environment: str, name: str) -> None:
        """Make a group in a sandbox, as row-level security names one."""
        from tsdeploy.sandbox.principals import NewGroup, add_group

        cluster = self.clusters[environment]
        with cluster.database.transaction():
            add_group(cluster, NewGroup(name=name))

    def count(self, environment: str) -> int:
        """How many objects a sandbox has."""
        return len(self.clusters[environment].objects.in_org(0))

    def session(self, environment: str) -> Session:
        """A session with a sandbox, as the environment file describes it."""
        return connect(self.project.environment(environment))

    def commit(self, message: str = "change") -> str:
        """Commit everything."""
        return self.repository.commit([self.project.root], message)

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.project.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


def environment_yaml(url: str, more: str = "") -> str:
    """An environment file for a sandbox."""
    auth = '{type: trusted, username: tsadmin, secret_key: "${env:TS_SANDBOX_KEY}"}'
    return f"version: 1\nurl: {url}\nauth: {auth}\n{more}"


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    """Empty sandboxes dev and prod, and a committed project that points at them."""
    from tsdeploy.sandbox import Cluster, Server

    monkeypatch.setenv("TS_SANDBOX_KEY", KEY)
    root = tmp_path / "project"
    root.mkdir()
    made = Estate(Project(root), create_repository(root))
    with Cluster() as dev, Cluster() as prod, Server(dev) as dev_server, Server(prod) as prod_server:
        made.clusters.update(dev=dev, prod=prod)
        made.servers.update(dev=dev_server, prod=prod_server)
        made.write("environments/dev/environment.yaml", environment_yaml(dev_server.url))
        made.write("environments/prod/environment.yaml", environment_yaml(prod_server.url, "source: dev\n"))
        made.write(".gitignore", ".tsdeploy/\n")
        made.write(".gitattributes", "*.tml -text\n")
        made.commit("start")
        yield made


@pytest.fixture
def retail(estate: Estate) -> Estate:
    """The estate with the retail samples in dev, the production connection in prod, and the demo's mapping."""
    estate.load("dev", bundled("samples") / "retail")
    estate.load("prod", bundled("samples") / "prod-warehouse")
    estate.add_group("prod", "Web Shop")
    mapping = bundled("environments") / "prod" / "mapping.yaml"
    estate.write("environments/prod/mapping.yaml", mapping.read_text(encoding="utf-8"))
    kinds = "export: {kinds: [table, sql_view, view, model, answer, liveboard, cohort, collection]}\n"
    estate.write("environments/dev/environment.yaml", environment_yaml(estate.servers["dev"].url, kinds))
    estate.commit("mapping")
    return estate


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Cli:
    """Run a command line in this process; in the estate's project where the test has one."""

    def call(*arguments: str) -> Outcome:
        names = request.fixturenames
        root = request.getfixturevalue("estate").project.root if "estate" in names else None
        capfd.readouterr()
        code = run([*(("--project", str(root)) if root else ()), *arguments])
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call

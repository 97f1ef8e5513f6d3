"""Random edits, deploys, kills, edits by hand and rollbacks: what must always hold, holds.

A short walk runs always; ``TSDEPLOY_WALKS=50 pytest tests/deploy/test_model.py`` runs so many longer ones.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.conftest import KEY, Estate, environment_yaml
from tests.deploy.killing import killed_at
from tests.deploy.release import answer
from tests.plan.editing import put
from tsdeploy.bundled import bundled
from tsdeploy.cli.main import command
from tsdeploy.config.project import Project
from tsdeploy.errors import TsdeployError
from tsdeploy.git import create_repository
from tsdeploy.rest import ExportOptions, ObjectRef, SearchQuery, export_tml, search_metadata

WALKS = int(os.environ.get("TSDEPLOY_WALKS", "0"))
NUMBERS = st.integers(0, 3)


@contextmanager
def small_estate() -> Iterator[Estate]:
    """Two sandboxes and a project with the view of the retail samples and what it is built on."""
    from tsdeploy.sandbox import Cluster, Server, load_folder

    with TemporaryDirectory() as folder, Cluster() as prod, Server(prod) as server:
        root = Path(folder) / "project"
        root.mkdir()
        made = Estate(Project(root), create_repository(root), {"prod": prod}, {"prod": server})
        load_folder(prod, bundled("samples") / "prod-warehouse")
        made.write("environments/dev/environment.yaml", environment_yaml("http://127.0.0.1:1"))
        made.write("environments/prod/environment.yaml", environment_yaml(server.url, "source: dev\n"))
        for path in (bundled("samples") / "retail").rglob("*.tml"):
            if path.parent.name in ("table", "model", "view") and not path.name.startswith("Inventory and"):
                made.write(f"tml/{path.name}", path.read_text("utf-8"))
        mapping = (bundled("environments") / "prod/mapping.yaml").read_text("utf-8")
        made.write("environments/prod/mapping.yaml", mapping.partition("text:")[0])
        made.write(".gitignore", ".tsdeploy/\n")
        made.commit("start")
        yield made


class Walk(RuleBasedStateMachine):
    """What git has is the model: number of an answer → its description."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.git: dict[int, str] = {}
        self.count = 0

    @initialize()
    def start(self) -> None:
        """An empty prod."""
        os.environ["TS_SANDBOX_KEY"] = KEY
        self.estate = self.stack.enter_context(small_estate())
        self.deploy()

    def run_cli(self, *arguments: str) -> int:
        """A command line in the project; its exit code."""
        found = CliRunner().invoke(
            command, ["--project", str(self.estate.project.root), *arguments], standalone_mode=False
        )
        if isinstance(found.exception, TsdeployError):
            return found.exception.exit_code
        assert found.exception is None, found.exception
        return int(found.return_value or 0)

    def overwriting(self) -> tuple[str, ...]:
        """What lets edits by hand go, where git has answers to select."""
        return ("--overwrite-remote", "answer:*") if self.git else ()

    @rule(number=NUMBERS)
    def edit(self, number: int) -> None:
        """Git gets an answer, or another description of it."""
        self.count += 1
        self.git[number] = f"edit {self.count}"
        text = answer(number).replace("  tables:\n", f"  description: {self.git[number]}\n  tables:\n", 1)
        self.estate.write(f"tml/{number}.answer.tml", text)
        self.estate.commit("edit")

    @rule()
    def deploy(self) -> None:
        """Prod is as git, whatever happened before; edits by hand are given up by name."""
        assert self.run_cli("deploy", "prod", "--yes", *self.overwriting()) == 0
        assert self.run_cli("plan", "prod", "--exit-code") == 0
        assert self.descriptions() == {f"Stores {number}": text for number, text in self.git.items()}

    @rule(boundary=st.integers(1, 25))
    def kill(self, boundary: int) -> None:
        """A deploy is cut off somewhere."""
        killed_at(self.estate, boundary, *self.overwriting())

    @precondition(lambda self: self.git)
    @rule()
    def edit_by_hand(self) -> None:
        """Somebody changes an answer in prod."""
        found = self.answers()
        if found:
            _, text = min(found.items())
            put(self.estate, "prod", re.sub("description: .*", "description: by hand", text))

    @rule()
    def roll_back(self) -> None:
        """The last release is taken back; then git's state is deployed again."""
        code = self.run_cli("rollback", "prod", "--yes", "--overwrite-remote", "answer:*")
        assert code in (0, 2)
        self.deploy()

    def answers(self) -> dict[str, str]:
        """Name → text of the answers in prod."""
        with self.estate.session("prod") as session:
            headers = list(search_metadata(session, SearchQuery(types=("ANSWER",))))
            found = export_tml(session, [ObjectRef(one.id) for one in headers], ExportOptions())
        return {one.name: one.edoc or "" for one in found}

    def descriptions(self) -> dict[str, str]:
        """Name → description of the answers in prod."""
        return {name: text.partition("description: ")[2].partition("\n")[0] for name, text in self.answers().items()}

    @invariant()
    def nothing_is_doubled(self) -> None:
        """No object is there twice, and none that git never had."""
        if not hasattr(self, "estate"):
            return
        names = Counter((one.kind, one.name) for one in self.estate.clusters["prod"].objects.in_org(0))
        assert [name for name, count in names.items() if count > 1] == []
        assert {name for kind, name in names if kind == "answer"} <= {f"Stores {number}" for number in self.git}

    def teardown(self) -> None:
        """Stop the sandbox."""
        self.stack.close()


def test_walk() -> None:
    checks = (HealthCheck.too_slow, HealthCheck.data_too_large)
    few = settings(max_examples=WALKS or 1, stateful_step_count=12 if WALKS else 5, deadline=None,
                   suppress_health_check=checks, derandomize=not WALKS, database=None)  # fmt: skip
    run_state_machine_as_test(Walk, settings=few)

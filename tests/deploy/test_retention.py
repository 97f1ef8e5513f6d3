"""How long journals and texts of releases are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.conftest import Cli, Estate
from tests.deploy.release import answer
from tsdeploy.config.project import load_project
from tsdeploy.deploy.journal import Journal
from tsdeploy.deploy.release_folder import ReleaseFolder, local_releases
from tsdeploy.deploy.retention import drop_expired, expired

Ending: TypeAlias = "tuple[str, dict[str, object]]"
DONE: Ending = ("end", {"status": "done", "open": []})
FAILED: Ending = ("end", {"status": "failed", "open": []})
OPEN: Ending = ("end", {"status": "partial", "open": [3]})
RECOVERED: Ending = ("recovered", {"objects": {}})
KILLED: Ending = ("publish", {"call": 1})


def ended(estate: Estate, *events: Ending) -> None:
    """Releases of prod, oldest first, each with the last line of its journal."""
    for number, (name, facts) in enumerate(events):
        folder = ReleaseFolder(estate.project.state / "releases" / "prod" / f"{number:02}")
        with Journal(folder.journal) as journal:
            journal.write("begin", kind="deploy")
            journal.write(name, **facts)


@pytest.mark.parametrize(
    ("keep", "events", "gone"),
    [
        (None, [DONE, DONE, DONE], []),
        (2, [DONE, FAILED, DONE, DONE], ["00", "01"]),
        # What ended badly since the last good one may be asked for, and takes no place of a good one.
        (1, [DONE, DONE, FAILED, FAILED], ["00"]),
        (1, [FAILED, FAILED], []),
        # What a later run has to look up is never deleted.
        (1, [OPEN, KILLED, RECOVERED, DONE], ["02"]),
        (3, [DONE, DONE], []),
    ],
)
def test_what_is_too_old(keep: int | None, events: list[Ending], gone: list[str], estate: Estate) -> None:
    ended(estate, *events)
    project = replace(estate.project, keep_releases=keep)
    assert [folder.id for folder in expired(project, project.environment("prod"))] == gone


def test_deploys_leave_as_many_as_the_project_says(retail: Estate, cli: Cli) -> None:
    retail.write("tsdeploy.yaml", "version: 1\nkeep_releases: 2\n")
    cli("export", "dev")
    for number in range(3):
        retail.write(f"tml/answer/Stores {number}.answer.tml", answer(number))
        retail.commit()
        assert cli("deploy", "prod", "--yes").code == 0
    project = load_project(retail.project.root)
    left = [folder.id for folder in local_releases(project, project.environment("prod"))]
    shown = cli("history", "prod").out.splitlines()
    assert [name[:18] for name in reversed(left)] == [line.split()[0] for line in shown[:2]]
    assert len(shown) == 3
    # What is kept can be taken back, and what is not says so.
    assert cli("rollback", "prod", left[0], "--plan").code == 0
    outcome = cli("rollback", "prod", shown[2].split()[0], "--plan")
    assert (outcome.code, "error[TD617]" in outcome.err) == (2, True)


def test_folder_that_cannot_be_deleted_is_told(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(estate, DONE, DONE)
    project = replace(estate.project, keep_releases=1)

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tsdeploy.deploy.retention.shutil.rmtree", refuse)
    finding = drop_expired(project, project.environment("prod"))
    assert finding is not None
    assert (finding.code, finding.severity.value) == ("TD633", "warning")
    assert finding.location is not None
    assert finding.location.file == ".tsdeploy/releases/prod/00"

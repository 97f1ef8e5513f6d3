"""A crash: two lines, a report that can be passed on, an exit code of its own. The fault is a real one: a rule that
another package brings to ``check`` gives something that nobody can print.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from tests.check.projects import make_project
from tests.processes import carried_out
from tsdeploy.logs.crash import write_crash
from tsdeploy.version import __version__

SECRET = "s3cr3t-of-the-cluster"
RULE = """\
from tsdeploy.check.rule import Rule
from tsdeploy.errors import Finding, Location, Severity

def unprintable(context):
    local = context.documents[0].text
    yield Finding("ACME1", None, Location(local))

RULE = Rule("ACME1", "Unprintable", Severity.WARNING, unprintable, "")
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with an installed distribution that brings the rule."""
    folder = tmp_path / "site"
    info = folder / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "acme.py").write_text(RULE, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[tsdeploy.rules]\nacme = acme:RULE\n", "utf-8")
    return folder


def test_crash_in_a_project(tmp_path: Path, site: Path) -> None:
    root = make_project(tmp_path / "project").root
    path = os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH", ""))))
    ended = carried_out("-v", "check", "--strict", folder=root, PYTHONPATH=path, TS_KEY=SECRET)
    assert (ended.returncode, ended.stdout) == (70, "")
    (report,) = (root / ".tsdeploy" / "crashes").glob("*.md")
    first, second = ended.stderr.splitlines()[-2:]
    assert first.startswith("error[TD000]: this is a bug in tsdeploy: ")
    assert second == f"  hint: report it with {report}, which holds no secrets and no TML"
    text = report.read_text("utf-8")
    assert f"tsdeploy {__version__}\nPython 3." in text
    assert "tsdeploy -v check --strict\n" in text
    assert re.search(r"tsdeploy/\S+\.py:\d+ in \w+\n", text)
    for private in (SECRET, str(Path.home()), "SALES", "columns:"):
        assert private not in text
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert (report.parent / ".gitignore").read_text() == "*\n"


def test_report_goes_elsewhere_where_the_project_takes_none(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, where there should be a folder")
    for state in (tmp_path / "state", None):
        path = write_crash(state, "run", "# report\n")
        assert not path.is_relative_to(tmp_path)
        assert path.read_text() == "# report\n"
        (path.parent / ".gitignore").unlink()
        path.unlink()
        path.parent.rmdir()

"""What people see of a mapping: its coverage in ``check``, each rewrite in ``render --explain``, and the schema."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.golden_files import assert_golden
from tsdeploy.bundled import bundled

MAPPING = """\
version: 1
connections: {Harbor Snowflake Dev: Harbor Snowflake Prod, Gone: Elsewhere}
tables:
- {from: {db: HARBOR_DEV}, to: {db: HARBOR_PROD}}
- {from: {connection: Harbor Snowflake Dev, db: HARBOR_DEV}, to: {db: HARBOR_PROD}}
hosts: {harbor-dev.thoughtspot.example: harbor.thoughtspot.example}
users: {maren.holt: svc-alerts}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The samples with the example environments, of which prod has a mapping with gaps."""
    monkeypatch.setenv("TS_SANDBOX_KEY", "sandbox")
    shutil.copytree(bundled("environments"), tmp_path / "environments")
    shutil.copytree(bundled("samples") / "retail", tmp_path / "tml")
    (tmp_path / "environments/prod/mapping.yaml").write_text(MAPPING, "utf-8")
    return tmp_path


def test_check_shows_how_far_the_mapping_reaches(project: Path, cli: Cli, request: pytest.FixtureRequest) -> None:
    outcome = cli("--project", str(project), "check", "--env", "prod")
    assert outcome.code == 1
    table = outcome.out[outcome.out.index("mapping of prod") :]
    of_mapping = re.findall(r"^\S+: \w+\[TD(?:2\d\d|310)\].*\n(?:  .*\n)*", outcome.out, re.MULTILINE)
    assert_golden(request, "mapping/check.txt", "".join(of_mapping) + re.sub(r"Checked.*", "", table))


def test_check_says_it_in_json(project: Path, cli: Cli) -> None:
    found = json.loads(cli("--project", str(project), "check", "--env", "prod", "--format", "json").out)["coverage"]
    assert found["prod"]["categories"]["connections"]["mapped"] == 1
    assert {"category": "groups", "name": "Web Shop"} in found["prod"]["unmapped"]


def test_check_of_some_files_has_no_table(project: Path, cli: Cli) -> None:
    outcome = cli("--project", str(project), "check", str(project / "tml" / "table"))
    assert "mapping of prod" not in outcome.out


def test_render_explains_each_rewrite(project: Path, cli: Cli, request: pytest.FixtureRequest) -> None:
    mapping = bundled("environments") / "prod" / "mapping.yaml"
    shutil.copy(mapping, project / "environments/prod/mapping.yaml")
    outcome = cli("--project", str(project), "render", "prod", "-o", str(project / "out"), "--explain")
    assert (outcome.code, outcome.err) == (0, "")
    assert_golden(request, "mapping/explain.txt", outcome.out.replace(str(project), "."))


def test_a_mapping_for_another_source_is_refused(project: Path, cli: Cli) -> None:
    (project / "environments/prod/mapping.yaml").write_text(MAPPING + "source: qa\n", "utf-8")
    outcome = cli("--project", str(project), "render", "prod", "-o", str(project / "out"))
    assert (outcome.code, outcome.err.splitlines()[0]) == (
        2,
        "error[TD224]: the mapping is made for the source qa; that of prod is dev",
    )
    assert "in environments/prod/mapping.yaml:8:9" in outcome.err


def test_the_schema_describes_every_section(cli: Cli) -> None:
    schema = json.loads(cli("schema", "mapping").out)
    assert set(schema["properties"]) == {
        "version", "source", "include", "identity", "pin_names", "manage_connections", "connections", "tables",
        "columns", "objects", "groups", "users", "properties", "hosts", "text",
    }  # fmt: skip
    assert all("description" in value for name, value in schema["properties"].items() if name != "version")

"""What whole commands log when everything is asked for: every call, and no secret."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate
from tests.logs.test_lines import spellings
from tests.processes import carried_out
from tsdeploy import connect, export_environment
from tsdeploy.bundled import bundled

KEY = 'the "k3y"/of+the cluster'
PASSWORD = "Tr0ub4dor&3 <quoted> and more"


def test_every_call_is_in_the_log_and_no_secret(
    retail: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cluster in retail.clusters.values():
        cluster.settings = replace(cluster.settings, secret_key=KEY)
    monkeypatch.setenv("TS_SANDBOX_KEY", KEY)
    monkeypatch.setenv("WAREHOUSE_PASSWORD", PASSWORD)
    file = tmp_path / "run.jsonl"
    root = retail.project.root
    exported = carried_out("export", "dev", "--commit", "-vv", "--log-file", str(file), folder=root)
    manage_connection(retail)
    deployed = carried_out("--log-file", str(file), "-vv", "deploy", "prod", "--yes", folder=root)
    assert (exported.returncode, deployed.returncode) == (0, 0), exported.stderr + deployed.stderr
    log = file.read_text("utf-8")
    events = [json.loads(line) for line in log.splitlines()]
    asked = Counter(request.path for cluster in retail.clusters.values() for request in cluster.traffic.requests.all())
    assert Counter(one["fields"]["path"] for one in events if one["event"] == "call") == asked
    assert len({one["run"] for one in events}) == 2
    rooms = {one["room"] for one in events}
    assert {"deploy", "export", "git", "plan", "rest", "urllib3.connectionpool"} <= rooms
    everything = log + exported.stderr + deployed.stderr + exported.stdout + deployed.stdout
    found = [spelling for secret in (KEY, PASSWORD, *tokens(retail)) for spelling in spellings(secret)]
    assert [one for one in found if one in everything] == []
    assert "search_query" not in everything, "texts of objects"


def manage_connection(estate: Estate) -> None:
    """Let the project manage the connection, with a password from the environment."""
    connection = next((bundled("samples") / "retail" / "connection").glob("*.tml")).read_text("utf-8")
    connection = connection.replace("dev-", "").replace("_DEV", "_X")
    estate.write("tml/connection/Harbor.connection.tml", connection)
    keys = [line.split(": ")[1] for line in connection.splitlines() if line.startswith("  - key: ")]
    rules = "".join(
        f'- {{path: "properties[key={key}].value", {rule}}}\n'
        for key in keys
        for rule in ['secret: "${env:WAREHOUSE_PASSWORD}"' if key == "password" else "to: prod-value"]
    )
    mapping = (estate.project.root / "environments/prod/mapping.yaml").read_text("utf-8")
    estate.write("environments/prod/mapping.yaml", f"{mapping}manage_connections: true\nproperties:\n{rules}")
    estate.commit()


def tokens(estate: Estate) -> list[str]:
    """Every token that the sandboxes gave out."""
    found = [
        row[0] for cluster in estate.clusters.values() for row in cluster.database.rows("SELECT token FROM tokens")
    ]
    assert found
    return [str(token) for token in found]


def test_api_prints_nothing_unless_logging_is_configured(
    retail: Estate, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    environment = retail.project.environment("dev")
    with connect(environment) as session:
        export_environment(retail.project, environment, session)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    with caplog.at_level(logging.INFO, "tsdeploy"), connect(environment) as session:
        export_environment(retail.project, environment, session)
    assert any(message.startswith("call method=POST path=auth/token/full status=200 ") for message in caplog.messages)


def test_options_count_before_and_after_the_command(cli: Cli, tmp_path: Path) -> None:
    for number, words in enumerate((["-v", "map", "show"], ["map", "-v", "show"], ["map", "show", "-v"])):
        file = tmp_path / str(number)
        cli(*words, "prod", "--log-file", str(file))
        assert file.exists()

"""Whole packages promoted from one sandbox to another: by obj_id, and real exports that refer by name only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.bundled import bundled
from tsdeploy.rest import search_connections

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PACKAGES = sorted(path.name for path in CORPUS.glob("*") if path.is_dir())
KEEP_TABLES = "tables:\n  - {from: {}, to: {}}\n"


def keep_names(estate: Estate, *connections: str) -> None:
    """A mapping that keeps every connection and table, and connections of these names in prod."""
    names = "".join(f'  "{name}": "{name}"\n' for name in connections)
    estate.write("environments/prod/mapping.yaml", f"version: 1\nconnections:\n{names}{KEEP_TABLES}")
    for number, name in enumerate(connections):
        text = f'connection:\n  name: "{name}"\n  type: RDBMS_SNOWFLAKE\n'
        path = estate.project.root.parent / "connections" / f"{number}.connection.tml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    estate.load("prod", estate.project.root.parent / "connections")


def connection_names(estate: Estate, environment: str) -> list[str]:
    """The connections of a sandbox."""
    with estate.session(environment) as session:
        return [connection.name for connection in search_connections(session)]


def assert_deployed(cli: Cli, estate: Estate) -> None:
    """Deploy, and deploy again with nothing to do and nothing doubled."""
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    count = estate.count("prod")
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: nothing to do.\n")
    assert estate.count("prod") == count


def test_package_with_obj_ids_needs_no_guid(estate: Estate, cli: Cli) -> None:
    samples = bundled("samples") / "retail-objid"
    estate.load("dev", samples)
    estate.load("prod", samples / "connection")
    settings = "export: {kinds: [table, model, answer, liveboard], identity: obj_id}\n"
    estate.write("environments/dev/environment.yaml", environment_yaml(estate.servers["dev"].url, settings))
    estate.write("environments/prod/mapping.yaml", "version: 1\nconnections: {Harbor Snowflake: Harbor Snowflake}\n")
    assert cli("export", "dev").code == 0
    exported = {path.name: path.read_bytes() for path in estate.project.tml.rglob("*.tml")}
    assert exported.keys() == {path.name for path in samples.rglob("*.tml") if "connection" not in path.name}
    assert not any(line.startswith(b"guid:") for text in exported.values() for line in text.splitlines())
    estate.commit()
    assert_deployed(cli, estate)


@pytest.mark.parametrize("package", PACKAGES)
def test_real_package_is_promoted_between_sandboxes(package: str, estate: Estate, cli: Cli) -> None:
    estate.load("dev", CORPUS / package)
    keep_names(estate, *connection_names(estate, "dev"))
    assert cli("export", "dev").code == 0
    estate.commit()
    assert_deployed(cli, estate)


@pytest.mark.parametrize("package", PACKAGES)
def test_real_package_that_refers_by_name_is_deployed_from_its_folder(package: str, estate: Estate, cli: Cli) -> None:
    estate.load("dev", CORPUS / package)
    keep_names(estate, *connection_names(estate, "dev"))
    shutil.copytree(CORPUS / package, estate.project.tml)
    estate.commit()
    assert_deployed(cli, estate)

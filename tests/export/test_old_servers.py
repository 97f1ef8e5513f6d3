"""Servers of older releases: with V1 alone, without Orgs, without obj_ids."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.export.test_export import exported, tag
from tests.export.test_options import VIEW
from tsdeploy.bundled import bundled
from tsdeploy.errors import RestError
from tsdeploy.rest import SearchQuery, search_metadata
from tsdeploy.sandbox import Cluster, Server, load_folder, read_settings

CONTENT = "export: {kinds: [table, sql_view, view, model, answer, liveboard, cohort, collection]}\n"


@pytest.fixture
def v1(retail: Estate) -> Iterator[Estate]:
    """The retail samples, also on a server that has V1 alone; old is an environment for it."""
    with retail.session("dev") as session:
        tag(session, "release", VIEW)
    with Cluster(settings=read_settings({"release": "8.10"})) as cluster, Server(cluster) as running:
        cluster.database.become_copy_of(retail.clusters["dev"].database)
        cluster.add_org("Sales")
        retail.clusters["old"] = cluster
        retail.servers["old"] = running
        retail.write("environments/old/environment.yaml", environment_yaml(running.url, CONTENT))
        yield retail


def files(estate: Estate, cli: Cli, environment: str, *arguments: str) -> dict[str, bytes]:
    """What an export into an empty folder writes."""
    for path in estate.project.tml.rglob("*.tml"):
        path.unlink()
    outcome = cli("export", environment, *arguments)
    assert outcome.code == 0, outcome.err
    return exported(estate)


def test_v1_gives_the_same_files_and_says_what_it_cannot(v1: Estate, cli: Cli) -> None:
    by_v2 = files(v1, cli, "dev")
    outcome = cli("export", "old")
    lacking = "sets, collections, feedback, column aliases, column security rules"
    assert f"warning[TD525]: the server has only V1 of the REST API, by which these cannot be exported: {lacking}" in (
        outcome.err
    )
    by_v1 = files(v1, cli, "old")
    missing = {path.partition("/")[0] for path in by_v2.keys() - by_v1.keys()}
    assert missing == {"collection", "nls_feedback"}
    assert by_v1.items() <= by_v2.items()


def test_v1_fills_the_object_map_as_v2_does(v1: Estate, cli: Cli) -> None:
    kinds = ("--kind", "table", "--kind", "model", "--kind", "answer", "--no-associated")
    cli("export", "dev", *kinds)
    cli("export", "old", *kinds)
    environments = v1.project.root / "environments"
    old, dev = (json.loads((environments / name / "objects.json").read_text("utf-8")) for name in ("old", "dev"))
    assert old["objects"] == dev["objects"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--name", "*by region*"),
        ("--author", "tsadmin", "--kind", "view"),
        ("--guid", VIEW, "--dependents"),
        ("--subtype", "SQL_VIEW"),
        ("--tag", "release"),
    ],
)
def test_selections_by_v1_are_those_by_v2(arguments: tuple[str, ...], v1: Estate, cli: Cli) -> None:
    by_v2 = files(v1, cli, "dev", *arguments, "--no-associated")
    assert by_v2
    assert files(v1, cli, "old", *arguments, "--no-associated") == by_v2


def test_v1_lists_page_by_page(v1: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tsdeploy.rest.v1.listing.PAGE", 3)
    with v1.session("dev") as new, v1.session("old") as old:
        old.allow_v1()
        query = SearchQuery(types=("LOGICAL_TABLE", "ANSWER"))
        by_v1 = [header.id for header in search_metadata(old, query)]
        assert sorted(by_v1) == sorted(header.id for header in search_metadata(new, query))
        assert old.budget.usage.calls > 2 + len(by_v1) // 3


def test_v1_keeps_the_files_of_what_it_does_not_list(v1: Estate, cli: Cli) -> None:
    before = files(v1, cli, "dev")
    (v1.project.root / "environments/dev/objects.json").rename(v1.project.root / "environments/old/objects.json")
    assert cli("export", "old", "--kind", "view", "--no-associated", "--prune-files").code == 0
    assert exported(v1) == before


@pytest.mark.parametrize(
    ("auth", "org"),
    [
        ("{type: trusted, username: tsadmin, secret_key: '${env:TS_SANDBOX_KEY}'}", "Sales"),
        ("{type: password, username: tsadmin, password: '${env:TS_PASSWORD}'}", "0"),
        ("{type: token, token: '${env:TS_TOKEN}'}", "Primary"),
    ],
)
def test_every_way_to_sign_in_has_one_by_v1(auth: str, org: str, v1: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = v1.clusters["old"]
    user = cluster.users.find("tsadmin")
    assert user is not None
    minted = cluster.tokens.mint(user_id=user.id, org_id=0, now=cluster.now(), seconds=60)
    monkeypatch.setenv("TS_PASSWORD", "tsadmin")
    monkeypatch.setenv("TS_TOKEN", minted.token)
    v1.write(
        "environments/old/environment.yaml", f"version: 1\nurl: {v1.servers['old'].url}\nauth: {auth}\norg: {org}\n"
    )
    with v1.session("old") as session:
        session.allow_v1()
        assert (session.user.name, org in (session.user.org_name, str(session.user.org_id))) == ("tsadmin", True)


def test_an_org_that_v1_does_not_have_is_refused(v1: Estate) -> None:
    v1.write("environments/old/environment.yaml", environment_yaml(v1.servers["old"].url, "org: Nowhere\n"))
    with v1.session("old") as session, pytest.raises(RestError, match="TD405"):
        session.allow_v1()
        assert session.user


@pytest.mark.parametrize("command", [("plan", "old"), ("deploy", "old", "--yes"), ("backup", "old"), ("doctor", "old")])
def test_everything_else_refuses_a_server_with_v1_alone(command: tuple[str, ...], v1: Estate, cli: Cli) -> None:
    v1.write("environments/old/environment.yaml", environment_yaml(v1.servers["old"].url, "source: dev\n"))
    cli("export", "dev", "--kind", "table", "--commit")
    outcome = cli(*command)
    assert outcome.code != 0
    assert "TD411" in outcome.out + outcome.err


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every release knows of the samples, enough for a Liveboard to stand on."""
    folder = tmp_path_factory.mktemp("samples")
    for kind in ("connection", "table", "sql_view", "view", "model", "answer", "liveboard", "cohort", "monitor_alert"):
        shutil.copytree(bundled("samples") / "retail" / kind, folder / kind)
    return folder


def replace_servers(estate: Estate, stack: ExitStack, samples: Path, **settings: Any) -> None:
    """Let dev and prod be sandboxes with other settings; dev has the samples."""
    for environment, folder in (("dev", samples), ("prod", bundled("samples") / "prod-warehouse")):
        cluster = stack.enter_context(Cluster(settings=read_settings(settings)))
        running = stack.enter_context(Server(cluster))
        load_folder(cluster, folder)
        estate.clusters[environment], estate.servers[environment] = cluster, running
        path = f"environments/{environment}/environment.yaml"
        more = "source: dev\n" if environment == "prod" else "export: {kinds: [connection, model, answer, liveboard]}\n"
        estate.write(path, environment_yaml(running.url, more))
    estate.add_group("prod", "Web Shop")
    mapping = (bundled("environments") / "prod" / "mapping.yaml").read_text(encoding="utf-8")
    estate.write("environments/prod/mapping.yaml", mapping)
    estate.commit("servers")


@pytest.mark.parametrize(
    "settings", [{"orgs_enabled": False}, {"release": "10.4", "orgs_enabled": False}, {"release": "9.0"}]
)
def test_a_release_goes_all_the_way_on_servers_without_orgs_or_obj_ids(
    settings: dict[str, Any], estate: Estate, cli: Cli, samples: Path
) -> None:
    with ExitStack() as stack:
        replace_servers(estate, stack, samples, **settings)
        with estate.session("dev") as session:
            assert (session.user.org_id is None) == ("orgs_enabled" in settings)
        exports = cli("export", "dev", "--commit")
        assert (exports.code, exports.err.count("warning")) == (0, 0), exports.err
        done = cli("deploy", "prod", "--yes")
        assert done.code == 0, done.err
        assert cli("plan", "prod", "--exit-code").code == 0
        assert " 0 changed, 0 deleted" in cli("drift", "prod").out
        assert cli("backup", "dev").code == 0
        assert " is intact: " in cli("backup", "verify", "dev").out
        assert "Export: 0 added, 0 changed" in cli("export", "dev").out


def test_obj_ids_asked_of_a_server_without_them_become_guids(estate: Estate, cli: Cli, samples: Path) -> None:
    with ExitStack() as stack:
        replace_servers(estate, stack, samples, release="10.4")
        by_guid = files(estate, cli, "dev")
        text = environment_yaml(estate.servers["dev"].url, "export: {kinds: [model, answer], identity: obj_id}\n")
        estate.write("environments/dev/environment.yaml", text)
        outcome = cli("export", "dev")
        assert "warning[TD527]" in outcome.err
        assert exported(estate) == by_guid


def test_texts_by_obj_id_reach_a_server_without_them_by_derived_guids(estate: Estate, cli: Cli, samples: Path) -> None:
    with ExitStack() as stack:
        replace_servers(estate, stack, samples, release="10.4")
        newer = stack.enter_context(Cluster(settings=read_settings({"auto_obj_ids": True})))
        load_folder(newer, samples)
        text = environment_yaml(stack.enter_context(Server(newer)).url, "export: {kinds: [model], identity: obj_id}\n")
        estate.write("environments/dev/environment.yaml", text)
        assert cli("export", "dev", "--commit").code == 0
        refused = cli("plan", "prod")
        assert (refused.code, "releases before 10.6 know no obj_ids" in refused.err) == (1, True)
        mapping = estate.project.root / "environments/prod/mapping.yaml"
        mapping.write_text(mapping.read_text("utf-8") + "\nidentity: derived\n", "utf-8")
        estate.commit("derived")
        assert cli("deploy", "prod", "--yes").code == 0
        assert cli("plan", "prod", "--exit-code").code == 0

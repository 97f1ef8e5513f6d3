"""What somebody who can only open a pull request can make happen before anybody has looked at it: nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.review.repositories import Workshop
from tests.security.conftest import Trap
from tsdeploy.deploy.journal import Journal, read_journal
from tsdeploy.deploy.lock import read_holder
from tsdeploy.deploy.release_folder import ReleaseFolder
from tsdeploy.errors import TsdeployError
from tsdeploy.pipelines.systems import SYSTEMS


def plant(workshop: Workshop, trap: Trap) -> None:
    """Everything in a work tree that some tool would run: hooks, plugins, modules that shadow others."""
    root, program = workshop.project.root, trap.program
    code = f"open({str(trap.trace)!r}, 'w').close()\n"
    for name in ("sitecustomize", "usercustomize", "conftest", "setup", "click", "yaml", "requests", "json"):
        (root / f"{name}.py").write_text(code, encoding="utf-8")
    for name in ("pip", "tsdeploy", "git"):
        (root / name).mkdir()
        (root / name / "__init__.py").write_text(code, encoding="utf-8")
        (root / name / "__main__.py").write_text(code, encoding="utf-8")
    plugin = root / "evil-1.0.dist-info"
    plugin.mkdir()
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n", encoding="utf-8")
    (plugin / "entry_points.txt").write_text("[tsdeploy.rules]\nevil = evil:RULES\n", encoding="utf-8")
    (root / "evil.py").write_text(code, encoding="utf-8")
    hooks = f"deploy: {{hooks: {{before: [{program}], after: [{program}], on_failure: [{program}]}}}}\n"
    environment = root / "environments" / "prod" / "environment.yaml"
    environment.write_text(environment_yaml("http://127.0.0.1:1", f"source: dev\n{hooks}"), encoding="utf-8")
    (root / ".gitattributes").write_text("*.tml diff=evil filter=evil merge=evil\n", encoding="utf-8")
    workshop.commit("a pull request")


COMMANDS = (
    ("review", "--base", "start"),
    ("check",),
    ("plan", "prod", "--offline"),
    ("map", "check", "prod"),
    ("diff", "start", "HEAD"),
    ("graph",),
    ("validate", "prod"),
    ("history", "prod"),
)


def test_s60_nothing_of_a_pull_request_is_run(
    workshop: Workshop, trap: Trap, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    monkeypatch.setenv("TS_SANDBOX_KEY", "x")
    plant(workshop, trap)
    monkeypatch.chdir(workshop.project.root)
    for arguments in COMMANDS:
        assert cli(*arguments).code in (0, 1)
        assert not trap.sprung, arguments


def test_s60_neither_is_a_module_that_lies_where_tsdeploy_is_run(workshop: Workshop, trap: Trap) -> None:
    """As a console script and the git drivers start it: without the working folder among the places of modules."""
    plant(workshop, trap)
    command = [sys.executable, "-I", "-m", "tsdeploy", "check"]
    done = subprocess.run(command, cwd=workshop.project.root, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert not trap.sprung


@pytest.mark.parametrize("system", SYSTEMS)
def test_s61_pipelines_install_without_the_work_tree(system: str) -> None:
    """``python -m pip`` would import a ``pip`` that lies there."""
    text = (files("tsdeploy.pipelines") / SYSTEMS[system].template).read_text(encoding="utf-8")
    assert 'pip" install' in text or "pip install" in text
    assert not re.findall(r"python3?(?! -I) -m ", text)


def test_s61_neither_does_the_action() -> None:
    text = (Path(__file__).parents[2] / "action.yml").read_text(encoding="utf-8")
    assert not re.findall(r"python3?(?! -I) -m ", text)
    assert not re.findall(r"run:.*\$\{\{", text)


TARGETS = ("BASE", "BITBUCKET_PR_DESTINATION_BRANCH", "CHANGE_TARGET", "SYSTEM_PULLREQUEST_TARGETBRANCH")
"""The variables in which CI systems say what a pull request is to be merged into."""


@pytest.fixture(params=SYSTEMS)
def guard(request: pytest.FixtureRequest) -> str:
    """The command of a pipeline that fails where a pull request says where credentials are sent."""
    text = (files("tsdeploy.pipelines") / SYSTEMS[request.param].template).read_text(encoding="utf-8")
    (found,) = re.findall(r"git diff --quiet (?:.|\n)*?(?= \|\|)", text)
    return str(found)


@pytest.mark.parametrize("name", ["environments/prod/environment.yaml", "Environments/PROD/Environment.yaml", "ca.PEM"])
def test_s62_pipelines_plan_only_where_addresses_and_certificates_are_as_they_were(
    workshop: Workshop, guard: str, name: str
) -> None:
    """Also where a file system takes another spelling for the same, and a tag is called like the branch of a remote."""
    repository, root = workshop.repository, workshop.project.root
    repository.run("update-ref", "refs/remotes/origin/main", "start")
    variables = {**os.environ, **dict.fromkeys(TARGETS, "main"), "CI_MERGE_REQUEST_DIFF_BASE_SHA": "start"}
    command = ["bash", "-c", guard]
    assert subprocess.run(command, cwd=root, env=variables, check=False).returncode == 0
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("##vso[task.setvariable variable=PATH]x\n", encoding="utf-8")
    workshop.commit("a pull request")
    repository.run("tag", "origin/main")
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stdout == b""


@pytest.mark.parametrize("change", ["environment.yaml", "ca.pem"])
def test_s63_a_review_asks_no_server_where_the_change_says(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    folder = workshop.project.root / "environments" / "prod"
    (folder / "ca.pem").write_text("one\n", encoding="utf-8")
    file = folder / "environment.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "tls: {ca_bundle: ca.pem}\n", encoding="utf-8")
    workshop.commit()
    workshop.repository.run("tag", "--force", "start")
    monkeypatch.setenv("TS_SANDBOX_KEY", "x")
    workshop.edit("Store Performance", ("description:", "description: new #"))
    (folder / change).write_bytes((folder / change).read_bytes() + b"# changed\n")
    review = workshop.review(None, "prod")
    (outlook,) = review.outlooks
    assert not outlook.live
    assert "TD721" in {finding.code for finding in outlook.findings}


def test_s64_a_guard_comes_before_the_hooks(retail: Estate, cli: Cli, trap: Trap) -> None:
    """Whoever deploys another branch than the one that is reviewed runs no hook of it."""
    assert cli("export", "dev", "--commit").code == 0
    file = retail.project.root / "environments" / "prod" / "environment.yaml"
    more = f"guards: {{branch: main}}\ndeploy: {{hooks: {{before: [{trap.program}], on_failure: [{trap.program}]}}}}\n"
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    retail.commit()
    retail.repository.run("checkout", "--quiet", "-b", "feature")
    assert cli("deploy", "prod", "--yes").code == 4
    assert not trap.sprung


def test_s65_a_plan_that_was_changed_is_not_deployed(retail: Estate, cli: Cli, tmp_path: Path) -> None:
    assert cli("export", "dev", "--commit").code == 0
    plan = tmp_path / "plan.json"
    assert cli("plan", "prod", "-o", str(plan)).code == 0
    whole = json.loads(plan.read_bytes())
    assert "sandbox" not in plan.read_text(encoding="utf-8")
    for damage in (
        {"changes": whole["changes"][1:]},
        {"changes": [{**whole["changes"][0], "hash": "0" * 64}, *whole["changes"][1:]]},
        {"options": {**whole["options"], "select": ["model:*"]}},
        {"url": "https://attacker.invalid"},
        {"commit": "0" * 40},
        {"mapping": "0" * 64},
    ):
        plan.write_text(json.dumps({**whole, **damage}), encoding="utf-8")
        outcome = cli("deploy", str(plan), "--yes")
        assert outcome.code == 4, damage
        assert "TD56" in outcome.err
    assert retail.count("prod") < 20


def test_s66_what_others_can_push_is_read_as_anything(tmp_path: Path) -> None:
    """Locks and texts from before come from refs that everybody with a right to push can write."""
    words = {"user": "u", "host": "h", "since": "s", "what": "w", "token": "t"}
    for pid in (0, -1, 2**70, "1", None, [1], 1.5):
        assert read_holder(json.dumps({**words, "pid": pid})) is None
    assert read_holder(json.dumps({**words, "pid": 1, "since": 5})) is None
    assert read_holder("[" * 100_000) is None
    naive = read_holder(json.dumps({**words, "pid": 1, "since": "2026-01-01T00:00:00"}))
    assert naive is not None
    assert naive.is_stale(3600)
    folder = ReleaseFolder(tmp_path)
    wrong: tuple[object, ...] = ("x", 5, [5], [{}], [{"key": 1, "label": "", "path": "", "record": None}])
    for objects in (*wrong, [{"record": {"x": 1}}]):
        folder.texts.unlink(missing_ok=True)
        with Journal(folder.texts) as journal:
            journal.write("before", objects=objects)
        with pytest.raises(TsdeployError, match="TD615"):
            folder.before()


def test_s67_a_journal_that_was_changed_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        for number in range(3):
            journal.write("publish", call=number, objects=[{"guid": "a"}])
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for changed in (whole.replace(b'"call": 1', b'"call": 7'), lines[0] + lines[2], lines[1] + lines[0] + lines[2]):
        path.write_bytes(changed)
        with pytest.raises(TsdeployError, match="TD615"):
            read_journal(path)


def test_s68_who_changes_which_object_is_whose_is_looked_at(workshop: Workshop) -> None:
    """A forged map of a target makes a deploy overwrite, and a prune delete, what is not this project's."""
    record = {"kind": "liveboard", "name": "x", "guid": "a" * 32, "source": "b" * 32, "hash": "0" * 64}
    for name in ("dev", "prod"):
        path = workshop.project.root / "environments" / name / "objects.json"
        path.write_text(json.dumps({"version": 1, "objects": [record]}), encoding="utf-8")
    review = workshop.review()
    assert [(one.path, one.by_hand) for one in review.settings] == [
        ("environments/dev/objects.json", False),
        ("environments/prod/objects.json", True),
    ]
    assert "1 file with settings changes" in review.verdict().text


def test_s68_rules_are_settings_wherever_they_lie(workshop: Workshop) -> None:
    """A mapping includes files from all of the project: a rule that gives a group's rows to another group, say."""
    root = workshop.project.root
    mapping = root / "environments" / "prod" / "mapping.yaml"
    mapping.write_text("include: [../../shared/rules.yaml]\n" + mapping.read_text(encoding="utf-8"), encoding="utf-8")
    (root / "shared").mkdir()
    rules = root / "shared" / "rules.yaml"
    rules.write_text("version: 1\n", encoding="utf-8")
    workshop.commit()
    workshop.repository.run("tag", "--force", "start")
    rules.write_text("version: 1\ngroups: {Analysts: All}\n", encoding="utf-8")
    review = workshop.review()
    assert [(one.path, one.by_hand) for one in review.settings] == [("shared/rules.yaml", True)]
    assert [finding.code for one in review.outlooks for finding in one.findings] == []

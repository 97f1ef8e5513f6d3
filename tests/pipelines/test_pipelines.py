"""Pipelines are what their hosts take, keep credentials away from forks, and their steps do what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.cli.conftest import put_on_path
from tests.conftest import Cli, Estate, environment_yaml
from tests.pipelines.reading import Job, jobs, read
from tests.tml.real_files import REPOSITORY
from tsdeploy.errors import UsageError
from tsdeploy.pipelines import Pipeline, pipeline_for, pipeline_text, write_pipeline
from tsdeploy.pipelines.systems import SYSTEMS

PROD = Pipeline("prod", "main", ("TS_SANDBOX_KEY",))
SCHEMAS = {
    "github": "github-workflows",
    "gitlab": "gitlab-ci",
    "azure": "azure-pipelines",
    "bitbucket": "bitbucket-pipelines",
}
PLANS = {"github": "plan", "gitlab": "plan", "azure": "plan", "bitbucket": "Plan", "jenkins": "Plan for a pull request"}
PRESENT = {
    "github": {"review", "plan", "release", "deploy", "nightly"},
    "gitlab": {"review", "plan", "release", "deploy", "backup", "drift"},
    "azure": {"review", "plan", "release", "deploy", "nightly"},
    "bitbucket": {"Review", "Plan", "Plan what will be deployed", "Deploy", "Backup and drift"},
    "jenkins": {
        "Install",
        "Review",
        "Plan for a pull request",
        "Plan what will be deployed",
        "Deploy",
        "Nightly",
    },
}

DETACHED = ("gitlab", "azure", "jenkins")
"""Those that check out a commit, and no branch."""


def schema(name: str) -> Any:
    """A schema that the host publishes, as ``check-jsonschema`` ships it."""
    folder = files("check_jsonschema") / "builtin_schemas"
    return json.loads((folder / "vendor" / f"{name}.json").read_text("utf-8"))


def plain(system: str) -> Any:
    """A pipeline as its host reads it: numbers and booleans are such."""
    import yaml

    text = pipeline_text(system, PROD)
    value = yaml.safe_load(text)
    # YAML 1.1 takes the key of a GitHub workflow for a boolean.
    return {("on" if key is True else key): one for key, one in value.items()}


@pytest.mark.parametrize("system", SCHEMAS)
def test_the_hosts_own_schema_is_satisfied(system: str) -> None:
    errors = [
        f"{error.json_path}: {error.message[:200]}"
        for error in Draft7Validator(schema(SCHEMAS[system])).iter_errors(plain(system))
    ]
    assert errors == []


def test_the_action_satisfies_githubs_schema() -> None:
    action = read((REPOSITORY / "action.yml").read_text("utf-8"))
    assert [error.message for error in Draft7Validator(schema("github-actions")).iter_errors(action)] == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_part_is_there(system: str) -> None:
    text = pipeline_text(system, PROD)
    assert set(jobs(system, text)) == PRESENT[system]
    assert "@" not in re.sub(r"uses: \S+@v\d|Results@2|tsdeploy@localhost", "", text)
    assert text.count("tsdeploy deploy plan.json") == 1


@pytest.mark.parametrize("system", SYSTEMS)
def test_only_some_jobs_get_credentials(system: str) -> None:
    found = jobs(system, pipeline_text(system, PROD))
    review = found.get("review") or found["Review"]
    assert "TS_SANDBOX_KEY" not in review.variables
    assert "--offline" in review.text or system == "jenkins"
    plan = found[PLANS[system]]
    assert plan.text.index("environments/*/environment.yaml") < plan.text.index("tsdeploy plan")


@pytest.mark.parametrize(
    ("system", "guard"),
    [
        ("github", "github.event.pull_request.head.repo.full_name == github.repository"),
        ("gitlab", "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID"),
        ("azure", "ne(variables['System.PullRequest.IsFork'], 'True')"),
        ("jenkins", "env.CHANGE_FORK == null"),
    ],
)
def test_forks_are_not_planned_for(system: str, guard: str) -> None:
    assert guard in pipeline_text(system, PROD)


def test_no_expression_of_the_host_stands_in_a_script() -> None:
    texts = [job.text for job in jobs("github", pipeline_text("github", PROD)).values()]
    action = read((REPOSITORY / "action.yml").read_text("utf-8"))
    texts += [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert [text for text in texts if "${{" in text] == []


def test_braces_of_the_jenkinsfile_match() -> None:
    text = re.sub(r"'''.*?'''|'[^'\n]*'|\"[^\"\n]*\"|//[^\n]*", "", pipeline_text("jenkins", PROD), flags=re.DOTALL)
    assert text.count("{") == text.count("}") > 20


def test_names_that_could_be_read_as_something_else_are_refused(estate: Estate) -> None:
    text = (estate.project.root / "environments/prod/environment.yaml").read_text("utf-8")
    estate.write("environments/$(id)/environment.yaml", text)
    with pytest.raises(UsageError, match="TD725"):
        pipeline_for(estate.project)
    with pytest.raises(UsageError, match="cannot stand in a pipeline"):
        pipeline_for(estate.project, "$(id)")


def test_a_pipeline_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    assert write_pipeline(tmp_path, "github", PROD) == tmp_path / ".github/workflows/tsdeploy.yml"
    assert write_pipeline(tmp_path, "github", PROD) is None
    (tmp_path / ".github/workflows/tsdeploy.yml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there is a pipeline already"):
        write_pipeline(tmp_path, "github", PROD)


def test_init_writes_pipelines(estate: Estate, cli: Cli) -> None:
    outcome = cli("init", "--ci", "gitlab", "--ci", "jenkins")
    assert outcome.code == 0, outcome.err
    assert outcome.out == (
        "+ .gitlab-ci.yml\n+ Jenkinsfile\nDeploys to prod from main; secrets: TS_SANDBOX_KEY.\n"
        "The head of the file says what to set up once.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the steps are those of a POSIX shell")
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_steps_do_what_they_say(
    system: str, retail: Estate, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request is reviewed and planned, merged, deployed as planned, recorded; at night it is backed up."""
    put_on_path(tmp_path / "bin", monkeypatch)
    root, repository = retail.project.root, retail.repository
    guarded = environment_yaml(retail.servers["prod"].url, "source: dev\nguards: {branch: main}\n")
    retail.write("environments/prod/environment.yaml", guarded)
    retail.commit("as init writes it")
    assert cli("export", "dev", "--commit").code == 0
    remote = tmp_path / "remote.git"
    repository.run("init", "--quiet", "--bare", str(remote))
    repository.run("remote", "add", "origin", str(remote))
    repository.run("push", "--quiet", "origin", "main")
    repository.run("fetch", "--quiet", "origin")
    repository.run("checkout", "--quiet", "-b", "feature")
    (board,) = root.glob("tml/liveboard/Store*")
    board.write_bytes(board.read_bytes().replace(b"name: Net Sales by Region\n", b"name: Net Sales, Ranked\n"))
    retail.commit("rename a tile")
    steps = jobs(system, pipeline_text(system, PROD))
    names = list(steps)
    reports = tmp_path / "temp" if system in ("github", "azure") else root / "tsdeploy-reports"
    for name in ("review" if "review" in names else "Review", PLANS[system]):
        done = run(steps[name], root, remote, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert any(file.stat().st_size > 500 for file in reports.glob(f"{name[:4].lower()}*"))
    repository.run("checkout", "--quiet", "main")
    repository.run("merge", "--quiet", "feature")
    releasing = [name for name in names if name in ("release", "Plan what will be deployed")]
    deploying = [name for name in names if name.lower() == "deploy"]
    meanwhile = repository.run("commit-tree", "-p", "origin/main", "-m", "merged meanwhile", "origin/main^{tree}")
    repository.run("push", "--quiet", "origin", f"{meanwhile.strip()}:refs/heads/main")
    if system in DETACHED:
        repository.run("checkout", "--quiet", "--detach")
    for name in (*releasing, *deploying):
        done = run(steps[name], root, remote, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert retail.count("prod") > 20
    repository.run("fetch", "--quiet", "origin")
    assert repository.run("log", "-1", "--format=%s", "origin/main") == "Deployed to prod [skip ci]\n"
    if system == "jenkins":
        assert (tmp_path / "temp/pending").exists()
        repository.run("checkout", "--quiet", "--detach", "origin/main")
        assert run(steps[releasing[0]], root, remote, tmp_path).returncode == 0
        assert not (tmp_path / "temp/pending").exists(), "the push of the record asks nobody"
    nightly = [name for name in names if name in ("nightly", "Nightly", "backup", "drift", "Backup and drift")]
    for name in nightly:
        done = run(steps[name], root, remote, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "backup/prod" in repository.run("ls-remote", "--heads", "origin")


@pytest.mark.skipif(sys.platform == "win32", reason="the steps are those of a POSIX shell")
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_failing_job_uploads_nothing_that_a_commit_brought(system: str, tmp_path: Path) -> None:
    found = jobs(system, pipeline_text(system, PROD))
    assert sum(bool(job.uploads) for job in found.values()) > 1
    for number, job in enumerate(found.values()):
        root = tmp_path / str(number)
        root.mkdir()
        # A plan is what a deploy is given, and only what a job that did not fail uploads.
        paths = [root / path for path in job.uploads if not path.startswith("$") and path != "plan.json"]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("planted", "utf-8")
        first = [found["Install"].text] if "Install" in found else []
        script = re.sub(r"(?m)^.*(-m venv|pip install).*$", "false", "\n".join((*first, job.text)))
        subprocess.run(["bash", "-ec", script], cwd=root, env={"PATH": os.defpath}, check=False)
        assert [path for path in paths if path.exists()] == []


def run(job: Job, root: Path, remote: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The steps of a job one after the other, in the shell that the systems use, stopping at the first that fails."""
    script = "\n".join(line for line in job.text.splitlines() if "pip install" not in line and "-m venv" not in line)
    script = re.sub(r"https://\$CI_SERVER_HOST/\S+?\.git", str(remote), script)
    # No token: a comment is left in a file. The variables are those that each system sets.
    base = subprocess.run(["git", "rev-parse", "origin/main"], cwd=root, capture_output=True, text=True, check=True)
    environ = {
        **{name: value for name, value in os.environ.items() if "TOKEN" not in name},
        "BASE": "main",
        "CHANGE_TARGET": "main",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base.stdout.strip(),
        "BITBUCKET_PR_DESTINATION_BRANCH": "main",
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "PIPELINE_WORKSPACE": str(folder / "workspace"),
        **dict.fromkeys(("RUNNER_TEMP", "AGENT_TEMPDIRECTORY", "WORKSPACE_TMP"), str(folder / "temp")),
    }
    (folder / "temp").mkdir(exist_ok=True)
    (folder / "workspace" / "release").mkdir(parents=True, exist_ok=True)
    if (root / "plan.json").exists():
        (folder / "workspace/release/plan.json").write_bytes((root / "plan.json").read_bytes())
        if "PIPELINE_WORKSPACE" in script:
            (root / "plan.json").unlink()
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=root, env=environ, capture_output=True, check=False, text=True
    )

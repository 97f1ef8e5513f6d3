"""What makes backups every night does so when it is taken literally."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from tests.cli.conftest import put_on_path
from tests.conftest import KEY, Cli, Estate, environment_yaml
from tests.golden_files import assert_golden
from tests.pipelines.reading import jobs
from tests.pipelines.test_pipelines import schema
from tsdeploy.backup.schedules import SCHEDULES, Machine, schedule
from tsdeploy.errors import UsageError
from tsdeploy.version import __version__

HERE = Machine(Path("/srv/our bi 50%"), "/opt/tsdeploy/bin/tsdeploy", "bi")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="for a POSIX shell")


def text(kind: str, machine: Machine = HERE) -> str:
    """The schedule of an environment dev."""
    return schedule(kind, "dev", "backup/dev", ["TS_SANDBOX_KEY"], machine)


@pytest.mark.parametrize("kind", sorted(SCHEDULES))
def test_schedules_are_as_people_get_them(kind: str, request: pytest.FixtureRequest) -> None:
    assert_golden(request, f"backup/schedule-{kind}.txt", text(kind).replace(__version__, "VERSION"))


def test_a_schedule_is_printed_for_an_environment(estate: Estate, cli: Cli) -> None:
    outcome = cli("backup", "schedule", "cron", "dev")
    assert outcome.code == 0
    assert f"cd {estate.project.root} && mkdir -p .tsdeploy" in outcome.out
    assert "TS_SANDBOX_KEY" in outcome.out


@pytest.mark.parametrize("name", ["our bi", "$(id)", "a\nb", "a:b"])
def test_names_that_could_be_read_as_something_else_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="TD545"):
        schedule("github", name, "backup/x", [], HERE)
    with pytest.raises(UsageError, match="TD545"):
        schedule("cron", "dev", f"backup/{name}", [], HERE)


@POSIX
def test_the_crontab_line_works_with_what_cron_gives_it(
    shop: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short PATH, no variables, and a folder that is not there yet."""
    program = put_on_path(tmp_path / "b%n", monkeypatch)
    (tmp_path / "dev.env").write_text(f"TS_SANDBOX_KEY='{KEY}'\n")
    line = text("cron", Machine(shop.project.root, str(program / "tsdeploy"), "bi")).splitlines()[-1]
    command = re.sub(r"^(\S+ +){5}", "", line).replace(r"\%", "%").replace("/etc/tsdeploy", str(tmp_path))
    shutil.rmtree(shop.project.root / ".tsdeploy", ignore_errors=True)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LOGNAME": "bi"}
    for _ in range(2):
        done = subprocess.run(["/bin/sh", "-c", command], env=environ, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    lines = (shop.project.root / ".tsdeploy/backup.log").read_text("utf-8").splitlines()
    assert [json.loads(line)["ok"] for line in lines] == [True, True]


@POSIX
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    folder = tmp_path / "our bi 50%"
    folder.mkdir()
    script = text("systemd", Machine(folder, "/usr/bin/env", "root"))
    script = script.replace("/etc/systemd/system", str(tmp_path)).partition("systemctl")[0]
    subprocess.run(["/bin/sh", "-ec", script], check=True)
    units = sorted(map(str, tmp_path.glob("tsdeploy-backup-dev.*")))
    assert len(units) == 2
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "tsdeploy-backup" in line]) == (0, [])


@pytest.mark.parametrize(("kind", "name"), [("github", "github-workflows"), ("gitlab", "gitlab-ci")])
def test_the_hosts_own_schema_is_satisfied(kind: str, name: str) -> None:
    import yaml

    value = {("on" if key is True else key): one for key, one in yaml.safe_load(text(kind)).items()}
    assert [error.message[:200] for error in Draft7Validator(schema(name)).iter_errors(value)] == []


@POSIX
@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_the_steps_of_a_pipeline_work_in_a_fresh_clone_each_night(
    kind: str, shop: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_path(tmp_path / "bin", monkeypatch)
    settings = "backup: {push: true}\n"
    shop.write("environments/dev/environment.yaml", environment_yaml(shop.servers["dev"].url, settings))
    shop.commit()
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(shop.project.root), str(remote)], check=True)
    (job,) = jobs(kind, text(kind)).values()
    script = "\n".join(line for line in job.text.splitlines() if "pip install" not in line)
    script = re.sub(r"https://\$\{CI_SERVER_HOST\}/\S+?\.git", str(remote), script)
    for night in ("first", "second"):
        clone = tmp_path / night
        subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{remote}", str(clone)], check=True)
        done = subprocess.run(
            ["/bin/bash", "-ec", script], cwd=clone, env=os.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout.splitlines()[-1])
        assert result["pass"] == ("full" if night == "first" else "incremental")
    log = subprocess.run(
        ["git", "log", "--format=%s", "backup/dev"], cwd=remote, capture_output=True, text=True, check=True
    )
    assert log.stdout.startswith("Backup of dev: ")

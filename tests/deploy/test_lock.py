"""One deploy at a time, on this machine and across clones."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from threading import Barrier

import git
import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.deploy.lock import Holder, locked, read_holder, this_process
from tsdeploy.deploy.shared_lock import SharedLock
from tsdeploy.errors import DeployError, GitError, TsdeployError


def lock_file(estate: Estate) -> Path:
    """Where prod's lock is."""
    return estate.project.root / ".tsdeploy/locks/prod.json"


def held_by(estate: Estate, holder: Holder) -> None:
    """Prod is locked by somebody."""
    lock_file(estate).parent.mkdir(parents=True, exist_ok=True)
    lock_file(estate).write_text(holder.text(), "utf-8")


def remote(estate: Estate, tmp_path: Path) -> git.Repo:
    """A remote that the project pushes to."""
    made = git.Repo.init(tmp_path / "remote.git", bare=True)
    git.Repo(estate.project.root).create_remote("origin", str(tmp_path / "remote.git"))
    return made


def dead_process() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_second_deploy_is_told_who_holds_the_lock(estate: Estate, cli: Cli) -> None:
    prod = estate.project.environment("prod")
    with locked(estate.project, prod, "a test"):
        outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD610]: prod is locked by" in outcome.err
    assert "for a test" in outcome.err
    assert not lock_file(estate).exists()


def test_environments_do_not_lock_each_other(estate: Estate) -> None:
    with (
        locked(estate.project, estate.project.environment("prod"), "one"),
        locked(estate.project, estate.project.environment("dev"), "other"),
    ):
        assert lock_file(estate).exists()


def test_lock_of_a_dead_process_is_taken_over(estate: Estate) -> None:
    held_by(estate, replace(this_process("gone"), pid=dead_process()))
    said: list[str] = []
    with locked(estate.project, estate.project.environment("prod"), "next", say=said.append):
        holder = read_holder(lock_file(estate).read_text("utf-8"))
        assert holder is not None
        assert holder.what == "next"
    assert "nobody holds any more" in said[0]


def test_of_many_who_find_a_stale_lock_one_takes_it_over(estate: Estate) -> None:
    prod, crowd = estate.project.environment("prod"), 6
    together, tried = Barrier(crowd), Barrier(crowd)

    def take(number: int) -> bool:
        together.wait()
        try:
            with locked(estate.project, prod, f"number {number}"):
                tried.wait()
                return True
        except DeployError:
            tried.wait()
            return False

    for _ in range(10):
        held_by(estate, replace(this_process("gone"), pid=dead_process()))
        with ThreadPoolExecutor(crowd) as pool:
            assert sum(pool.map(take, range(crowd))) == 1
        assert not lock_file(estate).exists()


def test_lock_that_the_system_does_not_give_is_an_error(estate: Estate) -> None:
    held_by(estate, replace(this_process("gone"), pid=dead_process()))
    lock_file(estate).with_name("prod.guard").write_bytes(b"no database" * 100)
    with (
        pytest.raises(TsdeployError) as caught,
        locked(estate.project, estate.project.environment("prod"), "next"),
    ):
        pass
    assert caught.value.code == "TD001"
    assert lock_file(estate).exists()


def test_lock_of_another_host_holds_until_it_is_old(estate: Estate) -> None:
    other = replace(this_process("elsewhere"), host="another-host")
    held_by(estate, other)
    prod = estate.project.environment("prod")
    with pytest.raises(DeployError) as caught, locked(estate.project, prod, "next"):
        pass
    assert caught.value.code == "TD610"
    assert "on another-host; if you know it is gone:  rm .tsdeploy/locks/prod.json" in caught.value.findings[0].hint
    held_by(estate, replace(other, since="2020-01-01T00:00:00+00:00"))
    with locked(estate.project, prod, "next"):
        pass


def elsewhere(**more: object) -> str:
    """A lock of another host as it is written down, with something else in it."""
    return json.dumps(asdict(replace(this_process("elsewhere"), host="another-host")) | more)


NO_HOLDERS = ["", "{}", "[1]", "[" * 100_000, json.dumps({"user": "x"})]
NO_TIMES = [elsewhere(since=since) for since in ("yesterday", "2100-01-01T00:00:00")]
NO_PROCESSES = [elsewhere(pid=pid) for pid in ("1", 0, -1, 2**31, 1.5)]


@pytest.mark.parametrize("text", [*NO_HOLDERS, *NO_TIMES, *NO_PROCESSES, elsewhere(user=["x"])])
def test_unreadable_lock_is_nobodys(text: str, estate: Estate) -> None:
    lock_file(estate).parent.mkdir(parents=True, exist_ok=True)
    lock_file(estate).write_text(text, "utf-8")
    with locked(estate.project, estate.project.environment("prod"), "next"):
        pass


def test_clones_exclude_each_other_by_a_ref_on_the_remote(estate: Estate, cli: Cli, tmp_path: Path) -> None:
    bare = remote(estate, tmp_path)
    prod = estate.project.environment("prod")
    with locked(estate.project, prod, "the first clone", shared=True):
        assert [ref.path for ref in bare.refs] == ["refs/tsdeploy/lock/prod"]
        lock_file(estate).unlink()  # the other clone has a folder of its own
        outcome = cli("deploy", "prod", "--yes", "--shared-lock")
    assert outcome.code == 1
    assert "for the first clone" in outcome.err
    assert "in refs/tsdeploy/lock/prod" in outcome.err
    assert bare.git.for_each_ref() == ""


def test_stale_ref_on_the_remote_is_taken_over(estate: Estate, tmp_path: Path) -> None:
    bare = remote(estate, tmp_path)
    prod = estate.project.environment("prod")
    gone = replace(this_process("gone"), pid=dead_process())
    commit = estate.repository.store_commit({}, gone.text(), parents=())
    estate.repository.run("push", "--quiet", "origin", f"{commit}:refs/tsdeploy/lock/prod")
    said: list[str] = []
    with locked(estate.project, prod, "next", shared=True, say=said.append):
        assert commit not in bare.git.for_each_ref()
    assert "for gone" in said[0]


def test_environment_can_ask_for_the_shared_lock(estate: Estate, tmp_path: Path) -> None:
    bare = remote(estate, tmp_path)
    text = environment_yaml(estate.servers["prod"].url, "source: dev\ndeploy: {shared_lock: true}\n")
    estate.write("environments/prod/environment.yaml", text)
    with locked(estate.project, estate.project.environment("prod"), "deploy"):
        assert "refs/tsdeploy/lock/prod" in bare.git.for_each_ref()


def test_two_who_find_a_stale_ref_do_not_take_it_over_from_each_other(estate: Estate, tmp_path: Path) -> None:
    remote(estate, tmp_path)
    gone, faster, slower = (SharedLock(estate.repository, "origin", "prod") for _ in range(3))
    assert gone.take("gone") is None
    assert (faster.take("faster"), slower.take("slower")) == ("gone", "gone")
    assert faster.take("faster", instead=True) is None
    assert slower.take("slower", instead=True) == "faster"
    gone.give_back()
    slower.give_back()
    assert slower.holder() == "faster"
    faster.give_back()
    assert slower.holder() == ""


def test_remote_that_takes_no_lock_stops_before_anything_is_done(estate: Estate, tmp_path: Path) -> None:
    hook = Path(remote(estate, tmp_path).git_dir) / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'only branches here' >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    prod = estate.project.environment("prod")
    with (
        pytest.raises(GitError, match="only branches here") as caught,
        locked(estate.project, prod, "deploy", shared=True),
    ):
        pass
    assert "to push refs/tsdeploy/lock/prod" in caught.value.findings[0].hint
    assert not lock_file(estate).exists()


def test_remote_that_went_away_takes_no_result_away(estate: Estate, tmp_path: Path) -> None:
    remote(estate, tmp_path)
    said: list[str] = []
    with locked(estate.project, estate.project.environment("prod"), "deploy", shared=True, say=said.append):
        (tmp_path / "remote.git").rename(tmp_path / "elsewhere")
    assert said[0].startswith("refs/tsdeploy/lock/prod is still held: git ls-remote failed: ")
    assert said[0].endswith("take it away:  git push origin :refs/tsdeploy/lock/prod")
    assert not lock_file(estate).exists()

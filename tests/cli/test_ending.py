"""How commands end: each documented exit code, whatever becomes of terminal, pipe and disk, and nothing left behind."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.check.projects import make_project
from tests.conftest import Cli, Estate, environment_yaml
from tests.processes import assert_gone, carried_out, environment, new_mark, start, wait_for
from tests.tml.real_files import REPOSITORY
from tsdeploy.cli.failures import ExitCode

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes as POSIX has them")


def test_documented_exit_codes_are_those_that_there_are() -> None:
    table = re.findall(r"^\| `(\d+)` \|", (REPOSITORY / "docs" / "operation.md").read_text("utf-8"), re.MULTILINE)
    assert [int(code) for code in table] == sorted(ExitCode)


def test_nothing_wrong(cli: Cli) -> None:
    assert cli("explain", "TD001").code == ExitCode.DONE


def test_failed(cli: Cli, tmp_path: Path) -> None:
    make_project(tmp_path, {"a.tml": "answer: ["})
    assert cli("--project", str(tmp_path), "check").code == ExitCode.FAILED


@pytest.mark.parametrize(
    "words", [["plan"], ["plan", "--no-such-option", "prod"], ["no-such-command"], ["plan", "prod"]]
)
def test_wrong_command_line_or_no_project(words: list[str], cli: Cli, tmp_path: Path) -> None:
    assert cli("--project", str(tmp_path), *words).code == ExitCode.USAGE


def test_pending_refused_and_partly(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    assert cli("deploy", "prod", "--yes").code == ExitCode.REFUSED
    retail.commit()
    assert cli("plan", "prod", "--exit-code").code == ExitCode.PENDING
    where = {"import_policy": ["ALL_OR_NONE", "PARTIAL"]}
    retail.clusters["prod"].traffic.faults.add("status", "metadata/tml/import", status=400, where=where, nth=2)
    assert cli("deploy", "prod", "--yes").code == ExitCode.PARTLY


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_interrupt_waits_for_no_server_and_leaves_no_process(tmp_path: Path, sent: signal.Signals) -> None:
    mark = new_mark()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dev = environment_yaml(f"http://127.0.0.1:{silent.getsockname()[1]}")
        root = make_project(tmp_path, more={"environments/dev/environment.yaml": dev}).root
        with start("export", "dev", folder=root, mark=mark, TS_SANDBOX_KEY="key") as process, silent.accept()[0]:
            process.send_signal(sent)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (ExitCode.INTERRUPTED, "")
    assert err.endswith("interrupted\n")
    assert "Traceback" not in err
    assert_gone(mark)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_hook_and_its_children_end_with_a_deploy(retail: Estate, cli: Cli) -> None:
    hook = 'deploy: {hooks: {before: [sh, -c, "sleep 1000 & sleep 1000"]}}\n'
    prod = environment_yaml(retail.servers["prod"].url, f"source: dev\n{hook}")
    retail.write("environments/prod/environment.yaml", prod)
    cli("export", "dev")
    retail.commit()
    for sent in (signal.SIGTERM, signal.SIGKILL):
        mark = new_mark()
        with start("deploy", "prod", "--yes", folder=retail.project.root, mark=mark) as process:
            wait_for(mark, 5)
            process.send_signal(sent)
            if sent is signal.SIGTERM:
                assert process.stderr is not None
                while "once more" not in process.stderr.readline():
                    assert process.poll() is None
                process.send_signal(sent)
            process.communicate(timeout=30)
        assert_gone(mark)


def shell(script: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A command line as a shell runs it, with ``$ts`` for tsdeploy."""
    words = ["bash", "-c", script]
    variables = environment(ts=f"{sys.executable} -m tsdeploy", **more)
    return subprocess.run(words, cwd=folder, env=variables, capture_output=True, text=True, timeout=60, check=False)


def test_reader_who_leaves_early_changes_nothing(tmp_path: Path) -> None:
    ended = shell("$ts explain | true; echo ${PIPESTATUS[0]}", tmp_path)
    assert (ended.stdout, ended.stderr) == ("0\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_full_disk_below_the_output(tmp_path: Path) -> None:
    ended = shell("$ts explain > /dev/full", tmp_path)
    assert ended.returncode == ExitCode.FAILED
    assert ended.stderr.startswith("error[TD062]: the output could not be written: No space left on device\n")


@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), (">&- 2>&- <&-", 0)])
def test_closed_streams(closed: str, code: int, tmp_path: Path) -> None:
    ended = shell(f"$ts explain TD001 {closed}", tmp_path)
    assert (ended.returncode, ended.stderr) == (code, "")


def test_terminal_that_knows_few_characters(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.answer.tml": "answer:\n  name: Grösse 売上\n"})
    ended = shell("$ts graph | iconv -f latin1 -t utf-8", tmp_path, PYTHONIOENCODING="latin-1")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "answer:Grösse \\u58f2\\u4e0a\n" in ended.stdout


@pytest.mark.parametrize(("variables", "colored"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colors_of_a_terminal(variables: dict[str, str], colored: bool, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "tsdeploy", "plan", "prod"]
    known = {name: value for name, value in environment(**variables).items() if variables or name != "NO_COLOR"}
    subprocess.run(words, cwd=tmp_path, env=known, stderr=theirs, timeout=60, check=False)
    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "error" in said
    assert ("\x1b[" in said) is colored


def test_file_that_nobody_may_read_is_no_bug(cli: Cli, tmp_path: Path) -> None:
    mapping = make_project(tmp_path).root / "environments/prod/mapping.yaml"
    mapping.unlink()
    mapping.symlink_to(mapping.name)  # in a ring, which stops root, too
    outcome = cli("--project", str(tmp_path), "check")
    assert outcome.code in (ExitCode.FAILED, ExitCode.USAGE)
    assert "mapping.yaml" in outcome.out + outcome.err


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"CI": "true", "GITHUB_SHA": "a" * 40}, f"git fetch origin {'a' * 40} && git checkout {'a' * 40} && "),
        ({"TF_BUILD": "True", "BUILD_SOURCEVERSION": "not a commit; rm -rf /"}, ""),
    ],
)
def test_failure_in_ci_says_how_to_see_it_at_home(variables: dict[str, str], line: str, tmp_path: Path) -> None:
    for_the_job = (
        "--post",
        "github",
        "--out",
        "html=/home/runner/review.html",
        "--out=markdown=/home/runner/review.md",
    )
    ended = carried_out("review", "--base", "origin/main", *for_the_job, "a b", folder=tmp_path, **variables)
    assert ended.returncode == ExitCode.USAGE
    assert ended.stderr.endswith(f"to see this on your own machine:  {line}tsdeploy review --base origin/main 'a b'\n")
    assert "own machine" not in carried_out("plan", folder=tmp_path, CI="false").stderr

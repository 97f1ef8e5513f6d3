"""Other programs end when they should, with all that they started, whatever becomes of this process."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import MARK, ROOT, assert_gone, environment, new_mark, wait_for
from tsdeploy.programs import Program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")

RUN_FOREVER = """
import sys
from tsdeploy.programs import Program
Program(("sh", "-c", "sleep 1000 & sleep 1000"), lifeline={lifeline}).run(limit=1000)
"""


def shell(script: str, mark: str = "", *, together: bool = False, lifeline: bool = False) -> Program:
    """A shell with a script, whose processes can be found by a mark."""
    return Program(("sh", "-c", script), variables={MARK: mark}, together=together, lifeline=lifeline)


@pytest.mark.parametrize("lifeline", [False, True])
def test_what_a_program_reads_writes_and_returns(lifeline: bool) -> None:
    done = shell("cat; echo two >&2; exit 3", lifeline=lifeline).run(b"one\n", limit=30)
    assert (done.code, done.out, done.err) == (3, b"one\n", b"two\n")


def test_both_outputs_in_one() -> None:
    assert shell("echo one; echo two >&2", together=True).run(limit=30).out == b"one\ntwo\n"


@pytest.mark.parametrize("lifeline", [False, True])
def test_program_that_is_not_there(lifeline: bool) -> None:
    with pytest.raises(FileNotFoundError):
        Program(("no-such-program",), lifeline=lifeline).run(limit=30)


@pytest.mark.parametrize("lifeline", [False, True])
def test_limit_of_time_ends_a_program_and_all_that_it_started(lifeline: bool) -> None:
    mark = new_mark()
    with pytest.raises(subprocess.TimeoutExpired):
        shell("sleep 1000 & sleep 1000", mark, lifeline=lifeline).run(limit=0.2)
    assert_gone(mark)


@pytest.mark.parametrize("script", ["sleep 1000 & echo done", "sleep 1000 >/dev/null 2>&1 & echo done"])
def test_what_a_program_leaves_running_ends_with_it(script: str) -> None:
    mark = new_mark()
    assert shell(script, mark).run(limit=30).out == b"done\n"
    assert_gone(mark)


@pytest.mark.parametrize(
    ("sent", "lifeline"), [(signal.SIGINT, False), (signal.SIGINT, True), (signal.SIGKILL, True)], ids=str
)
def test_end_of_this_process_ends_programs(sent: signal.Signals, lifeline: bool) -> None:
    mark = new_mark()
    words = [sys.executable, "-c", RUN_FOREVER.format(lifeline=lifeline)]
    with subprocess.Popen(words, env=environment(mark), stderr=subprocess.DEVNULL) as process:
        wait_for(mark, 5 if lifeline else 4)
        process.send_signal(sent)
        process.wait(30)
    assert_gone(mark)


def test_questions_and_answers() -> None:
    with Program(("cat",)).talk(limit=30) as talk:
        talk.say(b"one\n", now=True)
        with talk.waiting():
            assert talk.answer.readline() == b"one\n"


def test_answer_that_does_not_come_ends_the_program() -> None:
    with Program(("cat",)).talk(limit=0.2) as talk:
        with talk.waiting():
            assert talk.answer.readline() == b""
        assert talk.late


def test_program_that_is_gone_cannot_be_asked(tmp_path: Path) -> None:
    with Program(("true",), tmp_path).talk(limit=30) as talk:
        with talk.waiting():
            assert talk.answer.read() == b""
        with pytest.raises(EOFError):
            talk.say(b"x" * 1_000_000, now=True)
        assert talk.end() == 0


def test_no_process_is_started_elsewhere() -> None:
    starting = re.compile(r"subprocess\.(run|Popen|call|check_\w+)\(|os\.(system|fork|spawn\w+|exec\w+|popen)\(")
    package = ROOT / "tsdeploy"
    found = {
        path.relative_to(package).as_posix() for path in package.rglob("*.py") if starting.search(path.read_text())
    }
    assert found == {"programs.py", "sandbox/launching.py"}, "the second starts what is to stay"


def test_every_http_call_has_a_limit() -> None:
    calling = re.compile(r"requests\.(?:request|get|post|put|delete)\((?:[^()]|\([^()]*\))*\)")
    calls = [call for path in (ROOT / "tsdeploy").rglob("*.py") for call in calling.findall(path.read_text("utf-8"))]
    assert [call for call in calls if "timeout=" not in call] == []

"""``tsdeploy init``: by flags, by answers on a terminal, over what is there, and what comes next works."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.golden_files import assert_golden
from tsdeploy.bundled import bundled
from tsdeploy.config.project import find_project
from tsdeploy.git import create_repository

DEV, PROD = "dev=http://127.0.0.1:8101", "prod=http://127.0.0.1:8102/#/home"


def files(root: Path) -> list[str]:
    """The files of a folder, without those of git."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.startswith(".git/"))


def test_flags_ask_nothing(tmp_path: Path, cli: Cli, request: pytest.FixtureRequest) -> None:
    create_repository(tmp_path)
    command = ("--project", str(tmp_path), "init", "-e", DEV, "-e", PROD, "--org", "prod=Sales", "--ci", "github")

    outcome = cli(*command)

    assert outcome.code == 0, outcome.err
    assert_golden(request, "init/flags.txt", outcome.out)
    prod = find_project(tmp_path).environment("prod")
    assert (prod.url, prod.org, prod.source, prod.guards.branch) == ("http://127.0.0.1:8102", "Sales", "dev", "main")
    before = {path: (tmp_path / path).read_bytes() for path in files(tmp_path)}
    assert "+" not in cli(*command).out.partition("Next:")[0].replace("+ git", "")
    assert before == {path: (tmp_path / path).read_bytes() for path in files(tmp_path)}


def test_one_more_environment_comes_from_the_source_that_is_there(tmp_path: Path, cli: Cli) -> None:
    for pair in (DEV, PROD):
        assert cli("--project", str(tmp_path), "init", "-e", pair).code == 0
    assert find_project(tmp_path).environment("prod").source == "dev"


def test_pipeline_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / ".gitlab-ci.yml").write_text("mine", "utf-8")

    outcome = cli("--project", str(tmp_path), "init", "-e", DEV, "-e", PROD, "--ci", "gitlab")

    assert (outcome.code, "error[TD725]" in outcome.err) == (2, True)
    assert files(tmp_path) == [".gitlab-ci.yml"]


def test_nothing_asked_where_nobody_can_answer(tmp_path: Path, cli: Cli) -> None:
    outcome = cli("--project", str(tmp_path), "init")
    assert (outcome.code, "error[TD024]" in outcome.err, files(tmp_path)) == (2, True, [])


@pytest.fixture
def laid_out_by_others(tmp_path: Path) -> Path:
    """A repository with TML in a folder of its own, and a mapping file of cs_tools."""
    create_repository(tmp_path)
    text = (bundled("samples") / "retail").rglob("*.answer.tml")
    for path in text:
        copy = tmp_path / "content" / "answer" / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return tmp_path


def test_tml_that_is_there_is_found_and_its_adoption_offered(laid_out_by_others: Path, cli: Cli) -> None:
    outcome = cli("--project", str(laid_out_by_others), "init", "-e", DEV, "-e", PROD)
    assert outcome.code == 0, outcome.err
    assert find_project(laid_out_by_others).tml_folder == "content"
    assert "tsdeploy init --adopt" in outcome.out


def test_adoption_takes_the_addresses_that_are_named(laid_out_by_others: Path, cli: Cli) -> None:
    outcome = cli("--project", str(laid_out_by_others), "init", "--adopt", "-e", DEV, "-e", PROD)
    assert outcome.code == 0, outcome.err
    project = find_project(laid_out_by_others)
    assert [project.environment(name).url for name in ("dev", "prod")] == [
        "http://127.0.0.1:8101",
        "http://127.0.0.1:8102",
    ]
    assert len(project.objects(project.environment("dev")).records) > 2
    assert "tsdeploy plan prod" in outcome.out
    assert "environments/*/environment.yaml" not in outcome.out


def test_adoption_after_the_environments_were_set_up_goes_on_with_them(laid_out_by_others: Path, cli: Cli) -> None:
    assert cli("--project", str(laid_out_by_others), "init", "-e", DEV, "-e", PROD).code == 0
    outcome = cli("--project", str(laid_out_by_others), "init", "--adopt")
    assert "from dev: 6; mapping files taken over: 0." in outcome.out
    assert "  tsdeploy plan prod  " in outcome.out


def test_adoption_of_nothing_but_tml_says_that_the_addresses_are_missing(laid_out_by_others: Path, cli: Cli) -> None:
    outcome = cli("--project", str(laid_out_by_others), "init", "--adopt")
    assert "edit environments/*/environment.yaml" in outcome.out
    assert "tsdeploy plan ENV" in outcome.out


ANSWERS = {
    "Make one?": "",
    "from dev to prod": "",
    "Address of dev": "not an address\nhttp://127.0.0.1:8101",
    "Org of dev": "",
    "Address of prod": "https://prod.example.com/#/",
    "Org of prod": "Sales",
    "How to sign in": "",
    "ThoughtSpot user": "",
    "Folder for the TML": "",
    "CI pipeline": "gitlab",
    "Let git show": "n",
}


def test_terminal_is_asked(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """All answers are typed ahead, as whoever knows the questions can."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tsdeploy", "--project", str(tmp_path), "init"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "NO_COLOR": "1", "TERM": "dumb"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, close_fds=True) as process:
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in ANSWERS.values()).encode())
        shown = _read(ours)
        assert process.wait(timeout=60) == 0, shown
    os.close(ours)
    text = shown.replace("\r\n", "\n")
    assert [question for question in ANSWERS if question not in text] == []
    assert_golden(request, "init/asked.txt", text.partition("in this clone?")[2].partition("\n")[2])
    prod = find_project(tmp_path).environment("prod")
    assert (prod.url, prod.org) == ("https://prod.example.com", "Sales")
    assert (tmp_path / ".gitlab-ci.yml").is_file()


def _read(terminal: int) -> str:
    """All that is shown, until the other side hangs up."""
    shown = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            return shown.decode()
        if not chunk:
            return shown.decode()
        shown += chunk

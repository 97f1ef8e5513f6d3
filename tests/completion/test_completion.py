"""What Tab offers: in the tree of commands, in a project, in a real shell; nothing hostile, nothing slow imported."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.conftest import put_on_path
from tests.conftest import Cli, environment_yaml
from tsdeploy.cli.command_tree import described
from tsdeploy.cli.main import command as root_command
from tsdeploy.completion.question import read_question
from tsdeploy.completion.shells import SHELLS, read_words, script
from tsdeploy.completion.tree import FILE, load_tree, tree_text
from tsdeploy.completion.values import candidates

NAMES = {
    "liveboard": ["Store Performance", "Bob's $(reboot)", "Ev\x1b[2Jil", "Right\u202eleft", "Plain"],
    "model": ["Retail Sales", "Rétail"],
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two environments, objects, and a release."""
    objects = [
        {
            "kind": kind,
            "name": name,
            "guid": f"{number:08d}-0000-4000-8000-000000000000",
            "tags": ["release"],
            "obj_id": "x-1",
        }
        for kind, names in NAMES.items()
        for number, name in enumerate(names)
    ]
    for name in ("dev", "prod"):
        folder = tmp_path / "environments" / name
        (folder / "releases").mkdir(parents=True)
        (folder / "environment.yaml").write_text(environment_yaml("http://127.0.0.1:1"), "utf-8")
    (tmp_path / "environments/dev/objects.json").write_text(json.dumps({"version": 1, "objects": objects}), "utf-8")
    (tmp_path / "environments/prod/releases/20260725T074019-abc.json").write_text("{}", "utf-8")
    return tmp_path


def offered(cli: Cli, project: Path, line: str, shell: str = "bash") -> tuple[str, list[str]]:
    """How to go on, and the candidates of a line."""
    full = line.replace("tsdeploy", f"tsdeploy --project {project}", 1)
    outcome = cli("completion", shell, "--words", "--", full)
    assert outcome.code == 0, outcome.err
    how, *found = outcome.out.splitlines()
    return how, found


def test_tree_is_that_of_the_commands(request: pytest.FixtureRequest) -> None:
    wanted = tree_text(described(root_command, click.Context(root_command, **root_command.context_settings)))
    if request.config.getoption("--update"):
        FILE.write_text(wanted, "utf-8")
    assert FILE.read_text("utf-8") == wanted
    assert tree_text(load_tree()) == wanted


@pytest.mark.parametrize(
    ("line", "how", "expected"),
    [
        ("tsdeploy roll", "word", ["rollback"]),
        ("tsdeploy plan ", "file", ["dev", "prod"]),
        ("tsdeploy plan pr", "word", ["prod"]),
        ("tsdeploy plan --detail -s 'model:*' p", "word", ["prod"]),
        ("tsdeploy plan prod --format m", "word", ["markdown"]),
        ("tsdeploy plan prod --format=m", "word", ["markdown"]),
        ("tsdeploy plan prod --warehouse --overwrite-r", "word", ["--overwrite-remote"]),
        ("tsdeploy promote dev ", "word", ["dev", "prod"]),
        ("tsdeploy map swap dev p", "word", ["prod"]),
        ("tsdeploy map inf", "word", ["infer"]),
        ("tsdeploy backup pro", "word", ["prod"]),
        ("tsdeploy backup prod --fu", "word", ["--full"]),
        ("tsdeploy backup --parallel 2 d", "word", ["dev"]),
        ("tsdeploy diff env:", "word", ["dev", "prod"]),
        ("tsdeploy explain td20", "word", ["td201", "td202", "td203", "td204", "td205", "td206", "td207", "td209"]),
        ("tsdeploy rollback prod 2026", "word", ["20260725T074019-abc"]),
        ("tsdeploy rollback dev 2026", "word", []),
        ("tsdeploy graph live", "open", ["liveboard:"]),
        ("tsdeploy graph '!+live", "open", ["!+liveboard:"]),
        ("tsdeploy graph liveboard:", "word", ["Plain", "Store\\ Performance"]),
        ("tsdeploy graph liveboard:Store\\ P", "word", ["Store\\ Performance"]),
        ("tsdeploy graph 'liveboard:St", "word", ["liveboard:Store Performance"]),
        ('tsdeploy graph "liveboard:St', "word", ["liveboard:Store Performance"]),
        ("tsdeploy graph liveboard:'St", "word", []),
        ("tsdeploy graph tag:r", "word", ["release"]),
        ("tsdeploy graph obj_id:", "word", ["x-1"]),
        ("tsdeploy graph Store", "word", ["Store\\ Performance"]),
        ("tsdeploy map bind prod model:R", "word", ["Retail\\ Sales", "Rétail"]),
        ("tsdeploy render prod -o ", "folder", []),
        ("tsdeploy no-such-command ", "word", []),
        ("tsdeploy plan prod another ", "word", []),
        ("tsdeploy plan -- --deta", "word", []),
    ],
)
def test_line(line: str, how: str, expected: list[str], project: Path, cli: Cli) -> None:
    found = offered(cli, project, line)
    assert (found[1], found[0] if found[1] else how) == (expected, how if how != "file" else found[0])


def test_zsh_and_fish_get_words_with_help(project: Path, cli: Cli) -> None:
    for shell in ("zsh", "fish"):
        outcome = cli("completion", shell, "--words", "--", "--project", str(project), "graph", "liveboard:S")
        assert outcome.out == "word\nliveboard:Store Performance\t\n"
        assert "rollback\tBring an environment back" in cli("completion", shell, "--words", "--", "roll").out


def test_folder_that_is_no_project_offers_no_names(tmp_path: Path, cli: Cli) -> None:
    assert offered(cli, tmp_path, "tsdeploy plan ")[1] == []


def test_object_map_that_cannot_be_read_offers_nothing(project: Path, cli: Cli) -> None:
    for text in ("[", "[]", '{"objects": [1]}'):
        (project / "environments/dev/objects.json").write_text(text, "utf-8")
        assert offered(cli, project, "tsdeploy graph liveboard:")[1] == []


@settings(max_examples=100, deadline=None)
@given(name=st.text(min_size=1), typed=st.sampled_from(["", "'", '"']))
def test_no_name_reaches_a_shell_as_more_than_a_word(
    name: str, typed: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.getbasetemp() / "hostile"
    (root / "environments" / "dev").mkdir(parents=True, exist_ok=True)
    (root / "environments/dev/environment.yaml").touch()
    objects = {"objects": [{"kind": "model", "name": name}]}
    (root / "environments/dev/objects.json").write_text(json.dumps(objects), "utf-8")
    words, _ = read_words("bash", [f"tsdeploy --project {root} graph {typed}model:"])
    question = read_question(load_tree(), words)
    assert question is not None
    for one in candidates(question):
        assert one.text == f"model:{name}"
        assert not re.search(r"[$`\\'\"\n\r;&|<>(){}\x00-\x1f\x7f]", one.text)


def test_completing_imports_nothing_slow() -> None:
    heavy = ("requests", "git", "jsonschema", "yaml", "rich", "ruamel")
    program = (
        "import sys\nfrom tsdeploy.cli.main import run\n"
        "assert run(['completion', 'bash', '--words', '--', 'tsdeploy plan --select model:']) == 0\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("shell", SHELLS)
def test_script_is_printed(shell: str, cli: Cli) -> None:
    assert cli("completion", shell).out == script(shell)


@pytest.mark.parametrize("shell", SHELLS)
def test_shell_reads_its_script(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    path = tmp_path / "script"
    path.write_text(script(shell), "utf-8")
    subprocess.run([program, "-n", str(path)], check=True, timeout=60)


def test_bash_completes(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are typed into a real bash; what it made of them is printed, an argument between < and >."""
    put_on_path(tmp_path / "bin", monkeypatch)
    monkeypatch.chdir(project)
    typed = ("graph liveboard:Store", "graph 'liveboard:Store", "plan pr", "graph mod", "map show prod '!model:Ret")

    shown = [_completed_by_bash(line) for line in typed]

    assert shown == [
        "<tsdeploy><graph><liveboard:Store Performance>",
        "<tsdeploy><graph><liveboard:Store Performance>",
        "<tsdeploy><plan><prod>",
        "<tsdeploy><graph><model:>",
        "<tsdeploy><map><show><prod><!model:Retail Sales>",
    ]


def _completed_by_bash(line: str) -> str:
    ours, theirs = pty.openpty()
    environ = {**os.environ, "PS1": "ready> ", "TERM": "dumb", "INPUTRC": "/dev/null", "HISTFILE": ""}
    command = ["bash", "--norc", "--noprofile", "-i"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
    ) as bash:
        os.close(theirs)
        try:
            os.write(
                ours, b"bind 'set enable-bracketed-paste off'; set +H; . <(tsdeploy completion bash); echo sour''ced\n"
            )
            _until(ours, r"sourced\r\n")
            os.write(ours, f"tsdeploy {line}\t".encode())
            # The keys wait until bash has its answer; then the line is made one that prints its words.
            os.write(ours, b"\x01printf '<%s>' \n")
            shown = _until(ours, r">ready> ")
        finally:
            bash.kill()
            os.close(ours)
    return str(re.findall(r"((?:<[^<>%]*>)+)ready", shown)[-1])


def _until(terminal: int, pattern: str, seconds: float = 20) -> str:
    """What is shown until the pattern is."""
    shown, end = "", time.monotonic() + seconds
    while not re.search(pattern, shown):
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 65536).decode("utf-8", "replace")
    return shown

"""Every help page opens with what a command does, shows lines that work, and fits a terminal of 80 columns."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tsdeploy.cli import other_tools
from tsdeploy.cli.main import command as root
from tsdeploy.cli.main import run

COLUMNS = 80
_PLACEHOLDER = re.compile(r"[\w.-]+/[\w./-]+|[\w-]+\.(?:json|toml|yaml)")


def pages() -> Iterator[tuple[str, click.Command]]:
    """Every command that help lists, by its full name."""

    def walk(name: str, command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            for word in command.list_commands(context):
                inner = command.get_command(context, word)
                if inner is not None and not inner.hidden:
                    yield from walk(f"{name} {word}", inner, click.Context(inner, context, word))

    return walk("tsdeploy", root, click.Context(root, info_name="tsdeploy"))


PAGES = dict(pages())


def page(name: str) -> str:
    """The help page of a command in a terminal of 80 columns."""
    context: click.Context | None = None
    command: click.Command = root
    for word in name.split():
        if context is not None:
            assert isinstance(command, click.Group)
            found = command.get_command(context, word)
            assert found is not None
            command = found
        context = click.Context(command, context, word, terminal_width=COLUMNS, help_option_names=["-h", "--help"])
    assert context is not None
    return command.get_help(context)


def examples(command: click.Command) -> list[str]:
    """The command lines in the blocks of a docstring that are not wrapped."""
    blocks = re.findall(r"\x08\n(.*?)(?:\n\n|\Z)", inspect.cleandoc(command.help or ""), re.DOTALL)
    lines = (line.strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if re.match(r"(source <\()?tsdeploy\b", line)]


@pytest.mark.parametrize("name", PAGES)
def test_page_fits(name: str) -> None:
    assert [line for line in page(name).splitlines() if len(line) > COLUMNS] == []


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_with_a_sentence_and_examples(name: str) -> None:
    text = inspect.cleandoc(PAGES[name].help or "")
    opening, _, rest = text.partition("\n\n")
    assert re.fullmatch(r"[A-Z][^\n]*(?:\n[^\n]+)?[.?]", opening), opening
    assert rest.startswith(("\x08\ntsdeploy ", "\x08\nsource <(tsdeploy ")), rest[:60]


@pytest.mark.parametrize("name", PAGES)
def test_options_have_help(name: str) -> None:
    missing = [
        one.name for one in PAGES[name].params if isinstance(one, click.Option) and not one.hidden and not one.help
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("name", "line"), [(name, line) for name, command in PAGES.items() for line in examples(command)]
)
def test_example_can_be_run(name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsed as it would be, up to the command's own code; files that it names are there."""
    monkeypatch.chdir(tmp_path)
    line = line.removeprefix("source <(").partition("  ")[0].removesuffix(")")
    words = shlex.split(re.split(r" (?:>|>>|\|) ", line)[0])
    for word in words:
        if _PLACEHOLDER.fullmatch(word):
            (tmp_path / word).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / word).touch()

    parse(words)

    assert line.startswith(name.split()[0])


def parse(words: list[str]) -> None:
    """Parse a command line down to the last command. Raises click's UsageError."""
    command: click.Command = root
    context: click.Context | None = None
    rest = words
    while True:
        context = command.make_context(rest[0], rest[1:], parent=context)
        if not isinstance(command, click.Group):
            return
        rest = [*context._protected_args, *context.args]
        name, inner, arguments = command.resolve_command(context, rest)
        assert inner is not None
        command, rest = inner, [name or "", *arguments]


def test_many_options_stand_in_groups() -> None:
    many = [name for name, one in PAGES.items() if len([p for p in one.params if isinstance(p, click.Option)]) > 10]
    assert "tsdeploy export" in many
    assert [
        name for name in many if page(name).count("\nOptions:") == 1 and not getattr(PAGES[name], "groups", None)
    ] == []


def test_list_of_commands_has_a_line_for_each() -> None:
    sections = page("tsdeploy").partition("\nBegin:\n")[2].partition("\nEnvironment variables:")[0]
    listed = re.findall(r"^  (\w+) +\S", sections, re.MULTILINE)
    assert sorted(listed) == sorted(name.split()[1] for name in PAGES if name.count(" ") == 1)


@pytest.mark.parametrize("name", [name for name, one in PAGES.items() if isinstance(one, click.Group)])
def test_no_line_of_a_list_of_commands_is_cut_short(name: str) -> None:
    assert [line for line in page(name).splitlines() if re.match(r"  \w.*\.\.\.$", line)] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("apply", "no such command: apply; did you mean deploy?"),
        ("lint", "no such command: lint; did you mean check?"),
        ("import", "import; did you mean deploy? An object that is there already is paired by  tsdeploy map bind"),
        ("deplyo prod", "no such command: deplyo; did you mean deploy?"),
        ("fmt", "no such command: fmt; nothing is to be formatted"),
        ("zzz", "no such command: zzz\n"),
        ("deploy prod --auto-approve", "no such option: --auto-approve; not to be asked:  --yes"),
        ("deploy -t prod", "no such option: -t; the environment is an argument:  tsdeploy plan prod"),
        ("backup prod --force", "no such option: --force; a guard is lifted by"),
        ("plan prod -out=plan.json", "no such option: -out; a plan file:  tsdeploy plan prod -o plan.json"),
        ("plan -var a=b prod", "no such option: -var; what differs is in environments/ENV/mapping.yaml"),
        ("plan prod --zzz", "No such option '--zzz'."),
    ],
)
def test_words_of_other_tools_lead_to_those_here(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words.split()) == 2
    assert said in capsys.readouterr().err


def test_each_word_of_another_tool_leads_to_a_command_that_there_is() -> None:
    places = [f"tsdeploy {meant}" for meant in other_tools.COMMANDS.values() if not meant.startswith("--")]
    assert [place for place in places if place not in PAGES] == []
    assert other_tools.COMMANDS.keys() & {name.split()[-1] for name in PAGES if name.count(" ") == 1} == set()


def test_groups_name_options_that_there_are() -> None:
    for name, command in PAGES.items():
        names = {one.name for one in command.params}
        grouped = [one for group in getattr(command, "groups", {}).values() for one in group]
        assert (set(grouped) <= names, len(grouped)) == (True, len(set(grouped))), name

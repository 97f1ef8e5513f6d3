"""The command line: finds the command, runs it, and renders every failure in one place."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.failures import Run, end
from tsdeploy.cli.help_page import SERVER_VARIABLES, with_environments, with_guess, write_sections, write_variables
from tsdeploy.cli.verbosity import begin, note_folder, with_log_options
from tsdeploy.logs.logbook import Logbook
from tsdeploy.version import __version__


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: where it lives, and its line in the list, which must not cost an import."""

    module: str
    summary: str


COMMANDS = {
    "init": Entry("tsdeploy.cli.init", "Set up a repository."),
    "export": Entry("tsdeploy.cli.export", "Bring live objects into git, with the name-to-GUID map."),
    "check": Entry("tsdeploy.cli.check", "Everything that can be known offline."),
    "review": Entry("tsdeploy.cli.review", "What a pull request changes: is it safe to say yes?"),
    "diff": Entry("tsdeploy.cli.diff", "Show what changed in the TML, in objects and fields, not lines."),
    "graph": Entry("tsdeploy.cli.graph", "Who depends on whom: text, Mermaid, DOT, HTML."),
    "render": Entry("tsdeploy.cli.render", "Write the release as it would be sent to an environment."),
    "plan": Entry("tsdeploy.cli.plan", "Compare the release with what is live. Changes nothing."),
    "validate": Entry("tsdeploy.cli.validate", "Let the server validate the release. Changes nothing."),
    "deploy": Entry("tsdeploy.cli.deploy", "Plan, confirm, validate, publish, verify, record."),
    "promote": Entry("tsdeploy.cli.promote", "Export, plan and deploy in one go."),
    "rollback": Entry("tsdeploy.cli.rollback", "Bring an environment back to where it was before a release."),
    "history": Entry("tsdeploy.cli.history", "The releases of an environment: who, when, what, how it went."),
    "prune": Entry("tsdeploy.cli.prune", "Delete what left git; only what this project deployed."),
    "drift": Entry("tsdeploy.cli.drift", "What people changed in the target since the last deploy."),
    "backup": Entry("tsdeploy.cli.backup", "Keep a live environment in a branch, night after night."),
    "restore": Entry("tsdeploy.cli.restore", "Bring objects back as a backup has them."),
    "map": Entry("tsdeploy.cli.map", "Who is who in source and target: show, bind, infer, import."),
    "sandbox": Entry("tsdeploy.cli.sandbox", "Run local ThoughtSpots."),
    "demo": Entry("tsdeploy.cli.demo", "See the whole story against two sandboxes, from nothing."),
    "doctor": Entry("tsdeploy.cli.doctor", "Is everything in place: here, in git, at each server?"),
    "completion": Entry("tsdeploy.cli.completion", "Let bash, zsh or fish complete commands and names."),
    "schema": Entry("tsdeploy.cli.schema", "Print the JSON Schema of a file, for editors."),
    "explain": Entry("tsdeploy.cli.explain", "What an error code means, and what to do."),
}

_SECTIONS = {
    "Begin": ("init", "doctor", "demo", "sandbox"),
    "Promote": ("export", "plan", "validate", "deploy", "promote", "rollback", "history", "drift", "prune"),
    "Look and review": ("check", "diff", "review", "graph", "render"),
    "Map": ("map",),
    "Back up": ("backup", "restore"),
    "Help": ("explain", "completion", "schema"),
}
_VARIABLES = {
    **SERVER_VARIABLES,
    "NO_COLOR": "Set to anything: no colours.",
    "TSDEPLOY_GIT_TIMEOUT": "Seconds that a git command may take.",
    "TSDEPLOY_SANDBOX_HOME": "The folder of all sandboxes.",
    "NAME": "Whatever ${env:NAME} in the project's files stands for.",
}


class Commands(click.Group):
    """A group whose commands are imported when they are run, so that ``--help`` costs next to nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = importlib.import_module(entry.module).command
        assert isinstance(command, click.Command)
        return with_log_options(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from tsdeploy.cli.other_tools import no_such_command

            ctx.fail(no_such_command(args[0], COMMANDS))
        if any(len(one) > 2 and one[0] == "-" != one[1] for one in args):
            from tsdeploy.cli.other_tools import refuse_foreign_option

            refuse_foreign_option(ctx, args)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a value that is none of its choices, or is missing, is told what there is."""
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            from tsdeploy.cli.other_tools import with_option_here

            raise with_option_here(error) from None
        except click.MissingParameter as error:
            raise with_environments(error) from None
        except click.BadParameter as error:
            raise with_guess(error) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        sections = {
            heading: [(f"{name:{width}}", COMMANDS[name].summary) for name in names]
            for heading, names in _SECTIONS.items()
        }
        write_sections(formatter, sections)
        write_variables(formatter, _VARIABLES)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="tsdeploy", message="%(prog)s %(version)s")
@click.option(
    "--project",
    "folder",
    default=".",
    metavar="FOLDER",
    callback=note_folder,
    help="The project's folder. Default: here.",
)
@click.option("-v", "--verbose", count=True, help="Say what is decided and asked; -vv more. Also after COMMAND.")
@click.option("--log-file", type=click.Path(path_type=Path), metavar="FILE", help="Append it to a file as JSON lines.")
@click.pass_context
def command(ctx: click.Context, folder: str, verbose: int, log_file: Path | None) -> None:
    """Git-ops for ThoughtSpot: TML lives in git, every change is planned before it happens.

    \b
    tsdeploy demo                     the whole story here, from nothing
    tsdeploy export dev --commit      live objects of dev into git
    tsdeploy plan prod                what a deploy to prod would do
    tsdeploy deploy prod              do it
    """
    begin(ctx, folder, verbose, log_file)


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; failures are written to standard error."""
    color = False if os.environ.get("NO_COLOR") else None
    with Logbook() as book, click.Context(command, color=color).scope():
        this = Run(tuple(arguments), book)
        more: dict[str, Any] = {"standalone_mode": False, "obj": this, "color": color}
        return end(this, lambda: command.main([*arguments], "tsdeploy", **more))

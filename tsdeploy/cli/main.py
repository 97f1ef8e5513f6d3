"""The command line: finds the command, runs it, and renders every failure in one place."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from tsdeploy.errors import TsdeployError
from tsdeploy.version import __version__

_BUG = 70
_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: where it lives, and its line in the list, which must not cost an import."""

    module: str
    summary: str


COMMANDS = {
    "init": Entry("tsdeploy.cli.init", "Set up a repository."),
    "export": Entry("tsdeploy.cli.export", "Bring live objects into the git folder, with the name-to-GUID map."),
    "check": Entry("tsdeploy.cli.check", "Everything that can be known offline."),
    "review": Entry("tsdeploy.cli.review", "What a pull request changes: who is affected, and is it safe to say yes."),
    "diff": Entry("tsdeploy.cli.diff", "Show what changed in the TML, in objects and fields, not lines."),
    "graph": Entry("tsdeploy.cli.graph", "Who depends on whom: text, Mermaid, DOT, HTML."),
    "render": Entry("tsdeploy.cli.render", "Write the release as it would be sent to an environment."),
    "plan": Entry("tsdeploy.cli.plan", "Compare the release with what is live. Changes nothing."),
    "validate": Entry("tsdeploy.cli.validate", "Let the server validate the release. Changes nothing."),
    "deploy": Entry("tsdeploy.cli.deploy", "Plan, confirm, validate, publish, verify, record."),
    "promote": Entry("tsdeploy.cli.promote", "Export, plan and deploy in one go."),
    "rollback": Entry("tsdeploy.cli.rollback", "Bring an environment back to where it was before a release."),
    "history": Entry("tsdeploy.cli.history", "The releases of an environment: who, when, what, and how it went."),
    "prune": Entry("tsdeploy.cli.prune", "Delete what left git; only what this project deployed."),
    "drift": Entry("tsdeploy.cli.drift", "What people changed in the target since the last deploy."),
    "backup": Entry("tsdeploy.cli.backup", "Keep a live environment in a branch of its own, night after night."),
    "restore": Entry("tsdeploy.cli.restore", "Bring objects back as a backup has them."),
    "map": Entry("tsdeploy.cli.map", "Who is who in source and target: show, bind, infer, import, export."),
    "sandbox": Entry("tsdeploy.cli.sandbox", "Run local ThoughtSpots."),
    "demo": Entry("tsdeploy.cli.demo", "See the whole story against two sandboxes, from nothing."),
    "schema": Entry("tsdeploy.cli.schema", "Print the JSON Schema of a file, for editors."),
    "explain": Entry("tsdeploy.cli.explain", "What an error code means, and what to do."),
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
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"no such command: {args[0]}{_did_you_mean(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="tsdeploy", message="%(prog)s %(version)s")
@click.option("--project", "folder", default=".", metavar="FOLDER", help="The project's folder. Default: here.")
@click.pass_context
def command(ctx: click.Context, folder: str) -> None:
    """Git-ops for ThoughtSpot: TML lives in git, every change is planned before it happens.

    \b
    tsdeploy demo                     the whole story on this machine, from nothing
    tsdeploy export dev --commit      live objects of dev into git
    tsdeploy plan prod                what a deploy to prod would do
    tsdeploy deploy prod              do it
    """
    ctx.obj = folder


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; failures are written to standard error."""
    try:
        code = command.main(list(arguments), prog_name="tsdeploy", standalone_mode=False)
    except TsdeployError as error:
        from tsdeploy.cli.output import print_findings

        print_findings(error.findings)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be said there.
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 - the one place where a bug of ours ends
        return _report_bug(error)
    return code if isinstance(code, int) else 0


def _report_bug(error: Exception) -> int:
    import tempfile
    import traceback
    from pathlib import Path

    report = Path(tempfile.mkdtemp(prefix="tsdeploy-")) / "crash.txt"
    frames = traceback.format_tb(error.__traceback__)
    report.write_text(f"tsdeploy {__version__}\n{type(error).__name__}\n" + "".join(frames), encoding="utf-8")
    click.echo(f"error[TD000]: this is a bug in tsdeploy: {type(error).__name__}", err=True)
    click.echo(f"  hint: report it with the file {report}, which holds no data of yours", err=True)
    return _BUG


def _did_you_mean(word: str) -> str:
    import difflib

    close = difflib.get_close_matches(word, COMMANDS, n=1)
    return f"; did you mean {close[0]}?" if close else ""

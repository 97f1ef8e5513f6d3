"""Words that people bring along from Terraform, Databricks bundles, octoDNS and git, and what they are called here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

import click

from tsdeploy.nearest import nearest

COMMANDS: Mapping[str, str] = {
    **dict.fromkeys(("apply", "import", "publish", "push", "release", "run", "sync", "upload"), "deploy"),
    **dict.fromkeys(("download", "dump", "fetch", "generate", "pull"), "export"),
    **dict.fromkeys(("lint", "test"), "check"),
    **dict.fromkeys(("delete", "destroy", "remove", "rm"), "prune"),
    **dict.fromkeys(("list", "ls", "output", "show", "state"), "map show"),
    **dict.fromkeys(("revert", "undo"), "rollback"),
    **dict.fromkeys(("preview", "status"), "plan"),
    **dict.fromkeys(("log", "summary"), "history"),
    "bind": "map bind",
    "compile": "render",
    "help": "--help",
    "login": "doctor",
    "refresh": "drift",
    "undelete": "restore",
    "version": "--version",
}
"""Command of another tool → the command here."""

_LOCK = "a lock whose process is gone is taken over by itself; by force:  rm .tsdeploy/locks/ENV.json"
_ENVIRONMENT = "the environment is an argument:  tsdeploy plan prod"
_REMARKS: Mapping[str, str] = {
    **dict.fromkeys(("force-unlock", "unlock"), _LOCK),
    **dict.fromkeys(("env", "environment", "environments", "target", "workspace"), _ENVIRONMENT),
    "bundle": "there is no such word in front:  tsdeploy deploy prod",
    "fmt": "nothing is to be formatted: TML stays as it was exported;  tsdeploy check  looks at it",
    "import": "an object that is there already is paired by  tsdeploy map bind",
    "login": "who signs in is in environments/ENV/environment.yaml",
    "state": "a pair is made by  tsdeploy map bind",
}
"""Command of another tool → what else is to be said of it."""

_NO_QUESTION = "not to be asked:  --yes"
_CHOICE = f"{_ENVIRONMENT};  objects are chosen by  --select"
_VALUES = "what differs is in environments/ENV/mapping.yaml, where ${env:NAME} stands for a variable"
_OPTIONS: Mapping[str, str] = {
    **dict.fromkeys(("approve", "auto-approve", "doit"), _NO_QUESTION),
    **dict.fromkeys(("e", "env", "environment", "t", "target"), _CHOICE),
    **dict.fromkeys(("var", "var-file"), _VALUES),
    **dict.fromkeys(("refresh", "refresh-only"), "what people changed in a target:  tsdeploy drift prod"),
    "chdir": "the folder stands before the command:  tsdeploy --project FOLDER plan prod",
    "destroy": "what left git is deleted by  tsdeploy prune prod",
    "detailed-exitcode": "3 when there are changes:  tsdeploy plan prod --exit-code",
    "dry-run": "a dry run of a deploy:  tsdeploy plan prod",
    "force": "a guard is lifted by  --override GUARD,  an edit in the target is lost by  --overwrite-remote SELECTOR",
    "force-lock": _LOCK,
    "json": "--format json",
    "out": "a plan file:  tsdeploy plan prod -o plan.json,  then  tsdeploy deploy plan.json",
    "parallelism": "calls at a time are  deploy: {parallel: 4}  in environments/ENV/environment.yaml",
}
"""Option of another tool, without dashes → what to write here."""


def no_such_command(word: str, known: Iterable[str]) -> str:
    """What is said to a command that there is not, with what it may have been meant to be."""
    meant, remark = COMMANDS.get(word), _REMARKS.get(word, "")
    guess = f"did you mean {meant}?" if meant else "" if remark else nearest(word, known)
    if guess and remark:
        remark = f" {remark[0].upper()}{remark[1:]}"
    return f"no such command: {word}" + (f"; {guess}{remark}" if guess or remark else "")


def refuse_foreign_option(ctx: click.Context, arguments: Sequence[str]) -> None:
    """Fail for a word behind one dash, as in Terraform: ``-out`` would else be ``-o`` with the value ``ut``."""
    for argument in takewhile(lambda one: one != "--", arguments):
        name = argument.removeprefix("-").partition("=")[0]
        if argument.startswith("-") and len(name) > 1 and name in _OPTIONS:
            ctx.fail(_no_such_option(f"-{name}", _OPTIONS[name]))


def with_option_here(error: click.NoSuchOption) -> click.UsageError:
    """The error, with what another tool's option is here."""
    remark = _OPTIONS.get(error.option_name.lstrip("-"))
    return click.UsageError(_no_such_option(error.option_name, remark), error.ctx) if remark else error


def _no_such_option(name: str, remark: str) -> str:
    return f"no such option: {name}; {remark}"

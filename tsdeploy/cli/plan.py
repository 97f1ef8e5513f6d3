"""``tsdeploy plan``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from tsdeploy.cli.context import Workplace, project_of, workplace
from tsdeploy.cli.failures import ExitCode
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import confirmed, print_findings, safe, say, waiting
from tsdeploy.cli.outputs import Output, read_outputs
from tsdeploy.cli.plan_json import plan_json
from tsdeploy.cli.plan_markdown import plan_markdown
from tsdeploy.cli.plan_text import plan_lines
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.deploy.deploying import bring_to_read
from tsdeploy.errors import Finding, TsdeployError, UsageError
from tsdeploy.files import write_atomically
from tsdeploy.plan.build import PlanOptions, make_offline_plan, make_plan
from tsdeploy.plan.change import Plan
from tsdeploy.visible import json_text

_FORMS = ("text", "json", "markdown", "html")
_SHORT = {"md": "markdown", "txt": "text"}


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is planned; commands that deploy have them, too."""
    options = (
        click.option("--select", "-s", multiple=True, metavar="SELECTOR", help="Only these objects. Repeatable."),
        click.option("--since", default="", metavar="COMMIT", help="Only what changed since a commit."),
        click.option(
            "--overwrite-remote",
            "overwrite",
            multiple=True,
            metavar="SELECTOR",
            help="Objects whose edits in the target may be lost. Repeatable.",
        ),
        click.option("--warehouse", is_flag=True, help="Also ask whether the warehouse has the tables and columns."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _outputs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Output, ...]:
    return read_outputs(values, _FORMS, _SHORT, "markdown=plan.md; a plan to deploy is written with  -o plan.json")


_GROUPS = {
    "What is planned": ("select", "since", "overwrite", "warehouse", "offline"),
    "What is shown": ("detail", "explain", "form", "outputs", "file", "pending_exit"),
}


@click.command("plan", cls=GroupedCommand, groups=_GROUPS, variables=SERVER_VARIABLES)
@click.argument("environment")
@plan_options
@click.option("--detail", is_flag=True, help="Show every field that differs, with file and line.")
@click.option("--exit-code", "pending_exit", is_flag=True, help="Exit with 3 when there are changes.")
@click.option("--offline", is_flag=True, help="Ask no server: compare with what was deployed and read last.")
@click.option("--explain", is_flag=True, help="Also list the REST calls that a deploy would make.")
@click.option(
    "--output",
    "-o",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a plan file for  tsdeploy deploy.",
)
@click.option("--out", "outputs", multiple=True, callback=_outputs, metavar="FORM=FILE", help="Also write a report.")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", help="How to print the result.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    environment: str,
    detail: bool,
    pending_exit: bool,
    offline: bool,
    explain: bool,
    file: Path | None,
    outputs: tuple[Output, ...],
    form: str,
    **asked: Any,
) -> int:
    """Compare the release with what is live. Changes nothing.

    \b
    tsdeploy plan prod
    tsdeploy plan prod --detail
    tsdeploy plan prod --select 'liveboard:Sales*' --since origin/main
    tsdeploy plan prod -o plan.json      then  tsdeploy deploy plan.json
    tsdeploy plan prod --out markdown=plan.md --out html=plan.html
    tsdeploy plan prod --exit-code       0 nothing to do, 3 changes, 1 blocked
    """
    options = PlanOptions(**asked)
    if offline and file is not None:
        hint = "plan with the server, or leave out -o"
        raise UsageError(Finding("TD026", "an offline plan cannot be deployed", at="--offline", hint=hint))
    quick = form != "json" and file is None and not detail and not explain
    project, target, plan = _plan(ctx, environment, options, offline=offline, quick=quick)
    _say_left_open(project, target)
    for line in _printed(plan, form, detail=detail):
        click.echo(line)
    for output in outputs:
        text = "".join(f"{line}\n" for line in _printed(plan, output.form, detail=detail))
        write_atomically(output.path, click.unstyle(text).encode("utf-8"))
    if explain:
        _print_calls(plan)
    if file is not None:
        from tsdeploy.plan.saved import save_plan

        save_plan(project, target, plan, file, options)
        say(f"plan written to {file}" + ("" if plan.errors() else f"; tsdeploy deploy {file}  does just that"))
    print_findings(plan.all_findings())
    if plan.errors():
        return TsdeployError.exit_code
    return ExitCode.PENDING if pending_exit and not plan.is_empty else 0


def _say_left_open(project: Project, environment: Environment) -> None:
    """What a release that was cut off has done is not in the record yet: the plan may be another one after that."""
    from tsdeploy.cli.release_site import say_left_open

    say_left_open(project, environment)


def _plan(
    ctx: click.Context, name: str, options: PlanOptions, *, offline: bool, quick: bool
) -> tuple[Project, Environment, Plan]:
    if offline:
        project = project_of(ctx)
        environment = project.environment(name)
        return project, environment, make_offline_plan(project, environment, options)
    with workplace(ctx, name) as at:
        bring_to_read(at.project, at.environment, say)
        return at.project, at.environment, read_plan_of(at, options, quick=quick)


def read_plan_of(at: Workplace, options: PlanOptions, *, quick: bool) -> Plan:
    """Make a plan, and say meanwhile what takes so long; see ``make_plan`` for ``quick``."""
    with waiting(f"reading {at.environment.name} at {at.environment.url}"):
        return make_plan(at.project, at.environment, at.session, options, quick=quick)


def print_plan(plan: Plan, *, detail: bool = False) -> None:
    """A plan as people read it."""
    for line in plan_lines(plan, detail=detail):
        click.echo(line)


def may_deploy(plan: Plan) -> bool:
    """Ask whether a plan is to be deployed. Raises as ``confirmed``."""
    return confirmed(f"Deploy this to {plan.environment}?", "plan")


def _printed(plan: Plan, form: str, *, detail: bool) -> Iterator[str]:
    if form == "json":
        yield json_text(plan_json(plan), indent=2)
    elif form == "html":
        from tsdeploy.review.plan_page import plan_page

        yield plan_page(plan).removesuffix("\n")
    else:
        yield from (plan_markdown if form == "markdown" else plan_lines)(plan, detail=detail)


def _print_calls(plan: Plan) -> None:
    from tsdeploy.deploy.calls import expected_calls

    click.echo("Calls of a deploy:")
    for call in expected_calls(plan):
        count = f"{len(call.objects)} {'object' if len(call.objects) == 1 else 'objects'}"
        click.echo(f"  {call.method} {call.path}: {call.what}, {count}")
        for label in call.objects:
            click.echo(f"      {safe(label)}")

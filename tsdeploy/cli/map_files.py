"""``tsdeploy map show``, ``check``, ``bind``, ``unbind`` and ``swap``: what files alone can tell."""

from __future__ import annotations

import click

from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.output import conclude, one_line, print_findings, print_json, safe, say
from tsdeploy.config.objects import ObjectRecord
from tsdeploy.errors import TsdeployError
from tsdeploy.pairing.audit import check_mapping
from tsdeploy.pairing.bind import bind_object, unbind_object
from tsdeploy.pairing.show import Shown, list_pairs
from tsdeploy.pairing.swap import Swapped, swap_mapping


def record_json(record: ObjectRecord) -> dict[str, str]:
    """A pair of the object map as plain data."""
    return {"kind": record.kind, "name": record.name, "source": record.source, "guid": record.guid}


@click.command("show", short_help="Which object of the target each object is.")
@click.argument("environment")
@click.argument("selectors", nargs=-1, metavar="[SELECTOR]...")
@format_option
@click.pass_context
def show(ctx: click.Context, environment: str, selectors: tuple[str, ...], form: str) -> None:
    """Which object of the target each object is, how that is known, and which rules rewrite it.

    \b
    tsdeploy map show prod
    tsdeploy map show prod 'model:Retail*' --format json

    Needs no server: a new object shows the GUID that it will be given.
    """
    project = project_of(ctx)
    rows = list_pairs(project, project.environment(environment), selectors)
    if form == "json":
        print_json({"environment": environment, "objects": [row.plain() for row in rows]})
        return
    for row in rows:
        _print_row(row)
    click.echo(f"Objects: {len(rows)}.")


def _print_row(row: Shown) -> None:
    click.echo(safe(f"{row.kind}:{row.name}  ({row.origin})"))
    click.echo(f"  {safe(row.key)} → {safe(row.target) or '(the server will choose)'}")
    for rule in row.rules:
        click.echo(f"  by {one_line(rule, 100)}")


@click.command("check", short_help="Find pairs that contradict each other.")
@click.argument("environment")
@format_option
@click.pass_context
def check(ctx: click.Context, environment: str, form: str) -> int:
    """Find pairs that contradict each other, chains, and pairs of objects that are not there.

    \b
    tsdeploy map check prod
    tsdeploy map check prod --format json
    """
    project = project_of(ctx)
    findings = check_mapping(project, project.environment(environment))
    if form == "json":
        print_json({"environment": environment, "findings": [finding.plain() for finding in findings]})
        return TsdeployError.exit_code if any(one.is_error for one in findings) else 0
    code = conclude(findings)
    click.echo(f"{safe(environment)}: findings: {len(findings)}." if findings else f"{safe(environment)}: no findings.")
    return code


@click.command("bind", short_help="Bind an object of the source to one of the target.")
@click.argument("environment")
@click.argument("source")
@click.argument("target")
@click.option("--replace", "again", is_flag=True, help="Bind it anew when it is bound to another object.")
@click.pass_context
def bind_command(ctx: click.Context, environment: str, source: str, target: str, again: bool) -> None:
    """Bind an object of the source to one of the target, in mapping.yaml.

    \b
    tsdeploy map bind prod model:Sales 91aa0b1c-…
    tsdeploy map bind prod 5f0c2d3e-… 91aa0b1c-…
    tsdeploy map bind prod model:Sales obj_id:SalesModel

    SOURCE is a GUID, obj_id:… or kind:name of an object in git; TARGET is a GUID or obj_id:…. A binding that would
    make two objects one, or a chain, is refused.
    """
    project = project_of(ctx)
    bound = bind_object(project, project.environment(environment), source, target, again=again)
    click.echo(f"{'+' if bound.new else '='} {safe(bound.source)}: {safe(bound.target)}")
    print_findings(bound.findings)


@click.command("unbind", short_help="Remove a binding from mapping.yaml.")
@click.argument("environment")
@click.argument("source")
@click.pass_context
def unbind_command(ctx: click.Context, environment: str, source: str) -> None:
    """Remove a binding from mapping.yaml; comments, order and everything else stay.

    \b
    tsdeploy map unbind prod model:Sales
    tsdeploy map unbind prod 5f0c2d3e-…
    """
    project = project_of(ctx)
    key = unbind_object(project, project.environment(environment), source)
    click.echo(f"- {safe(key)}")


@click.command("swap", short_help="Turn the mapping around: from TO back to FROM.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--write", is_flag=True, help="Write the files; without it nothing changes.")
@format_option
@click.pass_context
def swap(ctx: click.Context, source: str, target: str, write: bool, form: str) -> int:
    """Turn the mapping of TO around, so that its objects can go back to FROM.

    \b
    tsdeploy map swap dev prod            what would be written
    tsdeploy map swap dev prod --write    write it into environments/dev

    Rules that are there already stay. The TML for the way back is that of TO: keep it in a repository, or on a
    branch, of its own, where environments/FROM/environment.yaml says  source: TO.
    """
    swapped = swap_mapping(project_of(ctx), source, target, write=write)
    if form == "json":
        print_json(_swap_json(swapped))
    else:
        _print_swap(swapped)
    if not write:
        say("nothing was written: --write does it")
    return conclude(swapped.findings)


def _swap_json(swapped: Swapped) -> dict[str, object]:
    return {
        "rules": swapped.lacking.lines(),
        "records": list(map(record_json, swapped.records)),
        "findings": [finding.plain() for finding in swapped.findings],
    }


def _print_swap(swapped: Swapped) -> None:
    click.echo(safe(swapped.files.shown))
    for line in swapped.lacking.lines():
        click.echo(f"+ {safe(line)}")
    click.echo(safe(swapped.files.objects_shown))
    for record in swapped.records:
        click.echo(f"+ {safe(f'{record.kind}:{record.name}')}  {safe(record.source)} → {safe(record.guid)}")


COMMANDS = (show, check, bind_command, unbind_command, swap)

"""``tsdeploy map infer``, ``assign-obj-ids``, ``recover`` and ``parameterize``: what needs a server."""

from __future__ import annotations

import click

from tsdeploy.cli.context import format_option, workplace
from tsdeploy.cli.map_files import record_json
from tsdeploy.cli.output import conclude, print_json, safe, say, waiting
from tsdeploy.errors import Finding, UsageError
from tsdeploy.mapping.propose import Evidence, Proposal
from tsdeploy.pairing.infer import Proposals, bind_proposals, propose_pairs
from tsdeploy.pairing.obj_ids import Assignment, assign_obj_ids
from tsdeploy.pairing.parameterize import Parameterized, parameterize_mapping
from tsdeploy.pairing.recover import recover_objects

_BY = tuple(evidence.value for evidence in Evidence)


@click.command("infer", short_help="Propose pairs, each with its evidence.")
@click.argument("environment")
@click.option("--by", "evidence", default=",".join(_BY), show_default=True, metavar="LIST", help="What to go by.")
@click.option("--apply", "write", is_flag=True, help="Bind what is unique; without it nothing changes.")
@format_option
@click.pass_context
def infer(ctx: click.Context, environment: str, evidence: str, write: bool, form: str) -> int:
    """Propose pairs for objects that have none, each with its evidence.

    \b
    tsdeploy map infer prod                          what may be who
    tsdeploy map infer prod --by obj_id,table        leave names aside
    tsdeploy map infer prod --by table --apply       bind what is unique

    A proposal is a guess to be looked at: names prove nothing. What is ambiguous is never bound.
    """
    by = _evidence(evidence)
    with workplace(ctx, environment) as at:
        with waiting(f"asking {environment} what it has"):
            found = propose_pairs(at.project, at.environment, at.session, by)
        applied = write and not found.findings
        if applied:
            bind_proposals(at.project, at.environment, found)
    if form == "json":
        print_json({"proposals": [_proposal_json(one) for one in found.proposals], "applied": applied})
    else:
        _print_proposals(found, bound=applied)
    return conclude(found.findings if write else [finding.as_warning() for finding in found.findings])


def _evidence(text: str) -> list[Evidence]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or any(name not in _BY for name in names):
        hint = f"a list of {', '.join(_BY)}"
        raise UsageError(Finding("TD325", f"there is no evidence of the sort {text}", at="--by", hint=hint))
    return [Evidence(name) for name in names]


def _proposal_json(one: Proposal) -> dict[str, object]:
    return {
        "kind": one.source.kind,
        "name": one.source.name,
        "source": one.source.guid,
        "target": one.target.guid,
        "target_name": one.target.name,
        "by": one.evidence.value,
        "evidence": one.why,
        "unique": one.unique,
    }


def _print_proposals(found: Proposals, *, bound: bool) -> None:
    for one in found.proposals:
        sign = ("+" if bound else "?") if one.unique else "!"
        click.echo(f"{sign} {safe(f'{one.source.kind}:{one.source.name}')}")
        click.echo(f"    {safe(one.source.guid)} → {safe(one.target.guid)}  ({safe(one.target.name)})")
        click.echo(f"    {safe(one.why)}" + ("" if one.unique else "; others have that, too: decide by hand"))
    done = "bound" if bound else "to be bound with --apply"
    click.echo(f"Proposals: {len(found.proposals)}; unique, and {done}: {len(found.certain)}.")


@click.command("assign-obj-ids", short_help="Give objects readable obj_ids.")
@click.argument("environment")
@click.option("--like", metavar="ENV", help="The obj_ids that the counterparts of ENV have, by the recorded pairs.")
@click.option("--apply", "write", is_flag=True, help="Change the server; without it nothing changes.")
@format_option
@click.pass_context
def assign_command(ctx: click.Context, environment: str, like: str | None, write: bool, form: str) -> int:
    """Give the objects of an environment readable obj_ids, so that they need no GUID map any more.

    \b
    tsdeploy map assign-obj-ids dev                        what they would be
    tsdeploy map assign-obj-ids dev --apply
    tsdeploy map assign-obj-ids prod --like dev --apply    the same ones

    obj_ids that were chosen by people stay. Every change is looked up afterwards; then export again.
    """
    with workplace(ctx, environment) as at:
        other = at.project.environment(like) if like else None
        with waiting(f"asking {environment} for obj_ids"):
            assigned = assign_obj_ids(at.project, at.environment, at.session, like=other, write=write)
    wanted, findings = assigned.objects, assigned.findings
    changing = [one for one in wanted if one.changes]
    if form == "json":
        objects = [_assignment_json(one) for one in wanted]
        print_json({"objects": objects, "findings": [finding.plain() for finding in findings]})
    else:
        for one in changing:
            before = f"{safe(one.before)} → " if one.before else ""
            click.echo(f"{'+' if write else '?'} {safe(f'{one.kind}:{one.name}')}: {before}{safe(one.obj_id)}")
        click.echo(f"obj_ids to set: {len(changing)}; as they should be: {len(wanted) - len(changing)}.")
    if not write and changing:
        say("nothing was changed: --apply does it")
    return conclude(findings)


def _assignment_json(one: Assignment) -> dict[str, object]:
    return {"kind": one.kind, "name": one.name, "guid": one.guid, "before": one.before, "obj_id": one.obj_id}


@click.command("recover", short_help="Work a lost objects.json out again.")
@click.argument("environment")
@click.option("--write", is_flag=True, help="Write objects.json; without it nothing changes.")
@format_option
@click.pass_context
def recover_command(ctx: click.Context, environment: str, write: bool, form: str) -> int:
    """Work a lost objects.json out again, from obj_ids, bindings, warehouse tables and derived GUIDs.

    \b
    tsdeploy map recover prod            what would be recorded
    tsdeploy map recover prod --write    record it; records that are there stay

    Objects that are not in the target under any of these are listed, and a deploy would create them.
    """
    with workplace(ctx, environment) as at, waiting(f"looking the release up in {environment}"):
        found = recover_objects(at.project, at.environment, at.session, write=write)
    fresh = found.fresh
    if form == "json":
        print_json({"records": list(map(record_json, fresh)), "absent": list(found.absent)})
    else:
        for one in fresh:
            click.echo(f"+ {safe(f'{one.kind}:{one.name}')}  {safe(one.source)} → {safe(one.guid or one.obj_id)}")
        for label in found.absent:
            click.echo(f"? {safe(label)}  is not in {safe(environment)}")
        click.echo(f"Recovered: {len(fresh)}; recorded already: {found.known}; not there: {len(found.absent)}.")
    if not write and fresh:
        say("nothing was written: --write does it")
    return 0


@click.command("parameterize", short_help="Turn databases and schemas into ${variables}.")
@click.argument("environment")
@click.option("--apply", "write", is_flag=True, help="Create the variables and rewrite mapping.yaml.")
@format_option
@click.pass_context
def parameterize(ctx: click.Context, environment: str, write: bool, form: str) -> int:
    """Turn literal databases and schemas of the mapping into ThoughtSpot's ${variables}.

    \b
    tsdeploy map parameterize prod            the variables and their values
    tsdeploy map parameterize prod --apply    create and use them

    The user must manage variables in the Primary Org. The next deploy writes ${variable} into the tables of prod.
    """
    with workplace(ctx, environment) as at:
        found = parameterize_mapping(at.project, at.environment, at.session, write=write)
    if form == "json":
        print_json(_parameterization_json(found))
    else:
        for one in found.variables:
            click.echo(f"{'+' if write and not found.findings else '?'} {safe(one.reference)} = {safe(one.value)}")
        click.echo(f"Variables: {len(found.variables)}; live tables that use them: {found.tables}.")
    if not write and found.variables:
        say("nothing was changed: --apply does it")
    return conclude(found.findings)


def _parameterization_json(found: Parameterized) -> dict[str, object]:
    variables = [{"name": one.name, "part": one.part, "value": one.value} for one in found.variables]
    return {"variables": variables, "tables": found.tables}


COMMANDS = (infer, assign_command, recover_command, parameterize)

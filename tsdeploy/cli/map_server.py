"""``tsdeploy map infer``, ``assign-obj-ids``, ``recover`` and ``parameterize``: what needs a server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import click

from tsdeploy.cli.context import Workplace, format_option, workplace
from tsdeploy.cli.map_files import documents_of, failed, files_of
from tsdeploy.cli.output import finding_json, print_json, safe, say, waiting
from tsdeploy.config.objects import ObjectMap, save_objects
from tsdeploy.errors import Finding, UsageError
from tsdeploy.mapping.edit import Addition, with_values
from tsdeploy.mapping.pairs import Pair, poisoned
from tsdeploy.mapping.propose import Evidence, Proposal, propose
from tsdeploy.mapping.rules import load_mapping
from tsdeploy.pairing.candidates import live_candidates, source_candidates
from tsdeploy.pairing.files import MappingFiles, bound_pairs, effective_pairs, recorded_pairs
from tsdeploy.pairing.obj_ids import Assignment, alike, assign, collisions, live_obj_ids, readable
from tsdeploy.pairing.parameterize import Parameterization, create, live_tables, parameterization
from tsdeploy.pairing.recover import recover
from tsdeploy.release import load_release, release_inputs
from tsdeploy.tml.kinds import KINDS

_BY = tuple(evidence.value for evidence in Evidence)


@click.command("infer")
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
    tsdeploy map infer prod --by table --apply       bind the pairs that are unique

    A proposal is a guess to be looked at: names prove nothing. What is ambiguous is never bound.
    """
    by = _evidence(evidence)
    with workplace(ctx, environment) as at:
        files = files_of(at.project, at.environment)
        with waiting(f"asking {environment} what it has"):
            proposals, present = _proposals(at, files, by)
    certain = [one for one in proposals if one.unique]
    findings = poisoned([*present, *(Pair(one.source.guid.lower(), one.target.guid) for one in certain)])
    if write and not findings:
        files.add(Addition({"objects": {one.source.guid.lower(): one.target.guid for one in certain}}))
    if form == "json":
        print_json({"proposals": [_proposal_json(one) for one in proposals], "applied": write and not findings})
    else:
        _print_proposals(proposals, len(certain), bound=write and not findings)
    return failed(findings if write else [finding.as_warning() for finding in findings])


def _evidence(text: str) -> list[Evidence]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or any(name not in _BY for name in names):
        hint = f"a list of {', '.join(_BY)}"
        raise UsageError(Finding("TD325", f"there is no evidence of the sort {text}", at="--by", hint=hint))
    return [Evidence(name) for name in names]


def _proposals(at: Workplace, files: MappingFiles, by: Sequence[Evidence]) -> tuple[list[Proposal], list[Pair]]:
    """The proposals, and the pairs that hold already."""
    rules = load_mapping(at.environment.mapping_path, files.shown)
    present = effective_pairs(bound_pairs(rules), recorded_pairs(files.objects_file()))
    settled = {pair.source.lower() for pair in present}
    sources = source_candidates(documents_of(at.project), rules, settled)
    kinds = {source.kind for source in sources}
    types = {kind.rest_type for kind in KINDS.values() if kind.name in kinds and kind.rest_type}
    targets = live_candidates(at.session, types, {pair.target.lower() for pair in present})
    return propose(sources, targets, by), present


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


def _print_proposals(proposals: Sequence[Proposal], certain: int, *, bound: bool) -> None:
    for one in proposals:
        sign = ("+" if bound else "?") if one.unique else "!"
        click.echo(f"{sign} {safe(f'{one.source.kind}:{one.source.name}')}")
        click.echo(f"    {safe(one.source.guid)} → {safe(one.target.guid)}  ({safe(one.target.name)})")
        click.echo(f"    {safe(one.why)}" + ("" if one.unique else "; others have that, too: decide by hand"))
    done = "bound" if bound else "to be bound with --apply"
    click.echo(f"Proposals: {len(proposals)}; unique, and {done}: {certain}.")


@click.command("assign-obj-ids")
@click.argument("environment")
@click.option("--like", metavar="ENV", help="The obj_ids that the counterparts of ENV have, by the recorded pairs.")
@click.option("--apply", "write", is_flag=True, help="Change the server; without it nothing changes.")
@format_option
@click.pass_context
def assign_obj_ids(ctx: click.Context, environment: str, like: str | None, write: bool, form: str) -> int:
    """Give the objects of an environment readable obj_ids, so that they need no GUID map any more.

    \b
    tsdeploy map assign-obj-ids dev                        what they would be called
    tsdeploy map assign-obj-ids dev --apply
    tsdeploy map assign-obj-ids prod --like dev --apply    the same ones for their counterparts in prod

    obj_ids that were chosen by people stay. Every change is looked up afterwards; then export again.
    """
    with workplace(ctx, environment) as at:
        objects = at.project.objects(at.environment)
        other = at.project.objects(at.project.environment(like)) if like else None
        with waiting(f"asking {environment} for obj_ids"):
            live = live_obj_ids(at.session, [record.guid for record in objects if record.guid])
        wanted = readable(objects, live) if other is None else alike(objects, live, other)
        findings = collisions(wanted, live)
        if write and not findings:
            findings = assign(at.session, wanted)
            _record(at, objects, wanted, findings)
    changing = [one for one in wanted if one.changes]
    if form == "json":
        print_json(
            {"objects": [_assignment_json(one) for one in wanted], "findings": list(map(finding_json, findings))}
        )
    else:
        for one in changing:
            before = f"{safe(one.before)} → " if one.before else ""
            click.echo(f"{'+' if write else '?'} {safe(f'{one.kind}:{one.name}')}: {before}{safe(one.obj_id)}")
        click.echo(f"obj_ids to set: {len(changing)}; as they should be: {len(wanted) - len(changing)}.")
    if not write and changing:
        say("nothing was changed: --apply does it")
    return failed(findings)


def _record(at: Workplace, objects: ObjectMap, wanted: Iterable[Assignment], findings: Iterable[Finding]) -> None:
    """Write down what was set."""
    refused = {finding.at for finding in findings}
    given = {one.guid: one.obj_id for one in wanted if one.guid not in refused}
    records = [replace(record, obj_id=given.get(record.guid, record.obj_id)) for record in objects]
    save_objects(at.environment.objects_path, ObjectMap(tuple(records)))


def _assignment_json(one: Assignment) -> dict[str, object]:
    return {"kind": one.kind, "name": one.name, "guid": one.guid, "before": one.before, "obj_id": one.obj_id}


@click.command("recover")
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
    with workplace(ctx, environment) as at:
        with waiting(f"looking the release up in {environment}"):
            found = recover(at.session, load_release(at.project), release_inputs(at.project, at.environment))
        present = at.project.objects(at.environment)
    there = present.by_source()
    fresh = [record for record in found.records if record.source not in there]
    if write:
        save_objects(at.environment.objects_path, present.with_records(fresh))
    if form == "json":
        records = [{"kind": one.kind, "name": one.name, "source": one.source, "guid": one.guid} for one in fresh]
        print_json({"records": records, "absent": list(found.absent)})
    else:
        for one in fresh:
            click.echo(f"+ {safe(f'{one.kind}:{one.name}')}  {safe(one.source)} → {safe(one.guid or one.obj_id)}")
        for label in found.absent:
            click.echo(f"? {safe(label)}  is not in {safe(environment)}")
        known = len(found.records) - len(fresh)
        click.echo(f"Recovered: {len(fresh)}; recorded already: {known}; not there: {len(found.absent)}.")
    if not write and fresh:
        say("nothing was written: --write does it")
    return 0


@click.command("parameterize")
@click.argument("environment")
@click.option("--apply", "write", is_flag=True, help="Create the variables and rewrite mapping.yaml.")
@format_option
@click.pass_context
def parameterize(ctx: click.Context, environment: str, write: bool, form: str) -> int:
    """Turn literal databases and schemas of the mapping into ThoughtSpot's ${variables}.

    \b
    tsdeploy map parameterize prod            the variables, and their values in prod's Org
    tsdeploy map parameterize prod --apply    create them, put them into prod's tables and into mapping.yaml

    The user must manage variables in the Primary Org. The next deploy writes ${variable} into the tables of prod.
    """
    with workplace(ctx, environment) as at:
        files = files_of(at.project, at.environment)
        wanted = parameterization(files.rules_file())
        tables = live_tables(
            documents_of(at.project),
            load_mapping(at.environment.mapping_path, files.shown),
            at.project.objects(at.environment),
            wanted,
        )
        findings: list[Finding] = []
        if write and wanted.variables:
            org = at.session.user.org_name or str(at.session.user.org_id or "")
            findings = create(at.session, wanted, tables, org)
            if not findings:
                files.write_text(with_values(files.text(), wanted.edits, files.shown))
    if form == "json":
        print_json(_parameterization_json(wanted, len(tables)))
    else:
        for one in wanted.variables:
            click.echo(f"{'+' if write and not findings else '?'} {safe(one.reference)} = {safe(one.value)}")
        click.echo(f"Variables: {len(wanted.variables)}; live tables that use them: {len(tables)}.")
    if not write and wanted.variables:
        say("nothing was changed: --apply does it")
    return failed(findings)


def _parameterization_json(wanted: Parameterization, tables: int) -> dict[str, object]:
    variables = [{"name": one.name, "part": one.part, "value": one.value} for one in wanted.variables]
    return {"variables": variables, "tables": tables}


COMMANDS = (infer, assign_obj_ids, recover_command, parameterize)

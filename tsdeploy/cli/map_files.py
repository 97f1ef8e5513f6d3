"""``tsdeploy map show``, ``check``, ``bind``, ``unbind`` and ``swap``: what files alone can tell."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.output import finding_json, one_line, print_findings, print_json, safe, say
from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.project import Project
from tsdeploy.errors import ConfigError, Finding, Severity, TsdeployError
from tsdeploy.mapping.edit import Addition
from tsdeploy.mapping.pairs import Pair
from tsdeploy.mapping.rules import load_mapping
from tsdeploy.pairing.audit import audit, dangling, known_keys, of_rules
from tsdeploy.pairing.bind import bind, source_key, target_key, unbind
from tsdeploy.pairing.files import MappingFiles
from tsdeploy.pairing.show import Shown, shown_pairs
from tsdeploy.pairing.swap import Inverse, invert
from tsdeploy.release import load_release, release_inputs
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import load_folder
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.selector import select
from tsdeploy.transform.render import render


def files_of(project: Project, environment: Environment) -> MappingFiles:
    """The mapping files of an environment."""
    paths = (environment.mapping_path, environment.objects_path)
    return MappingFiles(environment, *map(project.shown, paths))


def documents_of(project: Project) -> tuple[Document, ...]:
    """What can be read of the project's TML; what cannot is ``tsdeploy check``'s to say."""
    return load_folder(project.tml, shown=project.shown(project.tml)).documents


def source_objects(project: Project, environment: Environment) -> ObjectMap:
    """The map of the environment that the TML comes from; an empty one where there is none."""
    return project.objects(project.environment(environment.source)) if environment.source else ObjectMap()


def failed(findings: Sequence[Finding]) -> int:
    """Print findings; the exit code that they make."""
    print_findings(findings)
    return TsdeployError.exit_code if any(one.severity is Severity.ERROR for one in findings) else 0


@click.command("show")
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
    target = project.environment(environment)
    documents = load_release(project)
    graph = build_graph(documents)
    chosen = frozenset(select(selectors, graph))
    rows = [row for row in shown_pairs(documents, release_inputs(project, target)) if row.key in chosen]
    if form == "json":
        print_json({"environment": environment, "objects": [row.plain() for row in rows]})
        return
    for row in rows:
        _print_row(row)
    click.echo(f"Objects: {len(rows)}.")


def _print_row(row: Shown) -> None:
    click.echo(safe(f"{row.kind}:{row.name}"))
    click.echo(f"  {safe(row.key)} → {safe(row.target) or '(the server will choose)'}  ({row.origin})")
    for rule in row.rules:
        click.echo(f"  by {one_line(rule, 100)}")


@click.command("check")
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
    target = project.environment(environment)
    findings = _audit(project, target)
    if form == "json":
        print_json({"environment": environment, "findings": [finding_json(finding) for finding in findings]})
        return TsdeployError.exit_code if any(one.severity is Severity.ERROR for one in findings) else 0
    code = failed(findings)
    click.echo(f"{safe(environment)}: findings: {len(findings)}." if findings else f"{safe(environment)}: no findings.")
    return code


def _audit(project: Project, target: Environment) -> list[Finding]:
    """What is wrong with pairs and rules; where a file cannot be read, what is wrong with it."""
    try:
        inputs = release_inputs(project, target)
        documents = documents_of(project)
        objects = files_of(project, target).objects_file()
        found = audit(inputs.mapping, objects, documents, inputs.source_objects)
        return [*found, *of_rules(render(documents, inputs).findings, found)]
    except ConfigError as error:
        return list(error.findings)


@click.command("bind")
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
    files = files_of(project, project.environment(environment))
    documents = documents_of(project)
    key, there = source_key(source, documents), target_key(target)
    changed = bind(files, load_mapping(files.environment.mapping_path, files.shown), key, there, again=again)
    click.echo(f"{'+' if changed else '='} {safe(key)}: {safe(there)}")
    if key.lower() not in known_keys(documents, source_objects(project, files.environment)):
        print_findings([dangling(Pair(key, there))])


@click.command("unbind")
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
    files = files_of(project, project.environment(environment))
    key = _bound_key(files, source) or source_key(source, documents_of(project))
    unbind(files, key)
    click.echo(f"- {safe(key)}")


def _bound_key(files: MappingFiles, source: str) -> str:
    """The text as it is, where it is a key of the file: an object that left git can still be unbound."""
    file = files.rules_file()
    keys = (file.value.get("objects") or {}) if file else {}
    return source if source in keys else ""


@click.command("swap")
@click.argument("source")
@click.argument("target")
@click.option("--write", is_flag=True, help="Write the files; without it nothing changes.")
@format_option
@click.pass_context
def swap(ctx: click.Context, source: str, target: str, write: bool, form: str) -> int:
    """Turn the mapping of TARGET around, so that its objects can go back to SOURCE.

    \b
    tsdeploy map swap dev prod            what would be written for the way from prod to dev
    tsdeploy map swap dev prod --write    write it into environments/dev

    Rules that are there already stay. The TML for the way back is that of TARGET: keep it in a repository, or on a
    branch, of its own, where environments/SOURCE/environment.yaml says  source: TARGET.
    """
    project = project_of(ctx)
    there, back = (files_of(project, project.environment(name)) for name in (target, source))
    inverse = invert(there.rules_file(), there.objects())
    lacking, contradictions = back.lacks(inverse.addition)
    findings = [*inverse.findings, *contradictions]
    if write and not contradictions:
        back.add(lacking, inverse.records)
    if form == "json":
        print_json(_swap_json(inverse, lacking, findings))
    else:
        _print_swap(back, inverse, lacking)
    if not write:
        say("nothing was written: --write does it")
    return failed(findings)


def _swap_json(inverse: Inverse, lacking: Addition, findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "rules": lacking.lines(),
        "records": [{"kind": one.kind, "name": one.name, "source": one.source, "guid": one.guid}
                    for one in inverse.records],
        "findings": [finding_json(finding) for finding in findings],
    }  # fmt: skip


def _print_swap(back: MappingFiles, inverse: Inverse, lacking: Addition) -> None:
    click.echo(safe(back.shown))
    for line in lacking.lines():
        click.echo(f"+ {safe(line)}")
    click.echo(safe(back.objects_shown))
    for record in inverse.records:
        click.echo(f"+ {safe(f'{record.kind}:{record.name}')}  {safe(record.source)} → {safe(record.guid)}")


COMMANDS = (show, check, bind_command, unbind_command, swap)

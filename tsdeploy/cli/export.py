"""``tsdeploy export``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from tsdeploy.cli.context import format_option, project_of
from tsdeploy.cli.help_page import SERVER_VARIABLES, GroupedCommand
from tsdeploy.cli.output import print_findings, print_json, safe, say
from tsdeploy.cli.progress import counting
from tsdeploy.config.environment import Environment, ExportSettings
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, UsageError
from tsdeploy.export.committing import pull_request_body
from tsdeploy.export.order import ExportOrder
from tsdeploy.export.orgs import environments_of_orgs
from tsdeploy.export.result import ExportResult, NotPushedError
from tsdeploy.export.run import export_environment
from tsdeploy.files import write_atomically
from tsdeploy.rest import Budget
from tsdeploy.sessions import connect
from tsdeploy.tml.kinds import LISTED

_Function = TypeVar("_Function", bound=Callable[..., Any])
_SUBTYPES = tuple(dict.fromkeys(subtype for kind in LISTED.values() for subtype in kind.subtypes))
_SIGNS = {"added": ("+", "green"), "changed": ("~", "yellow"), "deleted": ("-", "red")}
_LISTS = (
    "tags",
    "kinds",
    "subtypes",
    "names",
    "authors",
    "guids",
    "obj_ids",
    "collections",
    "select",
    "exclude",
)
_SINGLE = ("modified_since", "associated", "dependents", "system_owned", "layout")


@dataclass(frozen=True, slots=True)
class _Exported:
    """One environment, and what its export did."""

    environment: Environment
    result: ExportResult


def _many(option: str, name: str, what: str, *short: str, **more: Any) -> Callable[[_Function], _Function]:
    return click.option(option, *short, name, multiple=True, help=f"{what}. Repeatable.", **more)


_GROUPS = {
    "Which objects": (
        *("tags", "kinds", "subtypes", "names", "authors", "guids", "obj_ids", "collections", "modified_since"),
        *("select", "exclude", "associated", "dependents", "system_owned", "all_orgs"),
    ),
    "Files": ("layout", "prune_files"),
    "Git": ("commit", "branch", "remote", "message", "author", "per", "pull_request_body"),
}


@click.command("export", cls=GroupedCommand, groups=_GROUPS, variables=SERVER_VARIABLES)
@click.argument("environments", metavar="ENVIRONMENT...", nargs=-1, required=True)
@_many("--tag", "tags", "Only objects with this tag", metavar="TAG")
@_many("--kind", "kinds", f"Only this kind: {', '.join(LISTED)}", type=click.Choice(tuple(LISTED)), metavar="KIND")
@_many("--subtype", "subtypes", f"Only this: {', '.join(_SUBTYPES)}", type=click.Choice(_SUBTYPES), metavar="TYPE")
@_many("--name", "names", "Only this name; * and ? are wildcards", metavar="NAME")
@_many("--author", "authors", "Only objects of this author", metavar="USER")
@_many("--guid", "guids", "Only the object with this GUID", metavar="GUID")
@_many("--obj-id", "obj_ids", "Only the object with this obj_id", metavar="OBJ_ID")
@_many("--collection", "collections", "Only what is in this collection", metavar="NAME")
@click.option("--modified-since", metavar="DATE|AGE", help="Only what changed since: 2026-01-31, or 36h, or 7d.")
@_many("--select", "select", "Of all this, only what the selector names", "-s", metavar="SELECTOR")
@_many("--exclude", "exclude", "Of all this, not what the selector names", metavar="SELECTOR")
@click.option("--associated/--no-associated", default=None, help="Also what the selected objects are built on.")
@click.option("--dependents/--no-dependents", default=None, help="Also what is built on the selected objects.")
@click.option("--system-owned/--no-system-owned", default=None, help="Also what came with the cluster.")
@click.option("--all-orgs", is_flag=True, help="Each Org of the cluster, into an environment of its own.")
@click.option("--layout", metavar="TEMPLATE", help="Where new files go: {kind}/{name}.{id}.{kind}.tml")
@click.option("--prune-files", is_flag=True, help="Delete the files of objects that are gone from the server.")
@click.option("--commit", is_flag=True, help="Commit what changed.")
@click.option(
    "--branch", default="", metavar="BRANCH", help="Commit to this branch, made if it is new, without checking it out."
)
@click.option(
    "--push",
    "remote",
    is_flag=False,
    flag_value="origin",
    default="",
    metavar="[REMOTE]",
    help="Push, to origin unless named.",
)
@click.option(
    "--message",
    "-m",
    default="",
    metavar="TEMPLATE",
    help="The commit's message; {environment}, {added}, {changed} and more are filled in.",
)
@click.option(
    "--author-template",
    "author",
    default="",
    metavar="TEMPLATE",
    help="The commit's author, such as '{author} <{author}@x.io>'.",
)
@click.option("--commit-per", "per", type=click.Choice(["author", "object"]), help="More commits than one.")
@click.option(
    "--pull-request-body",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a description of the changes here.",
)
@click.option("--parallel", type=click.IntRange(1, 32), default=8, show_default=True, help="Calls at a time.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what went wrong.")
@format_option
@click.pass_context
def command(ctx: click.Context, /, environments: tuple[str, ...], form: str, quiet: bool, **given: Any) -> int:
    """Bring live objects into the git folder, with the name-to-GUID map.

    \b
    tsdeploy export dev                          what its environment.yaml selects
    tsdeploy export dev --tag release --commit   objects tagged release
    tsdeploy export dev --name "Sales*" --kind liveboard
    tsdeploy export sales finance                Orgs of one cluster
    tsdeploy export dev --branch export/nightly --push --pull-request-body body.md

    Files whose bytes do not differ are not touched; an object keeps its path when it is renamed. With --branch, your
    files and your checkout stay as they are: only the branch gets what was exported. Whatever is said of the commit
    implies --commit.
    """
    project, budgets = project_of(ctx), _Budgets(given["parallel"])
    done: list[_Exported] = []
    for environment in _environments(project, environments, budgets, all_orgs=given["all_orgs"]):
        order = _order(environment.export, given)
        try:
            result = _export(project, environment, budgets, order, quiet=quiet)
        except NotPushedError as error:
            _tell([*done, _Exported(environment, error.result)], given["pull_request_body"], form, quiet=quiet)
            raise
        done.append(_Exported(environment, result))
    _tell(done, given["pull_request_body"], form, quiet=quiet)
    return 1 if any(one.result.failed for one in done) else 0


def _export(
    project: Project, environment: Environment, budgets: _Budgets, order: ExportOrder, *, quiet: bool
) -> ExportResult:
    with ExitStack() as stack:
        session = stack.enter_context(connect(environment, budgets.of(environment)))
        report = stack.enter_context(counting(f"exporting {environment.name} from {environment.url}", quiet=quiet))
        return export_environment(project, environment, session, order, report)


def _tell(done: list[_Exported], body: Path | None, form: str, *, quiet: bool) -> None:
    """What the exports did, in the form that was asked for, and what went wrong."""
    _write_body(body, done)
    if form == "json":
        print_json(_as_json(done))
    elif not quiet:
        for one in done:
            print_export(one.result, one.environment.name if len(done) > 1 else "")
    for one in done:
        if len(done) > 1 and one.result.findings:
            say(f"{one.environment.name}:")
        print_findings(one.result.findings)


class _Budgets:
    """One budget for each cluster, whatever Orgs of it are exported."""

    def __init__(self, widest: int) -> None:
        self._widest = widest
        self._by_url: dict[str, Budget] = {}

    def of(self, environment: Environment) -> Budget:
        """The budget of an environment's cluster."""
        return self._by_url.setdefault(environment.url.lower(), Budget(self._widest))


def _environments(
    project: Project, names: tuple[str, ...], budgets: _Budgets, *, all_orgs: bool
) -> Iterator[Environment]:
    found = [project.environment(name) for name in names]
    if not all_orgs:
        yield from found
        return
    if len(found) != 1:
        hint = "name one environment of the cluster"
        raise UsageError(Finding("TD038", "--all-orgs is for one environment", at="--all-orgs", hint=hint))
    with connect(found[0], budgets.of(found[0])) as session:
        yield from environments_of_orgs(project, found[0], session)


def _order(base: ExportSettings, given: dict[str, Any]) -> ExportOrder:
    return ExportOrder(
        settings=_settings(base, given),
        prune_files=given["prune_files"],
        commit=any(given[name] for name in ("commit", "branch", "remote", "message", "author", "per")),
        branch=given["branch"],
        remote=given["remote"],
        message=given["message"],
        author=given["author"],
        per=given["per"] or "",
    )


def _settings(base: ExportSettings, given: dict[str, Any]) -> ExportSettings:
    """The environment file's selection, or the command line's where that gives any filter."""
    filters = {name: given[name] for name in _LISTS if given[name]}
    if filters or given["modified_since"]:
        kept = ExportSettings(associated=base.associated, identity=base.identity, layout=base.layout)
        base = replace(kept, **filters)
    single = {name: given[name] for name in _SINGLE if given[name] is not None}
    return replace(base, **single)


def _write_body(path: Path | None, done: list[_Exported]) -> None:
    if path is not None:
        bodies = [pull_request_body(one.environment, one.result.files, one.result.findings) for one in done]
        write_atomically(path, "\n".join(bodies).encode("utf-8"))


def print_export(result: ExportResult, environment: str = "") -> None:
    """What an export did, as people read it."""
    if environment:
        click.echo(f"{safe(environment)}:")
    for file in sorted(result.changed(), key=lambda file: file.label):
        sign, color = _SIGNS[file.action]
        click.echo(f"{click.style(sign, fg=color, bold=True)} {safe(file.label)}")
    deleted = f", {result.count('deleted')} deleted" if result.count("deleted") else ""
    added, changed, unchanged = map(result.count, ("added", "changed", "unchanged"))
    click.echo(f"Export: {added} added, {changed} changed{deleted}, {unchanged} unchanged.")
    number = len(result.files)
    say(f"{number} object{'' if number == 1 else 's'}, {result.usage}, {result.seconds:.1f} seconds")
    where = f" to {safe(result.branch)}" if result.branch else ""
    for commit in result.commits:
        click.echo(f"Committed {commit[:10]}{where}.")


def _as_json(done: list[_Exported]) -> object:
    shown = [_result_json(one) for one in done]
    return shown[0] if len(shown) == 1 else {"environments": shown}


def _result_json(one: _Exported) -> dict[str, object]:
    result = one.result
    return {
        "environment": one.environment.name,
        "files": [{"object": file.label, "path": file.path, "action": file.action} for file in result.files],
        "commit": result.commit or None,
        "commits": list(result.commits),
        "branch": result.branch or None,
        "listed": result.listed,
        "complete": result.complete,
        "calls": result.usage.calls,
        "bytes": result.usage.received,
        "seconds": round(result.seconds, 3),
        "findings": [finding.plain() for finding in result.findings],
    }

"""What must not happen in an environment, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, GuardError, Location
from tsdeploy.git import Repository
from tsdeploy.plan.change import Action, Plan
from tsdeploy.tml.selector import matches

_SHOWN_FILES = 5


def check_guards(project: Project, environment: Environment, plan: Plan) -> None:
    """Raise GuardError with each guard that refuses: TD551 branch, TD552 dirty tree, TD553 size, TD554 protection."""
    where = Location(project.shown(environment.folder / "environment.yaml"))
    findings = [
        *_branch(environment, plan, where),
        *_clean_tree(project, environment),
        *_size(environment, plan, where),
    ]
    findings += _protected(environment, plan, where)
    if findings:
        raise GuardError(findings[0], *findings[1:])


def _branch(environment: Environment, plan: Plan, where: Location) -> Iterator[Finding]:
    wanted = environment.guards.branch
    if wanted and plan.head.branch != wanted:
        here = f"branch {plan.head.branch}" if plan.head.branch else "a detached commit"
        message = f"{environment.name} is deployed only from branch {wanted}; this is {here}"
        yield Finding("TD551", message, where, at="guards.branch", hint=f"git switch {wanted}")


def _clean_tree(project: Project, environment: Environment) -> Iterator[Finding]:
    """What is deployed must be what is committed; the machine's own object map may be newer."""
    if not environment.guards.clean_tree:
        return
    paths = [project.tml, environment.folder / "environment.yaml", environment.mapping_path]
    dirty = Repository.find(project.root).dirty(paths)
    if dirty:
        more = f" and {len(dirty) - _SHOWN_FILES} more" if len(dirty) > _SHOWN_FILES else ""
        message = f"{len(dirty)} files are not committed: {', '.join(dirty[:_SHOWN_FILES])}{more}"
        yield Finding("TD552", message, Location(dirty[0]), hint="commit them, or put them away:  git stash")


def _size(environment: Environment, plan: Plan, where: Location) -> Iterator[Finding]:
    limit = environment.guards.max_update_percent
    if limit is None or not plan.changes:
        return
    percent = 100 * plan.count(Action.UPDATE) / len(plan.changes)
    if percent > limit:
        message = f"the plan updates {percent:.0f} % of the release; {environment.name} allows {limit:g} %"
        hint = "deploy in smaller steps, or raise guards.max_update_percent"
        yield Finding("TD553", message, where, at="guards.max_update_percent", hint=hint)


def _protected(environment: Environment, plan: Plan, where: Location) -> Iterator[Finding]:
    for change in plan.pending():
        for selector in environment.guards.protect:
            if change.action is Action.UPDATE and matches(selector, change.rendered.source):
                message = f"{change.label} is protected in {environment.name} by {selector}"
                hint = "take the selector out of guards.protect in a reviewed commit"
                yield Finding("TD554", message, where, at="guards.protect", hint=hint)

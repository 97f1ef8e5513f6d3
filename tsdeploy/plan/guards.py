"""What must not happen in an environment, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Final, TypeAlias

from tsdeploy.config.environment import Environment
from tsdeploy.config.guards import Guards
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, GuardError, Location, UsageError
from tsdeploy.git import Head, Repository
from tsdeploy.nearest import nearest
from tsdeploy.plan.change import Action, Change, Plan
from tsdeploy.release import rule_files
from tsdeploy.tml.selector import matches
from tsdeploy.transform.warehouse import source_location

_SHOWN_FILES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """What a guard looks at: what is to be sent, from which commit, and when.

    ``size`` is of how many objects the release is; ``now`` has a time zone; ``smaller`` is how to do less at a time.
    """

    project: Project
    environment: Environment
    head: Head
    changes: tuple[Change, ...] = ()
    size: int = 0
    smaller: str = "deploy in smaller steps with --select"
    now: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def guards(self) -> Guards:
        """The limits of the environment."""
        return self.environment.guards

    @property
    def name(self) -> str:
        """The environment's name, for messages."""
        return self.environment.name

    def having(self, *actions: Action) -> tuple[Change, ...]:
        """The changes with one of these actions."""
        return tuple(change for change in self.changes if change.action in actions)


Refusal: TypeAlias = "tuple[str, str, str]"
"""Code, what is refused, and what to do instead of overriding."""


def check_guards(
    project: Project,
    environment: Environment,
    plan: Plan,
    *,
    overrides: Iterable[str] = (),
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Raise GuardError with each guard that refuses; give back the overrides that were needed, to be recorded.

    TD551 branch, TD552 dirty tree, TD553 size, TD554 protection, TD555 creation, TD556 another location of a table,
    TD557 time. ``overrides`` are names of guards; UsageError TD558 for one that is none.
    """
    size = len(plan.rendering.rendered)
    moment = now or datetime.now(timezone.utc)
    situation = Situation(project, environment, plan.head, plan.changes, size, now=moment)
    return refuse(situation, asked(situation), overrides)


def asked(situation: Situation, names: Collection[str] = ()) -> Iterator[tuple[str, Refusal]]:
    """What the guards of these names refuse, all guards without names, each with the guard's name."""
    for name, guard in _GUARDS.items():
        if not names or name in names:
            for refusal in guard(situation):
                yield name, refusal


def refuse(
    situation: Situation,
    refusals: Iterable[tuple[str, Refusal]],
    overrides: Iterable[str],
    *,
    more_names: Collection[str] = (),
) -> tuple[str, ...]:
    """Raise GuardError with each refusal whose guard is not lifted; give back the overrides that were needed.

    UsageError TD558 for an override that names no guard, and is not among ``more_names``.
    """
    lifted = frozenset(overrides)
    _refuse_unknown(lifted, (*_GUARDS, *more_names))
    where = Location(situation.project.shown(situation.environment.folder / "environment.yaml"))
    found = tuple(refusals)
    findings = [_finding(name, refusal, where) for name, refusal in found if name not in lifted]
    GuardError.raise_for(findings)
    return tuple(dict.fromkeys(name for name, _ in found))


def _refuse_unknown(names: frozenset[str], known: Collection[str]) -> None:
    for name in sorted(names.difference(known)):
        hint = nearest(name, known) or f"one of {', '.join(known)}"
        raise UsageError(Finding("TD558", f"there is no guard {name} to override", at="--override", hint=hint))


def _finding(name: str, refusal: Refusal, where: Location) -> Finding:
    code, message, hint = refusal
    return Finding(code, message, where, at=f"guards.{name}", hint=f"{hint}; or  --override {name}")


def _branch(situation: Situation) -> Iterator[Refusal]:
    wanted, head = situation.guards.branch, situation.head
    if wanted and head.branch != wanted:
        here = f"branch {head.branch}" if head.branch else "a detached commit"
        message = f"{situation.name} is deployed only from branch {wanted}; this is {here}"
        yield "TD551", message, f"git switch {wanted}"


def _clean_tree(situation: Situation) -> Iterator[Refusal]:
    """What is deployed must be what is committed; the machine's own object map may be newer."""
    if not situation.guards.clean_tree:
        return
    project, environment = situation.project, situation.environment
    settings = (project.root / "tsdeploy.yaml", *rule_files(project, environment))
    dirty = Repository.find(project.root).dirty([project.tml, *settings])
    if dirty:
        more = f" and {len(dirty) - _SHOWN_FILES} more" if len(dirty) > _SHOWN_FILES else ""
        files = "1 file is" if len(dirty) == 1 else f"{len(dirty)} files are"
        message = f"{files} not committed: {', '.join(dirty[:_SHOWN_FILES])}{more}"
        yield "TD552", message, "commit them, or put them away:  git stash"


def _max_updates(situation: Situation) -> Iterator[Refusal]:
    limit, updates = situation.guards.max_updates, len(situation.having(Action.UPDATE))
    if limit is not None and updates > limit:
        objects = "1 object" if updates == 1 else f"{updates} objects"
        yield "TD553", f"the plan updates {objects}; {situation.name} allows {limit}", situation.smaller


def _max_update_percent(situation: Situation) -> Iterator[Refusal]:
    limit = situation.guards.max_update_percent
    if limit is None or not situation.size:
        return
    percent = 100 * len(situation.having(Action.UPDATE)) / situation.size
    if percent > limit:
        message = f"the plan updates {percent:.0f} % of the release; {situation.name} allows {limit:g} %"
        yield "TD553", message, situation.smaller


def _protect(situation: Situation) -> Iterator[Refusal]:
    for change in situation.having(Action.UPDATE):
        for selector in situation.guards.protect:
            if matches(selector, change.rendered.source):
                message = f"{change.label} is protected in {situation.name} by {selector}"
                yield "TD554", message, "take the selector out of guards.protect in a reviewed commit"


def _allow_create(situation: Situation) -> Iterator[Refusal]:
    created = [change.label for change in situation.having(Action.CREATE)]
    if created and not situation.guards.allow_create:
        more = f" and {len(created) - 1} more" if len(created) > 1 else ""
        message = f"the plan creates {created[0]}{more}; nothing may be created in {situation.name}"
        yield "TD555", message, "bind what is there:  tsdeploy map infer"


def _allow_location_changes(situation: Situation) -> Iterator[Refusal]:
    if situation.guards.allow_location_changes:
        return
    for change in situation.having(Action.UPDATE):
        before = source_location(change.live.document) if change.live is not None else None
        after = source_location(change.rendered.document())
        if before is not None and after is not None and before != after:
            message = f"{change.label} would move from {before} to {after}"
            yield "TD556", message, "mend its rule under tables: in the mapping"


def _windows(situation: Situation) -> Iterator[Refusal]:
    windows = situation.guards.windows
    if windows and not any(window.holds(situation.now) for window in windows):
        times = "; ".join(map(str, windows))
        message = f"{situation.name} is deployed only at these times: {times}; it is {situation.now:%a %H:%M} UTC"
        yield "TD557", message, "wait for the window"


_GUARDS: Final[dict[str, Callable[[Situation], Iterator[Refusal]]]] = {
    "branch": _branch,
    "clean_tree": _clean_tree,
    "max_updates": _max_updates,
    "max_update_percent": _max_update_percent,
    "protect": _protect,
    "allow_create": _allow_create,
    "allow_location_changes": _allow_location_changes,
    "windows": _windows,
}
"""The name of each setting under ``guards``, and what it looks at."""

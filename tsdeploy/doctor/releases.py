"""What deploys left on this machine: a lock, or a release that was cut off."""

from __future__ import annotations

from collections.abc import Iterator

from tsdeploy.deploy.journal import read_journal
from tsdeploy.deploy.lock import holder_of, shared_holder_of
from tsdeploy.deploy.release_folder import release_folder, unfinished
from tsdeploy.doctor.check import Remark, ok, warning
from tsdeploy.doctor.visit import Visit


def check_lock(visit: Visit) -> Iterator[Remark]:
    """Whether somebody deploys right now. Raises GitError where a shared lock cannot be looked at."""
    project, environment = visit.project, visit.environment
    holder, after = holder_of(project, environment), environment.deploy.lock_stale_after
    if environment.deploy.shared_lock and (holder is None or holder.is_stale(after)):
        holder = shared_holder_of(project, environment) or holder
    if holder is None:
        yield ok("nobody holds it")
    elif holder.is_stale(after):
        yield warning(f"left behind by {holder}", "nothing to do: the next deploy takes it over")
    else:
        yield warning(f"held by {holder}", "wait until that is done", "TD610")


def check_unfinished(visit: Visit) -> Iterator[Remark]:
    """Whether a deploy of this clone was cut off. Raises TsdeployError TD615 for a damaged journal."""
    project, environment = visit.project, visit.environment
    open_ones = unfinished(project, environment)
    running = holder_of(project, environment)
    if not open_ones:
        yield ok("no release was cut off")
    elif running is not None and not running.is_stale(environment.deploy.lock_stale_after):
        yield ok(f"release {open_ones[-1]} is under way")
    else:
        hint = f"{_command(visit, open_ones[-1])}  looks up what became of it, and goes on"
        yield warning(f"release {', '.join(open_ones)} was cut off", hint)


def _command(visit: Visit, release: str) -> str:
    """The command that goes on with a release: of a rollback, with the oldest release that it was to take back."""
    environment = visit.environment
    events = read_journal(release_folder(visit.project, environment, release).journal)
    begin = next((event.facts for event in events if event.name == "begin"), None)
    if begin is None:
        return f"tsdeploy deploy {environment.name}"
    if begin["kind"] == "deploy":
        return f"tsdeploy deploy {environment.name} --resume"
    return " ".join(("tsdeploy", begin["kind"], environment.name, *sorted(begin["undoes"])[:1]))

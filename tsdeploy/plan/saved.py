"""A plan as a file: what was decided, bound to everything it was decided from, so that a stale one is refused.

The same inputs give the same bytes: there is no time and no random id in it, and no TML and no secret either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.config.yaml_file import load_config, load_schema
from tsdeploy.errors import Finding, GuardError, Location
from tsdeploy.files import write_atomically
from tsdeploy.plan.build import PlanOptions
from tsdeploy.plan.change import Plan
from tsdeploy.release import rule_files
from tsdeploy.tml.dialect import json_text
from tsdeploy.version import __version__

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SavedChange:
    """One object: what would happen to it, the hash of what would be sent, and of what was there ("" for nothing)."""

    object: str
    source: str
    action: str
    hash: str
    live: str = ""
    guid: str = ""
    obj_id: str = ""


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan file. ``mapping`` is the hash of the environment's files; ``options`` are those of the plan."""

    environment: str
    url: str
    org: str
    commit: str
    mapping: str
    tool: str
    options: PlanOptions
    changes: tuple[SavedChange, ...]


def saved_plan(project: Project, environment: Environment, plan: Plan, options: PlanOptions) -> SavedPlan:
    """What a plan file holds of a plan."""
    return SavedPlan(
        environment=environment.name,
        url=environment.url,
        org="" if environment.org is None else str(environment.org),
        commit=plan.head.commit,
        mapping=_files_hash(project, environment),
        tool=__version__,
        options=options,
        changes=tuple(
            SavedChange(
                object=change.label,
                source=change.key,
                action=change.action.value,
                hash=change.rendered.hash,
                live=change.live.hash if change.live else "",
                guid=change.rendered.target.guid,
                obj_id=change.rendered.target.obj_id,
            )
            for change in plan.changes
        ),
    )


def save_plan(
    project: Project, environment: Environment, plan: Plan, path: Path, options: PlanOptions | None = None
) -> SavedPlan:
    """Write a plan file that can be deployed as it is, or not at all; ``options`` are those that it was made with.

    Raises TsdeployError TD001.
    """
    saved = saved_plan(project, environment, plan, options or PlanOptions())
    write_plan(path, saved)
    return saved


def write_plan(path: Path, saved: SavedPlan) -> None:
    """Write a plan file by atomic replace, one object a line. Raises TsdeployError TD001."""
    head = {
        "version": 1,
        "environment": saved.environment,
        "url": saved.url,
        "org": saved.org,
        "commit": saved.commit,
        "mapping": saved.mapping,
        "tool": saved.tool,
        "options": asdict(saved.options),
    }
    lines = ",\n".join(json_text({k: v for k, v in asdict(change).items() if v}) for change in saved.changes)
    body = json.dumps(head, indent=1)[:-2] + ',\n "changes": [' + (f"\n{lines}\n" if lines else "") + "]\n}\n"
    write_atomically(path, body.encode("utf-8"))


def read_plan(path: Path) -> SavedPlan:
    """Read a plan file. Raises ConfigError TD301 when it is not there, TD302 or TD303 when it is no plan."""
    schema = load_schema("tsdeploy.plan", "plan")
    value: dict[str, Any] = load_config(path, schema, what="plan file", shown=str(path)).value
    options: dict[str, Any] = {
        name: tuple(item) if isinstance(item, list) else item for name, item in value["options"].items()
    }
    return SavedPlan(
        environment=value["environment"],
        url=value["url"],
        org=value["org"],
        commit=value["commit"],
        mapping=value["mapping"],
        tool=value["tool"],
        options=PlanOptions(**options),
        changes=tuple(SavedChange(**change) for change in value["changes"]),
    )


def refuse_stale(saved: SavedPlan, now: SavedPlan, path: Path) -> None:
    """Compare a plan file with the plan of this moment. Raises GuardError with everything that moved.

    TD561 commit, TD562 the environment's files, TD563 another version of tsdeploy, TD564 objects that changed in the
    target or in what would be sent.
    """
    findings = list(_moved(saved, now, Location(str(path))))
    GuardError.raise_for(findings)


def _moved(saved: SavedPlan, now: SavedPlan, where: Location) -> Iterator[Finding]:
    again = f"plan again:  tsdeploy plan {saved.environment} -o {where.file}"
    if saved.commit != now.commit:
        message = f"the plan was made at commit {saved.commit[:12]}; this is {now.commit[:12]}"
        yield Finding("TD561", message, where, hint=f"git checkout {saved.commit[:12]}, or {again}")
    if (saved.mapping, saved.url, saved.org) != (now.mapping, now.url, now.org):
        message = f"the files of {saved.environment} are not those that the plan was made with"
        yield Finding("TD562", message, where, hint=again)
    if saved.tool != now.tool:
        message = f"the plan was made by tsdeploy {saved.tool}; this is {now.tool}"
        yield Finding("TD563", message, where, hint=again)
    before = {change.source: change for change in saved.changes}
    after = {change.source: change for change in now.changes}
    moved = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    for key in moved[:_SHOWN]:
        yield Finding("TD564", _what_moved(before.get(key), after.get(key), saved.environment), where, hint=again)
    if len(moved) > _SHOWN:
        yield Finding("TD564", f"{len(moved) - _SHOWN} more objects moved", where, hint=again)


def _what_moved(before: SavedChange | None, after: SavedChange | None, environment: str) -> str:
    if before is None or after is None:
        one = before or after
        assert one is not None
        return f"{one.object} is {'new in' if before is None else 'gone from'} the release since the plan was made"
    if before.live != after.live:
        return f"{before.object} changed in {environment} since the plan was made"
    if before.hash != after.hash:
        return f"{before.object} would be sent with other content than was planned"
    return f"{before.object} was to {before.action}; now it would {after.action}"


def _files_hash(project: Project, environment: Environment) -> str:
    digest = hashlib.sha256()
    for path in (*rule_files(project, environment), environment.objects_path):
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{project.shown(path)}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()

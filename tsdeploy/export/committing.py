"""Commit what an export changed: in one commit, or so that ``git blame`` names who changed an object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, UsageError
from tsdeploy.export.order import ExportOrder
from tsdeploy.export.result import ExportedFile
from tsdeploy.git import Repository
from tsdeploy.visible import visible

MESSAGE_FIELDS = ("environment", "added", "changed", "deleted", "total", "objects", "author", "object")
AUTHOR_FIELDS = ("author", "environment")
DEFAULT_AUTHOR = "{author} <{author}@thoughtspot.invalid>"
_FIELD = re.compile(r"\{([^{}]*)\}")
_AUTHOR = re.compile(r"[^<>\n]*[^<>\s][^<>\n]* <[^<>\n]*>")
_NOT_IN_NAMES = re.compile(r"[<>\x00-\x1f]")


def check_templates(order: ExportOrder) -> None:
    """Raises UsageError TD509 for a field that a template of the order does not have, and for no author git takes."""
    for option, template, fields in (
        ("--message", order.message, MESSAGE_FIELDS),
        ("--author-template", order.author, AUTHOR_FIELDS),
    ):
        for name in _FIELD.findall(template):
            if name not in fields:
                hint = f"the fields are {', '.join(fields)}"
                raise UsageError(Finding("TD509", f"there is no field {{{name}}} in {option}", hint=hint))
    if order.author and not _AUTHOR.fullmatch(order.author):
        hint = f"such as '{DEFAULT_AUTHOR}'"
        raise UsageError(Finding("TD509", f"no author is written {order.author} in --author-template", hint=hint))


def commit_files(
    project: Project,
    environment: Environment,
    order: ExportOrder,
    files: Sequence[ExportedFile],
    extra: Sequence[Path],
) -> Iterator[str]:
    """The commits that were made, none when nothing changed. ``extra`` files go with the last. Raises GitError."""
    repository = Repository.find(project.root)
    groups = list(_groups([*_to_commit(project, repository, files)], order.per)) or [[]]
    for number, group in enumerate(groups):
        paths = [project.root / file.path for file in group if file.action != "deleted"]
        # A file that git never had leaves nothing to commit.
        deleted = [project.root / file.path for file in group if file.action == "deleted"]
        paths += [repository.root / path for path in repository.dirty(deleted)] if deleted else ()
        paths += extra if number == len(groups) - 1 else ()
        who = group[0].author if order.per and group else ""
        author = _author(order.author, who, environment) if who or order.author else ""
        made = repository.commit(paths, _message(environment, order, group), author=author)
        if made:
            yield made


def _to_commit(project: Project, repository: Repository, files: Sequence[ExportedFile]) -> Iterator[ExportedFile]:
    """What this export changed, and what an earlier one wrote that nobody committed."""
    same = {(project.root / file.path).resolve(): file for file in files if file.action == "unchanged"}
    yield from (file for file in files if file.action != "unchanged")
    for path in repository.dirty(list(same)) if same else ():
        yield replace(same[repository.root.resolve() / path], action="changed")


def _groups(changed: list[ExportedFile], per: str) -> Iterator[list[ExportedFile]]:
    if per == "author":
        ordered = sorted(changed, key=lambda file: file.author)
        yield from (list(group) for _, group in groupby(ordered, key=lambda file: file.author))
    elif per == "object":
        yield from ([file] for file in changed)
    elif changed:
        yield changed


def _author(template: str, name: str, environment: Environment) -> str:
    safe = _NOT_IN_NAMES.sub("_", name).strip() or "unknown"
    return fill(template or DEFAULT_AUTHOR, {"author": safe, "environment": environment.name})


def _message(environment: Environment, order: ExportOrder, group: Sequence[ExportedFile]) -> str:
    objects = "\n".join(f"{file.action:8} {visible(file.label)}" for file in group)
    counts = {action: sum(file.action == action for file in group) for action in ("added", "changed", "deleted")}
    summary = ", ".join(f"{count} {action}" for action, count in counts.items() if count)
    default = f"Export {{environment}}: {summary or 'only identities'}\n\n{{objects}}"
    if order.per == "object" and group:
        default = "Export {environment}: {object}\n\n{objects}"
    values = {
        "environment": environment.name,
        "total": str(len(group)),
        "objects": objects,
        "author": visible(group[0].author) if group else "",
        "object": visible(group[0].label) if len(group) == 1 else f"{len(group)} objects",
        **{action: str(count) for action, count in counts.items()},
    }
    return fill(order.message or default, values)


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its fields filled in; a field that has no value stays."""
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), template)


def pull_request_body(environment: Environment, files: Iterable[ExportedFile], findings: Iterable[Finding]) -> str:
    """Markdown for the description of a pull request with an export."""
    changed = [file for file in files if file.action != "unchanged"]
    lines = [f"## Export of {_cell(environment.name)}", ""]
    if changed:
        lines += ["| | object | changed by |", "|---|---|---|"]
        lines += [f"| {file.action} | {_cell(file.label)} | {_cell(file.author)} |" for file in changed]
    else:
        lines += ["Nothing changed."]
    notes = [f"- {finding.code}: {_cell(finding.message)}" for finding in findings]
    return "\n".join([*lines, *(("", "### Not exported", "", *notes) if notes else ())]) + "\n"


def _cell(text: str) -> str:
    """Text from outside in a table of Markdown: nothing in it is markup, a mention or a link."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~@&-])", r"\\\1", visible(text)).replace("\\@", "&#64;")

"""``export ENV``: live objects into the git folder, with the name-to-GUID map beside them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from tsdeploy.config.environment import Environment, ExportSettings
from tsdeploy.config.objects import ObjectMap, save_objects
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, GitError
from tsdeploy.export.branching import workplace
from tsdeploy.export.collect import Collector, Extent
from tsdeploy.export.committing import check_templates, commit_files
from tsdeploy.export.fetch import Fetched
from tsdeploy.export.narrowing import narrowed
from tsdeploy.export.old_releases import as_server_can, not_by_old
from tsdeploy.export.order import ExportOrder
from tsdeploy.export.paths import Paths
from tsdeploy.export.pruning import Gone, not_pruned, prune_files
from tsdeploy.export.result import ExportedFile, ExportResult, NotPushedError
from tsdeploy.export.selection import Selected, select
from tsdeploy.export.writing import Writer
from tsdeploy.git import Repository, refuse_planted
from tsdeploy.logs.events import note
from tsdeploy.rest import Session, user_names
from tsdeploy.tml.entries import Entry
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.reading import read_entries

_LOG = logging.getLogger("tsdeploy.export")
Progress: TypeAlias = "Callable[[int, int], None]"
"""Called with how many objects are done, and how many there are at least."""


def export_environment(
    project: Project,
    environment: Environment,
    session: Session,
    order: ExportOrder | None = None,
    progress: Progress = lambda _done, _total: None,
) -> ExportResult:
    """Export an environment's selection into the project's folder; with ``commit``, into git, too.

    Files whose bytes do not differ are not touched, and an object keeps its path when it is renamed. Objects that
    the server refuses are findings; everything else is written all the same. With a ``branch`` that is not checked out,
    files and commits are on that branch alone, and the folder stays as it is. Raises RestError, TmlError (a file in
    the folder cannot be read), ConfigError (``objects.json``, the layout), UsageError (selectors, templates) and, with
    ``commit``, GitError; NotPushedError, which has the result, when only the push was refused.
    """
    order = order or ExportOrder()
    check_templates(order)
    with workplace(project, environment, order) as there:
        result = _Export(there.project, there.environment, session, order, progress).run()
    result = replace(result, branch=order.branch)
    if order.remote:
        try:
            _push(Repository.find(project.root), order, result)
        except GitError as error:
            raise NotPushedError(result, *error.findings) from None
    return result


def _push(repository: Repository, order: ExportOrder, result: ExportResult) -> None:
    if result.commits or _was_refused_before(repository, order):
        repository.push(order.branch or repository.head().branch, order.remote)


def _was_refused_before(repository: Repository, order: ExportOrder) -> bool:
    """Whether the branch of the export has commits that the remote lacks. What a user's own branch has is theirs."""
    ref = f"refs/heads/{order.branch}"
    here = repository.run("for-each-ref", "--format=%(objectname)", ref).strip() if order.branch else ""
    return bool(here) and repository.remote_tip(order.remote, ref) != here


@dataclass(slots=True)
class _Export:
    """One export under way."""

    project: Project
    environment: Environment
    session: Session
    order: ExportOrder
    progress: Progress

    def run(self) -> ExportResult:
        """Select, fetch, write, prune, record, commit."""
        begin, before = time.monotonic(), self.session.budget.usage
        wanted = self.order.settings or self.environment.export
        present = self._present()
        known = self.project.objects(self.environment)
        paths = Paths(present, self.project.shown(self.project.tml), wanted.layout)
        self.session.allow_v1()
        selected = select(self.session, wanted)
        note(_LOG, "selected", objects=len(selected.headers))
        collector = Collector(self.session, _extent(as_server_can(wanted, selected.headers)))
        writer = Writer(self.project, self.environment, paths, collector.headers)
        for item in self._items(collector, selected, wanted):
            writer.write(item)
            self.progress(len(writer.files), max(len(selected.headers), len(writer.files)))
        lacking = not_by_old(self.session, wanted, selected.headers)
        refused, left_out = collector.refused.values(), collector.left_out.values()
        findings = list(dict.fromkeys((*lacking, *selected.findings, *refused, *left_out)))
        complete = not any(finding.is_error for finding in findings)
        gone = self._prune(known, present, writer, findings, complete=complete)
        self._save(known, writer, collector, gone)
        files = (*self._with_authors(writer.files, collector), *gone.files)
        commits = self._commit(files)
        usage = self.session.budget.usage.since(before)
        seconds = time.monotonic() - begin
        return ExportResult(files, tuple(findings), commits, len(selected.headers), complete, usage, seconds)

    def _present(self) -> tuple[Entry, ...]:
        folder = self.project.tml
        refuse_planted(self.project.state)
        cache = EntryCache(self.project.entry_cache)
        return read_entries(folder, shown=self.project.shown(folder), cache=cache).checked()

    def _items(self, collector: Collector, selected: Selected, wanted: ExportSettings) -> Iterable[Fetched]:
        selectors = (*wanted.select, *(f"!{text}" for text in wanted.exclude))
        items = collector.collect(selected.headers)
        return narrowed(items, selectors, collector.headers) if selectors else items

    def _prune(
        self, known: ObjectMap, present: tuple[Entry, ...], writer: Writer, findings: list[Finding], *, complete: bool
    ) -> Gone:
        if not self.order.prune_files:
            return Gone()
        if not complete:
            findings.append(not_pruned())
            return Gone()
        return prune_files(self.project, self.session, known, present, {file.guid for file in writer.files})

    def _save(self, known: ObjectMap, writer: Writer, collector: Collector, gone: Gone) -> None:
        kept = ObjectMap(tuple(record for record in known if record.source or record.guid not in gone.guids))
        save_objects(self.environment.objects_path, kept.with_records(writer.records(collector.headers)))

    def _with_authors(self, files: Iterable[ExportedFile], collector: Collector) -> Iterator[ExportedFile]:
        """Whoever changed an object last is asked for by name only where a commit is to say it."""
        headers = {file.guid: collector.headers.get(file.guid) for file in files}
        changed = [headers[file.guid] for file in files if file.action != "unchanged"] if self.order.commit else []
        known = {header.author_id: header.author_name for header in headers.values() if header is not None}
        others = {header.modified_by for header in changed if header is not None} - known.keys() - {""}
        known |= user_names(self.session, sorted(others))
        for file in files:
            header = headers[file.guid]
            name = known.get(header.modified_by) or header.author_name if header is not None else ""
            yield replace(file, author=name)

    def _commit(self, files: tuple[ExportedFile, ...]) -> tuple[str, ...]:
        if not self.order.commit:
            return ()
        extra = [self.environment.objects_path]
        return tuple(commit_files(self.project, self.environment, self.order, files, extra))


def _extent(wanted: ExportSettings) -> Extent:
    return Extent(wanted.identity, wanted.associated, wanted.associated, wanted.system_owned)

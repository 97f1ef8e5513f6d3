"""What people changed in the target by hand since the last deploy: git now, last deployed and live, three ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tsdeploy.config.objects import ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.git import Repository
from tsdeploy.plan.deployed import deployed_documents, later_documents
from tsdeploy.plan.live import Live, LiveObject
from tsdeploy.tml.difference.change import Difference, Weight
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.document import Document
from tsdeploy.transform.inputs import Inputs, Rendered, Rendering
from tsdeploy.transform.render import render

_LOOKED_UP = 50
"""Edits for which git's history is asked, which is a call for each."""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One object that is not as the last deploy left it.

    ``differences`` lead from what was deployed to what is live. ``exact`` is False where what was deployed cannot be
    told exactly any more: its commit is not in this clone, or the mapping has changed since. ``lost`` are those of
    the differences that git does not have, and that a deploy would take back. ``commit`` is one since the last deploy
    that has just what is live, "" for none: a deploy of it may be what nobody recorded.
    """

    rendered: Rendered
    live: LiveObject
    differences: tuple[Difference, ...]
    lost: tuple[Difference, ...]
    exact: bool
    commit: str = ""


def compare(there: Document, wanted: Document, *, keeps_views: bool) -> tuple[Difference, ...]:
    """What an import of the wanted text would change.

    Feedback is only ever added to: what is missing stays. So do saved views, where an import ``keeps_views``.
    """
    found = (difference for difference in describe(there, wanted) if difference.weight is not Weight.NOISE)
    if wanted.kind.name == "nls_feedback":
        found = (difference for difference in found if difference.after is not None)
    if keeps_views:
        found = (difference for difference in found if not (difference.after is None and _is_saved_view(difference)))
    return tuple(found)


def _changed(before: Document, live: Document, *, keeps_views: bool) -> tuple[Difference, ...]:
    """What somebody changed in the target. Who saves a view that stays has not changed the Liveboard."""
    found = compare(before, live, keeps_views=False)
    return tuple(one for one in found if not (keeps_views and one.before is None and _is_saved_view(one)))


def _is_saved_view(difference: Difference) -> bool:
    """Whether whole saved views came or went: one, or the list of them."""
    return difference.what in ("saved_view.added", "saved_view.removed") or difference.at == "views"


def find_edits(
    project: Project, repository: Repository, rendering: Rendering, live: Live, inputs: Inputs
) -> dict[str, Edit]:
    """Source key → edit, of the objects whose live text is not the one that the last deploy left there.

    Another text with the same content (a new release writes TML differently) is no edit.
    """
    records = inputs.objects.by_source()
    suspects = [item for item in rendering.rendered if _differs(records.get(item.key), live.objects.get(item.key))]
    if not suspects:
        return {}
    bases = _rendered_bases(project, repository, suspects, rendering, inputs)
    found = {}
    for item in suspects:
        edit = _edit(item, live.objects[item.key], bases.get(item.key), records[item.key])
        if edit.differences:
            found[item.key] = edit
    lost = [edit for edit in found.values() if edit.lost][:_LOOKED_UP]
    return found | dict(_with_commits(project, repository, lost, rendering, inputs))


def _differs(record: ObjectRecord | None, there: LiveObject | None) -> bool:
    return record is not None and there is not None and record.live not in ("", there.hash)


def _rendered_bases(
    project: Project,
    repository: Repository,
    suspects: list[Rendered],
    rendering: Rendering,
    inputs: Inputs,
) -> dict[str, Rendered]:
    """What was deployed, rendered with the mapping of today among the objects of today."""
    records = inputs.objects.by_source()
    paths = {item.key: item.source.path for item in suspects}
    sources = deployed_documents(project, repository, (records[key] for key in paths), paths)
    return _rendered_with(sources, rendering, inputs)


def _rendered_with(sources: Mapping[str, Document], rendering: Rendering, inputs: Inputs) -> dict[str, Rendered]:
    """These documents, rendered among the others of the release."""
    release = (*(sources.get(item.key, item.source) for item in rendering.rendered), *rendering.referenced)
    rendered: Mapping[str, Rendered] = {item.key: item for item in render(release, inputs).rendered}
    return {key: rendered[key] for key in sources if key in rendered}


def _with_commits(
    project: Project, repository: Repository, edits: Iterable[Edit], rendering: Rendering, inputs: Inputs
) -> Iterator[tuple[str, Edit]]:
    """The edits that are what a commit since the last deploy has, by key."""
    records = inputs.objects.by_source()
    open_ = {edit.rendered.key: edit for edit in edits}
    later = {
        key: later_documents(project, repository, records[key], edit.rendered.source.path)
        for key, edit in open_.items()
    }
    for step in range(max(map(len, later.values()), default=0)):
        versions = {key: found[step] for key, found in later.items() if key in open_ and step < len(found)}
        bases = _rendered_with({key: document for key, (_, document) in versions.items()}, rendering, inputs)
        for key, base in bases.items():
            live = open_[key].live.document
            if not _changed(base.document(), live, keeps_views=base.keeps_views):
                yield key, replace(open_.pop(key), commit=versions[key][0])


def _edit(item: Rendered, there: LiveObject, base: Rendered | None, record: ObjectRecord) -> Edit:
    wanted, live = item.document(), there.document
    if base is None:
        # Nobody can tell who changed what: everything that differs may be somebody's work.
        back = _changed(wanted, live, keeps_views=item.keeps_views)
        return Edit(item, there, back, back, exact=False)
    deployed = base.document()
    differences = _changed(deployed, live, keeps_views=item.keeps_views)
    in_git = {(change.at, change.what, str(change.after)) for change in describe(deployed, wanted)}
    lost = tuple(edit for edit in differences if (edit.at, edit.what, str(edit.after)) not in in_git)
    return Edit(item, there, differences, lost, exact=base.hash == record.hash)

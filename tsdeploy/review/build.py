"""Make a review: read what differs between two commits, judge it, and follow it to its users and environments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.check.suppression import FILE_NAME
from tsdeploy.config.project import Project
from tsdeploy.git import Head, Repository
from tsdeploy.review.affected import affected_objects
from tsdeploy.review.commit_files import CommitFiles
from tsdeploy.review.environments import (
    Asking,
    Change,
    Prepare,
    environments_of,
    included_files,
    outlook,
    project_at,
    targets_of,
)
from tsdeploy.review.findings import Checked, Told, check_changed, told_apart
from tsdeploy.review.git_objects import GitObjects
from tsdeploy.review.judging import Judgement
from tsdeploy.review.losses import find_losses
from tsdeploy.review.mentions import Mentions
from tsdeploy.review.reach import find_reach
from tsdeploy.review.reading import find_differences, in_pieces, read
from tsdeploy.review.report import AffectedObject, Review, ReviewedObject, Revision
from tsdeploy.review.settings import settings_files
from tsdeploy.review.sides import Sides, read_sides
from tsdeploy.review.surroundings import around, needed_by
from tsdeploy.tml.compare import DocumentPair
from tsdeploy.tml.described import Described
from tsdeploy.tml.difference.change import Difference, Weight
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.graph import GraphOf
from tsdeploy.tml.processes import Crew, crew

_SETTINGS = ("environments", FILE_NAME, "tsdeploy.yaml")
_COMPARED = 12
"""Pairs of documents in a piece of work."""
_LARGE = 1500
"""Files in the commit from which a second process is worth its start, and a cache its writing."""


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """``environments``: those to plan for, every one with a source where none is named.

    ``ask``: environments whose credentials are at hand are asked what they have. ``processes``: how many may work on a
    large repository; with more than one the caller's main module must be importable, as ``multiprocessing`` asks.
    ``prepare`` is called with each environment before it is asked.
    """

    environments: tuple[str, ...] = ()
    ask: bool = True
    processes: int = 1
    prepare: Prepare = lambda _: None


def make_review(project: Project, base: str, head: str, options: ReviewOptions | None = None) -> Review:
    """Review what ``head`` changes in the project's TML since it parted from ``base``.

    Nothing is checked out, and nothing is written anywhere but in the project's cache. Raises GitError TD704 (no such
    commit), TD706 (the clone is too shallow), ConfigError TD306 (no such environment) and those of the check file.
    """
    wanted = options or ReviewOptions()
    repository = Repository.find(project.root)
    repository.refuse_tracked(project.state)
    objects = GitObjects.of(repository, project)
    newer = repository.resolve(head)
    older = objects.merge_base(repository.resolve(base), newer)
    found = _look(project, objects, older, newer, wanted.processes)
    with project_at(project, objects, newer) as there:
        change = Change(found.sides.after, tuple(needed_by(found.sides.after, found.mentions)), Head(newer, ""), older)
        asking = Asking(repository, objects, project, there, wanted.prepare) if wanted.ask else None
        names = environments_of(there, wanted.environments)
        outlooks = tuple(outlook(project, there, name, change, asking) for name in names)
        surroundings = around(found.sides.after, found.mentions)
        checked = check_changed(found.sides.after, surroundings, found.sides.unread, there.root)
        told = _told_apart(checked, found, there.root)
        deciding = dict.fromkeys((*_SETTINGS, *included_files(there)))
        settings = objects.changes_below(older, newer, [f"{objects.prefix}{one}" for one in deciding])
        targets = targets_of(there)
    return Review(
        base=Revision(base, older),
        head=Revision(head, newer),
        objects=found.objects,
        affected=found.affected,
        outlooks=outlooks,
        findings=told.new,
        graph=found.graph,
        rules=checked.rules,
        old_findings=told.old,
        settings=tuple(settings_files(settings, targets)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What the commits themselves say."""

    sides: Sides
    mentions: Mentions
    objects: tuple[ReviewedObject, ...]
    affected: tuple[AffectedObject, ...]
    graph: GraphOf[Described]


def _look(project: Project, objects: GitObjects, older: str, newer: str, processes: int) -> _Found:
    """Read what differs, and follow it."""
    blobs = objects.tree(newer)
    is_large = len(blobs) >= _LARGE
    cache = EntryCache(project.entry_cache.with_name("review.json")) if is_large else None
    with crew(processes if is_large else 1) as helpers:
        sides = read_sides(objects, older, newer)
        files = CommitFiles(objects, blobs if sides.pairs else (), helpers, cache)
        mentions = Mentions(files)
        files.remember(sides.after)
        told = _told(sides, objects, helpers)
        reach = find_reach(sides.pairs, mentions, quiet=_quiet(sides.pairs, told))
        losses = find_losses(sides.pairs, reach, mentions)
        files.keep()
    judgement = Judgement(reach, losses)
    reviewed = (judgement.of(pair, told.get(id(pair), ())) for pair in sides.pairs)
    return _Found(
        sides,
        mentions,
        tuple(sorted(reviewed, key=lambda item: (item.risk.rank, item.label, item.newest.path))),
        tuple(affected_objects(reach, losses, sides.pairs)),
        reach.graph,
    )


def _told(sides: Sides, objects: GitObjects, helpers: Crew) -> dict[int, tuple[Difference, ...]]:
    """What differs in each pair, by its id."""
    texts = {blobs: pair for pair, blobs in sides.texts()}
    found = read(helpers, in_pieces(objects, find_differences, [*texts], _COMPARED))
    return {id(texts[blobs]): differences for blobs, differences in found}


def _quiet(pairs: Iterable[DocumentPair], told: Mapping[int, tuple[Difference, ...]]) -> frozenset[int]:
    """The pairs that differ in nothing that anybody made."""
    both = (pair for pair in pairs if pair.before and pair.after)
    return frozenset(id(pair) for pair in both if all(one.weight is Weight.NOISE for one in told.get(id(pair), ())))


def _told_apart(checked: Checked, found: _Found, suppressions: Path) -> Told:
    """The findings that the change brings, and those that were there before it.

    Only the older versions of documents in which something was found are looked at.
    """
    sides = found.sides
    older_paths = sides.older_paths()
    wanted = {older_paths.get(one.location.file) for one in checked.findings if one.location}
    if not wanted:
        return Told((), ())
    subject = [document for document in sides.before if document.path in wanted]
    older = {pair.after.path: pair.before for pair in sides.pairs if pair.after}
    context = (older.get(one.path, one) for one in around(subject, found.mentions))
    removed = (pair.before for pair in sides.pairs if pair.after is None)
    documents = [one for one in (*context, *removed) if one is not None]
    before = check_changed(subject, documents, sides.unread_before, suppressions)
    return told_apart(checked.findings, before.findings, older_paths)

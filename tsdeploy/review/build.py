"""Make a review: read what differs between two commits, judge it, and follow it to its users and environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, TmlError
from tsdeploy.git import Head, Repository
from tsdeploy.review.environments import Asking, Change, environments_of, outlook, project_at
from tsdeploy.review.findings import check_changed
from tsdeploy.review.git_objects import Blob, GitObjects
from tsdeploy.review.mentions import Mentions, Source
from tsdeploy.review.reach import Reach, affected_objects, find_reach, lost_columns
from tsdeploy.review.report import Review, ReviewedObject, Revision, counted
from tsdeploy.review.risk import Judged, Risk, judge, takes_away
from tsdeploy.tml.columns.offered import ColumnKind, columns_of
from tsdeploy.tml.columns.use import ColumnRef
from tsdeploy.tml.compare import DocumentPair, pair_documents
from tsdeploy.tml.difference.change import Difference, Phrase, Quoted, Weight
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.difference.labels import text_at
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.folder import decode

_SHOWN_STILL = "a column still shows it, and will show nothing"
_TWINS = 3
"""How many of those with one name are looked at to tell that it is not unique."""
_NAMED = 3
"""How many users a sentence names."""


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """``environments``: those to plan for, every one with a source where none is named.

    ``ask``: environments whose credentials are at hand are asked what they have.
    """

    environments: tuple[str, ...] = ()
    ask: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """The changed documents of both commits, paired, and what could not be read in the newer one."""

    pairs: tuple[DocumentPair, ...]
    unread: tuple[Finding, ...]


def make_review(project: Project, base: str, head: str, options: ReviewOptions | None = None) -> Review:
    """Review what ``head`` changes in the project's TML since it parted from ``base``.

    Nothing is checked out, and nothing is written anywhere. Raises GitError TD704 (no such commit), TD706 (the clone is
    too shallow), ConfigError TD306 (no such environment) and those of the check file.
    """
    wanted = options or ReviewOptions()
    repository = Repository.find(project.root)
    objects = GitObjects.of(repository, project.tml)
    newer = repository.resolve(head)
    older = objects.merge_base(repository.resolve(base), newer)
    sides = _read_sides(objects, older, newer)
    changed = tuple(pair.after for pair in sides.pairs if pair.after is not None)
    mentions = Mentions(_sources(objects, objects.tree(newer)), changed) if sides.pairs else Mentions(())
    told = {id(pair): _told(pair) for pair in sides.pairs}
    reach = find_reach(sides.pairs, mentions, quiet=_quiet(sides.pairs, told))
    needed = tuple(_needed(changed, mentions))
    with project_at(project, objects, newer) as there:
        change = Change(changed, needed, Head(newer, ""), older)
        asking = Asking(repository, objects, project, there) if wanted.ask else None
        outlooks = tuple(
            outlook(project, there, name, change, asking) for name in environments_of(there, wanted.environments)
        )
        around = (*needed, *_alike(changed, mentions), *mentions.sets_of((*changed, *needed)))
        checked = check_changed(changed, around, sides.unread, there.root)
    reviewed = (_reviewed(pair, told[id(pair)], reach) for pair in sides.pairs)
    return Review(
        base=Revision(base, older),
        head=Revision(head, newer),
        objects=tuple(sorted(reviewed, key=lambda item: (item.risk.rank, item.label, item.newest.path))),
        affected=tuple(affected_objects(reach, sides.pairs)),
        outlooks=outlooks,
        findings=checked.findings,
        graph=reach.graph,
        rules=checked.rules,
    )


def _read_sides(objects: GitObjects, older: str, newer: str) -> _Sides:
    changes = objects.changes(older, newer)
    after, unread = _documents(objects, (change.after for change in changes))
    read = {document.path for document in after}
    # What is there and cannot be read is no removed object: it is a finding.
    known = (change for change in changes if change.after is None or change.after.path in read)
    before, _ = _documents(objects, (change.before for change in known))
    return _Sides(tuple(pair_documents(before, after)), tuple(unread))


def _documents(objects: GitObjects, blobs: Iterable[Blob | None]) -> tuple[list[Document], list[Finding]]:
    documents: list[Document] = []
    findings: list[Finding] = []
    for source in _sources(objects, [blob for blob in blobs if blob is not None]):
        try:
            documents.append(parse_document(decode(source.content, source.blob.path), source.blob.path))
        except TmlError as error:
            findings += error.findings
    return documents, findings


def _sources(objects: GitObjects, blobs: Sequence[Blob]) -> Iterator[Source]:
    for blob, content in zip(blobs, objects.read(blob.id for blob in blobs), strict=True):
        yield Source(blob, content)


def _needed(changed: Iterable[Document], mentions: Mentions) -> Iterator[Document]:
    """What the changed documents refer to, and is not changed itself."""
    everything = tuple(changed)
    paths = {document.path for document in everything}
    references = (reference for document in everything for reference in document.references)
    return (document for document in mentions.meant(references) if document.path not in paths)


def _alike(changed: Iterable[Document], mentions: Mentions) -> Iterator[Document]:
    """What could be mistaken for a changed document: by its identity, its name, or its table of the warehouse."""
    everything = tuple(changed)
    identities = (one for document in everything for one in (document.guid, document.obj_id, document.label) if one)
    yield from mentions.owners(identities, _TWINS)
    tables = (one for one in everything if one.kind.name == "table")
    yield from mentions.bound_to((text_at(one.body, "schema"), text_at(one.body, "db_table")) for one in tables)


def _told(pair: DocumentPair) -> tuple[Difference, ...]:
    return describe(pair.before, pair.after) if pair.before and pair.after else ()


def _quiet(pairs: Iterable[DocumentPair], told: Mapping[int, tuple[Difference, ...]]) -> frozenset[int]:
    """The pairs that differ in nothing that anybody made."""
    both = (pair for pair in pairs if pair.before and pair.after)
    return frozenset(id(pair) for pair in both if all(one.weight is Weight.NOISE for one in told[id(pair)]))


def _reviewed(pair: DocumentPair, told: Iterable[Difference], reach: Reach) -> ReviewedObject:
    before, after = pair.before, pair.after
    if after is None:
        return _removed(pair, reach)
    if before is None:
        return ReviewedObject(None, after, own_risk=Risk.ORDINARY)
    lost = frozenset(lost_columns(pair))
    changes = (_judged(one, pair, lost, reach) for one in told)
    return ReviewedObject(before, after, tuple(sorted(changes, key=lambda change: change.risk.rank)))


def _removed(pair: DocumentPair, reach: Reach) -> ReviewedObject:
    users = reach.users(pair.newest)
    if users:
        return ReviewedObject(pair.before, None, own_risk=Risk.BREAKING, why=_named(users))
    if pair.newest.kind.is_data or pair.newest.kind.name == "cohort":
        why = "nothing in git uses it; what people built themselves may. A deploy deletes nothing"
        return ReviewedObject(pair.before, None, own_risk=Risk.RISKY, why=(why,))
    return ReviewedObject(pair.before, None, own_risk=Risk.ORDINARY, why=("a deploy deletes nothing",))


def _judged(difference: Difference, pair: DocumentPair, lost: frozenset[str], reach: Reach) -> Judged:
    assert pair.before is not None
    assert pair.after is not None
    found = judge(difference, pair.before, pair.after)
    name = next((part.text for part in difference.subject if isinstance(part, Quoted)), "")
    if not takes_away(difference):
        return found
    if name not in lost:
        return Judged(difference, Risk.BREAKING, (_SHOWN_STILL,)) if _is_shown_still(name, pair.after) else found
    users = reach.used(ColumnRef(reach.key_of(pair.after), name))
    if users:
        return Judged(difference, Risk.BREAKING, _named(users))
    return Judged(difference, Risk.RISKY, ("nothing in git uses it; what people built themselves may",))


def _is_shown_still(name: str, document: Document) -> bool:
    """Whether a column still shows a formula that is no more."""
    column = columns_of(document).get(name)
    return column is not None and column.kind is ColumnKind.COLUMN and bool(column.blocks[0][0].text_of("formula_id"))


def _named(users: Sequence[str]) -> Phrase:
    """``3 objects still use``, with the first few by name."""
    names = tuple(part for user in users[:_NAMED] for part in (", ", Quoted(user)))[1:]
    more = f" and {len(users) - _NAMED} more" if len(users) > _NAMED else ""
    return (f"{counted(len(users), 'object')} still {'uses' if len(users) == 1 else 'use'} it: ", *names, more)

"""``rollback ENV [RELEASE]``: an environment as it was before a release, as a plan that can be read first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.config.releases import ReleaseFile, releases
from tsdeploy.deploy.deletion import Candidate, Doomed, cannot_be_deleted, delete_all, find_doomed
from tsdeploy.deploy.deletion_guards import NAMES, refused_deletions
from tsdeploy.deploy.record import Sent
from tsdeploy.deploy.release_file import find_release
from tsdeploy.deploy.release_folder import Before, ReleaseFolder, SentText, backed_up, release_folder, rendered_again
from tsdeploy.deploy.restored import restored_record
from tsdeploy.deploy.result import DeployResult
from tsdeploy.deploy.run import DeployOptions, Job, Site, carry_out
from tsdeploy.deploy.there import read_by_guid
from tsdeploy.deploy.work import Bench, count
from tsdeploy.errors import DeployError, Finding, Location, UsageError
from tsdeploy.git import Head, Repository
from tsdeploy.plan.change import Action, Change
from tsdeploy.plan.edits import compare
from tsdeploy.plan.guards import Situation, asked, refuse
from tsdeploy.plan.live import LiveObject, read_live
from tsdeploy.plan.personal_views import keeps_views, lost_views
from tsdeploy.plan.unrecorded import with_unrecorded
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.graph import Graph, build_graph
from tsdeploy.tml.kinds import KINDS
from tsdeploy.tml.selector import matches
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.targets import Origin, Target

_GUARDS = ("branch", "max_updates", "protect", "windows")


@dataclass(frozen=True, slots=True, eq=False)
class RollbackPlan:
    """What a rollback would do: texts to restore, and objects to delete that a release created.

    ``head`` is what is checked out; ``releases`` are taken back, the newest first. ``before`` is how each object was,
    by its key in the target. Errors among the findings keep it from happening. ``attached`` is what was created on
    other objects: it goes with them.
    """

    environment: str
    head: Head
    releases: tuple[ReleaseFile, ...]
    restored: tuple[Change, ...]
    doomed: tuple[Doomed, ...]
    before: Mapping[str, Before]
    attached: tuple[SentText, ...] = ()
    findings: tuple[Finding, ...] = ()

    def errors(self) -> tuple[Finding, ...]:
        """Everything that keeps it from being carried out."""
        return tuple(finding for finding in self.findings if finding.is_error)

    def summary(self) -> str:
        """The stable last line."""
        return f"Rollback: {len(self.restored)} to restore, {len(self.doomed)} to delete."


class RestoredWork:
    """Texts of the target as they were: nothing in them is rendered."""

    def __init__(self, plan: RollbackPlan) -> None:
        self.commit = plan.head.commit
        self.changes = plan.restored
        self.graph: Graph = build_graph(change.rendered.source for change in plan.restored)
        self._before = plan.before
        self._rendered = {change.key: change.rendered for change in plan.restored}

    def rendered(self, keys: Iterable[str], _: ObjectMap) -> list[Rendered]:
        """These texts, whatever is known."""
        return [self._rendered[key] for key in keys]

    def record(self, sent: Sent, _: ObjectRecord | None, *, exact: bool) -> ObjectRecord:
        """The record that the object had; without one, who it is."""
        live = sent.live.hash if sent.live is not None and exact else ""
        return restored_record(self._before[sent.rendered.key], sent, live)


def plan_rollback(site: Site, name: str = "", overwrite: tuple[str, ...] = ()) -> RollbackPlan:
    """What would bring an environment back to where it was before a release; nothing is written.

    ``name`` "" is the last release that is not taken back yet. ``overwrite`` are selectors of objects whose changes by
    hand may be lost: others are findings TD618. Raises UsageError TD616 when there is no such release, and TD617 when
    this clone does not have the texts from before it.
    """
    undone = _undone(site, name)
    first: dict[str, Before] = {}
    touched_as: dict[str, str] = {}
    for release in reversed(undone):
        touched = {item.source: item for item in release.changed}
        for before in _texts_before(site, release):
            if before.key in touched:
                first.setdefault(before.key, before)
                touched_as.setdefault(before.key, touched[before.key].guid)
    objects = site.project.objects(site.environment)
    head = Repository.find(site.project.root).head()
    draft = RollbackPlan(site.environment.name, head, tuple(undone), (), (), {})
    draft = _with_restored(site, draft, [_whole(one, touched_as[one.key]) for one in first.values() if one.text])
    guids = {key: touched_as[key] for key, one in first.items() if not one.text}
    draft = _with_doomed(site, draft, {key: first[key] for key in guids}, guids)
    draft = replace(draft, attached=tuple(_attached(site, undone, guids)))
    return replace(draft, findings=(*draft.findings, *_edits(site, draft, objects, overwrite)))


def check_rollback(site: Site, plan: RollbackPlan, overrides: tuple[str, ...]) -> tuple[str, ...]:
    """Raise GuardError with each guard that refuses; give back the overrides that were needed.

    TD551 branch, TD553 size, TD554 protection, TD557 time, TD624 deletions. The work tree may be dirty, and what is
    restored may be created or moved: it is not what git has, and was there before.
    """
    smaller = f"take back one release after the other:  tsdeploy rollback {site.environment.name}"
    situation = Situation(site.project, site.environment, plan.head, plan.restored, smaller=smaller)
    deployed = sum(bool(record.hash) for record in site.project.objects(site.environment))
    refusals = (
        *asked(situation, _GUARDS),
        *refused_deletions(site.environment, "rollback", plan.doomed, deployed),
    )
    return refuse(situation, refusals, overrides, more_names=NAMES)


def roll_back(site: Site, plan: RollbackPlan, options: DeployOptions) -> DeployResult:
    """Carry a rollback out; the lock is the caller's. It is a release of its own, and can be taken back, too.

    Raises DeployError when the plan has errors.
    """
    DeployError.raise_for(plan.errors())
    early, late = _parted(plan)
    job = Job(
        "rollback",
        RestoredWork(plan),
        tuple(_as_it_is(site, plan)),
        first=lambda bench: delete_all(bench, early),
        last=lambda bench: _finish(bench, plan, late),
        expected=tuple(one.result("not sent") for one in plan.doomed),
        undoes=tuple(release.id for release in plan.releases),
        restores=tuple(plan.before.values()),
        sources={key: before.key for key, before in plan.before.items()},
    )
    return carry_out(site, job, options)


def _undone(site: Site, name: str) -> list[ReleaseFile]:
    """The releases to take back, the newest first."""
    everything = [one for one in releases(site.project, site.environment) if one.changed]
    if name:
        last = find_release(site.project, site.environment, name).id
    else:
        last = max(_in_effect(reversed(everything)), default="")
    if not last:
        hint = f"tsdeploy history {site.environment.name}"
        raise UsageError(Finding("TD616", f"{site.environment.name} has no release to take back", hint=hint))
    found = [one for one in everything if one.id >= last]
    if not found:
        message = f"{site.environment.name}: release {last} changed no objects, and none did since"
        raise UsageError(Finding("TD616", message, hint="what it set besides TML stays as it is"))
    return found


def _in_effect(everything: Iterable[ReleaseFile]) -> frozenset[str]:
    """The deploys and prunes, given oldest first, that no rollback has taken back for good.

    After a rollback it is as before the oldest release that it took back; one that was not done to its end took
    nothing back for good, and can be run again.
    """
    now: frozenset[str] = frozenset()
    before: dict[str, frozenset[str]] = {}
    for release in everything:
        before[release.id] = now
        if release.kind != "rollback":
            now |= {release.id}
        elif release.status == "done" and release.undoes:
            now = before.get(min(release.undoes), now)
    return now


def _texts_before(site: Site, release: ReleaseFile) -> tuple[Before, ...]:
    folder: ReleaseFolder = release_folder(site.project, site.environment, release.id)
    found = folder.before() or backed_up(site.project, site.environment, release.id)
    if not found and release.changed:
        raise UsageError(_lost(site, folder, release))
    return found


def _lost(site: Site, folder: ReleaseFolder, release: ReleaseFile) -> Finding:
    """What is missing, and what can be done without it: the texts are elsewhere, or were never written to their end."""
    if not folder.texts.exists():
        message = f"this clone does not have the texts from before release {release.id}"
        hint = "run it where the release was deployed, or keep them with  deploy.record.backup_branch"
        return Finding("TD617", message, hint=hint)
    name = site.environment.name
    message = (
        f"the file of texts from before release {release.id} is cut short: how {count(release.changed)} were is lost"
    )
    hint = f"from a backup:  tsdeploy restore {name} --at {release.started};  or revert the commits in git, and deploy"
    return Finding("TD617", message, Location(site.project.shown(folder.texts)), hint=hint)


def _whole(before: Before, guid: str) -> Before:
    """A text from before, which is sent as it is: whose it is, is said alike by the text, by what stands beside it, and
    by the release with the GUID of the object. Raises UsageError TD615 for another one.

    What hangs on an object has that one's GUID, or none.
    """
    document = parse_document(before.text, before.path)
    known = {one.lower() for one in (document.guid, guid) if one}
    if document.kind.owned and document.kind.rest_type and known != {before.guid.lower()}:
        hint = "look who wrote it, and bring the object back from a backup"
        message = f"the text from before of {before.label} is that of another object"
        raise UsageError(Finding("TD615", message, hint=hint))
    return before


def _attached(site: Site, undone: list[ReleaseFile], created: Mapping[str, str]) -> Iterator[SentText]:
    """What was created on other objects, as it was sent last. No search lists it."""
    for release in undone:
        for text in release_folder(site.project, site.environment, release.id).sent().values():
            kind = KINDS.get(text.kind)
            if text.key in created and (kind is None or not kind.owned or not kind.rest_type):
                yield text


def _with_restored(site: Site, plan: RollbackPlan, wanted: list[Before]) -> RollbackPlan:
    rendered = {}
    documents = [parse_document(before.text, before.path) for before in wanted]
    keeps = keeps_views(site.session, site.environment, documents)
    for before, document in zip(wanted, documents, strict=True):
        target = Target(before.guid, document.obj_id, Origin.RECORDED)
        item = Rendered(document, before.text, target, keeps_views=keeps)
        rendered[item.key] = (before, item)
    live = read_live(site.session, (item for _, item in rendered.values())).objects
    order = build_graph(item.source for _, item in rendered.values()).ordered()
    changes = (_change(rendered[document.key][1], live.get(document.key)) for document in order)
    restored = tuple(change for change in changes if change.action is not Action.UNCHANGED)
    lost = tuple(finding for _, finding in lost_views(site.session, plan.environment, restored))
    known = {key: before for key, (before, _) in rendered.items()}
    return replace(plan, restored=restored, before=known, findings=(*plan.findings, *lost))


def _change(item: Rendered, live: LiveObject | None) -> Change:
    if live is None:
        return Change(Action.CREATE, item, "was deleted since; created again as it was")
    found = compare(live.document, item.document(), keeps_views=item.keeps_views)
    if not found:
        return Change(Action.UNCHANGED, item, "as it was", live=live)
    return Change(Action.UPDATE, item, f"{len(found)} differences", found, live)


def _with_doomed(
    site: Site, plan: RollbackPlan, wanted: Mapping[str, Before], guids: Mapping[str, str]
) -> RollbackPlan:
    live = read_by_guid(site.session, guids.values())
    left = {(record.source, record.guid): record.live for record in site.project.objects(site.environment)}
    candidates = (Candidate(key, one.label, guids[key], left.get((key, guids[key]), "")) for key, one in wanted.items())
    doomed, kept = find_doomed(candidates, live, plan.environment)
    return replace(plan, doomed=doomed, findings=(*plan.findings, *kept))


def _edits(site: Site, plan: RollbackPlan, objects: ObjectMap, overwrite: tuple[str, ...]) -> Iterator[Finding]:
    """What people changed since the release: a rollback would take that back, too."""
    there = [(change.label, change.live) for change in plan.restored if change.live is not None]
    there += [(one.label, one.live) for one in plan.doomed]
    sources = {record.guid: record.source for record in objects if record.guid}
    hashes = {sources[live.guid]: live.hash for _, live in there if live.guid in sources}
    caught = with_unrecorded(site.project, site.environment, objects, hashes)
    left = {(record.guid, record.live) for record in caught.objects if record.live}
    # A restore is no release of what git has: objects.json says nothing of it.
    left |= {(item.guid, item.live) for one in plan.releases for item in one.changed if item.live}
    known = {guid for guid, _ in left}
    for label, live in there:
        may_go = any(matches(selector, live.document) for selector in overwrite)
        if live.guid in known and (live.guid, live.hash) not in left and not may_go:
            message = f"{label} was changed in {plan.environment} since the last deploy"
            hint = f"look with  tsdeploy drift {plan.environment} ; lose it:  --overwrite-remote '{label}'"
            yield Finding("TD618", message, hint=hint)


def _parted(plan: RollbackPlan) -> tuple[list[Doomed], list[Doomed]]:
    """What can be deleted first, and what a text that is to be restored still uses until then."""
    texts = [change.live.document for change in plan.restored if change.live is not None]
    doomed = {one.guid: replace(one.live.document, guid=one.guid) for one in plan.doomed}
    graph = build_graph((*texts, *doomed.values()))
    used = graph.upstream(document.key for document in texts if document.key in graph.documents)
    return [one for one in plan.doomed if one.guid not in used], [one for one in plan.doomed if one.guid in used]


def _finish(bench: Bench, plan: RollbackPlan, late: list[Doomed]) -> None:
    """Delete the rest, and forget what no release had put there."""
    if not bench.notes.failed:
        delete_all(bench, late)
    strangers = [key for key, one in plan.before.items() if one.record is None]
    done = {plan.before[key].key for key in strangers if key in bench.notes.results and key not in bench.notes.failed}
    rendered = {text.key: rendered_again(text, text.guid) for text in plan.attached}
    there = read_live(bench.session, rendered.values()).objects
    done |= {key for key, item in rendered.items() if item.key not in there}
    if done:
        bench.recorder.forget(done)
    left = {text.key: text.label for text in plan.attached if text.key not in done}
    bench.notes.add(cannot_be_deleted(label, plan.environment) for label in left.values())


def _as_it_is(site: Site, plan: RollbackPlan) -> Iterator[Before]:
    """What is there now, for a rollback of the rollback."""
    records = site.project.objects(site.environment).by_source()
    for change in plan.restored:
        before = plan.before[change.key]
        text = change.live.content.text if change.live else ""
        yield Before(before.key, change.label, before.path, before.guid, text, records.get(before.key))
    for one in plan.doomed:
        path = one.live.document.path
        yield Before(one.source, one.label, path, one.guid, one.live.content.text, records.get(one.source))

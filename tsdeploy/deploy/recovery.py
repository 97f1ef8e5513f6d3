"""What a run that was cut off has left: each call without an end is looked up, and what it did is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap, ObjectRecord
from tsdeploy.config.project import Project
from tsdeploy.config.releases import ReleasedObject, ReleaseFile, releases_folder
from tsdeploy.deploy.deletion import still_there
from tsdeploy.deploy.given import is_own, owners_of
from tsdeploy.deploy.inner import has_inner, pair_inner
from tsdeploy.deploy.journal import Event, Journal, read_journal
from tsdeploy.deploy.queue import Queue
from tsdeploy.deploy.record import Recorder, Sent
from tsdeploy.deploy.release_file import with_texts, write_release
from tsdeploy.deploy.release_folder import Before, ReleaseFolder, SentText, local_releases, rendered_again
from tsdeploy.deploy.restored import restored_record
from tsdeploy.deploy.standing import Standing, find_unnamed, look, standing_of
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.rest import Session
from tsdeploy.tml.document import parse_document


@dataclass(frozen=True, slots=True)
class _OpenCall:
    """A call that nobody settled: what was sent, each with the GUID that is known for it.

    ``queued`` says that it went through the server's queue, as ``task`` where its id came back; ``age`` is seconds.
    """

    sent: tuple[tuple[SentText, str], ...]
    queued: bool
    task: str
    age: float


def recover(
    project: Project, environment: Environment, session: Session, say: Callable[[str], None] = lambda _: None
) -> list[Finding]:
    """Look up what runs of this clone left open in an environment, oldest first, and record it.

    To be called with the environment's lock, before a plan is made. An import that is still in the server's queue is
    waited for. An info TD613 for each run, a warning TD614 for an object that the server was to name and that cannot
    be told from others. Raises RestError when the server cannot be asked, StillRunningError TD631 when its queue is
    not done with an import by the deadline, and TsdeployError TD615 for a damaged journal.
    """
    findings: list[Finding] = []
    for folder in local_releases(project, environment):
        if not folder.is_closed:
            say(f"looking at what release {folder.id} left open")
            findings += _recover_one(project, environment, session, folder, say)
    return findings


def _recover_one(
    project: Project, environment: Environment, session: Session, folder: ReleaseFolder, say: Callable[[str], None]
) -> Iterator[Finding]:
    events = read_journal(folder.journal)
    begin = next((event for event in events if event.name == "begin"), None)
    with Journal(folder.journal) as journal:
        if begin is None:
            journal.write("recovered", objects={})
            return
        recorder = Recorder(environment.objects_path, project.objects(environment), journal)
        done: dict[str, str] = {}
        restores = {_key_there(one): one for one in folder.restores() if one.text}
        for call in _open_calls(events, folder):
            if call.queued:
                say(f"{len(call.sent)} objects of it may still be in the server's queue; waiting for that to end")
                _outlast(call, environment, session)
            for text, standing, guid in _looked_up(session, call, recorder, begin, restores):
                done[text.key] = "done" if standing is Standing.AS_SENT else "unknown"
                if not guid and text.guid == "":
                    yield _unnamed(text, environment)
        gone = _deleted(session, events)
        again = _strangers_again(restores.values(), recorder.objects)
        if gone or again:
            recorder.forget(gone | again)
        known = done | dict.fromkeys(gone, "done")
        if not (releases_folder(environment) / f"{folder.id}.json").exists():
            file = _file_of(folder, begin, events, known)
            texts = with_texts(file.objects, folder.before(), recorder.objects)
            write_release(environment, replace(file, objects=texts), folder)
        journal.write("recovered", objects=known)
    found = sum(status == "done" for status in done.values())
    left = f"{found} of {len(done)} objects that it left open are there" if done else "it left nothing open"
    left += f"; {len(gone)} that it was to delete {'are' if len(gone) > 1 else 'is'} gone" if gone else ""
    message = f"release {folder.id} was cut off: {left}"
    yield Finding("TD613", message, Location(project.shown(folder.journal)), severity=Severity.INFO)


def _deleted(session: Session, events: Sequence[Event]) -> frozenset[str]:
    """The source keys of what was to be deleted and is gone, whether anybody looked at it then or not."""
    guids = {
        one["guid"]: str(one["source"]) for event in events if event.name == "delete" for one in event.facts["objects"]
    }
    there = still_there(session, guids) if guids else set()
    return frozenset(source for guid, source in guids.items() if guid not in there)


def _strangers_again(restores: Iterable[Before], objects: ObjectMap) -> frozenset[str]:
    """The source keys of what a rollback brought back, and what had no record before: to the end it keeps one."""
    strangers = {one.key for one in restores if one.record is None}
    return frozenset(record.source for record in objects if record.source in strangers and not record.hash)


def _outlast(call: _OpenCall, environment: Environment, session: Session) -> None:
    """Nothing is looked up while the server may still carry it out."""
    queue = Queue(session, environment.deploy.async_deadline, environment.deploy.async_poll)
    queue.outlast(call.task, len(call.sent), call.age)


def open_calls(events: Sequence[Event]) -> set[int]:
    """The numbers of the calls that were begun and not settled."""
    begun = {int(event.facts["call"]) for event in events if event.name == "publish"}
    return begun - {int(event.facts["call"]) for event in events if event.name in ("settled", "refused")}


def _open_calls(events: Sequence[Event], folder: ReleaseFolder) -> Iterator[_OpenCall]:
    numbers, texts = open_calls(events), folder.sent()
    answers = {event.facts["call"]: event.facts["objects"] for event in events if event.name == "answer"}
    tasks = {event.facts.get("call"): event.facts["id"] for event in events if event.name == "task"}
    now = datetime.now(timezone.utc)
    for event in events:
        if event.name == "publish" and event.facts["call"] in numbers:
            number = event.facts["call"]
            answered = answers.get(number, [{}] * len(event.facts["objects"]))
            pairs = zip(event.facts["objects"], answered, strict=True)
            sent = [(texts[one["key"], one["hash"]], answer.get("guid") or one["guid"]) for one, answer in pairs]
            is_under_way = bool(event.facts.get("queued")) and number not in answers
            age = (now - datetime.fromisoformat(event.at)).total_seconds()
            yield _OpenCall(tuple(sent), is_under_way, tasks.get(number, ""), age)


def _looked_up(
    session: Session, call: _OpenCall, recorder: Recorder, begin: Event, restores: Mapping[str, Before]
) -> Iterator[tuple[SentText, Standing, str]]:
    """How each object of a call stands; what is there as it was sent is recorded."""
    sent = [_named(session, one, recorder.objects) for one in _own(call, recorder.objects)]
    looked = look(session, sent)
    records = []
    for (text, _), one in zip(call.sent, looked, strict=True):
        standing, _left = standing_of(one, one.rendered, "")
        if standing is Standing.AS_SENT:
            assert one.live is not None
            was = restores.get(text.key)
            records.append(
                restored_record(was, one, one.live.hash) if was else _record(text, one, str(begin.facts["commit"]))
            )
        yield text, standing, one.guid
    if records:
        recorder.keep(records)


def _own(call: _OpenCall, objects: ObjectMap) -> Iterator[Sent]:
    """What was sent, under the GUID that the server gave it, where that can be its own."""
    owners = owners_of(objects, ())
    for text, answered in call.sent:
        guid = answered if is_own(answered, owners, key=text.key, sent=text.guid) else text.guid
        yield Sent(rendered_again(text, guid), guid, None)


def _key_there(before: Before) -> str:
    """The key that the text of the target itself has: a rollback sends it as it was."""
    return parse_document(before.text, before.path).key


def _named(session: Session, sent: Sent, objects: ObjectMap) -> Sent:
    if sent.guid or not sent.rendered.source.kind.owned:
        return sent
    return replace(sent, guid=find_unnamed(session, sent.rendered, frozenset(objects.guids())))


def _record(text: SentText, sent: Sent, commit: str) -> ObjectRecord:
    assert sent.live is not None
    inner = text.inner
    if has_inner(sent.rendered.source):
        live = pair_inner(sent.rendered.source, sent.live.document)
        inner = {source: live.get(guid, guid) for source, guid in text.inner.items()}
    guid = sent.guid if sent.rendered.source.kind.owned else ""
    return ObjectRecord(text.kind, text.name, guid, text.obj_id, text.key, inner, text.hash, sent.live.hash, commit)


def _unnamed(text: SentText, environment: Environment) -> Finding:
    message = f"whether {text.label} was created in {environment.name} before the deploy was cut off cannot be told"
    hint = "if it is there, bind it under objects: in the mapping, or the next deploy makes a second one"
    return Finding("TD614", message, Location(text.path, 1, 1), hint=hint, severity=Severity.WARNING)


def _file_of(folder: ReleaseFolder, begin: Event, events: Sequence[Event], recovered: Mapping[str, str]) -> ReleaseFile:
    """The release's file, made from its journal: nobody was there to write it."""
    statuses: dict[str, str] = {}
    for event in events:
        if event.name == "settled":
            statuses.update(event.facts["objects"])
    statuses.update(recovered)
    objects = [
        ReleasedObject(one["object"], one["source"], one["action"], statuses.get(one["key"], "not sent"), one["guid"])
        for one in begin.facts["objects"]
    ]
    facts: dict[str, Any] = {name: str(begin.facts[name]) for name in ("kind", "commit", "by", "user", "host")}
    return ReleaseFile(
        id=folder.id,
        started=begin.at,
        finished=events[-1].at,
        status="interrupted",
        objects=tuple(objects),
        overrides=tuple(begin.facts["overrides"]),
        undoes=tuple(begin.facts["undoes"]),
        **facts,
    )

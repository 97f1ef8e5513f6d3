"""After a call: look at what is there, write it down, and say what became of each object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tsdeploy.deploy.answers import judge
from tsdeploy.deploy.given import foreign_guids, is_another, not_its_own, owners_of
from tsdeploy.deploy.record import Sent, identity_of
from tsdeploy.deploy.standing import Standing, altered, find_unnamed, look, standing_of
from tsdeploy.deploy.work import Bench, Work, object_result
from tsdeploy.errors import Finding, Location, RestError
from tsdeploy.plan.change import Change
from tsdeploy.rest import ImportItem, ImportPolicy, Status
from tsdeploy.tml.difference.change import Difference
from tsdeploy.transform.inputs import Rendered

_UNTOUCHED = (Standing.MISSING, Standing.AS_BEFORE)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made.

    ``items`` is empty when there is no answer: it was lost, and ``trouble`` says how; ``pending`` says that the server
    may still carry it out. Or the call was turned away (``refused``), and certainly nothing was carried out.
    """

    number: int
    policy: ImportPolicy
    rendered: tuple[Rendered, ...]
    seconds: float
    items: tuple[ImportItem, ...] = ()
    trouble: tuple[Finding, ...] = ()
    refused: bool = False
    pending: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether there is no answer, and never will be."""
        return not self.items and not self.refused and not self.pending

    @property
    def keys(self) -> list[str]:
        """The objects that it carried."""
        return [item.key for item in self.rendered]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One object after a call: what is there, and what an import would still change in it."""

    sent: Sent
    standing: Standing
    left: tuple[Difference, ...]
    said: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the server said that it did not take it, or called something else by its name."""
        return any(finding.is_error for finding in self.said)


class Settler:
    """Settles the calls of a run. Safe to use from several threads, as long as no object is in two calls."""

    def __init__(self, bench: Bench, work: Work, changes: Mapping[str, Change]) -> None:
        self._bench = bench
        self._work = work
        self._changes = changes
        self._before = {key: change.live.hash if change.live else "" for key, change in changes.items()}

    def settle(self, call: Call) -> bool:
        """Whether everything that the call carried is there as it was sent."""
        bench = self._bench
        try:
            seen = self._seen(call)
        except RestError as error:
            bench.notes.add((*call.trouble, *error.findings))
            said = call.trouble[0].message if call.trouble else "published, but not looked up"
            # What was turned away is as it was, whether anybody can look or not.
            self.fail(call.keys, "failed" if call.refused else "unknown", said)
            return False
        self._keep([one.sent for one in seen if one.standing is Standing.AS_SENT or self._is_believed(call, one)])
        self._keep([one.sent for one in seen if one.standing is Standing.ALTERED and call.items], exact=False)
        atomic_failure = call.policy is ImportPolicy.ALL_OR_NONE and any(one.refused for one in seen)
        statuses = [self._tell(call, one, atomic_failure=atomic_failure) for one in seen]
        is_done = all(status == "done" for status in statuses)
        is_known = all(one.sent.guid or not one.sent.rendered.source.kind.owned for one in seen)
        if is_done or (is_known and not call.pending):
            bench.journal.write("settled", call=call.number, objects=dict(zip(call.keys, statuses, strict=True)))
        return is_done

    def is_untouched(self, call: Call) -> bool:
        """Whether everything that a call carried is as before it. What the server does not always show proves nothing.

        Raises RestError when the server cannot be asked.
        """
        return all(one.standing in _UNTOUCHED for one in self._seen(call))

    def close(self, call: Call) -> None:
        """Write down that nothing of a call was carried out, nor will be."""
        self._bench.journal.write("settled", call=call.number, objects=dict.fromkeys(call.keys, "failed"))

    def fail(self, keys: Sequence[str], status: str, message: str, findings: Sequence[Finding] = ()) -> None:
        """Give objects a result; the reason is the finding that is about their file, else ``message``."""
        reasons = {finding.location.file: finding.message for finding in findings if finding.location}
        for key in keys:
            change = self._changes[key]
            said = reasons.get(change.rendered.source.path, message)
            self._bench.notes.put(key, object_result(change, status, message=said))

    def _seen(self, call: Call) -> list[_Seen]:
        looked, foreign = self._looked(call)
        self._keep_answered(call, looked)
        before = [self._before[key] for key in call.keys]
        stands = [standing_of(one, one.rendered, then) for one, then in zip(looked, before, strict=True)]
        if any(left for _, left in stands):
            # With the GUIDs that came back, and with those that the server minted inside.
            now = self._with_what_is_there(call.keys, looked)
            stands = [standing_of(*each) for each in zip(looked, now, before, strict=True)]
        return [
            _Seen(one, *standing, tuple(self._said(call, place, foreign[place])))
            for place, (one, standing) in enumerate(zip(looked, stands, strict=True))
        ]

    def _looked(self, call: Call) -> tuple[list[Sent], list[str]]:
        """What is there under the GUIDs that the answer gave; where such a one is another object's, which stands beside
        it, under the GUID that was sent.
        """
        answered = [item.guid or "" for item in call.items] or [""] * len(call.rendered)
        owners = owners_of(self._bench.recorder.objects, (change.rendered for change in self._changes.values()))
        foreign = foreign_guids(call.rendered, answered, owners)
        guids = [
            item.target.guid if wrong else guid or item.target.guid
            for item, guid, wrong in zip(call.rendered, answered, foreign, strict=True)
        ]
        looked = self._look([Sent(item, guid, None) for item, guid in zip(call.rendered, guids, strict=True)])
        strangers = [place for place, one in enumerate(looked) if is_another(one)]
        again = self._look([replace(looked[place], guid=looked[place].rendered.target.guid) for place in strangers])
        for place, one in zip(strangers, again, strict=True):
            foreign[place], looked[place] = looked[place].guid, one
        return looked, foreign

    def _look(self, sent: Sequence[Sent]) -> list[Sent]:
        return look(self._bench.session, [self._named(one) for one in sent]) if sent else []

    def _said(self, call: Call, place: int, foreign: str) -> Iterator[Finding]:
        """What there is to say about the answer for one object."""
        name = self._bench.environment
        said = judge(call.items[place], call.rendered[place], name) if call.items else None
        if said is not None:
            yield said
        if foreign:
            yield not_its_own(call.rendered[place], foreign, name)

    def _with_what_is_there(self, keys: Sequence[str], looked: Sequence[Sent]) -> list[Rendered]:
        """The objects as they would be sent if all of them were recorded as they are."""
        objects = self._bench.recorder.objects
        recorded = objects.by_source()
        there = [one for one in looked if one.live is not None]
        records = [self._work.record(one, recorded.get(one.rendered.key), exact=False) for one in there]
        return self._work.rendered(keys, objects.with_records(records))

    def _keep_answered(self, call: Call, looked: Sequence[Sent]) -> None:
        """A GUID that the server chose is on disk before anything else happens; until now the journal alone had it."""
        recorded = self._bench.recorder.objects.by_source()
        answered = [
            identity_of(one, recorded.get(one.rendered.key))
            for place, one in enumerate(looked)
            if call.items and call.items[place].status is not Status.ERROR and one.guid != one.rendered.target.guid
        ]
        if answered:
            self._bench.recorder.keep(answered)

    def _named(self, sent: Sent) -> Sent:
        """With the GUID of an object that the server was to name, and that no answer names."""
        if sent.guid or not sent.rendered.source.kind.owned:
            return sent
        taken = frozenset(self._bench.recorder.objects.guids())
        return replace(sent, guid=find_unnamed(self._bench.session, sent.rendered, taken))

    def _is_believed(self, call: Call, seen: _Seen) -> bool:
        """Whether nothing but the answer says that it is there."""
        return seen.standing is Standing.UNSEEN and bool(call.items) and not seen.refused

    def _keep(self, sent: Sequence[Sent], *, exact: bool = True) -> None:
        recorded = self._bench.recorder.objects.by_source()
        records = [self._work.record(one, recorded.get(one.rendered.key), exact=exact) for one in sent]
        if records:
            self._bench.recorder.keep(records)

    def _tell(self, call: Call, seen: _Seen, *, atomic_failure: bool) -> str:
        """Note the result of one object, and what there is to say about it."""
        status, findings = self._verdict(call, seen, atomic_failure=atomic_failure)
        self._bench.notes.add(findings)
        message = findings[0].message if findings and status != "done" else ""
        if status == "failed" and not message:
            message = "its batch was not published"
        rendered = seen.sent.rendered
        placed = replace(rendered, target=replace(rendered.target, guid=seen.sent.guid))
        result = object_result(self._changes[rendered.key], status, rendered=placed, message=message)
        self._bench.notes.put(rendered.key, replace(result, seconds=call.seconds))
        return status

    def _verdict(self, call: Call, seen: _Seen, *, atomic_failure: bool) -> tuple[str, list[Finding]]:
        said = list(seen.said)
        if seen.standing is Standing.AS_SENT:
            # It said no, or nothing, and did it all the same.
            return "done", [finding.as_warning() for finding in said]
        if self._is_believed(call, seen):
            return "done", said
        if call.pending:
            return "unknown", list(call.trouble)
        if seen.standing in _UNTOUCHED or call.refused:
            absent = [] if said or call.trouble or atomic_failure else [self._vanished(seen.sent.rendered)]
            return "failed", [*said, *call.trouble, *absent]
        if not call.items:
            return "unknown", list(call.trouble)
        found = list(altered(seen.sent.rendered, seen.left, self._bench.environment))
        is_wrong = seen.refused or any(finding.is_error for finding in found)
        return ("altered" if is_wrong else "done"), [*said, *found]

    def _vanished(self, item: Rendered) -> Finding:
        name = self._bench.environment
        return Finding(
            "TD605",
            f"{name} said that {item.source.label} was imported, but it is not there",
            Location(item.source.path, 1, 1),
            hint="plan again; if it stays away, the user may lack view access to it",
        )

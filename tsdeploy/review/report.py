"""The nouns of a review, and its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from tsdeploy.check.rule import Rule
from tsdeploy.errors import Finding
from tsdeploy.plan.change import Action
from tsdeploy.review.outlook import Outlook
from tsdeploy.review.risk import Judged, Risk, worst
from tsdeploy.review.settings import SettingsFile
from tsdeploy.review.wording import counted, kind_words
from tsdeploy.tml.described import Described
from tsdeploy.tml.difference.change import Phrase
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import GraphOf


@dataclass(frozen=True, slots=True, eq=False)
class ReviewedObject:
    """One object that a change adds, removes or changes; a missing side is None.

    ``why`` says what is bad about its coming or going.
    """

    before: Document | None
    after: Document | None
    changes: tuple[Judged, ...] = ()
    own_risk: Risk = Risk.NOISE
    why: Phrase = ()

    @property
    def verb(self) -> str:
        """``added``, ``removed``, ``changed``, or ``moved`` where only its file has another place."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "changed" if self.before.text != self.after.text else "moved"

    @property
    def newest(self) -> Document:
        """The object as it is, or as it was before it went."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def label(self) -> str:
        """Kind and name."""
        return self.newest.label

    @property
    def risk(self) -> Risk:
        """The worst of it."""
        return worst([self.own_risk, *(change.risk for change in self.changes)])

    def count(self, risk: Risk) -> int:
        """How many of its changes have a risk, its coming or going among them."""
        return sum(change.risk is risk for change in self.changes) + (self.verb != "changed" and self.own_risk is risk)


@dataclass(frozen=True, slots=True)
class AffectedObject:
    """An object that uses what changes. ``distance`` is 1 for a direct user.

    ``uses`` are the changed objects it stands on; ``breaks`` says what will not work in it, one sentence each, and
    ``parts`` are the ids of its visualizations in question, ``broken_by`` the labels of the objects that break it.
    ``changed``: it is part of the change itself.
    """

    key: str
    kind: str
    name: str
    path: str
    distance: int
    uses: tuple[str, ...] = ()
    breaks: tuple[Phrase, ...] = ()
    parts: tuple[str, ...] = ()
    changed: bool = False
    broken_by: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Kind and name."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, as it was asked for and as it is."""

    asked: str
    commit: str

    @property
    def shown(self) -> str:
        """How people recognise it."""
        short = self.commit[:10]
        return short if self.commit.startswith(self.asked) else f"{self.asked} ({short})"


class Mood(str, Enum):
    """What the verdict comes down to."""

    STOP = "stop"
    LOOK = "look"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The one line that a reviewer reads first."""

    mood: Mood
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """What a reviewer looks at. ``objects`` are sorted by risk, then label; ``graph`` has the changed and the affected.

    ``findings`` are those that the check has in changed files and had not before, ``old_findings`` the others there;
    ``rules`` are the rules that looked for them. ``settings`` are changed files that are no TML.
    """

    base: Revision
    head: Revision
    objects: tuple[ReviewedObject, ...]
    affected: tuple[AffectedObject, ...] = ()
    outlooks: tuple[Outlook, ...] = ()
    findings: tuple[Finding, ...] = ()
    graph: GraphOf[Described] = field(default_factory=lambda: GraphOf({}, {}))
    rules: tuple[Rule, ...] = ()
    old_findings: tuple[Finding, ...] = ()
    settings: tuple[SettingsFile, ...] = ()

    def count(self, risk: Risk) -> int:
        """How many changes have a risk."""
        return sum(item.count(risk) for item in self.objects)

    def of_risk(self, risk: Risk) -> tuple[ReviewedObject, ...]:
        """The objects whose worst change has a risk."""
        return tuple(item for item in self.objects if item.risk is risk)

    @property
    def risk(self) -> Risk:
        """The worst of everything."""
        return worst([item.risk for item in self.objects])

    def broken(self) -> tuple[AffectedObject, ...]:
        """The objects in which something will not work."""
        return tuple(item for item in self.affected if item.breaks)

    def untouched(self) -> tuple[AffectedObject, ...]:
        """The affected objects that are no part of the change."""
        return tuple(item for item in self.affected if not item.changed)

    def errors(self) -> tuple[Finding, ...]:
        """The errors of the check that the change brings."""
        return tuple(finding for finding in self.findings if finding.is_error)

    def verdict(self) -> Verdict:
        """Whether to say yes, in one line without a word from outside."""
        reasons = list(self._reasons())
        if reasons:
            return Verdict(Mood.STOP, f"Do not merge this yet: {'; '.join(reasons)}.")
        close = list(self._to_look_at())
        if close:
            return Verdict(Mood.LOOK, f"Look closely: {'; '.join(close)}; nothing in git breaks.")
        if self.risk is Risk.ORDINARY:
            what = counted(len(self.of_risk(Risk.ORDINARY)), "object")
            return Verdict(Mood.FINE, f"Nothing breaks: {what} with ordinary changes{self._users()}.")
        if self.risk is Risk.COSMETIC:
            return Verdict(Mood.FINE, "Only looks change: where things stand, and their colours.")
        if self.objects:
            return Verdict(Mood.FINE, "Nothing to review: every difference is one that nobody made.")
        return Verdict(Mood.FINE, "No TML changes.")

    def _reasons(self) -> Iterable[str]:
        breaking, broken = self.count(Risk.BREAKING), self.broken()
        if breaking:
            users = (
                f", {counted(len(broken), 'object')} {'stops' if len(broken) == 1 else 'stop'} working"
                if broken
                else ""
            )
            yield counted(breaking, "breaking change") + users
        if self.errors():
            yield f"the check finds {counted(len(self.errors()), 'new error')}"
        blocked = [
            (outlook.environment, outlook.count(Action.BLOCKED) or len(outlook.problems()))
            for outlook in self.outlooks
            if outlook.problems()
        ]
        if blocked:
            yield f"{counted(max(count for _, count in blocked), 'object')} cannot go to " + (
                "an environment" if len(blocked) == 1 else counted(len(blocked), "environment")
            )

    def _to_look_at(self) -> Iterable[str]:
        risky = self.count(Risk.RISKY)
        if risky:
            yield counted(risky, "risky change") + self._users()
        settings = sum(file.by_hand for file in self.settings)
        if settings:
            yield f"{counted(settings, 'file')} with settings {'changes' if settings == 1 else 'change'}"

    def _users(self) -> str:
        count = len(self.untouched())
        return f", {counted(count, 'more object')} {'uses' if count == 1 else 'use'} what changes" if count else ""


def by_kind(objects: Iterable[AffectedObject]) -> str:
    """How many there are of each kind, in words: ``3 Liveboards, 1 answer``."""
    counts = Counter(item.kind for item in objects)
    return ", ".join(counted(count, kind_words(kind)) for kind, count in counts.most_common())

"""A check as data: a name, a function that looks, and what it has to say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from tsdeploy.errors import TsdeployError

Subject = TypeVar("Subject")


class Verdict(str, Enum):
    """How it stands. Only a problem makes ``tsdeploy doctor`` fail."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check found. ``hint`` says what to do; ``code`` is that of an error, where there is one to explain."""

    verdict: Verdict
    text: str
    hint: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A remark, and the name of the check that made it."""

    check: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject]):
    """One thing to look at. Where a ``vital`` check meets a problem, what comes after it cannot be told."""

    name: str
    look: Callable[[Subject], Iterable[Remark]]
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """A reading of the monotonic clock after which no check is begun."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """So many seconds from now."""
        return cls(time.monotonic() + seconds)

    def is_over(self) -> bool:
        """Whether it is too late to begin anything."""
        return time.monotonic() >= self.at


def ok(text: str) -> Remark:
    """All is well."""
    return Remark(Verdict.OK, text)


def warning(text: str, hint: str, code: str = "") -> Remark:
    """It works, and might not always."""
    return Remark(Verdict.WARNING, text, hint, code)


def problem(text: str, hint: str, code: str = "") -> Remark:
    """It does not work."""
    return Remark(Verdict.PROBLEM, text, hint, code)


def remarks_of(error: TsdeployError) -> Iterator[Remark]:
    """What an error says, a remark for each of its findings."""
    for found in error.findings:
        text = f"{found.location}: {found.message}" if found.location else found.message
        bad = found.is_error
        yield Remark(Verdict.PROBLEM if bad else Verdict.WARNING, text, found.hint, found.code)


def run_checks(checks: Sequence[Check[Subject]], subject: Subject, deadline: Deadline) -> Iterator[Line]:
    """Run checks in order. What fails with an error is a problem; what there is no time for is said to be left out."""
    for number, check in enumerate(checks):
        if deadline.is_over():
            names = ", ".join(later.name for later in checks[number:])
            yield Line(check.name, warning(f"time is up; not looked at: {names}", "give it more with  --timeout"))
            return
        remarks = _looked(check, subject)
        yield from (Line(check.name, remark) for remark in remarks)
        if check.vital and any(remark.verdict is Verdict.PROBLEM for remark in remarks):
            return


def _looked(check: Check[Subject], subject: Subject) -> list[Remark]:
    try:
        return list(check.look(subject))
    except TsdeployError as error:
        return list(remarks_of(error))

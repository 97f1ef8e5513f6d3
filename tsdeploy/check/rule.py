"""A rule: its code, what it is about, how bad it is, and the function that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tsdeploy.check.context import Context
from tsdeploy.errors import Finding, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a check looks for.

    ``severity`` is the worst that its findings have. ``find`` gets all documents at once and must be linear in
    them; its findings carry the rule's code. ``help`` is Markdown, for rules that have no page of their own.
    """

    code: str
    title: str
    severity: Severity
    find: Callable[[Context], Iterable[Finding]]
    help: str = ""

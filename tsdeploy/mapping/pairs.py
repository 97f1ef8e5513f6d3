"""Pairs of objects, source and target, and the ways in which they poison each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tsdeploy.errors import Finding, Location


@dataclass(frozen=True, slots=True)
class Pair:
    """An object of the source and what it is in the target, each by GUID or key, and where that is written."""

    source: str
    target: str
    location: Location | None = None

    @property
    def is_identity(self) -> bool:
        """Whether the object keeps its identity, which poisons nothing."""
        return self.source.lower() == self.target.lower()


def poisoned(pairs: Iterable[Pair]) -> list[Finding]:
    """A finding for each pair that shares its target with another (TD309) or continues one (TD233).

    Chained promotion leaves such pairs behind: dev → test in a file, and test → prod after it, so that prod's
    objects are taken for dev's.
    """
    known = [pair for pair in pairs if not pair.is_identity]
    by_source: dict[str, Pair] = {}
    by_target: dict[str, Pair] = {}
    for pair in known:
        by_source.setdefault(pair.source.lower(), pair)
    findings = []
    for pair in known:
        other = by_target.setdefault(pair.target.lower(), pair)
        if other.source.lower() != pair.source.lower():
            findings.append(_doubled(pair, other))
        following = by_source.get(pair.target.lower())
        if following is not None:
            findings.append(_chained(pair, following))
    return findings


def paired_twice(pairs: Iterable[Pair]) -> list[Finding]:
    """A finding TD313 for each pair whose source has another target already."""
    first: dict[str, Pair] = {}
    findings = []
    for pair in pairs:
        other = first.setdefault(pair.source.lower(), pair)
        if other.target.lower() != pair.target.lower():
            message = f"{pair.source} is paired with {pair.target} and with {other.target}{_where(other)}"
            findings.append(Finding("TD313", message, pair.location, hint="keep the pair whose object is there"))
    return findings


def _doubled(pair: Pair, other: Pair) -> Finding:
    message = f"{pair.source} and {other.source}{_where(other)} are both paired with {pair.target}"
    return Finding("TD309", message, pair.location, hint="two objects cannot become one: correct one of the pairs")


def _chained(pair: Pair, following: Pair) -> Finding:
    message = f"{pair.source} → {pair.target} is a chain: that target is the source of another pair{_where(following)}"
    hint = "a target is never a source: pair each object of the source with that of this environment"
    return Finding("TD233", message, pair.location, hint=hint)


def _where(pair: Pair) -> str:
    return f" ({pair.location})" if pair.location else ""

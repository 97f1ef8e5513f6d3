"""The nearest known name for one that is not known."""

from __future__ import annotations

from collections.abc import Iterable

from tsdeploy.nearest import nearest

_MAX_GUESSES = 500


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known name as a question, "" where none is near or there are so many that looking takes long."""
    names = list(known)
    return nearest(word, names) if len(names) <= _MAX_GUESSES else ""

"""Places, each with the steps that lead there, as a tree: one descent of a document then finds them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class StepTree(Generic[P]):
    """The places that are ``here``, and those ``below``, by the next step."""

    here: tuple[P, ...]
    below: dict[str, StepTree[P]]


def grow(places: Iterable[P], steps: Callable[[P], tuple[str, ...]]) -> StepTree[P]:
    """The tree of places; the order of the places is kept among those that share their steps so far."""
    return _grow([(steps(place), place) for place in places], 0)


def _grow(places: list[tuple[tuple[str, ...], P]], depth: int) -> StepTree[P]:
    below: dict[str, list[tuple[tuple[str, ...], P]]] = {}
    for steps, place in places:
        if len(steps) > depth:
            below.setdefault(steps[depth], []).append((steps, place))
    here = tuple(place for steps, place in places if len(steps) == depth)
    return StepTree(here, {step: _grow(deeper, depth + 1) for step, deeper in below.items()})

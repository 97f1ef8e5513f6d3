"""Which objects go into one call, and which calls have to wait for which."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tsdeploy.tml.components import connected, levels, strong_components
from tsdeploy.tml.graph import Graph
from tsdeploy.tml.kinds import Phase


@dataclass(frozen=True, slots=True)
class Batch:
    """The objects of one call, by key, in an order that the server can follow.

    ``number`` counts from 0; ``needs`` are the numbers of the batches that must be done before. ``parts`` are the
    objects that have to stay together: pieces that have nothing to do with each other may share a call, and are
    sent one by one when the server refuses it.
    """

    number: int
    phase: Phase
    parts: tuple[tuple[str, ...], ...]
    needs: frozenset[int] = field(default=frozenset())

    @property
    def keys(self) -> tuple[str, ...]:
        """All objects of the call."""
        return tuple(key for part in self.parts for key in part)


def make_batches(graph: Graph, keys: Iterable[str], size: int) -> tuple[Batch, ...]:
    """Batches of at most ``size`` objects for the keys, in phases and dependency order.

    Objects that need each other, and tables that are joined or named in each other's row-level security, are never
    torn apart, even if there are more of them. Each key is in exactly one batch.
    """
    wanted = graph.within(frozenset(keys))
    ordered = [document.key for document in wanted.ordered()] if wanted.documents else []
    made: list[Batch] = []
    place: dict[str, int] = {}
    for phase, members in groupby(ordered, key=lambda key: wanted.documents[key].kind.phase):
        inside = wanted.within(tuple(members))
        for pieces in _calls(_units(inside), inside, size):
            number = len(made)
            place.update((key, number) for piece in pieces for key in piece)
            below = {place[other] for piece in pieces for key in piece for other in wanted.dependencies[key]}
            earlier = {batch.number for batch in made if batch.phase < phase}
            made.append(Batch(number, phase, pieces, frozenset((below | earlier) - {number})))
    return tuple(made)


def closures(batches: Sequence[Batch], graph: Graph) -> list[tuple[str, ...]]:
    """For each call to validate, its keys: a batch and all that it is built on among the batches of its phase.

    What is in another one's closure as a whole is not validated twice.
    """
    order = [key for batch in batches for key in batch.keys]
    inside = graph.within(order)
    whole = [frozenset(inside.upstream(batch.keys)) for batch in batches]
    largest = [
        found
        for number, found in enumerate(whole)
        if not any(found < other or (found == other and at < number) for at, other in enumerate(whole))
    ]
    return [tuple(key for key in order if key in found) for found in largest]


def _units(graph: Graph) -> list[tuple[str, ...]]:
    """Groups that stay together, each after the groups that it needs."""
    tables = [key for key, document in graph.documents.items() if document.kind.name == "table"]
    together = connected(graph.within(tables).dependencies)
    group_of = {key: number for number, group in enumerate(together) for key in group}
    for key in graph.documents:
        group_of.setdefault(key, len(together) + len(group_of))
    members: dict[int, list[str]] = {}
    for document in graph.ordered():
        members.setdefault(group_of[document.key], []).append(document.key)
    edges = {
        group: frozenset(group_of[other] for key in found for other in graph.dependencies[key]) - {group}
        for group, found in members.items()
    }
    names = {str(group): frozenset(map(str, others)) for group, others in edges.items()}
    return [tuple(key for group in groups for key in members[int(group)]) for groups in strong_components(names)]


def _calls(units: list[tuple[str, ...]], graph: Graph, size: int) -> list[tuple[tuple[str, ...], ...]]:
    """Units packed into calls. A component that fits stays whole; a larger one is cut between its levels."""
    component_of = {key: number for number, group in enumerate(connected(graph.dependencies)) for key in group}
    components: dict[int, list[tuple[str, ...]]] = {}
    for unit in units:
        components.setdefault(component_of[unit[0]], []).append(unit)
    small: list[tuple[str, ...]] = []
    calls: list[tuple[tuple[str, ...], ...]] = []
    for found in components.values():
        keys = tuple(key for unit in found for key in unit)
        if len(keys) <= size:
            small.append(keys)
        else:
            calls += (((*piece,),) for piece in _cut(found, graph, size))
    return calls + [tuple(pieces) for pieces in _packed(small, size)]


def _cut(units: list[tuple[str, ...]], graph: Graph, size: int) -> list[tuple[str, ...]]:
    """Level after level, so that the calls with objects of one level do not wait for each other."""
    unit_of = {key: number for number, unit in enumerate(units) for key in unit}
    edges: Mapping[str, Collection[str]] = {
        str(number): {str(unit_of[other]) for key in unit for other in graph.dependencies[key]} - {str(number)}
        for number, unit in enumerate(units)
    }
    level = levels(edges)
    ranked = sorted(range(len(units)), key=lambda number: (level[str(number)], number))
    packs = _packed([units[number] for number in ranked], size)
    return [tuple(key for unit in pack for key in unit) for pack in packs]


def _packed(groups: Iterable[tuple[str, ...]], size: int) -> list[list[tuple[str, ...]]]:
    """Groups in their order, as many as fit into one call; one that is too large has its own."""
    packs: list[list[tuple[str, ...]]] = []
    count = 0
    for group in groups:
        if not packs or count + len(group) > size:
            packs.append([])
            count = 0
        packs[-1].append(group)
        count += len(group)
    return packs

"""Which objects the ``in:`` of each rule selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tsdeploy.mapping.model import Scope
from tsdeploy.tml.described import Described
from tsdeploy.tml.graph import GraphOf, build_graph
from tsdeploy.tml.selector import Selector, parse_selector


@dataclass(slots=True)
class Scopes:
    """The documents of a release, and the keys of those in each scope that was asked for."""

    documents: Sequence[Described]
    _keys: dict[Scope, frozenset[str]] = field(default_factory=dict)
    _graph: GraphOf[Described] | None = None

    def covers(self, scope: Scope, key: str) -> bool:
        """Whether an object is in a scope; everything is in an empty one."""
        if not scope:
            return True
        if scope not in self._keys:
            self._keys[scope] = self._select([parse_selector(text) for text in scope])
        return key in self._keys[scope]

    def _select(self, selectors: list[Selector]) -> frozenset[str]:
        """As ``tml.selector.select``, but a selector may select nothing."""
        included = [self._named(selector) for selector in selectors if not selector.excludes]
        excluded = [self._named(selector) for selector in selectors if selector.excludes]
        start = frozenset().union(*included) if included else frozenset(one.key for one in self.documents)
        return start.difference(*excluded)

    def _named(self, selector: Selector) -> frozenset[str]:
        found = {document.key for document in self.documents if selector.names(document)}
        if selector.with_upstream or selector.with_downstream:
            graph = self._graph = self._graph or build_graph(self.documents)
            upstream = graph.upstream(found) if selector.with_upstream else ()
            downstream = graph.downstream(found) if selector.with_downstream else ()
            found = {*found, *upstream, *downstream}
        return frozenset(found)

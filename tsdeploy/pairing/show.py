"""Which object of the target each object of a release is, and which rules rewrite it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.release import load_release, release_inputs
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.selector import select
from tsdeploy.transform.inputs import Inputs, Rendered
from tsdeploy.transform.render import render


@dataclass(frozen=True, slots=True)
class Shown:
    """One object, for people. ``target`` is "" while only the server knows it."""

    key: str
    kind: str
    name: str
    target: str
    origin: str
    rules: tuple[str, ...]

    def plain(self) -> dict[str, object]:
        """As plain data."""
        return {
            "kind": self.kind,
            "name": self.name,
            "source": self.key,
            "target": self.target,
            "origin": self.origin,
            "rules": list(self.rules),
        }


def list_pairs(project: Project, environment: Environment, selectors: Sequence[str] = ()) -> list[Shown]:
    """Which object of the target each object of the release is, as far as files say; all, or what selectors name.

    Raises TmlError, ConfigError, and UsageError for a selector that names nothing.
    """
    documents = load_release(project)
    chosen = frozenset(select(selectors, build_graph(documents)))
    return [row for row in shown_pairs(documents, release_inputs(project, environment)) if row.key in chosen]


def shown_pairs(documents: Iterable[Document], inputs: Inputs) -> list[Shown]:
    """The objects of a release, in the order of the documents."""
    return [_shown(rendered) for rendered in render(documents, inputs).rendered]


def _shown(rendered: Rendered) -> Shown:
    source, target = rendered.source, rendered.target
    rules = tuple(dict.fromkeys(str(rewrite.why) for rewrite in rendered.rewrites if rewrite.why.rule))
    there = target.guid or target.obj_id
    return Shown(source.key, source.kind.name, source.name, there, target.origin.value, rules)

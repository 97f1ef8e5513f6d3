"""The environments that a check looks at, and how the folder would be rendered for them. Nothing is sent anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tsdeploy.config.project import Project
from tsdeploy.errors import ConfigError, Finding, TmlError
from tsdeploy.release import release_inputs
from tsdeploy.tml.document import Document
from tsdeploy.tml.references import Reference
from tsdeploy.transform.inputs import Inputs, Rendering
from tsdeploy.transform.render import render


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """The folder as it would go to one environment."""

    inputs: Inputs
    rendering: Rendering
    identities: frozenset[str]
    """GUIDs and obj_ids of the source, and names with their kind, that the environment's files know."""

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.inputs.environment

    def knows(self, reference: Reference) -> bool:
        """Whether the mapping or the object map says what a reference is in the environment."""
        wanted = {reference.guid, reference.obj_id, *(f"{kind}:{reference.name}" for kind in reference.place.targets)}
        return not self.identities.isdisjoint(wanted - {""})


def read_releases(
    project: Project, names: Sequence[str], documents: Iterable[Document]
) -> tuple[tuple[Release, ...], tuple[Finding, ...]]:
    """Render the documents for each named environment; for every one that has a source when none is named.

    Raises ConfigError TD306 when there is no environment of a given name. What else is wrong with an environment's
    files, or cannot be rendered for it, is a finding, so that all of it is said at once.
    """
    known = project.environment_names()
    for name in names:
        if name not in known:
            project.environment(name)  # Raises, naming the nearest.
    everything = tuple({document.key: document for document in documents}.values())
    releases: list[Release] = []
    findings: list[Finding] = []
    for name in names or known:
        try:
            environment = project.environment(name)
            if names or environment.source:
                releases.append(_release(release_inputs(project, environment), everything))
        except (ConfigError, TmlError) as error:
            findings += error.findings
    return tuple(releases), tuple(dict.fromkeys(findings))


def coverage(releases: Iterable[Release]) -> tuple[Finding, ...]:
    """What would keep the folder from going to the environments; what several of them say alike, once."""
    found = (finding for release in releases for finding in release.rendering.all_findings())
    return tuple(dict.fromkeys(finding for finding in found if finding.code != "TD111"))


def _release(inputs: Inputs, documents: tuple[Document, ...]) -> Release:
    records = inputs.objects.records
    known = {record.source for record in records} | {record.obj_id for record in records}
    named = {f"{record.kind}:{record.name}" for record in records}
    bound = set(inputs.mapping.objects)
    return Release(inputs, render(documents, inputs), frozenset(known | named | bound) - {""})

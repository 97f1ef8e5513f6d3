"""What a release is made of, as far as files say: the documents of a project, and the rules of an environment."""

from __future__ import annotations

from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.project import Project
from tsdeploy.mapping.rules import load_mapping
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import load_folder
from tsdeploy.transform.leftovers import source_names
from tsdeploy.transform.render import Inputs
from tsdeploy.transform.targets import Known, Namespace


def load_release(project: Project) -> tuple[Document, ...]:
    """The documents of the project's folder. Raises TmlError with every unreadable file and doubled identity."""
    return load_folder(project.tml, shown=project.shown(project.tml)).checked()


def release_inputs(project: Project, environment: Environment) -> Inputs:
    """What a release is rendered with, as far as files say. Raises ConfigError."""
    mapping = load_mapping(environment.mapping_path, project.shown(environment.mapping_path))
    source = project.environment(environment.source) if environment.source else None
    return Inputs(
        environment=environment.name,
        mapping=mapping,
        objects=project.objects(environment),
        namespace=Namespace(environment.namespace, environment.new_guids),
        source_objects=project.objects(source) if source else ObjectMap(),
        source_names=source_names(source.url if source else "", mapping),
        known=Known(),
    )

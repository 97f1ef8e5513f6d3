"""What a release is made of, as far as files say: the documents of a project, and the rules of an environment."""

from __future__ import annotations

from pathlib import Path

from tsdeploy.config.environment import Environment, NewGuids
from tsdeploy.config.objects import ObjectMap
from tsdeploy.config.project import Project
from tsdeploy.errors import ConfigError, Finding
from tsdeploy.files import within, write_atomically
from tsdeploy.mapping.model import Mapping
from tsdeploy.mapping.reading import load_mapping, mapping_files
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import load_folder
from tsdeploy.transform.inputs import Inputs, Rendering
from tsdeploy.transform.leftovers import source_names
from tsdeploy.transform.render import render
from tsdeploy.transform.targets import Known, Namespace


def load_release(project: Project) -> tuple[Document, ...]:
    """The documents of the project's folder. Raises TmlError with every unreadable file and doubled identity."""
    return load_folder(project.tml, shown=project.shown(project.tml)).checked()


def render_release(project: Project, environment: Environment) -> Rendering:
    """The release as it would be sent, as far as files say: connections and tables that only the server knows are left
    by name. ``coverage`` says how far the mapping covers it.

    Raises TmlError and ConfigError; what cannot be mapped is a finding of its object.
    """
    return render(load_release(project), release_inputs(project, environment))


def write_rendering(rendering: Rendering, folder: Path) -> tuple[Path, ...]:
    """Write rendered objects below a folder, each at the path that it has in the project; the files.

    Raises TsdeployError TD001, TD018 for a path that would lead out of the folder.
    """
    paths = [within(folder, item.source.path) for item in rendering.rendered]
    for path, item in zip(paths, rendering.rendered, strict=True):
        write_atomically(path, item.text.encode("utf-8"))
    return tuple(paths)


def release_inputs(project: Project, environment: Environment) -> Inputs:
    """What a release is rendered with, as far as files say.

    Raises ConfigError, also TD224 when the mapping is made for another source.
    """
    mapping = load_mapping(environment.mapping_path, project.shown(environment.mapping_path))
    _check_source(mapping, environment)
    source = project.environment(environment.source) if environment.source else None
    return Inputs(
        environment=environment.name,
        mapping=mapping,
        objects=project.objects(environment),
        namespace=Namespace(environment.namespace, _new_guids(mapping, environment)),
        source_objects=project.objects(source) if source else ObjectMap(),
        source_names=source_names(source.url if source else "", mapping),
        known=Known(),
        keeps_views=environment.deploy.personal_views == "keep",
    )


def rule_files(project: Project, environment: Environment) -> tuple[Path, ...]:
    """The files that decide what a release becomes in an environment: its settings, its mapping, what that includes."""
    root, mapping = project.root.resolve(), environment.mapping_path
    read = (file for file in (mapping_files(mapping) if mapping.exists() else ()) if file != mapping.resolve())
    included = (project.root / file.relative_to(root) if file.is_relative_to(root) else file for file in read)
    return (environment.folder / "environment.yaml", mapping, *sorted(included))


def _new_guids(mapping: Mapping, environment: Environment) -> NewGuids:
    """What new objects get: the mapping's strategy where it is one for them, else the environment's choice."""
    strategy = mapping.identity
    return strategy if strategy in ("derived", "keep", "server") else environment.new_guids


def _check_source(mapping: Mapping, environment: Environment) -> None:
    if mapping.source and mapping.source != environment.source:
        message = f"the mapping is made for the source {mapping.source}; that of {environment.name} is "
        message += environment.source or "not given"
        hint = f"correct source: here or in the environment.yaml of {environment.name}"
        raise ConfigError(Finding("TD224", message, mapping.source_location, at="source", hint=hint))

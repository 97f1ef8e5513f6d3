"""A backup as a project of its own, so that what plans and deploys a release can restore it, too."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from tsdeploy.backup.manifest import MANIFEST, SHARING, TAGS, VARIABLES, Manifest, read_lines
from tsdeploy.backup.run import last_manifest
from tsdeploy.backup.store import Snapshot, Store
from tsdeploy.backup.surroundings import read_sharing
from tsdeploy.config.deploying import RecordSettings
from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.files import write_atomically
from tsdeploy.git import create_repository
from tsdeploy.rest.sharing import Permission
from tsdeploy.rest.tags import Tag
from tsdeploy.tml.folder import load_folder
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.selector import select

_KEEP_EVERYTHING = """\
version: 1
identity: keep
connections: {"*": "*"}
tables: [{from: {}, to: {}}]
groups: {"*": "*"}
users: {"*": "*"}
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup says of an Org beside its TML."""

    manifest: Manifest
    sharing: dict[str, tuple[Permission, ...]]
    tags: tuple[Tag, ...]
    variables: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A backup laid out as a project, and the environment that it is to be restored to."""

    project: Project
    environment: Environment
    contents: Restored

    def paths(self, selectors: tuple[str, ...]) -> tuple[str, ...]:
        """Selectors by path of what the selectors name; tags are those of the backup. Raises UsageError."""
        if not selectors:
            return ()
        documents = load_folder(self.project.tml, shown=self.project.shown(self.project.tml)).checked()
        tags = {key: one.tags for key, one in self.contents.manifest.objects.items()}
        by_key = {document.key: document for document in documents}
        return tuple(f"path:{by_key[key].path}" for key in select(selectors, build_graph(documents), tags=tags))

    def remove(self) -> None:
        """Take the files away; to be done when nothing has to be looked up in them any more."""
        shutil.rmtree(self.project.root, ignore_errors=True)


def stage(project: Project, source: Environment, target: Environment, store: Store, snapshot: Snapshot) -> Stage:
    """Lay out a backup of ``source`` for ``target``, below the project's state folder.

    An environment that is restored to itself, or to one that has no mapping from it, keeps every identity and name;
    else the target's mapping and object map apply. A restore that was cut off finds its journal there again. Raises
    TsdeployError TD001, TD531.
    """
    root = project.state / "restore" / f"{target.name}-{snapshot.commit[:12]}"
    contents = _contents(store, snapshot)
    objects = contents.manifest.objects.values()
    for path, content in store.files(snapshot.commit, [one.path for one in objects if one.kind != "connection"]):
        write_atomically(root / path, content)
    folder = root / "environments" / target.name
    mapped = target.source == source.name and target.mapping_path.exists() and target.name != source.name
    if mapped:
        _copy(source.folder, root / "environments" / source.name, ("environment.yaml", "objects.json"))
        _copy(target.folder, folder, ("environment.yaml", "mapping.yaml", "objects.json"))
    else:
        write_atomically(folder / "mapping.yaml", _KEEP_EVERYTHING.encode("utf-8"))
    write_atomically(root / ".gitignore", b".tsdeploy/\n")
    repository = create_repository(root)
    repository.commit([root], f"Backup {snapshot.commit}")
    return Stage(Project(root), _environment(target, folder, mapped=mapped), contents)


def _contents(store: Store, snapshot: Snapshot) -> Restored:
    files = dict(store.files(snapshot.commit, (MANIFEST, SHARING, TAGS, VARIABLES)))
    tags = read_lines(files.get(TAGS), "tags", TAGS)
    return Restored(
        last_manifest(store, snapshot.commit),
        read_sharing(read_lines(files.get(SHARING), "objects", SHARING)),
        tuple(Tag(str(one["name"]), str(one.get("color", ""))) for one in tags),
        tuple(read_lines(files.get(VARIABLES), "variables", VARIABLES)),
    )


def _copy(source: Path, target: Path, names: tuple[str, ...]) -> None:
    for name in names:
        # What a restore that was cut off wrote down is newer than what the project has.
        if (source / name).exists() and not (target / name).exists():
            write_atomically(target / name, (source / name).read_bytes())


def _environment(target: Environment, folder: Path, *, mapped: bool) -> Environment:
    """The target as the stage has it. A backup comes from no branch of the project, and no release is recorded."""
    return replace(
        target,
        folder=folder,
        source=target.source if mapped else "",
        new_guids="keep",
        guards=replace(target.guards, branch="", clean_tree=False),
        deploy=replace(target.deploy, record=RecordSettings(), shared_lock=False),
        state=(),
    )

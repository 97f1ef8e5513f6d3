"""A backup as a project of its own, so that what plans and deploys a release can restore it, too."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from tsdeploy.backup.history import last_with
from tsdeploy.backup.manifest import BESIDE, SHARING, TAGS, VARIABLES, BackedUp, Manifest, read_lines
from tsdeploy.backup.people import People, read_people
from tsdeploy.backup.run import last_manifest
from tsdeploy.backup.store import Snapshot, Store
from tsdeploy.backup.surroundings import read_sharing
from tsdeploy.config.deploying import RecordSettings
from tsdeploy.config.environment import Environment
from tsdeploy.config.objects import load_objects, save_objects
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, UsageError
from tsdeploy.files import within, write_atomically
from tsdeploy.git import create_repository
from tsdeploy.mapping.reading import mapping_files
from tsdeploy.rest.sharing import Permission
from tsdeploy.rest.tags import Tag
from tsdeploy.tml.folder import load_folder
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.selector import select

_KEEP_EVERYTHING = "version: 1\nidentity: keep\ninclude: [every-name.yaml]\n"
_EVERY_NAME = """\
version: 1
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
    people: People


@dataclass(frozen=True, slots=True)
class Stage:
    """A backup laid out as a project, and the environment that it is to be restored to.

    ``home`` is that environment in its own project where it has a mapping from the one that was backed up, which says
    what is called how there; None where every identity and name is kept.
    """

    project: Project
    environment: Environment
    contents: Restored
    store: Store
    snapshot: Snapshot
    home: Environment | None = None

    def texts(self, objects: Iterable[BackedUp]) -> dict[str, bytes]:
        """Path → TML of objects that are restored apart from the others."""
        return dict(self.store.files(self.snapshot.commit, [one.path for one in objects]))

    def chosen(self, selectors: tuple[str, ...]) -> dict[str, str]:
        """Key → path of what the selectors name; tags are those of the backup.

        Raises UsageError; for what this backup does not have, it says which one does.
        """
        documents = load_folder(self.project.tml, shown=self.project.shown(self.project.tml)).checked()
        tags = {key: one.tags for key, one in self.contents.manifest.objects.items()}
        by_key = {document.key: document for document in documents}
        try:
            chosen = select(selectors, build_graph(documents), tags=tags)
        except UsageError as error:
            raise UsageError(*map(self._where_else, error.findings)) from None
        return {key: by_key[key].path for key in chosen}

    def _where_else(self, finding: Finding) -> Finding:
        if finding.code != "TD011":
            return finding
        last = last_with(self.store, finding.at.strip("!+"))
        if last is None:
            return replace(finding, hint="no backup has it; tsdeploy backup list  shows the backups")
        when = f"{datetime.fromtimestamp(last[0].time, timezone.utc):%Y-%m-%d %H:%M} UTC"
        return replace(finding, hint=f"the last backup that has it is of {when}:  --at {last[0].commit[:10]}")

    def give_back(self) -> None:
        """Record in the target's own object map what was recorded here, or the next deploy would make it anew."""
        if self.home is not None:
            path = self.home.objects_path
            records = self.project.objects(self.environment)
            save_objects(path, load_objects(path, path.name).with_records(records))

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
        write_atomically(within(root, path), content)
    folder = root / "environments" / target.name
    mapped = target.source == source.name and target.mapping_path.exists() and target.name != source.name
    if mapped:
        own = [one.folder / "environment.yaml" for one in (source, target)] + [source.objects_path]
        _bring(project, root, (*own, target.mapping_path, *mapping_files(target.mapping_path)))
        _bring_objects(project, target, folder)
    else:
        # Included, because nobody is to be told that one of these rules has nothing to do.
        write_atomically(folder / "every-name.yaml", _EVERY_NAME.encode("utf-8"))
        write_atomically(folder / "mapping.yaml", _KEEP_EVERYTHING.encode("utf-8"))
    write_atomically(root / ".gitignore", b".tsdeploy/\n")
    # A restore that was cut off may have left a repository that nobody can use.
    shutil.rmtree(root / ".git", ignore_errors=True)
    repository = create_repository(root)
    repository.commit([root], f"Backup {snapshot.commit}")
    home = target if mapped else None
    return Stage(Project(root), _environment(target, folder, mapped=mapped), contents, store, snapshot, home)


def _contents(store: Store, snapshot: Snapshot) -> Restored:
    files = dict(store.files(snapshot.commit, BESIDE))
    tags = read_lines(files.get(TAGS), "tags", TAGS)
    return Restored(
        last_manifest(store, snapshot.commit),
        read_sharing(read_lines(files.get(SHARING), "objects", SHARING)),
        tuple(Tag(str(one["name"]), str(one.get("color", ""))) for one in tags),
        tuple(read_lines(files.get(VARIABLES), "variables", VARIABLES)),
        read_people(files),
    )


def _bring(project: Project, root: Path, files: Iterable[Path]) -> None:
    """Copy files of a project to where they stand in it."""
    top = project.root.resolve()
    for file in files:
        if file.exists():
            write_atomically(root / file.resolve().relative_to(top), file.read_bytes())


def _bring_objects(project: Project, target: Environment, folder: Path) -> None:
    """The target's object map, with what a restore that was cut off has recorded since."""
    recorded = load_objects(folder / "objects.json", "objects.json")
    save_objects(folder / "objects.json", project.objects(target).with_records(recorded))


def _environment(target: Environment, folder: Path, *, mapped: bool) -> Environment:
    """The target as the stage has it. A backup comes from no branch of the project, and no release is recorded."""
    return replace(
        target,
        folder=folder,
        source=target.source if mapped else "",
        new_guids=target.new_guids if mapped else "keep",
        guards=replace(target.guards, branch="", clean_tree=False),
        deploy=replace(target.deploy, record=RecordSettings(), shared_lock=False),
        state=(),
    )

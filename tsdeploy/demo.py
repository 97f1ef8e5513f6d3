"""The demo's stage: two sandboxes, a fresh git repository, and a colleague who changes a Liveboard in dev."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.bundled import bundled
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, Location, UsageError
from tsdeploy.files import write_atomically
from tsdeploy.git import Repository, create_repository
from tsdeploy.rest import ExportOptions, ImportPolicy, ObjectRef, SearchQuery, Session, export_tml, import_tml
from tsdeploy.rest import search_metadata as search
from tsdeploy.sandbox import Cluster, Server, Settings, load_folder
from tsdeploy.sandbox.principals import NewGroup, add_group
from tsdeploy.sandbox.registry import place_of
from tsdeploy.sessions import connect
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.syntax import Mapping, Scalar, walk

SANDBOXES = Path(".tsdeploy") / "sandboxes"
KEY_VARIABLE = "TS_SANDBOX_KEY"
LIVEBOARD = "Store Performance"
GROUP = "Web Shop"
"""The group that the row-level security of the samples names."""
_LOADED = {"dev": "retail", "prod": "prod-warehouse"}
_TILE = ("liveboard", "visualizations", 2, "answer")
_EDITS = {(*_TILE, "name"): "Net Sales by Region, Ranked", (*_TILE, "chart", "type"): "BAR"}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demo plays."""

    project: Project
    repository: Repository
    urls: dict[str, str]

    def session(self, environment: str) -> Session:
        """A session with one of the sandboxes."""
        return connect(self.project.environment(environment))

    def commit(self, message: str) -> str:
        """Commit everything in the repository."""
        return self.repository.commit([self.project.root], message)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Start both sandboxes and make the repository; the sandboxes stop at the end, their content stays.

    Raises UsageError TD004 when the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        hint = "delete it, or name another one:  tsdeploy demo --folder FOLDER"
        raise UsageError(Finding("TD004", "the folder for the demo is not empty", Location(str(folder)), hint=hint))
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    environments = folder / "environments"
    for name in _LOADED:
        shutil.copytree(bundled("environments") / name, environments / name)
    with ExitStack() as stack:
        project = Project(folder)
        urls = {name: _start(stack, project, name) for name in _LOADED}
        for name, url in urls.items():
            _point(environments / name / "environment.yaml", url)
        write_atomically(folder / ".gitignore", b".tsdeploy/\n")
        write_atomically(folder / ".gitattributes", b"*.tml -text\n")
        repository = create_repository(folder)
        made = Stage(project, repository, urls)
        made.commit("Environments dev and prod")
        yield made


def _start(stack: ExitStack, project: Project, name: str) -> str:
    """One sandbox in this process: it can never outlive the demo."""
    place = place_of(name, project.root / SANDBOXES)
    place.folder.mkdir(parents=True)
    cluster = stack.enter_context(Cluster(place.database, Settings(name=name)))
    load_folder(cluster, bundled("samples") / _LOADED[name])
    with cluster.database.transaction():
        add_group(cluster, NewGroup(name=GROUP))
    port = _free_port(project.environment(name).url)
    return stack.enter_context(Server(cluster, port=port)).url


def _free_port(url: str) -> int:
    """The port of an example environment, or any other when somebody has that one."""
    port = int(url.rpartition(":")[2])
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _point(path: Path, url: str) -> None:
    """Write the sandbox's address into an environment file."""
    text = path.read_text(encoding="utf-8")
    lines = [f"url: {url}" if line.startswith("url:") else line for line in text.splitlines()]
    write_atomically(path, ("\n".join(lines) + "\n").encode("utf-8"))


def change_liveboard(session: Session) -> None:
    """What a colleague does in dev's browser: another chart type, and a title that says so."""
    document = live_document(session, LIVEBOARD)
    edits = [
        edit.replace(document.text, scalar, _EDITS[path], document.dialect)
        for path, scalar in walk(document.root)
        if path in _EDITS
    ]
    import_tml(session, [edit.apply(document.text, edits)], ImportPolicy.ALL_OR_NONE)


def live_document(session: Session, name: str) -> Document:
    """A Liveboard as it is on the server."""
    (header,) = search(session, SearchQuery(types=("LIVEBOARD",), name_pattern=name))
    (exported,) = export_tml(session, [ObjectRef(header.id, "LIVEBOARD")], ExportOptions())
    assert exported.edoc is not None
    return parse_document(exported.edoc, exported.filename)


def tile_titles(document: Document) -> list[str]:
    """The titles of a Liveboard's tiles."""
    assert isinstance(document.body, Mapping)
    titles = [(path, scalar) for path, scalar in walk(document.body) if path[-2:] == ("answer", "name")]
    return [scalar.value for _, scalar in titles if isinstance(scalar, Scalar)]

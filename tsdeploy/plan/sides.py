"""One side of a comparison: a folder, a commit, a release as it would be sent, or what is live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, GitError, UsageError
from tsdeploy.git import Repository
from tsdeploy.plan.live import read_known, read_live
from tsdeploy.release import load_release, release_inputs
from tsdeploy.rest import SearchQuery, Session, search_metadata
from tsdeploy.sessions import connect
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import load_folder, read_documents
from tsdeploy.transform.inputs import Rendered
from tsdeploy.transform.render import render
from tsdeploy.transform.targets import Origin, Target

RENDERED = "env:"
LIVE = "live:"
_SEPARATORS = ("/", "\\")


@dataclass(frozen=True, slots=True)
class Side:
    """The documents of one side, and findings for what could not be read."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...] = ()


def read_side(text: str, project: Callable[[], Project]) -> Side:
    """The side that a text names.

    ``env:NAME`` is the release as it would be sent to an environment, ``live:NAME`` what an environment has of the
    release's objects; "" is the project's TML folder. Else it is a folder, or the TML of a commit; a text with a
    slash that is a folder is never taken for a commit. Nothing is written anywhere; only ``live:`` asks a server.

    Raises UsageError TD021 when a text names a folder as well as a commit, GitError TD704 when it names neither,
    and what loading a project, an environment and its mapping raise.
    """
    if text.startswith(RENDERED):
        return _rendered(project(), text.removeprefix(RENDERED))
    if text.startswith(LIVE):
        return _live(project(), text.removeprefix(LIVE))
    if not text:
        return _folder(project().tml, project().shown(project().tml))
    path = Path(text)
    is_folder = _is_folder(path)
    if is_folder and any(separator in text for separator in _SEPARATORS):
        return _folder(path, path.as_posix())
    if is_folder:
        if _is_commit(text, path):
            raise UsageError(_ambiguous(text))
        return _folder(path, text)
    place = project()
    repository = Repository.find(place.root)
    if text in place.environment_names() and not repository.has(text):
        hint = f"write  env:{text}  for the release as it would be sent there, or  live:{text}  for what is there"
        raise GitError(Finding("TD704", f"there is no commit {text}", hint=hint))
    read = read_documents(repository.files(text, place.tml))
    return Side(read.documents, read.findings)


def _folder(folder: Path, shown: str) -> Side:
    read = load_folder(folder, shown=shown)
    return Side(read.documents, read.findings)


def _is_folder(path: Path) -> bool:
    """Whether a folder is there; what no system takes for a path is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _is_commit(text: str, folder: Path) -> bool:
    try:
        repository = Repository.find(folder)
        next(repository.files(text, repository.root), None)
    except GitError:
        return False
    return True


def _ambiguous(text: str) -> Finding:
    hint = f"write  ./{text}  for the folder, or  refs/heads/{text}  for the branch"
    return Finding("TD021", f"{text} is a folder and a commit", hint=hint)


def _rendered(project: Project, name: str) -> Side:
    """The release as far as files tell: tables and connections that only the server knows are left by name."""
    inputs = release_inputs(project, project.environment(name))
    rendering = render(load_release(project), inputs)
    documents = tuple(rendered.document() for rendered in rendering.rendered)
    return Side((*documents, *rendering.referenced), rendering.all_findings())


def _live(project: Project, name: str) -> Side:
    environment = project.environment(name)
    with connect(environment) as session:
        if environment.source:
            return _live_of_release(project, environment, session)
        return _live_of_folder(project, session)


def _live_of_release(project: Project, environment: Environment, session: Session) -> Side:
    """What a target has, found as a plan finds it."""
    documents = load_release(project)
    inputs = release_inputs(project, environment)
    known = read_known(session, documents, inputs.mapping, inputs.objects)
    rendering = render(documents, replace(inputs, known=known))
    return Side(read_live(session, rendering.rendered).documents())


def _live_of_folder(project: Project, session: Session) -> Side:
    """What the environment that the TML comes from has of it, by the identities in the files."""
    documents = load_release(project)
    obj_ids = tuple(one.obj_id for one in documents if one.obj_id and not one.guid)
    found = search_metadata(session, SearchQuery(obj_ids=obj_ids)) if obj_ids else ()
    guids = {header.obj_id: header.id for header in found}
    kept = [
        Rendered(one, one.text, Target(one.guid or guids.get(one.obj_id, ""), one.obj_id, Origin.KEPT))
        for one in documents
    ]
    return Side(read_live(session, kept).documents())

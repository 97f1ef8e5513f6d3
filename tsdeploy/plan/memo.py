"""What a plan need not look at again: a release that was live to the last word, and a target that has not moved since.

A memo is made when a plan of the whole release finds nothing to do and nothing to say. It holds a digest of everything
that the plan was made from, and the stamps of everything that was there. As long as both are the same, so is the plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.export.fetch import Fetched
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.plan.attached import Owners, fetch_attached
from tsdeploy.plan.headers import NEVER_LISTED
from tsdeploy.plan.live import Live
from tsdeploy.plan.live_cache import LiveCache
from tsdeploy.rest import ObjectHeader, SearchQuery, Session, search_connections, search_metadata
from tsdeploy.tml.folder import tml_files
from tsdeploy.transform.targets import Known
from tsdeploy.version import __version__


@dataclass(frozen=True, slots=True)
class Memo:
    """``objects`` is how many objects the plan was about; ``stamps`` what each GUID was when it was read.

    ``types`` are the types to list, ``columns`` the GUIDs of those that no list of a type has (sets).
    """

    digest: str
    objects: int
    stamps: Mapping[str, str]
    types: tuple[str, ...]
    columns: tuple[str, ...]
    connections: str
    owners: Owners
    attached: str


def release_digest(project: Project, environment: Environment, rules: Rules) -> str:
    """SHA-256 of everything that a plan depends on, as far as files say."""
    settings = (environment.namespace, environment.new_guids, environment.deploy.personal_views)
    said = (__version__, *settings, *_flat(rules))
    digest = hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass"))
    paths = [environment.objects_path]
    if environment.source:
        paths.append(project.environment(environment.source).objects_path)
    for path in (*paths, *sorted(tml_files(project.tml))):
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{project.shown(path)}\n{len(content)}\n".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


def make_memo(digest: str, objects: int, known: Known, live: Live) -> Memo:
    """A memo of what was read for so many objects."""
    everything = [item.header for item in live.objects.values() if item.header is not None]
    return Memo(
        digest=digest,
        objects=objects,
        stamps={header.id: _stamp(header) for header in everything},
        types=tuple(sorted({header.type for header in everything} - NEVER_LISTED)),
        columns=tuple(sorted(header.id for header in everything if header.type in NEVER_LISTED)),
        connections=_connections_hash((name, guid) for name, guids in known.connections.items() for guid in guids),
        owners=live.owners,
        attached=_attached_hash(live.attached),
    )


def still_holds(session: Session, memo: Memo) -> bool:
    """Ask the target whether everything is as it was."""
    there = {header.id: _stamp(header) for header in search_metadata(session, SearchQuery(types=memo.types))}
    if memo.columns:
        found = search_metadata(session, SearchQuery(identifiers=memo.columns))
        there |= {header.id: _stamp(header) for header in found}
    if any(there.get(guid) != stamp for guid, stamp in memo.stamps.items()):
        return False
    connections = ((connection.name, connection.id) for connection in search_connections(session))
    if _connections_hash(connections) != memo.connections:
        return False
    return not memo.owners or _attached_hash(fetch_attached(session, memo.owners)) == memo.attached


def _flat(value: object) -> Iterator[str]:
    """A value of frozen dataclasses as texts, the same in every process: sets have no order of their own."""
    if is_dataclass(value):
        for one in fields(value):
            yield one.name
            yield from _flat(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield str(key)
            yield from _flat(value[key])
    elif isinstance(value, (set, frozenset)):
        yield from sorted(map(str, value))
    elif isinstance(value, (list, tuple)):
        yield str(len(value))
        for item in value:
            yield from _flat(item)
    else:
        yield str(value)


def _connections_hash(connections: Iterable[tuple[str, str]]) -> str:
    names = sorted(f"{name}\n{guid}" for name, guid in connections)
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogatepass")).hexdigest()


def _attached_hash(attached: Iterable[Fetched]) -> str:
    texts = sorted(item.document.text for item in attached)
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def save_memo(cache: LiveCache, memo: Memo) -> None:
    """Remember it, in place of any other."""
    cache.keep_memo(memo.digest, json.dumps(asdict(memo)))


def load_memo(cache: LiveCache, digest: str) -> Memo | None:
    """The memo for a digest, if it is the one that is remembered."""
    text = cache.memo(digest)
    if not text:
        return None
    value = json.loads(text)
    owners = Owners(**{name: tuple(guids) for name, guids in value["owners"].items()})
    return Memo(**value | {"owners": owners, "types": tuple(value["types"]), "columns": tuple(value["columns"])})


def _stamp(header: ObjectHeader) -> str:
    return f"{header.modified_ms} {header.obj_id or ''}"

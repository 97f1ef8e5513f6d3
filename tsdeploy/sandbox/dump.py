"""Writing an Org out as a folder of TML that a sandbox can be filled from again."""

from __future__ import annotations

from pathlib import Path

from tsdeploy.errors import Finding, Location, UsageError
from tsdeploy.files import first_free, safe_name, write_atomically
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.presentation import Shown, present
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID
from tsdeploy.tml.folder import tml_files

_SHOWN = Shown(fqn=True, guid=True, obj_id=True)


def dump_folder(cluster: Cluster, folder: Path, org: int = PRIMARY_ORG_ID) -> tuple[Path, ...]:
    """Write every object of an Org as ``kind/name.guid.kind.tml``; the files written.

    Each carries its GUID and obj_id, and the GUIDs of what it refers to. Raises UsageError TD812 for a folder that
    has TML already, which would be loaded along with what is written.
    """
    if next(tml_files(folder), None) is not None:
        hint = "name a folder that is empty or new"
        raise UsageError(Finding("TD812", "there is TML in the folder already", Location(str(folder)), hint=hint))
    texts = texts_of(cluster, org)
    for path, text in texts.items():
        write_atomically(folder / path, text.encode("utf-8"))
    return tuple(texts)


def texts_of(cluster: Cluster, org: int) -> dict[Path, str]:
    """Path below a folder → TML, for every object of an Org."""
    texts: dict[Path, str] = {}
    taken: set[str] = set()
    for item in sorted(cluster.objects.in_org(org), key=lambda item: (item.kind, item.name, item.guid)):
        text = shown_text(cluster, item)
        path = first_free(_path(item, text), taken)
        taken.add(path.as_posix().casefold())
        texts[path] = text
    return texts


def shown_text(cluster: Cluster, item: StoredObject) -> str:
    """The TML of an object with every GUID and obj_id that it and what it refers to have."""
    return present(item, cluster.objects.links(item.guid), _SHOWN, cluster.objects.get)


def _path(item: StoredObject, text: str) -> Path:
    """The path of an object. Feedback is told by its Model's GUID: its own is in no TML, and new in each cluster."""
    guid = item.guid if item.guid in text else reread(text).guid
    return Path(safe_name(item.kind)) / f"{safe_name(item.name)}.{guid[:8]}.{safe_name(item.kind)}.tml"

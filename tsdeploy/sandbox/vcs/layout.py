"""Where objects are in a repository: ``table/SALES.2b7e3ebe-….table.tml``. Names may have dots in them."""

from __future__ import annotations

import re
from typing import Final

from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.tml.references import is_guid

_SUFFIX: Final = ".tml"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_LONGEST_NAME: Final = 120


def path_of(item: StoredObject) -> str:
    """The path of an object, whatever it is called."""
    name = _UNSAFE.sub("_", item.name)[:_LONGEST_NAME] or "_"
    return f"{item.root}/{name}.{item.guid}.{item.root}{_SUFFIX}"


def guid_in(path: str) -> str:
    """The GUID in a path, "" for a path that has none. Split from the right, because names have dots."""
    parts = path.rsplit("/", maxsplit=1)[-1].rsplit(".", maxsplit=3)
    return parts[1] if len(parts) == 4 and is_guid(parts[1]) else ""


def is_tml(path: str) -> bool:
    """Whether a file is TML, as far as its name says."""
    return path.lower().endswith(_SUFFIX)


def mapping_path(instance: str, org_id: int) -> str:
    """Where an Org's GUID mapping is, in the configuration branch."""
    return f"{instance}.mapping/org-{org_id}.json"


def commit_path(instance: str, org_id: int) -> str:
    """Where it is written which commit of each branch an Org has deployed, in the configuration branch."""
    return f"{instance}.commit/org-{org_id}_commit"

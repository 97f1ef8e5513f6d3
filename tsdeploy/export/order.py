"""What an export is asked to do beside bringing objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tsdeploy.config.environment import ExportSettings

Per = Literal["", "author", "object"]


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What to select, and what becomes of it; ``settings`` None is what the environment says.

    ``prune_files`` deletes the files of objects that are gone from the server. ``commit`` commits what changed, to
    ``branch`` where one is given, in one commit or ``per`` author or object; ``remote`` pushes it there. ``message``
    and ``author`` are templates, see ``export.committing``.
    """

    settings: ExportSettings | None = None
    prune_files: bool = False
    commit: bool = False
    branch: str = ""
    remote: str = ""
    message: str = ""
    author: str = ""
    per: Per = ""

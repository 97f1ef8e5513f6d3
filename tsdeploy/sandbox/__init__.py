"""A local ThoughtSpot: the REST API over real HTTP on an embedded database.

Made from facts about ThoughtSpot alone, never from what this project's own client expects: it shares the TML
engine with the rest of the package and nothing else. Names are imported when they are used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tsdeploy.sandbox.cluster import Cluster
    from tsdeploy.sandbox.dump import dump_folder
    from tsdeploy.sandbox.folder import LoadedObject, load_folder
    from tsdeploy.sandbox.launching import Launch, announcement, start_detached, stop
    from tsdeploy.sandbox.principals import NewGroup, NewUser, add_group, add_role, add_user
    from tsdeploy.sandbox.processes import run_foreground
    from tsdeploy.sandbox.registry import Running, list_running, sandbox_home
    from tsdeploy.sandbox.settings import Settings, read_settings
    from tsdeploy.sandbox.store.orgs import org_id_of
    from tsdeploy.sandbox.testing import Sandbox
    from tsdeploy.sandbox.web.server import Server

_HOMES = {
    "Cluster": "tsdeploy.sandbox.cluster",
    "Launch": "tsdeploy.sandbox.launching",
    "LoadedObject": "tsdeploy.sandbox.folder",
    "NewGroup": "tsdeploy.sandbox.principals",
    "NewUser": "tsdeploy.sandbox.principals",
    "Running": "tsdeploy.sandbox.registry",
    "Sandbox": "tsdeploy.sandbox.testing",
    "Server": "tsdeploy.sandbox.web.server",
    "Settings": "tsdeploy.sandbox.settings",
    "add_group": "tsdeploy.sandbox.principals",
    "add_role": "tsdeploy.sandbox.principals",
    "add_user": "tsdeploy.sandbox.principals",
    "announcement": "tsdeploy.sandbox.launching",
    "dump_folder": "tsdeploy.sandbox.dump",
    "list_running": "tsdeploy.sandbox.registry",
    "load_folder": "tsdeploy.sandbox.folder",
    "org_id_of": "tsdeploy.sandbox.store.orgs",
    "read_settings": "tsdeploy.sandbox.settings",
    "run_foreground": "tsdeploy.sandbox.processes",
    "sandbox_home": "tsdeploy.sandbox.registry",
    "start_detached": "tsdeploy.sandbox.launching",
    "stop": "tsdeploy.sandbox.launching",
}

__all__ = [
    "Cluster",
    "Launch",
    "LoadedObject",
    "NewGroup",
    "NewUser",
    "Running",
    "Sandbox",
    "Server",
    "Settings",
    "add_group",
    "add_role",
    "add_user",
    "announcement",
    "dump_folder",
    "list_running",
    "load_folder",
    "org_id_of",
    "read_settings",
    "run_foreground",
    "sandbox_home",
    "start_detached",
    "stop",
]


def __getattr__(name: str) -> object:
    """A public name, imported on its first use: a command that only asks what runs does not load the server."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)

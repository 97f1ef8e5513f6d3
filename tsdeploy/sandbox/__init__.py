"""A local ThoughtSpot: the REST API over real HTTP on an embedded database.

Made from facts about ThoughtSpot alone, never from what this project's own client expects: it shares the TML
engine with the rest of the package and nothing else.
"""

from __future__ import annotations

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.folder import LoadedObject, load_folder
from tsdeploy.sandbox.processes import Launch, announcement, run_foreground, start_detached, stop
from tsdeploy.sandbox.registry import Running, list_running, sandbox_home
from tsdeploy.sandbox.settings import Settings
from tsdeploy.sandbox.store.orgs import org_id_of
from tsdeploy.sandbox.web.server import Server

__all__ = [
    "Cluster",
    "Launch",
    "LoadedObject",
    "Running",
    "Server",
    "Settings",
    "announcement",
    "list_running",
    "load_folder",
    "org_id_of",
    "run_foreground",
    "sandbox_home",
    "start_detached",
    "stop",
]

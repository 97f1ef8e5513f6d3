"""What the request log is told about a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Request

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.tokens import Token
from tsdeploy.sandbox.traffic.exchange import Notes
from tsdeploy.sandbox.web.endpoint import Json

NOTES: Final = "sandbox.notes"
"""Where in the WSGI environment the notes about a request are."""

_LISTS = ("metadata_tmls", "metadata", "metadata_identifiers", "identifiers")


def notes_of(request: Request) -> Notes:
    """The notes about a request; about the sandbox's own pages nobody asks."""
    notes: Notes = request.environ.get(NOTES) or Notes()
    return notes


def note_caller(notes: Notes, cluster: Cluster, caller: Token) -> None:
    """Who calls, by name, and into which Org."""
    user = cluster.users.find(caller.user_id)
    notes.caller = user.name if user else caller.user_id
    notes.org_id = caller.org_id


def count_objects(arguments: Mapping[str, Any], answer: Json | None) -> int:
    """How many objects a call was about: those that it names, or those that it gets."""
    named = [len(arguments[key]) for key in _LISTS if isinstance(arguments.get(key), list)]
    return max([*named, len(answer) if isinstance(answer, list) else 0])

"""ThoughtSpot's REST API: one session, and one small function per endpoint."""

from tsdeploy.rest.answers import ServerAnswer
from tsdeploy.rest.connections import search_connections
from tsdeploy.rest.errors import AnswerError, ApiError, UnknownOutcomeError
from tsdeploy.rest.metadata import SearchQuery, delete_metadata, search_metadata
from tsdeploy.rest.results import (
    Connection,
    CurrentUser,
    ExportedObject,
    ImportItem,
    ImportPolicy,
    ObjectHeader,
    ObjectRef,
    Org,
    Status,
    SystemInfo,
)
from tsdeploy.rest.retry import Pacing, RetryPolicy
from tsdeploy.rest.session import Session
from tsdeploy.rest.system import current_user, search_orgs, system_info
from tsdeploy.rest.tml_export import ExportOptions, export_feedback, export_tml
from tsdeploy.rest.tml_import import import_tml

__all__ = [
    "AnswerError",
    "ApiError",
    "Connection",
    "CurrentUser",
    "ExportOptions",
    "ExportedObject",
    "ImportItem",
    "ImportPolicy",
    "ObjectHeader",
    "ObjectRef",
    "Org",
    "Pacing",
    "RetryPolicy",
    "SearchQuery",
    "ServerAnswer",
    "Session",
    "Status",
    "SystemInfo",
    "UnknownOutcomeError",
    "current_user",
    "delete_metadata",
    "export_feedback",
    "export_tml",
    "import_tml",
    "search_connections",
    "search_metadata",
    "search_orgs",
    "system_info",
]

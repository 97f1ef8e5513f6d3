"""ThoughtSpot's REST API: one session, and one small function per endpoint."""

from tsdeploy.rest.answers import ServerAnswer
from tsdeploy.rest.budget import Budget, Usage
from tsdeploy.rest.collections import CollectionInfo, search_collections
from tsdeploy.rest.connections import search_connections
from tsdeploy.rest.dependents import search_dependents
from tsdeploy.rest.errors import AnswerError, ApiError, UnknownOutcomeError
from tsdeploy.rest.metadata import delete_metadata, listed_types, search_metadata, search_page
from tsdeploy.rest.personal_views import personal_views
from tsdeploy.rest.principals import existing_groups, principal_exists, user_names
from tsdeploy.rest.query import SearchQuery
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
from tsdeploy.rest.sharing import Sharing, fetch_sharing
from tsdeploy.rest.system import current_user, search_orgs, system_info
from tsdeploy.rest.tags import Tag, assign_tags, create_tag, search_tags, unassign_tags
from tsdeploy.rest.tml_export import ExportOptions, export_feedback, export_tml
from tsdeploy.rest.tml_import import import_tml
from tsdeploy.rest.warehouse import WarehouseTable, search_warehouse

__all__ = [
    "AnswerError",
    "ApiError",
    "Budget",
    "CollectionInfo",
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
    "Sharing",
    "Status",
    "SystemInfo",
    "Tag",
    "UnknownOutcomeError",
    "Usage",
    "WarehouseTable",
    "assign_tags",
    "create_tag",
    "current_user",
    "delete_metadata",
    "existing_groups",
    "export_feedback",
    "export_tml",
    "fetch_sharing",
    "import_tml",
    "listed_types",
    "personal_views",
    "principal_exists",
    "search_collections",
    "search_connections",
    "search_dependents",
    "search_metadata",
    "search_orgs",
    "search_page",
    "search_tags",
    "search_warehouse",
    "system_info",
    "unassign_tags",
    "user_names",
]

"""What is known of ThoughtSpot's REST API and is not, or not in full, in the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NO_EFFECT: Final[Mapping[str, tuple[str, ...]]] = {
    "/auth/token/full": ("user_parameters",),
    "/auth/token/object": ("user_parameters",),
    "/auth/token/custom": ("filter_rules.column_name", "filter_rules.operator", "objects", "objects.type"),
    "/metadata/search": ("include_worksheet_search_assist_data",),
    "/metadata/tml/export": ("metadata.session_identifier", "metadata.generation_number"),
    "/metadata/tml/export/batch": ("export_dependent", "all_orgs_override"),
    "/template/variables/create": ("data_type",),
    "/users/create": ("trigger_welcome_email", "trigger_activation_email"),
    "/security/metadata/share": ("emails", "message", "enable_custom_url", "notify_on_share"),
}
"""Endpoint → options that are accepted as ThoughtSpot accepts them, and change nothing here."""

NOT_OFFERED: Final[Mapping[str, str]] = {
    "users, groups, roles: update and delete over V2; Orgs: create, too": "the admin API and `--org` do it",
    "answers to questions: search data, Liveboard and answer data, reports": "there is no data, only metadata",
    "SAML, OIDC, LDAP and multi-factor sign-in": "accounts are local",
    "HTTPS": "the sandbox speaks plain HTTP; cookies are therefore set without `Secure`",
    "the header X-Org-Id": "ignored, as it is undocumented; a token's Org is fixed",
    "row-level and column-level security at query time": "rules are checked and kept, and nothing is queried",
    "parameterising connections in a warehouse": "variables are kept and resolved; no warehouse is asked",
    "mail for shares": "nobody is notified",
}
"""What a client may look for in vain → why, or what to use instead."""

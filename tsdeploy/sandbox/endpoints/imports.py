"""``POST /metadata/tml/import``. Source: facts about the REST API, section 7."""

from __future__ import annotations

from dataclasses import replace

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.run import run_import
from tsdeploy.sandbox.web.arguments import Argument, enum, flag, since, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply

POLICIES = tuple(policy.value for policy in Policy)


def arguments(default_policy: Policy) -> tuple[Argument, ...]:
    """What an import takes; the asynchronous one has another default policy."""
    return (
        text("metadata_tmls", required=True, many=True),
        replace(
            enum("import_policy", *POLICIES, default=default_policy.value),
            later={Policy.PARTIAL_OBJECT.value: "10.5"},
        ),
        flag("create_new"),
        since("10.8", flag("all_orgs_override")),
        since("10.6", flag("skip_diff_check")),
        since("10.5", flag("enable_large_metadata_validation")),
        since("26.8", flag("enable_personalized_view_upsert")),
    )


def request_of(call: Call) -> ImportRequest:
    """The import that a call asks for."""
    org = next(org for org in call.cluster.orgs.all() if org.id == call.org_id)
    return ImportRequest(
        texts=tuple(call.many("metadata_tmls")),
        org_id=org.id,
        org_name=org.name,
        user_id=call.session.user_id,
        policy=Policy(call.text("import_policy")),
        create_new=call.flag("create_new"),
        skip_diff_check=call.flag("skip_diff_check"),
        large_metadata=call.flag("enable_large_metadata_validation"),
        keep_personal_views=guesses.keeps_views(
            asked=call.flag("enable_personalized_view_upsert"), is_admin=call.access.is_admin
        ),
        all_orgs=call.flag("all_orgs_override"),
    )


def import_tml(call: Call) -> Reply:
    """A bare array in the order of the request; HTTP 200 even if every item failed."""
    return Reply([outcome.to_json() for outcome in run_import(call.cluster, request_of(call))])


ENDPOINTS = (
    Endpoint("POST", "/metadata/tml/import", import_tml, arguments(Policy.PARTIAL), needs=("DATAMANAGEMENT",)),
)

"""``POST /security/metadata/publish`` and ``unpublish``. Source: facts about the REST API, section 11."""

from __future__ import annotations

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.metadata import dependents_text
from tsdeploy.sandbox.lookup import need_modifiable
from tsdeploy.sandbox.principals import need_org
from tsdeploy.sandbox.publishing import needed_in, with_dependencies, without_values
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.web.arguments import Argument, Type, enum, flag, group, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import Code, business_error


def publish(call: Call) -> Reply:
    """Show objects, with all they stand on, in other Orgs: all of them everywhere, or none. Raises ApiError 13151."""
    items = with_dependencies(call.cluster, _items(call))
    for org_id in _orgs(call):
        missing = [] if call.flag("skip_validation") else without_values(call.cluster, items.values(), org_id)
        if missing:
            raise business_error(guesses.publish_refused(missing, org_id), Code.PUBLISH_VALIDATION)
        call.cluster.publications.publish(items, org_id)
    return Reply()


def unpublish(call: Call) -> Reply:
    """Take objects out of other Orgs, unless something that stays there needs them. Raises ApiError 13152."""
    found = _items(call)
    asked = {item.guid for item in found}
    items = with_dependencies(call.cluster, found) if call.flag("include_dependencies") else dict.fromkeys(asked)
    for org_id in _orgs(call):
        needed = {} if call.flag("force") else needed_in(call.cluster, items, org_id)
        blocking = {guid: needed[guid] for guid in asked if guid in needed}
        if blocking:
            raise business_error(dependents_text(blocking), Code.PUBLISHED_DEPENDENTS)
        call.cluster.publications.unpublish([guid for guid in items if guid not in needed], org_id)
    return Reply()


def _items(call: Call) -> list[StoredObject]:
    return [need_modifiable(call, entry["identifier"], entry["type"]) for entry in call.many("metadata")]


def _orgs(call: Call) -> list[int]:
    wanted = [need_org(call.cluster, identifier).id for identifier in call.many("org_identifiers")]
    if call.org_id in wanted:
        raise business_error(guesses.PUBLISH_TO_SELF_TEXT, Code.PUBLISH_VALIDATION)
    return wanted


_OBJECTS: tuple[Argument, ...] = (
    group(
        "metadata",
        text("identifier", required=True),
        enum("type", *guesses.PUBLISHABLE),
        required=True,
        many=True,
    ),
    text("org_identifiers", required=True, many=True),
)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/security/metadata/publish",
        publish,
        (*_OBJECTS, flag("skip_validation")),
        needs=guesses.PUBLISH_NEEDS,
        since="10.9",
    ),
    Endpoint(
        "POST",
        "/security/metadata/unpublish",
        unpublish,
        (*_OBJECTS, Argument("include_dependencies", Type.FLAG, required=True), flag("force")),
        needs=guesses.PUBLISH_NEEDS,
        since="10.9",
    ),
)

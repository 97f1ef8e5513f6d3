"""``POST /metadata/copyobject``. Source: facts about the REST API, section 9."""

from __future__ import annotations

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.run import run_import
from tsdeploy.sandbox.lookup import need_readable
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.presentation import Shown, present
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.web.arguments import enum, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Reply
from tsdeploy.sandbox.web.failures import ApiError, Code, business_error
from tsdeploy.tml import edit
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.syntax import Mapping


def copy(call: Call) -> Reply:
    """A new object like another, with GUIDs of its own; 404 where there is none."""
    item = _original(call)
    request = ImportRequest(
        texts=(_renamed(call, item),),
        org_id=call.org_id,
        org_name=call.org.name,
        user_id=call.session.user_id,
        policy=Policy.ALL_OR_NONE,
        create_new=True,
    )
    (outcome,) = run_import(call.cluster, request)
    if outcome.failed:
        raise business_error(outcome.message, Code.INVALID_PARAMETER)
    return Reply({"metadata_id": outcome.published[0].item.guid})


def _original(call: Call) -> StoredObject:
    try:
        return need_readable(call, call.text("identifier"), call.text("type") or None)
    except ApiError as error:
        if error.code != Code.NOT_FOUND:
            raise
        raise business_error(error.message, Code.NOT_FOUND, 404) from None


def _renamed(call: Call, item: StoredObject) -> str:
    """The text of the copy: without identity, under its own name."""
    objects = call.cluster.objects
    document = reread(present(item, objects.links(item.guid), Shown(fqn=True, guid=False), objects.get))
    body = document.body
    assert isinstance(body, Mapping), "Liveboards and answers are mappings"
    wanted = {"name": call.text("title") or guesses.title_of_copy(item.name)}
    if call.text("description"):
        wanted["description"] = call.text("description")
    edits: list[Edit] = []
    for key, new in wanted.items():
        scalar = body.scalar(key)
        if scalar is not None:
            edits.append(edit.replace(document.text, scalar, new, document.dialect))
        else:
            edits.append(edit.insert_after(document.text, body, "name", (key, new), document.dialect))
    return edit.apply(document.text, edits)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/metadata/copyobject",
        copy,
        (
            text("identifier", required=True),
            enum("type", "LIVEBOARD", "ANSWER"),
            text("title"),
            text("description"),
        ),
        since="10.3",
    ),
)

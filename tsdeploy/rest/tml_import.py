"""Send TML, and read what became of each document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.results import ImportItem, ImportPolicy, Status
from tsdeploy.rest.session import Session
from tsdeploy.rest.shape import Item, inner, items, listed, text, whole
from tsdeploy.rest.transport import Call

KEEP_VIEWS: Final = "enable_personalized_view_upsert"
_MAX_MESSAGE: Final = 20_000


def import_tml(
    session: Session,
    tmls: Sequence[str],
    policy: ImportPolicy,
    *,
    create_new: bool = False,
    skip_diff_check: bool = False,
    keep_views: bool = False,
) -> list[ImportItem]:
    """Import documents (YAML or JSON text) and return one item for each, in their order.

    Returning is not success: look at each item's status. A document the server says nothing about is
    ``ABSENT``. VALIDATE_ONLY is a read; every other policy is a write, is never blindly sent again, and
    raises UnknownOutcomeError TD409 when there is no answer or none that can be matched to the documents.
    ``keep_views`` leaves alone the saved views of a Liveboard that its document does not have; releases before 26.8
    do not know it, and ignore it.
    """
    if not tmls:
        return []
    body: dict[str, object] = {
        "metadata_tmls": list(tmls),
        "import_policy": policy.value,
        "create_new": create_new,
        "skip_diff_check": skip_diff_check,
        KEEP_VIEWS: keep_views,
    }
    call = Call("POST", "metadata/tml/import", body, write=policy is not ImportPolicy.VALIDATE_ONLY)
    return read_items(session, call, items(call, session.ask(call), envelope="object"), len(tmls))


def read_items(session: Session, call: Call, found: list[Item], count: int) -> list[ImportItem]:
    """One item for each of ``count`` documents, in their order. Raises as ``import_tml`` does."""
    placed = {index: _read_item(session, index, item) for index, item in _placed(call, found, count).items()}
    return [placed.get(index) or ImportItem(index, Status.ABSENT) for index in range(count)]


def _placed(call: Call, found: list[Item], count: int) -> dict[int, Item]:
    """The items by the document they are about. The position only counts where no item says its index."""
    indexes = [whole(item, "request_index") for item in found]
    if all(index is None for index in indexes) and len(found) == count:
        return dict(enumerate(found))
    placed = {index: item for index, item in zip(indexes, found, strict=True) if index is not None}
    if len(placed) != len(found) or not all(0 <= index < count for index in placed):
        raise not_understood(call, f"{len(found)} results that cannot be matched to the {count} documents sent")
    return placed


def _read_item(session: Session, index: int, found: Item) -> ImportItem:
    response = inner(found, "response") or found
    status = inner(response, "status") or inner(inner(found, "info"), "status")
    header = _header(response)
    return ImportItem(
        request_index=index,
        status=_status(status),
        error_code=whole(status, "error_code") or None,
        message=session.redact(text(status, "error_message"), _MAX_MESSAGE),
        guid=text(header, "id_guid", "object_id", "id") or None,
        name=text(header, "name"),
        metadata_type=text(header, "metadata_type"),
        obj_id=text(header, "objId", "obj_id") or None,
    )


def _header(response: Item) -> Item:
    """Where an answer keeps what was imported: three builds, three places (facts §7)."""
    nested = next(iter(listed(response, "object")), {})
    return inner(response, "header") or inner(nested, "header") or response


def _status(status: Item) -> Status:
    """A missing status is no failure, as live clients found (facts §7); one we do not know is."""
    code = text(status, "status_code")
    if not code:
        return Status.ERROR if text(status, "error_message") else Status.OK
    return Status(code) if code in (Status.OK.value, Status.WARNING.value) else Status.ERROR

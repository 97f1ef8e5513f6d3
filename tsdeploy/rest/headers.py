"""Read the header of an object, as listings of V1 and V2 have it."""

from __future__ import annotations

from tsdeploy.rest.errors import not_understood
from tsdeploy.rest.results import ObjectHeader
from tsdeploy.rest.shape import Item, flag, inner, listed, text, whole
from tsdeploy.rest.transport import Call


def read_header(call: Call, found: Item) -> ObjectHeader:
    """Read one object of a search. Raises AnswerError TD410 when it has no id."""
    header = inner(found, "metadata_header")
    guid = text(found, "metadata_id") or text(header, "id")
    if not guid:
        raise not_understood(call, "an object has no id")
    nothing = "" if "metadata_obj_id" in found or "objId" in header else None
    tags = (text(tag, "name") for tag in listed(header, "tags"))
    return ObjectHeader(
        id=guid,
        name=text(found, "metadata_name") or text(header, "name"),
        type=text(found, "metadata_type"),
        subtype=text(header, "type"),
        obj_id=text(found, "metadata_obj_id") or text(header, "objId") or nothing,
        description=text(header, "description"),
        author_id=text(header, "author"),
        author_name=text(header, "authorName"),
        created_ms=whole(header, "created"),
        modified_ms=whole(header, "modified"),
        modified_by=text(header, "modifiedBy"),
        tags=tuple(filter(None, tags)),
        owner_org_id=whole(header, "ownerOrgId"),
        hidden=flag(header, "isHidden"),
        auto_created=flag(header, "isAutoCreated"),
        connection_name=text(header, "dataSourceName"),
        worksheet_version=text(header, "worksheetVersion"),
        details=inner(found, "metadata_detail") or None,
    )

"""What is written down of an object that is again as it was."""

from __future__ import annotations

from dataclasses import replace

from tsdeploy.config.objects import ObjectRecord
from tsdeploy.deploy.record import Sent
from tsdeploy.deploy.release_folder import Before


def restored_record(before: Before, sent: Sent, live: str) -> ObjectRecord:
    """The record of a restored object: as it was, with the text that is there now.

    Where the text from before was not the one that was recorded, it was somebody's edit, and is one again.
    """
    record = before.record
    if record is not None:
        was_edited = bool(record.live) and record.live != before.hash
        return record if was_edited else replace(record, live=live if record.hash else "")
    document = sent.rendered.source
    return ObjectRecord(document.kind.name, document.name, sent.guid, document.obj_id, before.key)

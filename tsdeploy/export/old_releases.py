"""What an export from a server of an older release does not bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from tsdeploy.config.environment import ExportSettings
from tsdeploy.errors import Finding, Severity
from tsdeploy.rest import ObjectHeader, Session

_ATTACHED: Final = ("feedback", "column aliases", "column security rules")
_UNLISTED: Final = {"cohort": "sets", "collection": "collections"}


def knows_no_obj_ids(headers: Sequence[ObjectHeader]) -> bool:
    """Whether objects come from a server that says nothing of obj_ids: before 10.8, search does not tell them."""
    return bool(headers) and all(header.obj_id is None for header in headers)


def as_server_can(settings: ExportSettings, headers: Sequence[ObjectHeader]) -> ExportSettings:
    """The settings, by GUID where the server knows no obj_ids: it would leave out the GUIDs and put nothing instead."""
    return replace(settings, identity="guid") if knows_no_obj_ids(headers) else settings


def not_by_old(session: Session, wanted: ExportSettings, headers: Sequence[ObjectHeader]) -> Iterator[Finding]:
    """Findings for what was asked for and the server's release does not have; ``headers`` are what was selected."""
    if wanted.identity == "obj_id" and knows_no_obj_ids(headers):
        message = "the server says nothing of obj_ids, so the TML has GUIDs"
        hint = "say  export: {identity: guid}, or export again when the server has a release from 10.8 on"
        yield Finding("TD527", message, hint=hint, severity=Severity.WARNING)
    if session.is_v1:
        yield from _not_by_v1(wanted)


def _not_by_v1(wanted: ExportSettings) -> Iterator[Finding]:
    lacking = [name for kind, name in _UNLISTED.items() if kind in wanted.kinds]
    lacking += _ATTACHED if wanted.associated else ()
    if lacking:
        message = f"the server has only V1 of the REST API, by which these cannot be exported: {', '.join(lacking)}"
        hint = "where the server has any of them, export again when it has a release from 9.0 on"
        yield Finding("TD525", message, hint=hint, severity=Severity.WARNING)

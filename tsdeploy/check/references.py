"""References between documents: what they name must be there, and be one thing only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tsdeploy.check.context import Context
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import duplicates
from tsdeploy.tml.loose_ends import ambiguous, dangling
from tsdeploy.tml.references import Reference
from tsdeploy.tml.spots import body
from tsdeploy.transform.warehouse import source_location


def find_dangling(context: Context) -> Iterator[Finding]:
    """References to objects that are in no file.

    An error, unless every environment that is looked at knows the object, or the reference is to a connection, or is
    a mere link. What a rendering for an environment says of the same place is not said again.
    """
    spoken = _spoken_for(context, "TD204")
    by_path = {document.path: document for document in context.documents}
    by_place: dict[str, dict[str, list[Reference]]] = {}
    for finding in dangling(context.index, context.documents):
        if finding.location in spoken or finding.location is None:
            continue
        document = by_path[finding.location.file]
        if document.path not in by_place:
            by_place[document.path] = _by_place(document)
        yield _judged(finding, by_place[document.path][finding.at], context)


def _by_place(document: Document) -> dict[str, list[Reference]]:
    places: dict[str, list[Reference]] = {}
    for reference in document.references:
        places.setdefault(reference.where, []).append(reference)
    return places


def _judged(finding: Finding, references: list[Reference], context: Context) -> Finding:
    if finding.severity is Severity.INFO or any("connection" in one.place.targets for one in references):
        return finding
    releases = context.releases
    if releases and all(release.knows(reference) for release in releases for reference in references):
        return replace(finding, message=f"{finding.message}; the environments know it")
    return replace(finding, severity=Severity.ERROR)


def find_ambiguous(context: Context) -> Iterator[Finding]:
    """References by a name that several objects have, which the server refuses."""
    spoken = _spoken_for(context, "TD207")
    for finding in ambiguous(context.index, context.documents):
        if finding.location not in spoken:
            yield replace(finding, severity=Severity.ERROR)


def _spoken_for(context: Context, code: str) -> frozenset[Location | None]:
    """Where a rendering for an environment says the same, and says better what to do."""
    findings = (finding for release in context.releases for finding in release.rendering.all_findings())
    return frozenset(finding.location for finding in findings if finding.code == code)


def find_same_names(context: Context) -> Iterator[Finding]:
    """Objects of one kind that are called alike. Kinds that have no name of their own are left out."""
    first: dict[tuple[str, str], Document] = {}
    for document in context.documents:
        if document.name == document.kind.name or not document.kind.owned:
            continue
        other = first.setdefault((document.kind.name, document.name), document)
        if other is not document and other.key != document.key:
            message = f"{other.path} is called {document.label}, too"
            hint = "rename one; or refer to both by GUID or obj_id only"
            yield Finding("TD132", message, document.at(0), "", hint, Severity.WARNING)


def find_same_tables(context: Context) -> Iterator[Finding]:
    """Tables that are bound to one and the same warehouse table: the server takes them for one object."""
    first: dict[object, Document] = {}
    for document in context.documents:
        location = source_location(document)
        if location is None or not location.table:
            continue
        other = first.setdefault(location, document)
        if other is not document and other.key != document.key:
            message = f"{location} is bound to {other.label} in {other.path} already"
            where = body(document).get("db_table") or body(document)
            yield where.finding("TD133", message, hint="keep one of the two tables")


def find_duplicates(context: Context) -> Iterator[Finding]:
    """Documents with the identity of another."""
    yield from duplicates(context.documents)


def find_unknown_kinds(context: Context) -> Iterator[Finding]:
    """Each kind of object that is not known, once."""
    first: dict[str, Document] = {}
    for document in context.documents:
        if not document.kind.known:
            first.setdefault(document.kind.name, document)
    for kind, document in first.items():
        message = f"unknown kind of object {kind}: it passes through as it is"
        where = document.at(document.body.start)
        yield Finding("TD111", message, where, kind, "update tsdeploy, or take the file out", Severity.WARNING)

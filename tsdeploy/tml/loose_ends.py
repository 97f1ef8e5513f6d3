"""References that lead nowhere, and references that may mean more than one object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.catalogue import Promotion
from tsdeploy.tml.described import Described
from tsdeploy.tml.graph import IndexOf, is_dependency, is_object_link
from tsdeploy.tml.references import Reference

DANGLING = "TD120"
AMBIGUOUS = "TD121"

_SHOWN_CANDIDATES = 4


def dangling(identities: IndexOf[Described], documents: Iterable[Described]) -> Iterator[Finding]:
    """A warning for each reference to an object that is not in the index; a mere note where it is a hyperlink.

    Connections count only where the index holds any: an export leaves them out, because they hold secrets. What
    belongs to an environment (custom actions, calendars) is not missed.
    """
    has_connections = any(kind == "connection" for kind, _ in identities.by_name)
    for document in documents:
        for reference in document.references:
            if not _is_expected(reference, has_connections=has_connections) or identities.resolve(reference):
                continue
            yield _dangling(document, reference)


def ambiguous(identities: IndexOf[Described], documents: Iterable[Described]) -> Iterator[Finding]:
    """A warning for each reference by name alone for which there are several candidates."""
    for document in documents:
        for reference in document.references:
            if is_dependency(reference):
                candidates = identities.meant(document, reference)
                if len(candidates) > 1:
                    yield _ambiguous(document, reference, candidates)


def _is_expected(reference: Reference, *, has_connections: bool) -> bool:
    if is_object_link(reference):
        return True
    if not is_dependency(reference) or reference.place.promotion is not Promotion.MAP:
        return False
    return has_connections or reference.place.targets != {"connection"}


def _dangling(document: Described, reference: Reference) -> Finding:
    named = reference.says
    if reference.name and reference.name != named:
        named = f"{reference.name} ({named})"
    if is_object_link(reference):
        message, severity = f"{document.label} links to {named}, which is not here", Severity.INFO
        hint = f"where {reference.says} is not deployed, the link leads nowhere"
    else:
        message, severity = f"{document.label} refers to {named}, which is not here", Severity.WARNING
        hint = f"export {named} too, or bind it in the mapping of each environment"
    where = document.at(reference.position)
    return Finding(DANGLING, message, where, at=reference.where, hint=hint, severity=severity)


def _ambiguous(document: Described, reference: Reference, candidates: tuple[Described, ...]) -> Finding:
    paths = [candidate.path for candidate in candidates]
    more = f" and {len(paths) - _SHOWN_CANDIDATES} more" if len(paths) > _SHOWN_CANDIDATES else ""
    return Finding(
        AMBIGUOUS,
        f"{document.label} refers to {reference.name}, and {len(paths)} objects are called so: "
        f"{', '.join(paths[:_SHOWN_CANDIDATES])}{more}",
        document.at(reference.position),
        at=reference.where,
        hint="say which one: give the reference its GUID as fqn:, or its obj_id:",
        severity=Severity.WARNING,
    )

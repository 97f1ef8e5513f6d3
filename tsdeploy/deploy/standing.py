"""Believe what is there, not what was said: each object as the target has it, against what was sent and what was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum

from tsdeploy.deploy.record import Sent
from tsdeploy.errors import Finding, Severity
from tsdeploy.plan.edits import compare
from tsdeploy.plan.live import LiveObject, read_live
from tsdeploy.rest import SearchQuery, Session, search_metadata
from tsdeploy.tml.difference.change import Difference
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.syntax import walk
from tsdeploy.transform.inputs import Rendered, with_values

_SHOWN = 3
_IDENTITIES = frozenset({"guid", "fqn", "obj_id", "viz_guid"})
_LISTS_OF_COLUMNS = ("columns", "formulas", "sql_view_columns", "view_columns")


class Standing(str, Enum):
    """How an object is in the target after a call."""

    AS_SENT = "as sent"
    ALTERED = "altered"
    """There, and neither what was sent nor what was there before."""
    AS_BEFORE = "as before"
    MISSING = "missing"
    UNSEEN = "unseen"
    """Of a kind that the server does not always show."""


def look(session: Session, sent: Sequence[Sent]) -> list[Sent]:
    """The same objects with what is there for them, under the GUIDs that they were given.

    Raises RestError when the server cannot be asked, or does not show what is there.
    """
    placed = [replace(one.rendered, target=replace(one.rendered.target, guid=one.guid)) for one in sent]
    live = read_live(session, placed).objects
    return [replace(one, live=live.get(one.rendered.key)) for one in sent]


def standing_of(sent: Sent, now: Rendered, before: str) -> tuple[Standing, tuple[Difference, ...]]:
    """How it stands, and what an import would still change.

    ``now`` is the object as it would be sent with the identities that came back, ``before`` the hash of the text that
    was there before the call, "" for none.
    """
    if sent.live is None:
        return (Standing.MISSING if sent.rendered.source.kind.rest_type else Standing.UNSEEN), ()
    there = _without_secrets(sent.live.document, now)
    left = _differences(there, sent.rendered)
    if left and now.text != sent.rendered.text:
        left = _differences(there, now)
    if not left:
        return Standing.AS_SENT, ()
    return (Standing.AS_BEFORE if sent.live.hash == before else Standing.ALTERED), left


def _differences(there: Document, wanted: Rendered) -> tuple[Difference, ...]:
    """What an import would change. An identity that the text does not give is the server's to choose."""
    found = compare(there, wanted.document(), keeps_views=wanted.keeps_views)
    return tuple(one for one in found if not _is_identity_of_its_own(one))


def _is_identity_of_its_own(difference: Difference) -> bool:
    return difference.after is None and all(at.rpartition(".")[2] in _IDENTITIES for at in difference.covers)


def _without_secrets(live: Document, rendered: Rendered) -> Document:
    """The live text without the values that were sent as secrets: what a server shows of them says nothing."""
    shown = {path for path, _ in walk(live.root)} if rendered.secrets else frozenset()
    hidden = {path: "" for path, _ in rendered.secrets if path in shown}
    return parse_document(with_values(live, hidden), live.path) if hidden else live


def altered(sent: Rendered, left: Sequence[Difference], environment: str) -> Iterator[Finding]:
    """What was lost on the way: TD606 columns, TD607 row-level security, TD608 (a warning) anything else."""
    label, groups = sent.source.label, _by_code(left)
    for code, differences in groups.items():
        shown = "; ".join(difference.sentence for difference in differences[:_SHOWN])
        more = f" and {len(differences) - _SHOWN} more" if len(differences) > _SHOWN else ""
        what, hint = _WORDS[code]
        where = differences[0].location or sent.source.at(0)
        severity = Severity.WARNING if code == "TD608" else Severity.ERROR
        message = f"{environment} {what} {label}: {shown}{more}"
        yield Finding(code, message, where, differences[0].at, hint, severity)


_WORDS = {
    "TD606": ("imported, and left columns out of", "look at the warehouse's columns, and at formulas without a pair"),
    "TD607": ("imported, and dropped row-level security of", "mend the rules and deploy again at once"),
    "TD608": ("has another text than was sent for", "tsdeploy plan  shows what differs"),
}


def _by_code(left: Sequence[Difference]) -> Mapping[str, list[Difference]]:
    found: dict[str, list[Difference]] = {}
    for difference in left:
        found.setdefault(_code(difference), []).append(difference)
    return found


def _code(difference: Difference) -> str:
    steps = difference.at.replace("[", ".").split(".")
    if "rls_rules" in steps:
        return "TD607"
    is_missing = difference.before is None and difference.after is not None
    is_column = any(step in _LISTS_OF_COLUMNS for step in steps[:2]) and len(steps) <= 4
    return "TD606" if is_missing and is_column and difference.what.endswith("added") else "TD608"


def find_unnamed(session: Session, rendered: Rendered, taken: frozenset[str]) -> str:
    """The GUID of an object that the server was to name: the one that has its obj_id, else the one object of its kind
    and name that nobody knows and that has what was sent; "" when there is none, or more than one.
    """
    kind = rendered.source.kind
    if not kind.rest_type or not kind.owned:
        return ""
    if rendered.target.obj_id:
        query = SearchQuery(obj_ids=(rendered.target.obj_id,))
        return next((header.id for header in search_metadata(session, query)), "")
    name = rendered.document().name
    query = SearchQuery(types=(kind.rest_type,), subtypes=kind.subtypes, name_pattern=name)
    guids = [header.id for header in search_metadata(session, query) if header.name == name and header.id not in taken]
    found = []
    for guid in guids:
        placed = replace(rendered, target=replace(rendered.target, guid=guid))
        live: LiveObject | None = read_live(session, [placed]).objects.get(rendered.key)
        if live is not None and not _differences(live.document, rendered):
            found.append(guid)
    return found[0] if len(found) == 1 else ""

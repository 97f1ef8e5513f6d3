"""The cluster's release, what follows from it, and what of the objects has an obj_id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tsdeploy.doctor.check import Remark, ok, problem, warning
from tsdeploy.doctor.visit import Visit
from tsdeploy.rest import ApiError, SearchQuery, search_page, system_info

SAMPLE: Final = 200
"""Objects that are looked at, those that were changed last."""

_TYPES: Final = ("LIVEBOARD", "ANSWER", "LOGICAL_TABLE")
_SINCE: Final[Mapping[str, tuple[int, int]]] = {
    "asynchronous imports": (10, 4),
    "obj_ids in search and export": (10, 6),
    "feedback": (10, 7),
    "setting obj_ids": (10, 8),
    "column security rules": (10, 12),
    "column aliases": (10, 13),
    "variables": (10, 14),
    "collections": (26, 4),
    "publishing to Orgs": (26, 5),
}
"""Feature → the first release with it. Source: the change log of REST API v2.0."""


def check_release(visit: Visit) -> Iterator[Remark]:
    """Which release it is, and which features are not there yet."""
    try:
        system = system_info(visit.session)
    except ApiError:
        hint = "give the user SYSTEM_INFO_ADMINISTRATION to have it checked"
        yield warning("unknown: only administrators may ask, so every feature is taken to be there", hint)
        return
    if not system.release:
        yield warning("unknown: the server names no number", "features are taken to be there; validation will tell")
        return
    lacking = {name: since for name, since in _SINCE.items() if system.release[:2] < since}
    if not lacking:
        yield ok(f"{system.release_version} has every feature that is used")
        return
    listed = ", ".join(f"{name} ({major}.{minor})" for name, (major, minor) in lacking.items())
    yield warning(
        f"{system.release_version} is without {listed}", "a plan refuses what needs them; upgrade the cluster"
    )


def check_obj_ids(visit: Visit) -> Iterator[Remark]:
    """How many objects have an obj_id, and whether that matters here."""
    name = visit.environment.name
    found = search_page(visit.session, SearchQuery(types=_TYPES, newest_first=True), 0, SAMPLE)
    having = sum(bool(one.obj_id) for one in found)
    text = f"{having} of {len(found)} objects have one" + (f" (the {SAMPLE} latest)" if len(found) == SAMPLE else "")
    if not found:
        yield ok("no objects to look at")
    elif visit.environment.export.identity == "guid":
        yield ok(f"{text}; not needed where GUIDs are mapped")
    elif having == len(found):
        yield ok(text)
    else:
        say = problem if not having else warning
        yield say(f"{text}, and  export.identity: obj_id  needs them", f"tsdeploy map assign-obj-ids {name} --apply")


def check_rate_limit(visit: Visit) -> Iterator[Remark]:
    """Whether the server turned any of all these calls away."""
    usage = visit.session.budget.usage
    if usage.turned_away:
        hint = "others share this address's limit: run with  --parallel 2, or at another time"
        yield warning(f"{usage.turned_away} of {usage.calls} calls were turned away (429)", hint)
    else:
        # 100 calls a second for each address from 26.2 on, in bursts of 10 (REST API v2.0, "About REST APIs").
        yield ok(f"none of {usage.calls} calls was turned away")

"""How the REST API calls a kind of object: V2 types, V1 types, subtypes. Source: facts, "Identifiers and types"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tsdeploy.tml.kinds import KINDS

V1_TYPES: Final = {
    "LIVEBOARD": "PINBOARD_ANSWER_BOOK",
    "ANSWER": "QUESTION_ANSWER_BOOK",
    "CONNECTION": "DATA_SOURCE",
    "CUSTOM_ACTION": "ACTION_OBJECT",
}

_SUBTYPES: Final = {
    "table": "ONE_TO_ONE_LOGICAL",
    "sql_view": "SQL_VIEW",
    "view": "AGGR_WORKSHEET",
    "model": "WORKSHEET",
    "worksheet": "WORKSHEET",
    "cohort": "COHORT_SIMPLE",
}


def rest_type(kind: str) -> str:
    """The V2 type of a kind: ``LOGICAL_TABLE``; "" for a kind that search does not show."""
    return _REST_TYPES.get(kind, "")


def kinds_of(types: Iterable[str]) -> frozenset[str]:
    """The kinds that search shows as one of some V2 types."""
    wanted = frozenset(types)
    return frozenset(kind for kind, found in _REST_TYPES.items() if found in wanted)


def v1_type(kind: str) -> str:
    """The V1 type of a kind, as TML import answers it: ``PINBOARD_ANSWER_BOOK``."""
    found = rest_type(kind)
    return V1_TYPES.get(found, found or kind.upper())


def subtype(kind: str) -> str:
    """The ``type`` of a header, which is a subtype: ``ONE_TO_ONE_LOGICAL``; "" where there is none."""
    return _SUBTYPES.get(kind, "")


def dependents_group(kind: str) -> str:
    """The key under which an object is listed among another's dependents."""
    if kind == "cohort":
        return "COHORT"
    return "FEEDBACK" if kind == "nls_feedback" else v1_type(kind)


_REST_TYPES: Final = {kind.name: kind.rest_type for kind in KINDS.values()} | {"tag": "TAG"}

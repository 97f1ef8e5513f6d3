"""Which objects to list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Which objects to list: all that is given must hold; the values of one field are alternatives.

    ``types`` are V2 types; ``subtypes`` only narrow ``LOGICAL_TABLE``. ``name_pattern`` is SQL LIKE,
    ignoring case. ``identifiers`` are GUIDs, or names together with ``types``; ``obj_ids`` are alternatives
    to them. ``tags`` and ``authors`` are names or GUIDs. ``details`` makes an answer about ten times as
    big; with ``personal_views`` it also has the views that people saved of Liveboards. ``newest_first`` sorts
    by the time of the last change instead of by name.
    """

    types: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    name_pattern: str = ""
    identifiers: tuple[str, ...] = ()
    obj_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    hidden: bool = False
    details: bool = False
    personal_views: bool = False
    newest_first: bool = False

"""Selectors: ``kind:glob``, a name, a GUID, ``obj_id:…``, ``path:…``; globs know ``*`` and ``?``."""

from __future__ import annotations

from tsdeploy.tml.document import Document
from tsdeploy.tml.kinds import KIND_NAMES
from tsdeploy.tml.references import is_guid


def matches(selector: str, document: Document) -> bool:
    """Whether a selector names a document. Names are compared with upper and lower case alike."""
    field, colon, pattern = selector.partition(":")
    if colon and field == "path":
        return glob_matches(pattern, document.path)
    if colon and field == "obj_id":
        return glob_matches(pattern, document.obj_id)
    if colon and field in KIND_NAMES:
        return document.kind.name == field and glob_matches(pattern, document.name)
    if is_guid(selector):
        return document.guid.lower() == selector.lower()
    return glob_matches(selector, document.name)


def glob_matches(pattern: str, text: str) -> bool:
    """Match ``*`` and ``?`` by walking both texts once per star: hostile patterns cannot take exponential time."""
    wanted, given = pattern.casefold(), text.casefold()
    at = mark = position = 0
    star = -1
    while position < len(given):
        if at < len(wanted) and wanted[at] == "*":
            star, mark, at = at, position, at + 1
        elif at < len(wanted) and wanted[at] in ("?", given[position]):
            at, position = at + 1, position + 1
        elif star >= 0:
            mark += 1
            at, position = star + 1, mark
        else:
            return False
    return not wanted[at:].strip("*")

"""A table's TML without one of its columns, for asking what else is wrong with it. Never to be published."""

from __future__ import annotations

from tsdeploy.tml.document import parse_document
from tsdeploy.tml.spots import Spot, body


def without_column(text: str, path: str, column: str) -> str | None:
    """The text without the column of that warehouse name; None where there is none, or no other.

    Only lists in block style are cut, which is how the server writes tables.
    """
    document = parse_document(text, path)
    if document.root.flow:
        return None
    columns = list(body(document).each("columns"))
    at = next((number for number, item in enumerate(columns) if _is_named(item, column)), None)
    if at is None or len(columns) < 2:
        return None
    start = _line_start(text, columns[at].position)
    is_last = at + 1 == len(columns)
    end = _end_of_list(text, start) if is_last else _line_start(text, columns[at + 1].position)
    return text[:start] + text[end:]


def _is_named(item: Spot, column: str) -> bool:
    return (item.text_of("db_column_name") or item.text_of("name")).casefold() == column.casefold()


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _end_of_list(text: str, start: int) -> int:
    """Where a line begins that is indented no deeper than the dash of the item that starts here, and is no item."""
    dash = len(text[start:]) - len(text[start:].lstrip(" "))
    index = text.find("\n", start) + 1 or len(text)
    while index < len(text):
        line = text[index : text.find("\n", index) + 1 or len(text)]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= dash:
            break
        index += len(line)
    return index

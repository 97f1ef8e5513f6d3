"""Edits spliced into the text: replace, insert and delete, several in one pass, every other byte kept.

Keys written as ``? key``, keys without a colon and pairs without braces (``[a: b]``) are YAML, but nothing that
ThoughtSpot exports: an edit that would spoil them is refused. ``file`` is what such a refusal calls the document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tsdeploy.errors import Finding, TmlError
from tsdeploy.tml.dialect import Dialect, key_text, scalar_text
from tsdeploy.tml.lines import locate
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence

_MARGIN = re.compile(r" *(?:- +)*")
_INTRODUCED = re.compile(r":$|^\ufeff?[ ]*(?:[-?:] +)*-$")
"""What stands in front of an empty value: a colon, or the dash of an item."""
_COMMENT = re.compile(r"#[^\n]*")
_IN_FLOW = re.compile(r"\s*(?:#[^\n]*\n\s*)*[,\]}]")
"""What follows a value in flow style, and never one in block style."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace ``text[start:end]``. Indexes are code points of the unedited text."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. Raises ValueError when two edits overlap, a mistake of the caller."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits):
        if edit.start < done:
            raise ValueError(f"edits overlap at character {edit.start}")
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join((*parts, text[done:]))


def replace(text: str, scalar: Scalar, value: str, dialect: Dialect, *, file: str = "") -> Edit:
    """The edit that gives a scalar another string value, quoted as the dialect quotes it. Raises TmlError TD113."""
    start, end = scalar.start, scalar.end
    if start == end and not _INTRODUCED.search(text[_line_start(text, start) : start]):
        raise _unusual(text, start, file)
    indent = _block_indent(text, scalar) if "\n" in value and dialect is not Dialect.JSON else None
    flow = _IN_FLOW.match(text, end) is not None
    # Only a block has line ends of its own; looking for the file's takes a pass over all of its text.
    newline = _newline(text) if indent is not None or _is_block(scalar) else ""
    new = scalar_text(value, dialect, indent=indent, newline=newline, flow=flow)
    if _is_block(scalar):
        new = new if new.endswith("\n") else new + newline
    elif new.endswith("\n"):
        end = _line_end(text, end, through=True)
    if scalar.start == scalar.end and text[start - 1 : start] in (":", "-"):
        new = " " + new
    return Edit(start, end, new)


def rename_key(key: Scalar, name: str, dialect: Dialect) -> Edit:
    """The edit that gives a mapping key another name. One in quotes stays so: ``{"a":b}`` needs them."""
    new = key_text(name, Dialect.JSON if key.style in ("'", '"') else dialect)
    return Edit(key.start, key.end, new + ("\n" if _is_block(key) else ""))


def insert_before(
    text: str, mapping: Mapping, before: str, entry: tuple[str, str], dialect: Dialect, *, file: str = ""
) -> Edit:
    """The edit that puts a new ``key: value`` line in front of an existing key. Raises TmlError TD113."""
    _refuse_unusual(text, mapping, file)
    key, _ = mapping.entries[before]
    return Edit(key.start, key.start, _entry_text(text, mapping, key.start, entry, dialect))


def insert_after(
    text: str, mapping: Mapping, after: str, entry: tuple[str, str], dialect: Dialect, *, file: str = ""
) -> Edit:
    """The edit that puts a new ``key: value`` line behind an existing key and its value. Raises TmlError TD113."""
    _refuse_unusual(text, mapping, file)
    key, value = mapping.entries[after]
    if mapping.flow:
        at = _last_node(value).end
        return Edit(at, at, ", " + _pair_text(entry, dialect, flow=True))
    newline = _newline(text)
    at = after_entry(text, value)
    line = " " * _column(text, key.start) + _pair_text(entry, dialect) + newline
    if text[at - 1 : at] != "\n":
        line = newline + line.removesuffix(newline)
    return Edit(at, at, line)


def delete(text: str, mapping: Mapping, keys: Collection[str], *, file: str = "") -> list[Edit]:
    """The edits that remove keys with their values. A mapping that loses every key becomes ``{}``.

    Raises TmlError TD113.
    """
    order = list(mapping.entries)
    gone = [key for key in order if key in keys]
    if not gone:
        return []
    _refuse_unusual(text, mapping, file)
    if mapping.flow:
        return _delete_flow(text, mapping, order, gone)
    if len(gone) == len(order):
        return [_emptied(text, mapping)]
    edits = []
    kept_before = False
    for position, key in enumerate(order):
        if key not in gone:
            kept_before = True
            continue
        start = mapping.entries[key][0].start
        last = position == len(order) - 1
        end = after_entry(text, mapping.entries[key][1]) if last else mapping.entries[order[position + 1]][0].start
        if kept_before:
            start, end = _line_start(text, start), _line_start(text, end) if not last else end
        edits.append(Edit(start, end, ""))
    return edits


def _refuse_unusual(text: str, mapping: Mapping, file: str) -> None:
    """Refuse a mapping in which not every entry is written as ``key: value``, or that is flow without braces."""
    done = mapping.start
    if not mapping.flow and _IN_FLOW.match(text, mapping.end):
        raise _unusual(text, done, file)
    for key, value in mapping.entries.values():
        before, between = _COMMENT.sub("", text[done : key.start]), _COMMENT.sub("", text[key.end : value.start])
        if "?" in before or ":" not in between:
            raise _unusual(text, key.start, file)
        done = _last_node(value).end


def _unusual(text: str, index: int, file: str) -> TmlError:
    message = "cannot be edited: the pair stands in a form of YAML that ThoughtSpot never writes"
    hint = "write it as  key: value , the braces of {key: value} included, or export the object again"
    return TmlError(Finding("TD113", message, locate(text, index, file), hint=hint))


def _delete_flow(text: str, mapping: Mapping, order: list[str], gone: list[str]) -> list[Edit]:
    if len(gone) == len(order):
        return [Edit(mapping.start + 1, mapping.end - 1, "")]
    edits = []
    kept = [key for key in order if key not in gone]
    first_kept = order.index(kept[0])
    for position, key in enumerate(order):
        if key not in gone:
            continue
        if position < first_kept:
            edits.append(Edit(mapping.entries[key][0].start, mapping.entries[order[position + 1]][0].start, ""))
        else:
            before = mapping.entries[order[position - 1]][1]
            edits.append(Edit(_last_node(before).end, _last_node(mapping.entries[key][1]).end, ""))
    return edits


def _emptied(text: str, mapping: Mapping) -> Edit:
    """Write ``{}`` behind the colon or dash that introduces the mapping."""
    entries = list(mapping.entries.values())
    first, end = entries[0][0].start, after_entry(text, entries[-1][1])
    newline = _newline(text) if text[end - 1 : end] == "\n" else ""
    line_start = _line_start(text, first)
    before = text[:line_start].rstrip("\r\n")
    holder = before[_line_start(before, len(before)) :]
    if text[line_start:first].strip(" ") or not holder.endswith(":") or "#" in holder:
        return Edit(first, end, "{}" + newline)
    return Edit(len(before), end, " {}" + newline)


def _entry_text(text: str, mapping: Mapping, at: int, entry: tuple[str, str], dialect: Dialect) -> str:
    pair = _pair_text(entry, dialect, flow=mapping.flow)
    return f"{pair}, " if mapping.flow else pair + _newline(text) + " " * _column(text, at)


def _pair_text(entry: tuple[str, str], dialect: Dialect, *, flow: bool = False) -> str:
    return f"{key_text(entry[0], dialect)}: {scalar_text(entry[1], dialect, flow=flow)}"


def after_entry(text: str, value: Node) -> int:
    """The index behind the last line that belongs to a value."""
    last = _last_node(value)
    if _is_block(last) and text[last.end - 1 : last.end] == "\n":
        return last.end
    return _line_end(text, last.end, through=True)


def _last_node(value: Node) -> Node:
    """The node that ends a value: its last scalar, or an empty or flow collection."""
    if isinstance(value, Mapping) and value.entries and not value.flow:
        return _last_node(next(reversed(value.entries.values()))[1])
    if isinstance(value, Sequence) and value.items and not value.flow:
        return _last_node(value.items[-1])
    return value


def _is_block(node: Node) -> bool:
    return isinstance(node, Scalar) and node.style in ("|", ">")


def _ends_its_line(text: str, scalar: Scalar) -> bool:
    return _is_block(scalar) or text[scalar.end : _line_end(text, scalar.end)].strip("\r") == ""


def _line_end(text: str, index: int, *, through: bool = False) -> int:
    found = text.find("\n", index)
    if found < 0:
        return len(text)
    return found + 1 if through else found


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _column(text: str, index: int) -> int:
    start = _line_start(text, index)
    return index - start - (1 if text[start : start + 1] == "\ufeff" else 0)


def _block_indent(text: str, scalar: Scalar) -> int | None:
    """The column of a block's lines: two to the right of the key or dash that holds it; None where no block may stand.

    That is in flow style, in front of something in the same line, and in a line without the key or dash.
    """
    if not _ends_its_line(text, scalar) or _IN_FLOW.match(text, scalar.end):
        return None
    line = text[_line_start(text, scalar.start) : scalar.start].removeprefix("\ufeff")
    margin = _MARGIN.match(line)
    assert margin is not None
    if margin.end() < len(line):
        return margin.end() + 2
    return line.rindex("-") + 2 if "-" in line else None


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"

"""Random YAML documents with the tree they stand for, written by code that shares nothing with the reader."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hypothesis import strategies as st

from tsdeploy.tml.syntax import Mapping, Node, Path, Plain, Sequence

NASTY = (
    "",
    " ",
    "=",
    "~",
    "yes",
    "on",
    "y",
    "null",
    "017",
    "1_000",
    "1.5",
    "12:30:45",
    "2020-01-01",
    "<<",
    "- a",
    "a: b",
    "a #b",
    "#a",
    "{a",
    "[a]",
    "%a",
    "@a",
    "`a",
    "|",
    ">",
    "&a",
    "*a",
    "!a",
    "?",
    "a,b",
    "'a'",
    '"a"',
    "\\",
    "it's",
    "${ts_db}",
    "a\nb",
    "a\n",
    "\na",
    " a\nb",
    "a \nb",
    "a\n\n\nb\n\n",
    "\n",
    "a\tb",
    "a\n\tb",
    "a\r\nb",
    "a\xa0b",
    "\x85",
    "a\u2028b",
    "a\u2029b\nc",
    "\ufeffa",
    "a\ufeff",
    "\x07",
    "\x7f",
    "\x95",
    "\ufffe",
    "😀",
    "é\n😀",
    "--- a",
    "---",
    "...",
    "a:",
    ":a",
)
"""Values that a naive writer gets wrong."""

_WORDS = ("a", "Net Sales", "=", "on", "017", "2020-01-01", "~", "Sum(x)", "a#b", "a:b", "😀", "a\xa0b", "null", "x y")


def values() -> st.SearchStrategy[str]:
    """Text that TML can hold, nasty ones often. A lone surrogate can stand in no file."""
    return st.sampled_from(NASTY) | st.text(st.characters(codec="utf-8"), max_size=20)


@dataclass(frozen=True)
class Written:
    """A document and what it means."""

    text: str
    tree: Plain


def _quoted(value: str) -> str:
    return json.dumps(value.replace("\ufeff", ""), ensure_ascii=True)


@st.composite
def _inline(draw: st.DrawFn) -> tuple[str, Plain]:
    """A node in one line."""
    word = draw(st.sampled_from(_WORDS))
    bmp = st.text(st.characters(max_codepoint=0xD7FF), max_size=8).map(lambda text: text.replace("\ufeff", ""))
    quoted = draw(bmp)
    choices: list[tuple[str, Plain]] = [
        (word, word),
        ("", ""),
        ("'it''s'", "it's"),
        ("''", ""),
        (_quoted(quoted), quoted),
        ("{}", {}),
        ("[]", []),
        ("{a: b, c: [d, 'e']}", {"a": "b", "c": ["d", "e"]}),
        ('[a, {b: "c"}]', ["a", {"b": "c"}]),
    ]
    return draw(st.sampled_from(choices))


@st.composite
def _block_scalar(draw: st.DrawFn) -> tuple[list[str], Plain]:
    """A literal block: its header and lines, to be indented by two."""
    lines = draw(st.lists(st.sampled_from(["", "a", "b: c", "- d", "# e", "  f"]), min_size=1, max_size=3))
    body = "\n".join(["x", *lines, "z"])
    chomping, end = draw(st.sampled_from([("", "\n"), ("-", "")]))
    return [f"|{chomping}", "x", *lines, "z"], body + end


@st.composite
def _node(draw: st.DrawFn, depth: int) -> tuple[str, list[str], Plain]:
    """A node as ``head`` (stands behind the key) and ``lines`` (stand below it)."""
    kind = draw(st.sampled_from(["inline", "inline", "block", "mapping", "list"] if depth else ["inline", "block"]))
    if kind == "inline":
        text, tree = draw(_inline())
        return text, [], tree
    if kind == "block":
        block, tree = draw(_block_scalar())
        return block[0], [f"  {line}" if line else "" for line in block[1:]], tree
    if kind == "mapping":
        lines, mapping = draw(_mapping(depth - 1))
        return "", [f"  {line}" if line else "" for line in lines], mapping
    lines, items = draw(_list(depth - 1))
    margin = draw(st.sampled_from(["", "  "]))
    return "", [f"{margin}{line}" if line else "" for line in lines], items


@st.composite
def _mapping(draw: st.DrawFn, depth: int) -> tuple[list[str], Plain]:
    keys = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4, unique=True))
    lines: list[str] = []
    tree: dict[str, Plain] = {}
    for key in keys:
        head, below, tree[key] = draw(_node(depth))
        lines += [f"{key}: {head}".rstrip(" ") if head else f"{key}:", *below]
    return lines, tree


@st.composite
def _list(draw: st.DrawFn, depth: int) -> tuple[list[str], Plain]:
    lines: list[str] = []
    tree: list[Plain] = []
    for _ in range(draw(st.integers(1, 3))):
        item: Plain
        if draw(st.booleans()):
            item_lines, item = draw(_mapping(depth)) if depth else (["k: v"], dict[str, Plain](k="v"))
            lines += [f"- {item_lines[0]}", *(f"  {line}" if line else "" for line in item_lines[1:])]
        else:
            text, item = draw(_inline())
            lines.append(f"- {text}".rstrip(" "))
        tree.append(item)
    return lines, tree


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """A document of any layout: CRLF, BOM, no final newline, lists indented or not, every scalar style."""
    lines, tree = draw(_mapping(3))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    end = draw(st.sampled_from([newline, ""])) if lines[-1] else newline
    bom = draw(st.sampled_from(["", "\ufeff"]))
    if _ends_in_block(tree) and not end:
        end = newline
    return Written(bom + newline.join(lines) + end, tree)


def _ends_in_block(tree: Plain) -> bool:
    """Whether the last value ends with a line break, which needs one in the file."""
    while isinstance(tree, (dict, list)) and tree:
        tree = list(tree.values())[-1] if isinstance(tree, dict) else tree[-1]
    return isinstance(tree, str) and "\n" in tree


def mappings_of(node: Node, path: Path = ()) -> list[tuple[Path, Mapping]]:
    """Every mapping of a tree with its path."""
    if isinstance(node, Sequence):
        return [found for number, item in enumerate(node.items) for found in mappings_of(item, (*path, number))]
    if not isinstance(node, Mapping):
        return []
    below = [found for key, (_, value) in node.entries.items() for found in mappings_of(value, (*path, key))]
    return [(path, node), *below]


def with_value(tree: Plain, path: Path, value: str) -> Plain:
    """A tree with another scalar at a path."""
    if not path:
        return value
    step, *rest = path
    if isinstance(tree, dict):
        return {key: with_value(item, tuple(rest), value) if key == step else item for key, item in tree.items()}
    assert isinstance(tree, list)
    return [with_value(item, tuple(rest), value) if at == step else item for at, item in enumerate(tree)]


def mapping_at(tree: Plain, path: Path) -> dict[str, Plain]:
    """The mapping that stands at a path."""
    for step in path:
        tree = tree[step]  # type: ignore[index]
    assert isinstance(tree, dict)
    return tree

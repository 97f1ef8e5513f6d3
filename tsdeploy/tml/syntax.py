"""TML as text plus positions: libyaml events become a tree whose scalars know where they stand.

Nothing is coerced (``oper: =``, ``on:``, ``017`` stay text) and nothing is ever dumped back: edits are
spliced into the original text (see ``edit``). Hostile input ends in a located ``TmlError``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml
from yaml.reader import ReaderError

from tsdeploy.errors import Finding, Location, TmlError
from tsdeploy.tml.lines import locate
from tsdeploy.tml.tape import Tape, record

MAX_CHARACTERS = 64 * 1024 * 1024

_BOM = "\ufeff"
_MERGE_MARK = re.compile(r"^<{7} ", re.MULTILINE)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class Scalar:
    """A scalar and its span; a block's span ends behind its line breaks.

    ``style`` is ``""`` (plain), ``'``, ``"``, ``|`` or ``>``.
    """

    __slots__ = ("end", "start", "style", "value")

    def __init__(self, value: str, start: int, end: int, style: str) -> None:
        self.value = value
        self.start = start
        self.end = end
        self.style = style


class Mapping:
    """A mapping. ``flow`` is ``{…}`` style. The nodes of its values are made when they are asked for, each once.

    ``tape`` has the whole document, for those who look for something without making nodes of what they pass.
    """

    __slots__ = ("_entries", "_is_whole", "_nodes", "_numbers", "end", "flow", "start", "tape")

    def __init__(self, tape: Tape, number: int, numbers: dict[str, int]) -> None:
        self.start = tape.starts[number]
        self.end = tape.ends[number]
        self.flow = tape.text[self.start] == "{"
        self.tape = tape
        self._numbers = numbers
        self._nodes: dict[str, Node] = {}
        self._is_whole = False
        self._entries: dict[str, tuple[Scalar, Node]] | None = None

    @property
    def nodes(self) -> dict[str, Node]:
        """Key text to the value's node, in order."""
        if not self._is_whole:
            made, tape = self._nodes, self.tape
            self._nodes = {
                key: made.get(key) or made.setdefault(key, _node(tape, number)) for key, number in self._numbers.items()
            }
            self._is_whole = True
        return self._nodes

    @property
    def entries(self) -> dict[str, tuple[Scalar, Node]]:
        """Key text to the key's scalar and the value's node, in order."""
        if self._entries is None:
            tape, nodes = self.tape, self.nodes
            self._entries = {
                key: (_scalar(tape.text, key, tape.key_starts[number], tape.key_ends[number]), nodes[key])
                for key, number in self._numbers.items()
            }
        return self._entries

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        node = self._nodes.get(key)
        if node is None and (number := self._numbers.get(key)) is not None:
            # setdefault, because what is known of a node is known by its id, and two threads may ask for it at once.
            return self._nodes.setdefault(key, _node(self.tape, number))
        return node

    def scalar(self, key: str) -> Scalar | None:
        """The scalar under a key, or None where there is no such key or no scalar."""
        node = self.get(key)
        return node if isinstance(node, Scalar) else None


class Sequence:
    """A list and its items. ``flow`` is ``[…]`` style."""

    __slots__ = ("end", "flow", "items", "start")

    def __init__(self, tape: Tape, number: int, numbers: list[int]) -> None:
        self.start = tape.starts[number]
        self.end = tape.ends[number]
        self.flow = tape.text[self.start] == "["
        self.items: list[Node] = [_node(tape, item) for item in numbers]


Node: TypeAlias = "Scalar | Mapping | Sequence"
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
Path: TypeAlias = "tuple[str | int, ...]"


def _node(tape: Tape, number: int) -> Node:
    value = tape.values[number]
    if isinstance(value, str):
        return _scalar(tape.text, value, tape.starts[number], tape.ends[number])
    return Mapping(tape, number, value) if isinstance(value, dict) else Sequence(tape, number, value)


def _scalar(text: str, value: str, start: int, end: int) -> Scalar:
    first = text[start] if start < end else ""
    return Scalar(value, start, end, first if first in _STYLES else "")


_STYLES = frozenset("'\"|>")
"""What a scalar begins with that is not plain; a plain one cannot begin with them."""

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse(text: str, file: str) -> Node:
    """The tree of one YAML (or JSON) document.

    Raises TmlError TD102 (not YAML), TD104 (empty), TD105 (several documents), TD106 (duplicate key),
    TD108 (anchor, alias or tag) or TD109 (too large or too deep).
    """
    if len(text) > MAX_CHARACTERS:
        raise TmlError(Finding("TD109", f"file is larger than {MAX_CHARACTERS >> 20} MiB", Location(file)))
    offset = len(text) - len(text.lstrip(_BOM))
    try:
        tape = record(_Loader, text, offset, file)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        if not _SURROGATE_ESCAPE.search(text):
            raise TmlError(_not_yaml(error, text[offset:], file)) from None
        tape = _record_surrogates(text, offset, file)
    if not tape.values or (tape.values[0] == "" and tape.starts[0] == tape.ends[0]):
        raise TmlError(Finding("TD104", "file is empty", Location(file), hint="delete it or export it again"))
    return _node(tape, 0)


def _record_surrogates(text: str, offset: int, file: str) -> Tape:
    """Read escapes such as ``\\ud83d\\ude00``, which libyaml refuses, with the parser written in Python."""
    try:
        return record(_SurrogateLoader, text, offset, file)
    except (yaml.YAMLError, UnicodeError) as error:
        raise TmlError(_not_yaml(error, text[offset:], file)) from None


class _SurrogateLoader(yaml.BaseLoader):
    """PyYAML's own parser, with the halves of surrogate pairs joined."""

    def get_event(self) -> Any:
        """The next event. Raises UnicodeDecodeError at its scalar when a half stands alone."""
        event: Any = super().get_event()  # type: ignore[no-untyped-call]
        value = getattr(event, "value", None)
        if isinstance(value, str):
            try:
                event.value = value.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError as error:
                error.start = event.start_mark.index
                raise
        return event


def _not_yaml(error: Exception, body: str, file: str) -> Finding:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        where = Location(file, mark.line + 1, mark.column + 1)
    elif isinstance(error, ReaderError):
        # Its position counts bytes or characters, as the parser sees fit; the character is the first of its kind.
        where = locate(body, body.find(chr(error.character)), file)
    else:
        where = locate(body, getattr(error, "start", 0), file)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable character"
    return Finding("TD102", f"not valid YAML: {problem}", where, hint=_way_out(body))


def _way_out(body: str) -> str:
    marks = _MERGE_MARK.search(body)
    if marks:
        line = locate(body, marks.start(), "").line
        return f"a merge left its marks: settle line {line} and what follows, then try again"
    return "mend the line by hand, or bring the file back: from git, or by another export"


def to_plain(node: Node) -> Plain:
    """The tree as dicts, lists and text, without positions."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [to_plain(item) for item in node.items]
    return {key: to_plain(value) for key, value in node.nodes.items()}


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Every scalar value with its path, in document order."""
    ahead: list[tuple[Path, Node]] = [(path, node)]
    while ahead:
        path, node = ahead.pop()
        if isinstance(node, Scalar):
            yield path, node
        elif isinstance(node, Sequence):
            ahead += [((*path, number), item) for number, item in enumerate(node.items)][::-1]
        else:
            ahead += [((*path, key), value) for key, value in node.nodes.items()][::-1]


def node_at(root: Node | None, path: Path) -> Node | None:
    """The node that a path leads to, None where it leads nowhere."""
    node = root
    for step in path:
        if isinstance(step, str):
            node = node.get(step) if isinstance(node, Mapping) else None
        else:
            node = node.items[step] if isinstance(node, Sequence) and step < len(node.items) else None
    return node


def path_text(path: Path) -> str:
    """A path as people write it: ``model.model_tables[2].fqn``."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).lstrip(".")

"""TML as text plus positions: libyaml events become a tree whose scalars know where they stand.

Nothing is coerced (``oper: =``, ``on:``, ``017`` stay text) and nothing is ever dumped back: edits are
spliced into the original text (see ``edit``). Hostile input ends in a located ``TmlError``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import yaml
from yaml.reader import ReaderError

from tsdeploy.errors import Finding, Location, TmlError

MAX_CHARACTERS = 64 * 1024 * 1024
MAX_DEPTH = 128

_BOM = "\ufeff"
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
    """A mapping: ``nodes`` are its values by key, in order. ``flow`` is ``{…}`` style.

    ``spans`` has start, end and style of each key in turn: the scalars of keys, which few look at, are made when
    ``entries`` is asked for, so that reading a document makes a third of the objects.
    """

    __slots__ = ("_entries", "end", "flow", "nodes", "spans", "start")

    def __init__(self, start: int, flow: bool) -> None:
        self.nodes: dict[str, Node] = {}
        self.spans: list[Any] = []
        self.start = start
        self.end = start
        self.flow = flow
        self._entries: dict[str, tuple[Scalar, Node]] | None = None

    @property
    def entries(self) -> dict[str, tuple[Scalar, Node]]:
        """Key text to the key's scalar and the value's node, in order."""
        if self._entries is None:
            spans = iter(self.spans)
            keys = zip(self.nodes.items(), spans, spans, spans, strict=True)
            self._entries = {key: (Scalar(key, start, end, style), node) for (key, node), start, end, style in keys}
        return self._entries

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        return self.nodes.get(key)

    def scalar(self, key: str) -> Scalar | None:
        """The scalar under a key, or None where there is no such key or no scalar."""
        node = self.nodes.get(key)
        return node if isinstance(node, Scalar) else None


class Sequence:
    """A list and its items."""

    __slots__ = ("end", "flow", "items", "start")

    def __init__(self, start: int, flow: bool) -> None:
        self.items: list[Node] = []
        self.start = start
        self.end = start
        self.flow = flow


Node: TypeAlias = "Scalar | Mapping | Sequence"
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
Path: TypeAlias = "tuple[str | int, ...]"

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse(text: str, file: str) -> Node:
    """The tree of one YAML (or JSON) document.

    Raises TmlError TD102 (not YAML), TD104 (empty), TD105 (several documents), TD106 (duplicate key),
    TD108 (anchor, alias or tag) or TD109 (too large or too deep).
    """
    if len(text) > MAX_CHARACTERS:
        raise TmlError(Finding("TD109", f"file is larger than {MAX_CHARACTERS >> 20} MiB", Location(file)))
    body = text.lstrip(_BOM)
    offset = len(text) - len(body)
    try:
        root = _Builder(_Loader, body, offset, file).build()
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        if not _SURROGATE_ESCAPE.search(body):
            raise TmlError(_not_yaml(error, body, file)) from None
        root = _parse_with_surrogates(body, offset, file)
    if root is None:
        raise TmlError(Finding("TD104", "file is empty", Location(file), hint="delete it or export it again"))
    return root


def _parse_with_surrogates(body: str, offset: int, file: str) -> Node | None:
    """Read escapes such as ``\\ud83d\\ude00``, which libyaml refuses, with the parser written in Python."""
    try:
        root = _Builder(yaml.BaseLoader, body, offset, file).build()
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise TmlError(_not_yaml(error, body, file)) from None
    for _, scalar in walk(root) if root is not None else ():
        try:
            scalar.value = scalar.value.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError as error:
            error.start = scalar.start - offset
            raise TmlError(_not_yaml(error, body, file)) from None
    return root


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
    hint = "export the object again, or mend the line by hand"
    return Finding("TD102", f"not valid YAML: {problem}", where, hint=hint)


class _Builder:
    """Builds the tree from events.

    The loop is the hot path of the whole tool, so it adds scalars and collections without a call of ours; what can go
    wrong is left to methods.
    """

    def __init__(self, loader: Any, text: str, offset: int, file: str) -> None:
        self._loader = loader(text)
        self._text = text
        self._offset = offset
        self._file = file

    def build(self) -> Node | None:
        """The root node, None where the document is empty."""
        try:
            return self._build()
        finally:
            self._loader.dispose()

    def _build(self) -> Node | None:  # noqa: C901 - see the class
        get_event: Callable[[], Any] = self._loader.get_event
        offset = self._offset
        on_scalar: Any = yaml.ScalarEvent
        on_mapping: Any = yaml.MappingStartEvent
        on_sequence: Any = yaml.SequenceStartEvent
        on_end: Any = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        new = object.__new__
        may_be_marked = "&" in self._text or "!" in self._text
        top = Sequence(0, False)
        stack: list[Mapping | Sequence] = []
        container: Mapping | Sequence = top
        nodes: dict[str, Node] | None = None
        spans: list[Any] = []
        items = top.items
        key: str | None = None
        node: Node
        while (event := get_event()) is not None:
            kind = event.__class__
            if kind in on_end:
                container.end = event.end_mark.index + offset
                container = stack.pop()
                if container.__class__ is Mapping:
                    nodes, spans = container.nodes, container.spans
                else:
                    nodes, items = None, container.items  # type: ignore[union-attr]
                continue
            if may_be_marked and getattr(event, "anchor", None) is not None:
                raise self._unsupported(event)
            if kind is on_scalar:
                if may_be_marked and event.tag is not None:
                    raise self._unsupported(event)
                start = event.start_mark.index + offset
                if nodes is not None and key is None:
                    key = event.value
                    if key in nodes:
                        raise self._duplicate(key, start)
                    spans += (start, event.end_mark.index + offset, event.style or "")
                    continue
                scalar = new(Scalar)  # what Scalar(…) does, without the call of its __init__
                scalar.value = event.value
                scalar.start = start
                scalar.end = event.end_mark.index + offset
                scalar.style = event.style or ""
                if nodes is None:
                    items.append(scalar)
                else:
                    nodes[key] = scalar  # type: ignore[index]
                    key = None
                continue
            if kind is on_mapping:
                node = Mapping(event.start_mark.index + offset, event.flow_style)
            elif kind is on_sequence:
                node = Sequence(event.start_mark.index + offset, event.flow_style)
            else:
                self._check_other(event, top)
                continue
            if nodes is None:
                items.append(node)
            elif key is not None:
                nodes[key] = node
                key = None
            else:
                raise self._error("TD102", "a key must be plain text", event, "this is no TML export")
            self._check_collection(event, len(stack))
            stack.append(container)
            container = node
            if node.__class__ is Mapping:
                nodes, spans = node.nodes, node.spans
            else:
                nodes, items = None, node.items  # type: ignore[union-attr]
        root = top.items[0] if top.items else None
        return None if isinstance(root, Scalar) and root.start == root.end else root

    def _check_collection(self, event: Any, depth: int) -> None:
        if event.tag is not None:
            raise self._unsupported(event)
        if depth >= MAX_DEPTH:
            raise self._error("TD109", f"is nested deeper than {MAX_DEPTH} levels", event, "this is no TML export")

    def _check_other(self, event: Any, top: Sequence) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._unsupported(event)
        if isinstance(event, yaml.DocumentStartEvent) and top.items:
            raise self._error("TD105", "holds more than one YAML document", event, "keep one object in a file")

    def _duplicate(self, key: str, index: int) -> TmlError:
        where = locate(self._text, index - self._offset, self._file)
        return TmlError(Finding("TD106", f"key {key!r} stands twice", where, hint="keep one of the two"))

    def _unsupported(self, event: Any) -> TmlError:
        return self._error(
            "TD108",
            "anchors, aliases and tags are not supported",
            event,
            "write the value out; ThoughtSpot never exports them",
        )

    def _error(self, code: str, message: str, event: Any, hint: str) -> TmlError:
        mark = event.start_mark
        return TmlError(Finding(code, message, Location(self._file, mark.line + 1, mark.column + 1), hint=hint))


def locate(text: str, index: int, file: str) -> Location:
    """Line and column, both from 1, of a character index."""
    start = text.rfind("\n", 0, index) + 1
    return Location(file, text.count("\n", 0, index) + 1, index - start + 1)


def to_plain(node: Node) -> Plain:
    """The tree as dicts, lists and text, without positions."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [to_plain(item) for item in node.items]
    return {key: to_plain(value) for key, value in node.nodes.items()}


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Every scalar value with its path, in document order."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            yield from walk(item, (*path, number))
    else:
        for key, value in node.nodes.items():
            yield from walk(value, (*path, key))


def path_text(path: Path) -> str:
    """A path as people write it: ``model.model_tables[2].fqn``."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).lstrip(".")

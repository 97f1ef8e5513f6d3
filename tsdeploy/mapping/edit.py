"""Edits of ``mapping.yaml`` by the machine: spliced in, so that comments, order and blank lines survive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from tsdeploy.errors import ConfigError, Finding, Location, TmlError
from tsdeploy.mapping.flow import flow_text
from tsdeploy.tml import edit, syntax
from tsdeploy.tml.dialect import Dialect, key_text, scalar_text
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.lines import locate

EMPTY = "version: 1\n"
"""The text of a mapping file without rules."""

Rule: TypeAlias = "Mapping[str, str | Mapping[str, str]]"
"""A rule of a list section (``tables``, ``text``), as it stands in the file."""

_INDENT = "  "
_QUOTES = Dialect.SNAKEYAML
_GAP = re.compile(r"[ \t]*,[ \t]*")


@dataclass(frozen=True, slots=True)
class Addition:
    """What is to be in a mapping file: entries by section and source, rules by section."""

    entries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: Mapping[str, Sequence[Rule]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.entries.values()) or any(self.rules.values())

    def lines(self) -> list[str]:
        """Each part of it as one line of YAML, for a report."""
        named = [f"{name}: {flow_text(dict([pair]))}" for name, some in self.entries.items() for pair in some.items()]
        return named + [f"{name}: {flow_text(rule)}" for name, some in self.rules.items() for rule in some]


def missing(text: str, wanted: Addition, shown: str) -> tuple[Addition, list[Finding]]:
    """What of an addition is not in a file yet, and a finding TD317 for each source that has another target there."""
    root = _root(text, shown)
    findings: list[Finding] = []
    entries: dict[str, dict[str, str]] = {}
    for name, pairs in wanted.entries.items():
        there = _plain(root, name)
        present = {key.lower(): key for key in there} if isinstance(there, dict) else {}
        entries[name] = {}
        for source, target in pairs.items():
            if source.lower() not in present:
                entries[name][source] = target
            elif isinstance(there, dict) and there[present[source.lower()]] != target:
                findings.append(_taken(text, root, (name, present[source.lower()]), target, shown))
    rules = {}
    for name, some in wanted.rules.items():
        there = _plain(root, name)
        rules[name] = [rule for rule in some if not isinstance(there, list) or rule not in there]
    return Addition(entries, rules), findings


def with_addition(text: str, addition: Addition, shown: str) -> str:
    """The text with entries and rules at the end of their sections. Raises ConfigError TD311 where that is not safe."""
    for name, entries in addition.entries.items():
        if entries:
            text = _with_entries(text, name, entries, shown)
    for name, rules in addition.rules.items():
        if rules:
            text = _with_rules(text, name, rules, shown)
    return text


def without_entry(text: str, section: str, key: str, shown: str) -> str:
    """The text without an entry; a section that loses its last one becomes ``{}``. Raises ConfigError TD311."""
    root = _root(text, shown)
    mapping = root.get(section)
    if not isinstance(mapping, syntax.Mapping) or key not in mapping.nodes:
        raise _refused(shown, f"{section} has no entry {key}")
    expected = _plain(root, section)
    assert isinstance(expected, dict)
    del expected[key]
    if mapping.flow:
        edits = [_without_flow(text, mapping, key)]
    else:
        start = text.rfind("\n", 0, mapping.entries[key][0].start) + 1
        edits = [Edit(start, edit.after_entry(text, mapping.nodes[key]), "")]
        if not expected:
            colon = text.index(":", root.entries[section][0].end)
            edits.append(Edit(colon + 1, colon + 1, " {}"))
    return _checked(edit.apply(text, edits), text, section, expected, shown)


def with_values(text: str, values: Iterable[tuple[tuple[str | int, ...], str]], shown: str) -> str:
    """The text with other values at these paths. Raises ConfigError TD311 when there is no scalar at one."""
    root = _root(text, shown)
    edits = []
    for path, value in values:
        scalar = syntax.node_at(root, path)
        if not isinstance(scalar, syntax.Scalar):
            raise _refused(shown, f"there is no value at {syntax.path_text(path)}")
        edits.append(edit.replace(text, scalar, value, Dialect.SNAKEYAML))
    return edit.apply(text, edits)


def _with_entries(text: str, section: str, entries: Mapping[str, str], shown: str) -> str:
    root = _root(text, shown)
    before = _plain(root, section) or {}
    if not isinstance(before, dict):
        raise _refused(shown, f"{section} is no mapping")
    mapping = root.get(section)
    if isinstance(mapping, syntax.Mapping) and mapping.flow and mapping.nodes:
        made = _after_last(text, list(mapping.nodes.values()), flow_text(entries)[1:-1])
    else:
        lines = [f"{key_text(key, _QUOTES)}: {scalar_text(value, _QUOTES)}" for key, value in entries.items()]
        made = _with_lines(text, root, section, lines)
    return _checked(made, text, section, {**before, **entries}, shown)


def _with_rules(text: str, section: str, rules: Sequence[Rule], shown: str) -> str:
    root = _root(text, shown)
    before = _plain(root, section) or []
    if not isinstance(before, list):
        raise _refused(shown, f"{section} is no list")
    sequence = root.get(section)
    if isinstance(sequence, syntax.Sequence) and sequence.flow and sequence.items:
        made = _after_last(text, sequence.items, ", ".join(map(flow_text, rules)))
    else:
        made = _with_lines(text, root, section, [f"- {flow_text(rule)}" for rule in rules])
    return _checked(made, text, section, [*before, *rules], shown)


def _with_lines(text: str, root: syntax.Mapping, section: str, lines: Sequence[str]) -> str:
    """The text with lines at the end of a block section, of an empty one, or of a new one."""
    newline = "\r\n" if "\r\n" in text else "\n"
    node = root.get(section)
    if node is None:
        gap = "" if not text or text.endswith("\n") else newline
        return text + gap + newline + f"{section}:{newline}" + "".join(_INDENT + line + newline for line in lines)
    last = _last_of(node)
    if last is not None:
        at, indent = edit.after_entry(text, last), _indent(text, node)
    else:
        text = text[: node.start].rstrip(" ") + text[node.end :]
        end = text.find("\n", root.entries[section][0].end)
        at, indent = (end + 1 if end >= 0 else len(text)), _INDENT
    block = "".join(indent + line + newline for line in lines)
    if at and text[at - 1] != "\n":
        block = newline + block.removesuffix(newline)
    return text[:at] + block + text[at:]


def _last_of(node: syntax.Node) -> syntax.Node | None:
    children = list(node.nodes.values()) if isinstance(node, syntax.Mapping) else getattr(node, "items", [])
    return children[-1] if children else None


def _indent(text: str, node: syntax.Node) -> str:
    """What stands in front of each entry or item of a block section."""
    if isinstance(node, syntax.Mapping):
        start = next(iter(node.entries.values()))[0].start
    else:
        assert isinstance(node, syntax.Sequence)
        start = text.rindex("-", 0, node.items[0].start)
    return " " * (start - text.rfind("\n", 0, start) - 1)


def _after_last(text: str, items: Sequence[syntax.Node], more: str) -> str:
    return edit.apply(text, [Edit(items[-1].end, items[-1].end, f", {more}")])


def _without_flow(text: str, mapping: syntax.Mapping, key: str) -> Edit:
    """Take out an entry and one comma; a comment beside it stays."""
    order = list(mapping.nodes)
    position = order.index(key)
    start, end = mapping.entries[key][0].start, mapping.nodes[key].end
    comma = _GAP.match(text, end)
    if comma is not None and position < len(order) - 1:
        return Edit(start, comma.end(), "")
    before = mapping.nodes[order[position - 1]].end if position else start
    if position and _GAP.fullmatch(text, before, start):
        start = before
    return Edit(start, end, "")


def _checked(made: str, text: str, section: str, expected: object, shown: str) -> str:
    """The edited text, provided that it says what it should and everything else as before."""
    before = syntax.to_plain(_root(text, shown))
    assert isinstance(before, dict)
    try:
        after = syntax.to_plain(syntax.parse(made, shown))
    except TmlError:
        after = ""
    if after != {**before, section: expected}:
        raise _refused(shown, f"{section} is written in a way that cannot be edited by machine")
    return made


def _root(text: str, shown: str) -> syntax.Mapping:
    try:
        root = syntax.parse(text, shown)
    except TmlError as error:
        raise ConfigError(*error.findings) from None
    if not isinstance(root, syntax.Mapping):
        raise _refused(shown, "the file is no mapping")
    return root


def _plain(root: syntax.Mapping, section: str) -> syntax.Plain | None:
    node = root.get(section)
    return None if node is None else syntax.to_plain(node)


def _taken(text: str, root: syntax.Mapping, where: tuple[str, str], target: str, shown: str) -> Finding:
    section, source = where
    mapping = root.get(section)
    assert isinstance(mapping, syntax.Mapping)
    key, there = mapping.entries[source]
    is_now = there.value if isinstance(there, syntax.Scalar) else "something else"
    return Finding(
        "TD317",
        f"{source} is mapped to {is_now} already, not to {target}",
        locate(text, key.start, shown),
        at=f"{section}.{source}",
        hint="delete the line if it is wrong, and run the command again",
    )


def _refused(shown: str, why: str) -> ConfigError:
    hint = "edit it by hand: one rule a line, sections as in  tsdeploy schema mapping"
    return ConfigError(Finding("TD311", f"the mapping file was left as it is: {why}", Location(shown), hint=hint))

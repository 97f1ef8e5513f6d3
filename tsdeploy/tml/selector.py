"""Selectors: the one way to say which objects are meant. See ``select`` for the grammar."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tsdeploy.errors import Finding, Location, UsageError
from tsdeploy.nearest import closest
from tsdeploy.tml.described import Described
from tsdeploy.tml.graph import GraphOf
from tsdeploy.tml.kinds import KIND_NAMES, KINDS
from tsdeploy.tml.references import is_guid

_FIELDS = ("name", "guid", "obj_id", "tag", "path")
_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Selector:
    """One selector, taken apart. ``field`` is a kind, ``name``, ``guid``, ``obj_id``, ``tag`` or ``path``."""

    text: str
    field: str
    pattern: str
    excludes: bool = False
    with_upstream: bool = False
    with_downstream: bool = False

    def names(self, document: Described) -> bool:
        """Whether it names a document itself. Tags are not known here and name nothing."""
        if self.field == "guid":
            return document.guid.lower() == self.pattern.lower()
        given = {"name": document.name, "path": document.path, "obj_id": document.obj_id or None, "tag": None}
        text = given.get(self.field, document.name if document.kind.name == self.field else None)
        return text is not None and glob_matches(self.pattern, text)


def select(
    selectors: Sequence[str],
    graph: GraphOf[Described],
    *,
    tags: Mapping[str, Collection[str]] | None = None,
    origin: Location | None = None,
) -> tuple[str, ...]:
    """The keys of the documents that the selectors name, in the order of the graph's documents.

    A selector is ``kind:glob``, a name, a GUID, ``obj_id:…``, ``tag:…`` or ``path:…``; globs know ``*`` and ``?``, and
    upper and lower case are alike. In front, ``!`` excludes and then ``+`` adds what the objects depend on; at the
    end, ``+`` adds what depends on them. What is selected is the union without what is excluded; if everything is
    excluded from, or nothing is given, the start is every document. ``name:…`` names what a bare name cannot: one
    that begins with ``+`` or ``!`` or holds a colon; for a last ``+`` write ``?``.

    ``tags`` are the tags of each key, None where they are not known. ``origin`` is where the selectors stand, for
    messages. Raises UsageError with all that is wrong: TD010 no such kind, TD011 nothing there, TD012 tags are not
    known here, TD013 not a selector.
    """
    kinds = dict.fromkeys((*KIND_NAMES, *(document.kind.name for document in graph.documents.values())))
    findings: list[Finding] = []
    chosen: dict[bool, set[str]] = {False: set(), True: set()}
    wanted = False
    for text in selectors:
        try:
            selector = parse_selector(text, tuple(kinds))
            chosen[selector.excludes] |= _widened(selector, _named(selector, graph, tags), graph)
            wanted = wanted or not selector.excludes
        except UsageError as error:
            findings += (replace(finding, location=origin) for finding in error.findings)
            wanted = True
    UsageError.raise_for(findings)
    included = chosen[False] if wanted else graph.documents.keys()
    return tuple(key for key in graph.documents if key in included and key not in chosen[True])


def parse_selector(text: str, kinds: Collection[str] = KIND_NAMES) -> Selector:
    """Take a selector apart. Raises UsageError TD010 for a kind that is not known, TD013 when nothing is named."""
    body = text.removeprefix("!")
    excludes = body != text
    rest = body.removeprefix("+")
    bare = rest.removesuffix("+")
    field, colon, pattern = bare.partition(":")
    if not colon:
        field, pattern = "guid" if is_guid(bare) else "name", bare
    elif field in KINDS:
        # An old root key (pinboard) stands for its kind.
        field = KINDS[field].name
    elif field not in _FIELDS and field not in kinds:
        raise UsageError(_no_such_kind(text, field, kinds))
    if not pattern:
        hint = "write a kind and a name, such as  model:Sales*  or  +liveboard:*"
        raise UsageError(Finding("TD013", "the selector names nothing", at=text, hint=hint))
    return Selector(text, field, pattern, excludes, rest != body, bare != rest)


def asks_for_tags(selectors: Sequence[str]) -> bool:
    """Whether any of the selectors is one by tag."""
    return any(text.removeprefix("!").removeprefix("+").startswith("tag:") for text in selectors)


def matches(selector: str, document: Described) -> bool:
    """Whether a selector without operators and tags names a document. Names are compared with case alike."""
    field, colon, pattern = selector.partition(":")
    if colon and field in ("name", "path", "obj_id", *KIND_NAMES):
        return Selector(selector, field, pattern).names(document)
    return Selector(selector, "guid" if is_guid(selector) else "name", selector).names(document)


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


def _named(selector: Selector, graph: GraphOf[Described], tags: Mapping[str, Collection[str]] | None) -> set[str]:
    if selector.field == "tag":
        if tags is None:
            raise UsageError(_unknown_tags(selector))
        found = {key for key in graph.documents if _is_tagged(selector.pattern, tags.get(key, ()))}
    else:
        found = {key for key, document in graph.documents.items() if selector.names(document)}
    if not found:
        raise UsageError(_nothing(selector, graph, tags or {}))
    return found


def _is_tagged(pattern: str, tags: Collection[str]) -> bool:
    return any(glob_matches(pattern, tag) for tag in tags)


def _widened(selector: Selector, keys: set[str], graph: GraphOf[Described]) -> set[str]:
    found = set(keys)
    if selector.with_upstream:
        found.update(graph.upstream(keys))
    if selector.with_downstream:
        found.update(graph.downstream(keys))
    return found


def _no_such_kind(text: str, field: str, kinds: Collection[str]) -> Finding:
    close = closest(field.lower(), [*kinds, *KINDS, *_FIELDS], 1)
    nearest = f"did you mean {text.replace(field, close[0], 1)} ? " if close else ""
    hint = f"{nearest}a name that holds a colon is written  {text.replace(field, f'name:{field}', 1)}"
    return Finding("TD010", f"there is no kind {field}", at=text, hint=hint)


def _unknown_tags(selector: Selector) -> Finding:
    hint = "TML holds no tags, and no export has recorded any: export again, or select by kind, name or path"
    return Finding(
        "TD012", f"which objects are tagged {selector.pattern} is not known here", at=selector.text, hint=hint
    )


def _nothing(selector: Selector, graph: GraphOf[Described], tags: Mapping[str, Collection[str]]) -> Finding:
    hint = _did_you_mean(selector.pattern, _values(selector, graph, tags))
    return Finding("TD011", f"no object is selected by {selector.text}", at=selector.text, hint=hint)


def _values(selector: Selector, graph: GraphOf[Described], tags: Mapping[str, Collection[str]]) -> dict[str, str]:
    """What the pattern was compared with, and the selector that would have named it."""
    documents = graph.documents.values()
    if selector.field == "tag":
        return {tag: f"tag:{tag}" for some in tags.values() for tag in some}
    if selector.field in ("path", "obj_id"):
        return {
            value: f"{selector.field}:{value}" for value in (getattr(d, selector.field) for d in documents) if value
        }
    if selector.field == "guid":
        return {document.guid: document.guid for document in documents if document.guid}
    # Of several with one name the first is suggested.
    return {document.name: document.label for document in reversed(list(documents))}


def _did_you_mean(pattern: str, values: Mapping[str, str]) -> str:
    folded = {value.casefold(): selector for value, selector in values.items()}
    wanted = pattern.casefold().replace("*", "").replace("?", "")
    close = closest(wanted, folded, _NAMES_SHOWN)
    close += [value for value in folded if wanted and wanted in value and value not in close]
    names = [folded[value] for value in close[:_NAMES_SHOWN]]
    return f"did you mean {', '.join(names)} ?" if names else "tsdeploy graph  lists what is there"

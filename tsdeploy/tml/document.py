"""A TML document: its text, its kind, its identity and its references."""

from __future__ import annotations

from dataclasses import dataclass

from tsdeploy.errors import Finding, Location, TmlError
from tsdeploy.tml.dialect import Dialect
from tsdeploy.tml.kinds import KINDS, ROOT_FLAGS, Kind, unknown_kind
from tsdeploy.tml.lines import locate
from tsdeploy.tml.references import Reference, find_references
from tsdeploy.tml.syntax import Mapping, Node, Scalar, Sequence, parse


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One object as TML. ``path`` is where it came from; ``text`` is exact, BOM and line ends included."""

    path: str
    text: str
    kind: Kind
    root: Mapping
    body: Node
    name: str
    guid: str
    obj_id: str
    references: tuple[Reference, ...]

    @property
    def key(self) -> str:
        """What names this object among its project's: GUID, else obj_id, else kind and name.

        A document whose root GUID is not its own (feedback carries its model's) is prefixed with its kind.
        """
        return object_key(self.kind, self.guid or self.obj_id, self.name)

    @property
    def label(self) -> str:
        """How people call it: ``model:Sales``."""
        return f"{self.kind.name}:{self.name}"

    @property
    def dialect(self) -> Dialect:
        """The quoting dialect that the server writes this document in."""
        if self.root.flow:
            return Dialect.JSON
        return Dialect.SNAKEYAML if self.kind.root == "model" else Dialect.JACKSON

    def at(self, index: int) -> Location:
        """The file, line and column of an index in the text."""
        return locate(self.text, index, self.path)


def object_key(kind: Kind, identity: str, name: str) -> str:
    """What names an object among its project's; see ``Document.key``."""
    if not identity:
        return f"{kind.name}:{name}"
    return identity if kind.owned else f"{kind.name}:{identity}"


def parse_document(text: str, path: str) -> Document:
    """Read one document.

    Raises TmlError TD102–TD109 from the syntax, TD103 when it is no TML, TD107 when its GUID stands where the
    server ignores it.
    """
    root = parse(text, path)
    if not isinstance(root, Mapping):
        raise TmlError(Finding("TD103", "is not TML: the document is no mapping", Location(path, 1, 1)))
    kind, body = _content(root, text, path)
    _refuse_nested_identity(kind, body, text, path)
    guid, obj_id = _root_scalar(root, "guid"), _root_scalar(root, "obj_id")
    if isinstance(body, Sequence):
        guid = guid or _first_item_scalar(body, "guid")
    return Document(
        path=path,
        text=text,
        kind=kind,
        root=root,
        body=body,
        name=_name(kind, body, path),
        guid=guid,
        obj_id=obj_id,
        references=find_references(kind.root, root),
    )


def _content(root: Mapping, text: str, path: str) -> tuple[Kind, Node]:
    content = [key for key in root.nodes if key not in ROOT_FLAGS]
    known = [key for key in content if key in KINDS]
    if len(known) == 1:
        return KINDS[known[0]], root.nodes[known[0]]
    if len(known) > 1:
        where = locate(text, root.entries[known[1]][0].start, path)
        raise TmlError(
            Finding(
                "TD103",
                f"holds two objects: {known[0]} and {known[1]}",
                where,
                hint="put each into a file of its own",
            )
        )
    if len(content) == 1 and not isinstance(root.nodes[content[0]], Scalar):
        return unknown_kind(content[0]), root.nodes[content[0]]
    raise TmlError(
        Finding(
            "TD103",
            "is not TML: no key names an object such as table, model or liveboard",
            Location(path, 1, 1),
            hint="move files that are not TML out of the TML folder",
        )
    )


def _refuse_nested_identity(kind: Kind, body: Node, text: str, path: str) -> None:
    """A guid below the kind key is ignored by the server, which then creates a duplicate."""
    if not isinstance(body, Mapping) or not kind.known:
        return
    for key in ("guid", "obj_id"):
        if body.get(key) is not None:
            raise TmlError(
                Finding(
                    "TD107",
                    f"{key} stands inside {kind.root}, where ThoughtSpot ignores it and would create a duplicate",
                    locate(text, body.entries[key][0].start, path),
                    at=f"{kind.root}.{key}",
                    hint=f"move the line to the top of the file, in front of {kind.root}:",
                )
            )


def _root_scalar(root: Mapping, key: str) -> str:
    scalar = root.scalar(key)
    return scalar.value if scalar else ""


def _first_item_scalar(body: Sequence, key: str) -> str:
    first = body.items[0] if body.items else None
    scalar = first.scalar(key) if isinstance(first, Mapping) else None
    return scalar.value if scalar else ""


def _name(kind: Kind, body: Node, path: str) -> str:
    """The object's name; where a kind has none (feedback), the first part of the file's name."""
    if isinstance(body, Sequence):
        found = _first_item_scalar(body, "name")
    else:
        scalar = body.scalar("name") if isinstance(body, Mapping) else None
        found = scalar.value if scalar else ""
    return found or path.rpartition("/")[2].partition(".")[0] or kind.name

"""The text an accepted object is kept as: without its bad parts, with names and inner GUIDs filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tsdeploy.sandbox.importing.feedback import merge_feedback
from tsdeploy.sandbox.importing.inner_ids import Chooser, place_inner_ids
from tsdeploy.sandbox.importing.overrides import parameter_edits
from tsdeploy.sandbox.importing.parts import Minter
from tsdeploy.sandbox.importing.personal_views import keep_views
from tsdeploy.sandbox.importing.problems import Problem, group_dropped
from tsdeploy.sandbox.importing.settle import Accepted
from tsdeploy.sandbox.store.objects import InnerId, Objects
from tsdeploy.sandbox.texts.items import mappings, remove, texts, value
from tsdeploy.sandbox.texts.presentation import name_edit
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.syntax import Path, node_at


@dataclass(frozen=True, slots=True)
class Shaped:
    """The text to keep, its references, its inner GUIDs, and what is said about it."""

    text: str
    links: dict[str, str]
    inner_ids: tuple[InnerId, ...]
    warnings: tuple[Problem, ...]


def shape(accepted: Accepted, objects: Objects, minter: Minter, taken: set[str]) -> Shaped:
    """Make the text to keep. ``taken`` are inner GUIDs that the batch has given away; the new ones are added."""
    claim = accepted.claim
    document, links, warnings = _without_bad_parts(accepted)
    if claim.existing is not None:
        document = _merged(reread(claim.existing.text), document, accepted)
    named = _with_names(document, links, objects)

    def is_free(guid: str) -> bool:
        owner = objects.inner_owner(guid)
        return guid not in taken and owner in ("", claim.guid) and objects.get(guid) is None

    chooser = Chooser(
        own=tuple(objects.inner_ids(claim.guid)) if claim.existing else (),
        is_free=is_free,
        mint=lambda purpose: minter.mint(claim.part, purpose),
    )
    edits, inner_ids = place_inner_ids(named, chooser)
    taken.update(inner.guid for inner in inner_ids)
    return Shaped(edit.apply(named.text, edits), links, tuple(inner_ids), warnings)


def _merged(before: Document, after: Document, accepted: Accepted) -> Document:
    """What an object keeps of what it had, where the text does not say it."""
    if accepted.claim.kind == "nls_feedback":
        return merge_feedback(before, after)
    if accepted.claim.kind == "liveboard" and accepted.keeps_views:
        return keep_views(before, after)
    return after


def _without_bad_parts(accepted: Accepted) -> tuple[Document, dict[str, str], tuple[Problem, ...]]:
    """Take out what the warnings are about; references behind it move up."""
    document, links = accepted.claim.part.document, accepted.links
    dropped = list(dict.fromkeys(problem.part for problem in accepted.warnings if problem.part))
    if not dropped:
        return document, links, accepted.warnings
    consequences = list(_consequences(document, dropped))
    gone = [*dropped, *consequences]
    text = edit.apply(document.text, remove(document.text, document.root, gone))
    smaller = parse_document(text, document.path)
    groups = tuple(group_dropped() for path in consequences if path[1] == "groups" and len(path) == 3)
    return smaller, _moved(document, smaller, links, gone), accepted.warnings + groups


def _consequences(document: Document, dropped: Iterable[Path]) -> Iterator[Path]:
    """Tiles and group members that show a visualization that goes, and groups that lose their last one."""
    root = document.kind.root
    vizzes = {value(node_at(document.root, path), "id") for path in dropped if _is_viz(path)}
    empty = set()
    for number, group in enumerate(mappings(document.body, "groups")):
        members = texts(group, "visualizations")
        if members and set(members) <= vizzes:
            empty.add(value(group, "id"))
            yield (root, "groups", number)
            continue
        for index, member in enumerate(members):
            if member in vizzes:
                yield (root, "groups", number, "visualizations", index)
    gone = vizzes | empty
    yield from _tiles(document, (root, "layout", "tiles"), gone)
    for number in range(len(mappings(document.body, "layout", "tabs"))):
        yield from _tiles(document, (root, "layout", "tabs", number, "tiles"), gone)


def _is_viz(path: Path) -> bool:
    return len(path) == 3 and path[1] == "visualizations"


def _tiles(document: Document, path: Path, gone: set[str]) -> Iterator[Path]:
    node = node_at(document.root, path[:-1])
    for index, tile in enumerate(mappings(node, str(path[-1]))):
        if value(tile, "visualization_id") in gone:
            yield (*path, index)


def _moved(before: Document, after: Document, links: dict[str, str], gone: Iterable[Path]) -> dict[str, str]:
    """The links by their new places: references come in the same order, without those that went."""
    paths = tuple(gone)
    kept = [ref.where for ref in before.references if not any(ref.path[: len(path)] == path for path in paths)]
    places = dict(zip(kept, (ref.where for ref in after.references), strict=True))
    known = {reference.where for reference in before.references}
    moved = {places[where]: target for where, target in links.items() if where in places}
    return moved | {place: target for place, target in links.items() if place not in known}


def _with_names(document: Document, links: dict[str, str], objects: Objects) -> Document:
    """Give identity blocks that carry only an id the name that the server always writes, and parameters their id."""
    edits = list(parameter_edits(document, links, objects))
    for reference in document.references:
        target = objects.get(links.get(reference.where, ""))
        if reference.block is not None and reference.block.get("name") is None and target is not None:
            edits.append(name_edit(document, reference.block, target.name))
    return parse_document(edit.apply(document.text, edits), document.path) if edits else document

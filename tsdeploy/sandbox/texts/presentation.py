"""A kept text as an export shows it: identities as asked for, and names as they are now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.sandbox.texts.secrets import secret_edits
from tsdeploy.tml import edit
from tsdeploy.tml import syntax as tml
from tsdeploy.tml.catalogue import Holds
from tsdeploy.tml.dialect import Dialect
from tsdeploy.tml.document import Document
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.references import Reference

_RENAMED_WITH_TARGET = frozenset(
    {"table.connection", "sql_view.connection", "cohort.worksheet", "column_alias.model", "liveboard.tables[]"}
)
"""Places whose name nothing else in the document repeats."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which identities an export shows. Source: ``export_fqn`` and ``export_options``."""

    fqn: bool = False
    guid: bool = True
    obj_id: bool = False
    obj_id_ref: bool = False


Find = Callable[[str], "StoredObject | None"]


def present(item: StoredObject, links: Mapping[str, str], shown: Shown, find: Find) -> str:
    """The YAML text of an object. ``links`` are its references by place; ``find`` gives an object by GUID."""
    document = reread(item.text)
    if isinstance(document.body, tml.Sequence):
        edits = _listed_edits(document, document.body, item)
    else:
        edits = _root_edits(document, _root_wanted(item, document, links, shown, find))
    edits += secret_edits(document)
    for reference in document.references:
        target = find(links.get(reference.where, ""))
        if reference.place.holds is Holds.IDENTITY and reference.block is not None and target is not None:
            edits += _reference_edits(document, reference, target, shown)
    return edit.apply(item.text, edits)


def _root_wanted(
    item: StoredObject, document: Document, links: Mapping[str, str], shown: Shown, find: Find
) -> dict[str, str]:
    """What stands at the root: feedback carries its model's identity; without an obj_id, the GUID stands in."""
    owner = item if document.kind.owned else find(links.get("guid", "")) or item
    wanted = {}
    if shown.guid or (shown.obj_id and not owner.obj_id):
        wanted["guid"] = owner.guid
    if shown.obj_id and owner.obj_id:
        wanted["obj_id"] = owner.obj_id
    return wanted


def _listed_edits(document: Document, body: tml.Sequence, item: StoredObject) -> list[Edit]:
    """An alert's GUID stands in the item of its list, whatever the export asks for."""
    first = body.items[0] if body.items else None
    guid = first.scalar("guid") if isinstance(first, tml.Mapping) else None
    if guid is None or guid.value == item.guid:
        return []
    return [edit.replace(document.text, guid, item.guid, document.dialect)]


def _root_edits(document: Document, wanted: Mapping[str, str]) -> list[Edit]:
    first = next(iter(document.root.entries))
    edits = _edits(document, document.root, ("guid", "obj_id"), wanted)
    for key in ("guid", "obj_id"):
        if key in wanted and document.root.get(key) is None:
            entry = (key, wanted[key])
            if key == "obj_id" and document.root.get("guid") is not None and "guid" in wanted:
                edits.append(edit.insert_after(document.text, document.root, "guid", entry, document.dialect))
            else:
                edits.append(edit.insert_before(document.text, document.root, first, entry, document.dialect))
    return edits


def _reference_edits(document: Document, reference: Reference, target: StoredObject, shown: Shown) -> list[Edit]:
    assert reference.block is not None
    block = reference.block
    wanted = {}
    both = guesses.OBJ_ID_AND_FQN_ARE_BOTH_WRITTEN or not (shown.obj_id_ref and target.obj_id)
    if (shown.fqn and both) or (shown.obj_id_ref and not target.obj_id):
        wanted["fqn"] = target.guid
    if shown.obj_id_ref and target.obj_id:
        wanted["obj_id"] = target.obj_id
    edits = _edits(document, block, ("fqn", "obj_id"), wanted)
    anchor = next(key for key in ("alias", "name", "id") if block.get(key) is not None)
    edits += [
        edit.insert_after(document.text, block, anchor, (key, wanted[key]), document.dialect)
        for key in ("fqn", "obj_id")
        if key in wanted and block.get(key) is None
    ]
    name = block.scalar("name")
    if name is not None and name.value != target.name and _follows_rename(reference, block):
        edits.append(edit.replace(document.text, name, target.name, document.dialect))
    return edits


def _edits(document: Document, block: tml.Mapping, keys: tuple[str, ...], wanted: Mapping[str, str]) -> list[Edit]:
    """Replace what differs and delete what is not wanted, among keys that are there."""
    there = {key: scalar for key in keys if (scalar := block.scalar(key)) is not None}
    replaced = [
        edit.replace(document.text, scalar, wanted[key], document.dialect)
        for key, scalar in there.items()
        if key in wanted and scalar.value != wanted[key]
    ]
    return replaced + edit.delete(document.text, block, [key for key in there if key not in wanted])


def _follows_rename(reference: Reference, block: tml.Mapping) -> bool:
    """Whether the name is only a name there, and not also the alias that column ids are written with."""
    if str(reference.place) in _RENAMED_WITH_TARGET or block.get("alias") is not None:
        return True
    return block.get("id") is not None and str(reference.place).endswith(".tables[]")


def name_edit(document: Document, block: tml.Mapping, name: str) -> Edit:
    """The edit that gives an identity block the name that the server always writes."""
    dialect: Dialect = document.dialect
    if block.get("id") is not None:
        return edit.insert_after(document.text, block, "id", ("name", name), dialect)
    return edit.insert_before(document.text, block, next(iter(block.entries)), ("name", name), dialect)

"""Parameters that a Liveboard sets: the file may carry another cluster's ids, the name decides.

Source: facts about TML, 2.7 (``parameter_overrides[].key``: "the server resolves by ``value.name``").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tsdeploy.sandbox.store.objects import Objects
from tsdeploy.sandbox.texts.items import mappings, value
from tsdeploy.sandbox.texts.reading import reread
from tsdeploy.tml import edit
from tsdeploy.tml.document import Document
from tsdeploy.tml.edit import Edit
from tsdeploy.tml.references import Reference
from tsdeploy.tml.syntax import node_at

_NAMES = {
    "parameter_overrides[].key": ("value", "name"),
    "parameter_overrides[].value.id": ("name",),
    "view_parameters[].id": ("name",),
}
"""End of a place → where the parameter's name stands, from the mapping that holds the id."""
_QUALIFIER = "::"


def parameter_edits(document: Document, links: Mapping[str, str], objects: Objects) -> Iterator[Edit]:
    """The edits that give every parameter the id that it has in its Model here."""
    known: dict[tuple[str, str], str] | None = None
    for reference in document.references:
        name = _name(document, reference)
        if not name or reference.scalar is None:
            continue
        if known is None:
            known = _known(links, objects)
        model, _, parameter = name.rpartition(_QUALIFIER)
        found = known.get((model, parameter), "")
        if found and found != reference.guid:
            yield edit.replace(document.text, reference.scalar, found, document.dialect)


def _name(document: Document, reference: Reference) -> str:
    place = str(reference.place)
    for end, keys in _NAMES.items():
        if place.endswith(end):
            return value(node_at(document.root, reference.path[:-1]), *keys)
    return ""


def _known(links: Mapping[str, str], objects: Objects) -> dict[tuple[str, str], str]:
    """Model (or "" for any) and parameter → the id."""
    found: dict[tuple[str, str], str] = {}
    for guid in dict.fromkeys(links.values()):
        item = objects.get(guid)
        for parameter in mappings(reread(item.text).body, "parameters") if item else ():
            name, identity = value(parameter, "name"), value(parameter, "id")
            for model in ("", item.name if item else ""):
                found.setdefault((model, name), identity)
    return found

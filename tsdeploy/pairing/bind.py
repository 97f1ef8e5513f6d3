"""Binding an object of the source to one of the target by hand, unless that would poison the mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tsdeploy.config.environment import Environment
from tsdeploy.config.project import Project
from tsdeploy.errors import ConfigError, Finding, UsageError
from tsdeploy.mapping.edit import Addition, with_values, without_entry
from tsdeploy.mapping.model import Mapping as Rules
from tsdeploy.mapping.pairs import Pair, poisoned
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.nearest import nearest
from tsdeploy.pairing.audit import dangling, known_keys
from tsdeploy.pairing.files import (
    MappingFiles,
    bound_pairs,
    documents_of,
    effective_pairs,
    files_of,
    recorded_pairs,
    source_objects,
)
from tsdeploy.tml.document import Document
from tsdeploy.tml.kinds import KIND_NAMES
from tsdeploy.tml.references import is_guid

OBJ_ID = "obj_id:"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding as it stands in ``mapping.yaml``; ``new`` says that it was not there before."""

    source: str
    target: str
    new: bool
    findings: tuple[Finding, ...] = ()


def bind_object(project: Project, environment: Environment, source: str, target: str, *, again: bool = False) -> Bound:
    """Bind an object of the source to one of the target, by hand.

    ``source`` is a GUID, ``obj_id:…`` or ``kind:name`` of an object in git, ``target`` a GUID or ``obj_id:…``;
    ``again`` replaces a binding that is there. An object that nobody knows is a finding TD314. Raises UsageError TD316,
    and what ``bind`` raises.
    """
    files, documents = files_of(project, environment), documents_of(project)
    key, there = source_key(source, documents), target_key(target)
    new = bind(files, load_mapping(environment.mapping_path, files.shown), key, there, again=again)
    known = known_keys(documents, source_objects(project, environment))
    return Bound(key, there, new, () if key.lower() in known else (dangling(Pair(key, there)),))


def unbind_object(project: Project, environment: Environment, source: str) -> str:
    """Remove a binding; comments, order and everything else stay. The key that is gone.

    An object that left git can still be unbound, by its key. Raises UsageError TD316 or TD318, ConfigError TD311.
    """
    files = files_of(project, environment)
    file = files.rules_file()
    keys = (file.value.get("objects") or {}) if file else {}
    key = source if source in keys else source_key(source, documents_of(project))
    unbind(files, key)
    return key


def source_key(text: str, documents: Sequence[Document]) -> str:
    """How an object of the source is named in ``mapping.yaml``: by GUID where it has one.

    ``text`` is a GUID, ``obj_id:…`` or ``kind:name`` of an object in git. Raises UsageError TD316 when there is no
    such object, or several.
    """
    if is_guid(text):
        return text.lower()
    found = [document for document in documents if document.kind.owned and _is_meant(text, document)]
    if len(found) == 1:
        (document,) = found
        return document.guid.lower() or (f"{OBJ_ID}{document.obj_id}" if document.obj_id else document.label)
    if found:
        listed = ", ".join(document.guid or document.path for document in found[:_SHOWN])
        raise UsageError(Finding("TD316", f"{text} may be any of {len(found)} objects", hint=f"name one: {listed}"))
    labels = [document.label for document in documents]
    hint = nearest(text, labels) or "name it by GUID, obj_id:… or kind:name, as  tsdeploy graph  lists it"
    raise UsageError(Finding("TD316", f"no object in git is {text}", hint=hint))


def target_key(text: str) -> str:
    """How an object of the target is named: its GUID, or ``obj_id:…``. Raises UsageError TD316 for anything else."""
    if is_guid(text):
        return text.lower()
    if text.startswith(OBJ_ID) and len(text) > len(OBJ_ID):
        return text
    hint = "names are not unique on a server: give the GUID or obj_id:…; tsdeploy map infer  proposes some"
    raise UsageError(Finding("TD316", f"{text} names no object of the target for certain", hint=hint))


def bind(files: MappingFiles, rules: Rules, source: str, target: str, *, again: bool = False) -> bool:
    """Write a binding; whether it is new. ``again`` replaces one that is there.

    Raises ConfigError TD317 (bound to another), TD309 or TD233 (the pair would poison others), TD311.
    """
    present = rules.objects.get(source.removeprefix(OBJ_ID))
    if present is not None and present.target == target:
        return False
    pair = Pair(source, target)
    bound = [other for other in bound_pairs(rules) if present is None or other.source != present.source]
    others = effective_pairs([pair, *bound], recorded_pairs(files.objects_file()))[1:]
    ConfigError.raise_for([found for found in poisoned([*others, pair]) if found not in poisoned(others)])
    addition = Addition({"objects": {source: target}})
    lacking, findings = files.lacks(addition)
    if findings and again:
        files.write_text(with_values(files.text(), [(("objects", _written(files, source)), target)], files.shown))
        return True
    ConfigError.raise_for(findings)
    files.add(lacking)
    return bool(lacking)


def unbind(files: MappingFiles, source: str) -> None:
    """Remove a binding. Raises UsageError TD318 when there is none in this file, ConfigError TD311."""
    files.write_text(without_entry(files.text(), "objects", _written(files, source), files.shown))


def _written(files: MappingFiles, source: str) -> str:
    """A key of ``objects:`` as it is written in the file."""
    file = files.rules_file()
    keys = list(file.value.get("objects") or ()) if file else []
    # Names that differ in nothing but case are different names.
    wanted = {source, source.removeprefix(OBJ_ID), f"{OBJ_ID}{source}"}
    found = next((key for key in keys if str(key) in wanted or (is_guid(source) and str(key).lower() == source)), None)
    if found is None:
        hint = nearest(source, map(str, keys)) or f"look into {files.shown}"
        raise UsageError(Finding("TD318", f"{source} is not bound in {files.shown}", hint=hint))
    return str(found)


def _is_meant(text: str, document: Document) -> bool:
    kind, colon, name = text.partition(":")
    if text.startswith(OBJ_ID):
        return document.obj_id == name
    if colon and kind in KIND_NAMES:
        return document.kind.name == kind and document.name == name
    return bool(document.obj_id) and document.obj_id == text

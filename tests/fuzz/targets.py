"""Every parser of outside input, as a function of bytes that ends, or raises what users are told."""

from __future__ import annotations

import json
import socket
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.fuzz import seeds
from tests.fuzz.servers import ask_everything
from tsdeploy.backup.manifest import read_lines, read_manifest
from tsdeploy.backup.surroundings import read_sharing
from tsdeploy.check.suppression import load_suppressions
from tsdeploy.config.environment import load_environment
from tsdeploy.config.objects import load_objects
from tsdeploy.config.project import load_project
from tsdeploy.config.releases import read_release
from tsdeploy.deploy.journal import Journal, read_journal
from tsdeploy.deploy.lock import read_holder
from tsdeploy.deploy.release_folder import ReleaseFolder
from tsdeploy.errors import TsdeployError
from tsdeploy.export.paths import checked_layout
from tsdeploy.mapping.bindings import parse_binding
from tsdeploy.mapping.foreign import cs_tools, guid_mapper, native, parent_child
from tsdeploy.mapping.merge import merge_objects
from tsdeploy.mapping.places import find_scalars, parse_path
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.plan.saved import read_plan
from tsdeploy.tml.difference.describe import describe
from tsdeploy.tml.difference.listing import listing
from tsdeploy.tml.document import Document, parse_document
from tsdeploy.tml.edit import apply
from tsdeploy.tml.entries import entry_of, pack, unpack
from tsdeploy.tml.folder import decode, read_documents
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.merge import merge_documents
from tsdeploy.tml.merge_lines import Unmergeable
from tsdeploy.tml.selector import select
from tsdeploy.tml.syntax import walk


@dataclass(frozen=True, slots=True)
class Target:
    """A parser: real inputs to start from, and what reads one. ``read`` lets nothing out but bugs."""

    seeds: Callable[[], tuple[bytes, ...]]
    read: Callable[[bytes], object]


def answered(read: Callable[[], object]) -> None:
    """Findings are an answer like any other."""
    try:
        read()
    except TsdeployError as error:
        assert all(finding.message for finding in error.findings)


def told(read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """A reader that lets nothing out but bugs."""
    return lambda data: answered(partial(read, data))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def read_tml(data: bytes) -> None:
    """A document keeps every promise: no edit changes no byte, every scalar stands where it says, its entry survives
    packing, and it does not differ from itself.
    """
    found = parse_document(decode(data, "x"), "x")
    assert apply(found.text, []) == found.text
    for _, scalar in walk(found.root):
        assert 0 <= scalar.start <= scalar.end <= len(found.text)
    entry = entry_of(found)
    assert unpack(pack(entry), "x") == entry
    assert describe(found, found) == ()


def merge_tml(data: bytes) -> None:
    """git's driver: the damaged text as each of the three sides, and what it shows of it."""
    other = _document()
    damaged = parse_document(decode(data, "x"), "x")
    list(listing(damaged))
    describe(other, damaged)
    for sides in ((other, other, damaged), (other, damaged, other), (damaged, other, other)):
        try:
            merged = merge_documents(*sides)
        except Unmergeable:
            continue
        if not merged.conflicts:
            parse_document(merged.text, "x")


@cache
def _document() -> Document:
    return parse_document(_text(seeds.tml()[0]), "x")


@cache
def _folder() -> Path:
    """One folder for all runs of this process; files are written over."""
    return Path(tempfile.mkdtemp(prefix="tsdeploy-fuzz-"))


def in_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """A reader of a file."""

    def reading(data: bytes) -> object:
        path = _folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return read(path)

    return reading


def merge_maps(path: Path) -> None:
    """git's other driver."""
    damaged, other = load_objects(path, "x"), load_objects(_kept("other.json", seeds.objects()[0]), "x")
    for sides in ((other, other, damaged), (other, damaged, other), (damaged, other, other)):
        merge_objects(*sides).text()


def _kept(name: str, content: bytes) -> Path:
    path = _folder() / name
    if not path.exists():
        path.write_bytes(content)
    return path


def read_foreign(data: bytes) -> None:
    """Other tools' mapping files, whichever they are taken for."""
    text = _text(data)
    readers: tuple[Callable[[], object], ...] = (
        lambda: cs_tools.read(text, "x"),
        lambda: native.read(text, "x"),
        lambda: guid_mapper.read(text, "x", "dev", "prod"),
        lambda: parent_child.read(text, "x", "prod"),
        lambda: parent_child.read_properties(text, "x"),
    )
    for read in readers:
        answered(read)


def read_expressions(data: bytes) -> None:
    """Selectors, paths of properties, bindings and layouts: one language a line."""
    graph, document = _graph(), _document()
    for line in _text(data).splitlines():
        answered(partial(select, [line], graph, tags={}))
        answered(partial(parse_binding, line))
        answered(partial(checked_layout, line))
        steps = parse_path(line)
        if steps:
            list(find_scalars(document.root, steps))


@cache
def _graph() -> Any:
    files = [(f"{number}.tml", content) for number, content in enumerate(seeds.tml()[:12])]
    return build_graph(read_documents(files).documents)


def read_journals(path: Path) -> None:
    """Lines as they stand, and the same words under sums that are right, as whoever wrote them all could make them."""
    answered(lambda: read_journal(path))
    signed = path.with_name("before.jsonl")
    signed.unlink(missing_ok=True)
    text = _text(path.read_bytes())
    with Journal(signed) as journal:
        journal.write("before", objects=_json(text), restores=[])
    folder = ReleaseFolder(signed.parent)
    answered(folder.before)


def _json(text: str) -> object:
    try:
        return json.loads(text.splitlines()[-1]) if text.strip() else []
    except (ValueError, RecursionError):
        return text


def read_lock(data: bytes) -> None:
    """What somebody pushed to the lock's ref."""
    holder = read_holder(_text(data))
    if holder is not None:
        str(holder), holder.is_stale(3600), replace(holder, host=socket.gethostname()).is_stale(3600)


def read_backup_files(data: bytes) -> None:
    """What stands beside the TML of a backup."""
    answered(lambda: read_manifest(data, "x"))
    answered(lambda: read_sharing(read_lines(data, "objects", "x")))


TARGETS: Mapping[str, Target] = {
    "tml": Target(seeds.tml, told(read_tml)),
    "git-drivers-tml": Target(seeds.tml, told(merge_tml)),
    "git-drivers-maps": Target(seeds.objects, told(in_file("map.json", merge_maps))),
    "environment": Target(
        seeds.environments, told(in_file("env/environment.yaml", lambda path: load_environment(path.parent, "x")))
    ),
    "project": Target(seeds.projects, told(in_file("tsdeploy.yaml", lambda path: load_project(path.parent)))),
    "suppressions": Target(
        seeds.suppressions, told(in_file(".tsdeploy-check.yaml", lambda path: load_suppressions(path.parent)))
    ),
    "mapping": Target(seeds.mappings, told(in_file("mapping.yaml", lambda path: load_mapping(path, "x")))),
    "objects": Target(seeds.objects, told(in_file("objects.json", lambda path: load_objects(path, "x")))),
    "plan-file": Target(seeds.plans, told(in_file("plan.json", read_plan))),
    "release-file": Target(
        seeds.releases, told(in_file("20260131T180000Z-abc.json", lambda path: read_release(path, "x")))
    ),
    "journal": Target(seeds.journals, in_file("journal.jsonl", read_journals)),
    "lock": Target(seeds.locks, told(read_lock)),
    "manifest": Target(seeds.manifests, read_backup_files),
    "foreign": Target(seeds.foreign, read_foreign),
    "expressions": Target(seeds.expressions, read_expressions),
    "answers": Target(seeds.answers, ask_everything),
}
"""Name → parser. ``documentation`` of the figures: docs/security.md."""

"""Folders read into entries: the same by one process or two, and with a cache that is never believed when damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.benchmarks.estate import generate
from tests.benchmarks.packages import generate_packages
from tests.tml.real_files import CORPUS, RETAIL, SAMPLES, documents_below
from tests.tml.test_columns_hostile import damaged
from tsdeploy.bundled import bundled
from tsdeploy.graph.plain import plain_of
from tsdeploy.tml import reading
from tsdeploy.tml.document import Document
from tsdeploy.tml.entries import Entry, entry_of, pack, unpack
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.folder import duplicates, load_folder, read_documents
from tsdeploy.tml.graph import build_graph, index
from tsdeploy.tml.lines import line_places
from tsdeploy.tml.loose_ends import ambiguous, dangling
from tsdeploy.tml.reading import read_entries
from tsdeploy.tml.syntax import Plain

DOCUMENTS = documents_below(RETAIL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The retail samples, in a folder that may be changed."""
    shutil.copytree(bundled("samples") / "retail", tmp_path / "tml")
    return tmp_path / "tml"


def test_entry_says_of_itself_what_its_document_says(folder: Path) -> None:
    for document in load_folder(folder).documents:
        entry = entry_of(document)
        assert (entry.key, entry.label, entry.path) == (document.key, document.label, document.path)
        for mine, theirs in zip(entry.references, document.references, strict=True):
            assert (mine.place, mine.path, mine.says) == (theirs.place, theirs.path, theirs.says)
            assert entry.at(mine.position) == document.at(theirs.position)


def test_packed_entry_unpacks_to_itself(folder: Path) -> None:
    for entry in read_entries(folder).entries:
        assert unpack(pack(entry), entry.path) == entry


@pytest.mark.parametrize("folder", [SAMPLES, CORPUS, *CORPUS.glob("*")], ids=lambda folder: folder.name)
def test_graph_of_entries_is_the_graph_of_documents(folder: Path) -> None:
    agree(load_folder(folder).documents, read_entries(folder).entries)


def test_graph_of_a_generated_estate_is_the_same_from_entries(tmp_path: Path) -> None:
    generate(tmp_path / "mixed", documents=30, megabytes=0.3)
    generate_packages(tmp_path / "closed", documents=30)
    agree(load_folder(tmp_path).documents, read_entries(tmp_path).entries)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(damaged(), min_size=1, max_size=5))
def test_graph_of_damaged_documents_is_the_same_from_entries(trees: list[Plain]) -> None:
    files = [(f"{number}.tml", json.dumps(tree).encode()) for number, tree in enumerate(trees)]
    documents = [*read_documents(files).documents, *DOCUMENTS]
    agree(documents, [unpack(json.loads(json.dumps(pack(entry_of(one)))), one.path) for one in documents])


def agree(documents: Sequence[Document], entries: Sequence[Entry]) -> None:
    """Both give one graph, one set of findings, and the same places."""
    whole, indexed = build_graph(documents), build_graph(entries)
    assert whole.dependencies == indexed.dependencies
    assert whole.links == indexed.links
    assert plain_of(whole) == plain_of(indexed)
    for find in (dangling, ambiguous):
        assert list(find(index(documents), documents)) == list(find(index(entries), entries))
    assert duplicates(documents) == duplicates(entries)


@pytest.mark.parametrize("processes", [2, 3])
def test_several_processes_read_what_one_reads(processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(tmp_path, documents=40, megabytes=0.5)
    for kind in ("answer", "model", "view"):
        (tmp_path / kind / "broken.tml").write_text("answer: [", "utf-8")
    monkeypatch.setattr(reading, "_PARALLEL_FROM", 1)
    monkeypatch.setattr(reading, "_CHUNK_BYTES", 50_000)
    found = read_entries(tmp_path, processes=processes)
    assert found == read_entries(tmp_path)
    assert len(found.findings) == 3


def test_unchanged_file_is_not_parsed_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = EntryCache(tmp_path / "cache")
    first = read_entries(folder, cache=cache)
    monkeypatch.delattr(reading, "parse_document")
    assert read_entries(folder, cache=cache) == first


def test_changed_file_is_parsed_again_and_a_deleted_one_forgotten(folder: Path, tmp_path: Path) -> None:
    cache = EntryCache(tmp_path / "cache")
    read_entries(folder, cache=cache)
    (view,) = (folder / "view").iterdir()
    view.write_text(view.read_text("utf-8").replace("name: Store Monthly Sales", "name: Other"), "utf-8")
    (collection,) = (folder / "collection").iterdir()
    collection.unlink()
    found = read_entries(folder, cache=cache)
    assert found == read_entries(folder)
    assert len(cache.load()) == len(found.entries)


def test_moved_file_has_its_new_path(folder: Path, tmp_path: Path) -> None:
    cache = EntryCache(tmp_path / "cache")
    read_entries(folder, cache=cache)
    (view,) = (folder / "view").iterdir()
    view.rename(folder / "moved.tml")
    assert "moved.tml" in [entry.path for entry in read_entries(folder, cache=cache).entries]


@pytest.mark.parametrize("damage", [b"", b"junk", b"1 0 0\n{}", b"\xff\xfe"])
def test_damaged_cache_is_rebuilt_silently(damage: bytes, folder: Path, tmp_path: Path) -> None:
    cache = EntryCache(tmp_path / "cache")
    first = read_entries(folder, cache=cache)
    whole = cache.path.read_bytes()
    cache.path.write_bytes(damage)
    assert read_entries(folder, cache=cache) == first
    assert cache.path.read_bytes() == whole


def test_cache_with_one_flipped_byte_is_not_believed(folder: Path, tmp_path: Path) -> None:
    cache = EntryCache(tmp_path / "cache")
    read_entries(folder, cache=cache)
    whole = bytearray(cache.path.read_bytes())
    whole[len(whole) // 2] ^= 1
    cache.path.write_bytes(bytes(whole))
    assert cache.load() == {}


def test_a_cache_that_cannot_be_written_is_done_without(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    assert read_entries(folder, cache=EntryCache(tmp_path / "cache")) == read_entries(folder)


def test_unreadable_file_is_a_finding_each_time(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.tml").write_text("answer: [", "utf-8")
    cache = EntryCache(tmp_path / "cache")
    for _ in range(2):
        (finding,) = read_entries(folder, cache=cache).findings
        assert (finding.code, str(finding.location)) == ("TD102", "broken.tml:2:1")


def test_line_places_count_lines_and_columns_from_one() -> None:
    text = "a\nbc\r\n\nd"
    assert line_places(text, [0, 2, 3, 7]) == {0: (1, 1), 2: (2, 1), 3: (2, 2), 7: (4, 1)}


def test_entry_has_no_tree() -> None:
    assert Entry.__slots__[:7] == ("path", "kind", "name", "guid", "obj_id", "references", "places")
    assert Entry.__slots__[7:] == ("searches", "columns")

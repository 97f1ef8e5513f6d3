"""What the outlines of a whole commit tell is at least what a graph of its documents tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.repositories import make_workshop
from tests.tml.real_files import RETAIL, documents_below
from tsdeploy.review.commit_files import CommitFiles
from tsdeploy.review.git_objects import GitObjects
from tsdeploy.review.mentions import Mentions
from tsdeploy.tml.document import Document
from tsdeploy.tml.entry_cache import EntryCache
from tsdeploy.tml.graph import build_graph, index, is_dependency
from tsdeploy.tml.processes import crew
from tsdeploy.tml.references import Reference

DOCUMENTS = documents_below(RETAIL)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> CommitFiles:
    shop = make_workshop(tmp_path_factory.mktemp("mentions") / "project")
    objects = GitObjects.of(shop.repository, shop.project)
    with crew(1) as helpers:
        return CommitFiles(objects, objects.tree("start"), helpers)


def test_every_dependency_is_seen(samples: CommitFiles) -> None:
    mentions = Mentions(samples)
    graph = build_graph(DOCUMENTS)
    for key, needed in graph.dependencies.items():
        for other in needed:
            found = {one.label for one in mentions.mentioning([graph.documents[other]], ())}
            assert graph.documents[key].label in found


def test_what_references_mean_is_found_as_a_graph_finds_it(samples: CommitFiles) -> None:
    mentions = Mentions(samples)
    identities = index(DOCUMENTS)
    for document in DOCUMENTS:
        wanted = {other.label for one in needed(document) for other in identities.resolve(one)}
        assert wanted <= {one.label for one in mentions.meant(needed(document))}


def test_what_is_cached_is_what_was_read(samples: CommitFiles, tmp_path: Path) -> None:
    cache = EntryCache(tmp_path / "review.json")
    with crew(1) as helpers:
        first = CommitFiles(samples.objects, samples.blobs, helpers, cache)
        outlines, entries = first.outlines(), list(first.entries(range(5)))
        first.keep()
        second = CommitFiles(samples.objects, samples.blobs, helpers, cache)
        assert second.outlines() == outlines
        assert list(second.entries(range(5))) == entries
        assert len(cache.load()) == len({blob.id for blob in samples.blobs})


def needed(document: Document) -> list[Reference]:
    return [one for one in document.references if is_dependency(one)]

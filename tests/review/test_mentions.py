"""What a file calls itself and mentions is told from its bytes, in every way in which TML refers to an object."""

from __future__ import annotations

import pytest

from tests.tml.real_files import RETAIL, documents_below
from tsdeploy.review.git_objects import Blob
from tsdeploy.review.mentions import Mentions, Source
from tsdeploy.tml.document import Document
from tsdeploy.tml.graph import build_graph, index, is_dependency
from tsdeploy.tml.references import Reference

MODEL = "model:\n  name: M\n  model_tables:\n"


def mentions_of(*texts: str) -> Mentions:
    return Mentions(Source(Blob(f"{number}.tml", str(number)), text.encode()) for number, text in enumerate(texts))


def users(used: str, user: str) -> list[str]:
    found = mentions_of(used, user)
    (document,) = found.owners(["table:T", "g-1"])
    return [one.path for one in found.mentioning([document], {document.path})]


@pytest.mark.parametrize(
    "user",
    [
        f"{MODEL}  - name: T\n",
        f"{MODEL}  - name: T\n    alias: T2\n",
        f"{MODEL}  - name: T\n    alias: T2\n    joins: []\n",
        f"{MODEL}  - id: T\n    name: T\n",
        f"{MODEL}  - id: T\n    name: 'T'\r\n",
        "answer:\n  name: A\n  tables:\n  - T\n",
        'answer:\n  name: A\n  tables:\n  - "T"\n',
        "table:\n  name: U\n  rls_rules:\n    table: T\n",
        '{"model": {"name": "M", "model_tables": [{"name": "T"}]}}',
    ],
)
def test_a_reference_by_name_is_seen(user: str) -> None:
    assert users("table:\n  name: T\n  db_table: X\n", user) == ["1.tml"]


def test_a_name_beside_an_identity_is_none() -> None:
    other = f"{MODEL}  - id: T\n    name: T\n    fqn: 11111111-2222-4333-8444-555555555555\n"
    assert users("table:\n  name: T\n", other) == []


def test_every_dependency_of_the_samples_is_seen() -> None:
    documents = documents_below(RETAIL)
    sources = Mentions(Source(Blob(one.path, str(n)), one.text.encode()) for n, one in enumerate(documents))
    graph = build_graph(documents)
    for key, needed in graph.dependencies.items():
        for other in needed:
            found = {one.path for one in sources.mentioning([graph.documents[other]], ())}
            assert graph.documents[key].path in found


def test_what_references_mean_is_found_as_a_graph_finds_it() -> None:
    documents = documents_below(RETAIL)
    sources = Mentions(Source(Blob(one.path, str(n)), one.text.encode()) for n, one in enumerate(documents))
    identities = index(documents)
    for document in documents:
        wanted = {other.path for one in needed(document) for other in identities.resolve(one)}
        assert wanted <= {one.path for one in sources.meant(needed(document))}


def needed(document: Document) -> list[Reference]:
    return [one for one in document.references if is_dependency(one)]

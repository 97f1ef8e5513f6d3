"""Selectors over what was exported: only when everything is there it is known what depends on what."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tsdeploy.export.fetch import Fetched
from tsdeploy.rest import ObjectHeader
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.entries import Entry, entry_of
from tsdeploy.tml.graph import build_graph
from tsdeploy.tml.selector import select


def narrowed(
    items: Iterable[Fetched], selectors: Sequence[str], headers: Mapping[str, ObjectHeader]
) -> Iterator[Fetched]:
    """Those of the documents that the selectors name. All of them wait on disk until the last one has come.

    ``headers``, by GUID, are looked at then, for tags. Raises UsageError TD010, TD011 and TD013.
    """
    with tempfile.TemporaryDirectory(prefix="tsdeploy-") as folder:
        waiting: dict[str, tuple[Entry, str, Path]] = {}
        for number, item in enumerate(items):
            path = Path(folder) / str(number)
            path.write_bytes(item.document.text.encode("utf-8"))
            waiting[item.document.key] = (entry_of(item.document), item.guid, path)
        graph = build_graph([entry for entry, _, _ in waiting.values()])
        tags = {key: headers[guid].tags for key, (_, guid, _) in waiting.items() if guid in headers}
        for key in select(selectors, graph, tags=tags):
            entry, guid, path = waiting[key]
            document = parse_document(path.read_bytes().decode("utf-8"), entry.path)
            yield Fetched(replace(document, name=entry.name), guid)

"""Secrets of connections: an export has them empty, or as the ``${variable}`` that they are.

Source: facts about TML, 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tsdeploy.tml import edit
from tsdeploy.tml import syntax as tml
from tsdeploy.tml.document import Document
from tsdeploy.tml.edit import Edit

_SECRET = re.compile(r"pass(?:word|wd|phrase)|secret|token|private_?key", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{[^{}]*\}")


def secret_edits(document: Document) -> Iterator[Edit]:
    """The edits that empty the values of a connection's secret properties."""
    if document.kind.name != "connection":
        return
    for item in _properties(document.body):
        key, value = item.scalar("key"), item.scalar("value")
        if key is None or value is None or not _SECRET.search(key.value):
            continue
        if value.value and not _VARIABLE.fullmatch(value.value):
            yield edit.replace(document.text, value, "", document.dialect)


def _properties(body: tml.Node) -> Iterator[tml.Mapping]:
    configurations = body.get("connection_configurations") if isinstance(body, tml.Mapping) else None
    holders = [body, *(configurations.items if isinstance(configurations, tml.Sequence) else ())]
    for holder in holders:
        properties = holder.get("properties") if isinstance(holder, tml.Mapping) else None
        for item in properties.items if isinstance(properties, tml.Sequence) else ():
            if isinstance(item, tml.Mapping):
                yield item

"""Host names in links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tsdeploy.tml.catalogue import Holds, places
from tsdeploy.tml.document import Document
from tsdeploy.tml.patterns import Pattern, pattern_of
from tsdeploy.tml.syntax import Path, Scalar, path_text, walk
from tsdeploy.transform.document_rules import DocumentRules
from tsdeploy.transform.ledger import Category
from tsdeploy.transform.rewriting import Rewriting, because

_HOST = re.compile(r"(?<=://)(?:[^\s/?#@\"'<>\\]*@)?([A-Za-z0-9.-]+(?::\d+)?)")


def rewrite_hosts(rewriting: Rewriting, rules: DocumentRules) -> None:
    """Rename the hosts that rules speak of, in the texts that may hold links."""
    hosts = rules.mapping.hosts
    if not hosts or "://" not in rewriting.document.text:
        return
    for path, scalar in link_scalars(rewriting.document):
        text = rewriting.value(scalar)
        for match in reversed(list(_HOST.finditer(text))):
            name = match.group(1)
            if not hosts.covering(name.lower()):
                continue
            target, rule = rules.name(hosts, Category.HOSTS, name)
            if rule is not None and target != name.lower():
                text = text[: match.start(1)] + target + text[match.end(1) :]
                rewriting.set(scalar, text, at=path_text(path), why=because(rule))


def link_scalars(document: Document) -> Iterator[tuple[Path, Scalar]]:
    """The scalars of a document that may hold links."""
    patterns = link_places(document.kind.root)
    for path, scalar in walk(document.root) if patterns else ():
        if pattern_of(path) in patterns:
            yield path, scalar


@cache
def link_places(root: str) -> frozenset[Pattern]:
    """The patterns of the texts that may hold links, for the documents with a root key."""
    return frozenset(place.pattern for place in places(root) if place.holds is Holds.LINKS)

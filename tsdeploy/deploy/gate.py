"""Nothing is published that the server has not validated: the calls, and the loop behind the first missing column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from tsdeploy.deploy.answers import judge
from tsdeploy.deploy.batches import Batch
from tsdeploy.deploy.journal import Log
from tsdeploy.deploy.message_catalogue import MISSING_COLUMN
from tsdeploy.deploy.messages import explain, plain_text
from tsdeploy.deploy.schedule import run_batches
from tsdeploy.deploy.sending import Sender
from tsdeploy.deploy.without_column import without_column
from tsdeploy.errors import Finding
from tsdeploy.rest import ImportItem
from tsdeploy.transform.inputs import Rendered

MAX_ROUNDS = 50
"""Columns of one table that are asked for; a table that lacks more is another table."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What the server says about one object, by its key."""

    key: str
    finding: Finding


class Gate:
    """What was validated in this run, by hash of the text. Safe to use from several threads."""

    def __init__(self, sender: Sender, journal: Log, environment: str) -> None:
        self._sender = sender
        self._journal = journal
        self._environment = environment
        self._accepted: set[str] = set()
        self._passed: set[str] = set()
        self._lock = Lock()

    def knows(self, rendered: Sequence[Rendered]) -> bool:
        """Whether all of these texts were accepted."""
        return all(item.hash in self._accepted for item in rendered)

    def passed(self, item: Rendered) -> bool:
        """Whether nothing was said against this text, whatever was said about others of its call."""
        return item.hash in self._passed

    def validate_all(
        self, calls: Sequence[Sequence[Rendered]], *, parallel: int, stop: Callable[[], bool]
    ) -> list[Remark]:
        """Validate several calls side by side; the remarks of all of them, each once.

        Raises RestError when the server cannot be asked.
        """
        found: dict[int, list[Remark]] = {}

        def work(batch: Batch) -> bool:
            found[batch.number] = self.validate(calls[batch.number])
            return True

        numbered = [Batch(number, call[0].source.kind.phase, ()) for number, call in enumerate(calls)]
        run_batches(numbered, work, parallel=parallel, stop=stop)
        return list(dict.fromkeys(remark for number in sorted(found) for remark in found[number]))

    def validate(self, rendered: Sequence[Rendered]) -> list[Remark]:
        """One call, and what else it would say. Raises RestError when the server cannot be asked."""
        self._journal.write("validate", objects=[item.key for item in rendered])
        items = self._sender.validate(rendered)
        remarks = [*self._judged(items, rendered), *self._other_columns(items, rendered)]
        self._journal.write("validated", findings=[str(remark.finding) for remark in remarks])
        refused = {remark.key for remark in remarks if remark.finding.is_error}
        with self._lock:
            self._passed.update(item.hash for item in rendered if item.key not in refused)
            self._accepted.update(item.hash for item in rendered if not refused)
        return remarks

    def _judged(self, items: Sequence[ImportItem], rendered: Sequence[Rendered]) -> Iterator[Remark]:
        for item in items:
            finding = judge(item, rendered[item.request_index], self._environment)
            if finding is not None:
                yield Remark(rendered[item.request_index].key, finding)

    def _other_columns(self, items: Sequence[ImportItem], rendered: Sequence[Rendered]) -> list[Remark]:
        """The server stops at the first column of a table that its warehouse lacks (facts, TML §4.1): what it has
        named is left out of what it is asked next, until it names no other.
        """
        texts = {item.key: item for item in rendered}
        named, remarks = _missing(items, rendered), list[Remark]()
        for _ in range(MAX_ROUNDS):
            cut = {key: shorter for key, column in named.items() if (shorter := _cut(texts[key], column))}
            if not cut:
                break
            texts |= cut
            items = self._sender.validate([texts[item.key] for item in rendered])
            named = _missing(items, rendered)
            remarks += [remark for remark in self._judged(items, rendered) if remark.key in named]
        return remarks


def _missing(items: Sequence[ImportItem], rendered: Sequence[Rendered]) -> dict[str, str]:
    """Key of a table → the column that its warehouse lacks."""
    found = {}
    for item in items:
        explained = explain(plain_text(item.message))
        if explained.known is not None and explained.known.id == MISSING_COLUMN:
            found[rendered[item.request_index].key] = explained.name
    return found


def _cut(item: Rendered, column: str) -> Rendered | None:
    """The table without a column, None when it has no such column, or would have none left."""
    text = without_column(item.text, item.source.path, column)
    return replace(item, text=text) if text is not None else None

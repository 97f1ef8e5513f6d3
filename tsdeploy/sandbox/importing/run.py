"""One TML import, from texts to the answer of each item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.headers import import_header
from tsdeploy.sandbox.importing.parts import Minter, Parts, read_parts
from tsdeploy.sandbox.importing.problems import Problem
from tsdeploy.sandbox.importing.publish import Published, Publisher
from tsdeploy.sandbox.importing.request import ImportRequest, Policy
from tsdeploy.sandbox.importing.settle import Judge, Settled

_SEPARATOR = "<br/><br/>"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: problems that refused it, or the objects it is now.

    ``dropped_status`` is the status of an object that lost a part.
    """

    item: int
    errors: tuple[Problem, ...] = ()
    published: tuple[Published, ...] = ()
    dropped_status: str = "WARNING"

    @property
    def failed(self) -> bool:
        """Whether the item was refused."""
        return bool(self.errors)

    @property
    def message(self) -> str:
        """All that is said about the item."""
        said = self.errors or tuple(warning for one in self.published for warning in one.warnings)
        return _SEPARATOR.join(dict.fromkeys(problem.text for problem in said if problem.text))

    def to_json(self) -> dict[str, Any]:
        """The item of the answer. HTTP 200 carries failures too."""
        return {"request_index": self.item, "response": self._response()}

    def _response(self) -> dict[str, Any]:
        if self.failed:
            code = next((problem.code for problem in self.errors if problem.code and not problem.warning), 0)
            error = {"error_code": code} if code else {}
            return {"status": {"status_code": "ERROR", **error, "error_message": self.message}}
        status = {"status_code": "OK"}
        if self.message:
            status = {"status_code": self._warned_status(), "error_message": self.message}
        first = self.published[0]
        diff = {"diff": first.diff} if first.diff is not None else {}
        return {"status": status, "header": import_header(first.item, first.author), **diff}

    def _warned_status(self) -> str:
        """An object that lost a part may be an error with a header. Source: facts about the REST API, section 7."""
        lost = any(warning.part for one in self.published for warning in one.warnings)
        return self.dropped_status if lost else "WARNING"


class _TakeBackError(Exception):
    """Takes the writes of an import back, and keeps its answer."""


def run_import(cluster: Cluster, request: ImportRequest) -> list[Outcome]:
    """Import TML into an Org of a cluster; one outcome for each text, in order.

    Validation and failed ALL_OR_NONE imports do exactly what a real one does and are rolled back, so that what
    they answer is what would have happened.
    """
    minter = Minter(cluster.mint.guid)
    parts = read_parts(request.texts, cluster.settings.release)
    outcomes: list[Outcome] = []
    try:
        with cluster.database.savepoint():
            cluster.ripples.arrive(cluster.now())
            settled = Judge(cluster, request, minter).settle(parts.parts)
            published = Publisher(cluster, request, minter).publish(settled.accepted)
            status = "ERROR" if cluster.settings.dropped_parts_are_errors else "WARNING"
            outcomes = [
                replace(outcome, dropped_status=status)
                for outcome in _outcomes(len(request.texts), parts, settled, published)
            ]
            if not _is_kept(request, outcomes):
                raise _TakeBackError
    except _TakeBackError:
        pass
    return outcomes


def _is_kept(request: ImportRequest, outcomes: Iterable[Outcome]) -> bool:
    if request.policy is Policy.VALIDATE_ONLY:
        return False
    return request.policy is not Policy.ALL_OR_NONE or not any(outcome.failed for outcome in outcomes)


def _outcomes(count: int, parts: Parts, settled: Settled, published: Iterable[Published]) -> Iterable[Outcome]:
    errors: dict[int, list[Problem]] = {item: [problem] for item, problem in parts.unreadable.items()}
    for part, found in settled.refused.items():
        errors.setdefault(part.item, []).extend(found)
    done: dict[int, list[Published]] = {}
    for one in published:
        done.setdefault(one.part.item, []).append(one)
    for item in range(count):
        yield Outcome(item, tuple(errors.get(item, ())), tuple(done.get(item, ())))

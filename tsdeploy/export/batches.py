"""Export many objects: in batches, in parallel, and without one bad object taking others with it.

One object that the server does not find, or cannot write out, fails the whole call (facts §6): the batch is asked
again without it where the server names it, in halves where it does not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeAlias

from tsdeploy.errors import Finding, RestError, Severity
from tsdeploy.export.pace import Pace
from tsdeploy.export.parallel import in_order
from tsdeploy.export.sizing import Sizing
from tsdeploy.rest import ApiError, ExportedObject, ExportOptions, ObjectRef, Session, export_tml
from tsdeploy.rest.retry import GATEWAY

_RULES_FORBIDDEN = 10038
_TRIES = 3

Skip: TypeAlias = "Callable[[ObjectRef], bool]"


@dataclass(frozen=True, slots=True)
class Refused:
    """An object, by GUID, that the server does not give, and the finding that says why."""

    guid: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What hangs on some objects, by GUID, could not be read; they themselves are there."""

    guids: tuple[str, ...]
    finding: Finding


Exported: TypeAlias = "ExportedObject | Refused | LeftOut"


def stream_exports(
    session: Session,
    objects: Iterable[ObjectRef],
    options: ExportOptions,
    sizing: Sizing | None = None,
    skip: Skip = lambda _: False,
) -> Iterator[Exported]:
    """The objects in their order, each batch followed by what came along with it.

    ``sizing`` is what earlier streams from the same server have learnt. ``skip`` is asked just before an object's turn,
    and leaves out what came along already. Each object that was asked for is exported or refused. Raises RestError when
    the server cannot be reached, or refuses the user as a whole.
    """
    reader = _Reader(session, options, sizing or Sizing(session.budget.widest))
    todo = list(objects)
    reader.sizing.begin(len(todo))
    for exported in in_order(reader.read, _batches(todo, reader.sizing, skip), session.budget.widest):
        yield from exported


def _batches(todo: list[ObjectRef], sizing: Sizing, skip: Skip) -> Iterator[list[ObjectRef]]:
    todo.reverse()
    while todo:
        size = sizing.next(len(todo))
        batch: list[ObjectRef] = []
        while todo and len(batch) < size:
            one = todo.pop()
            if not skip(one):
                batch.append(one)
        if batch:
            yield batch


class _Reader:
    """Reads batches. Learns how large they may be, how many at a time, and which options the server's release knows."""

    def __init__(self, session: Session, options: ExportOptions, sizing: Sizing) -> None:
        self._session = session
        self._options = options
        self._lock = Lock()
        self.sizing = sizing
        self.pace = Pace()

    def read(self, batch: list[ObjectRef]) -> list[Exported]:
        """Every object of a batch, exported or refused."""
        return self._read(batch, self._options)

    def _read(self, batch: list[ObjectRef], options: ExportOptions, *, again: bool = False) -> list[Exported]:
        try:
            return list(self._export(batch, options))
        except ApiError as error:
            simpler = _without_unknown(options, error)
            if simpler is not None:
                if not again:
                    # One such answer, perhaps of a proxy, is not to cost the rest of the export its aliases.
                    return self._read(batch, options, again=True)
                with self._lock:
                    self._options = simpler
                return self._read(batch, simpler)
            if _is_too_much(error):
                return self._halves(batch, options, error)
            if not _is_about_objects(error):
                raise
            return self._around(batch, options, error)
        except RestError as error:
            if error.code not in ("TD401", "TD410"):
                raise
            return self._halves(batch, options, error)

    def _export(self, batch: list[ObjectRef], options: ExportOptions) -> list[ExportedObject]:
        begin = time.monotonic()
        found = export_tml(self._session, batch, options)
        size = sum(len(item.edoc or "") for item in found)
        seconds = time.monotonic() - begin
        self.sizing.learn(len(batch), seconds, size)
        if self.pace.waited(len(batch), seconds, size):
            self._session.budget.narrow()
        return found

    def _halves(self, batch: list[ObjectRef], options: ExportOptions, error: RestError) -> list[Exported]:
        """A call that was too much for the server, or whose answer was spoiled, in two calls."""
        if len(batch) == 1:
            return self._once_more(batch[0], options, error)
        self.sizing.shrink()
        middle = len(batch) // 2
        return [*self._read(batch[:middle], options), *self._read(batch[middle:], options)]

    def _around(self, batch: list[ObjectRef], options: ExportOptions, error: ApiError) -> list[Exported]:
        """The batch without what is wrong in it."""
        if options.security_rules and _is_forbidden_rules(error):
            note = _left_out(batch, "the column security rules", error)
            return [*self._read(batch, replace(options, security_rules=False)), note]
        named = [one for one in batch if one.identifier in error.answer.text]
        if error.is_not_found and named:
            rest = [one for one in batch if one not in named]
            refused: list[Exported] = [_refused(one, error) for one in named]
            return [*(self._read(rest, options) if rest else ()), *refused]
        if options.associated:
            return self._alone(batch, options, error)
        return self._halves(batch, options, error)

    def _alone(self, batch: list[ObjectRef], options: ExportOptions, error: ApiError) -> list[Exported]:
        """What is wrong may be something that comes along, which is no fault of the objects themselves."""
        plain = replace(options, associated=False, security_rules=False)
        if len(batch) == 1:
            note = _left_out(batch, "what hangs on it (alerts, security rules)", error)
            found = self._read(batch, plain)
            return found if any(isinstance(item, Refused) for item in found) else [*found, note]
        middle = len(batch) // 2
        return [*self._read(batch[:middle], options), *self._read(batch[middle:], options)]

    def _once_more(self, one: ObjectRef, options: ExportOptions, error: RestError) -> list[Exported]:
        """A server that fails now and then is not to cost an object."""
        for _ in range(_TRIES - 1):
            try:
                return list(self._export([one], options))
            except RestError as again:
                error = again
        if isinstance(error, ApiError) and not _is_too_much(error):
            return [_refused(one, error)]
        raise error


def _without_unknown(options: ExportOptions, error: ApiError) -> ExportOptions | None:
    """The options without the latest that an older release does not know; None when that is not what is wrong.

    Nested keys that a release does not know are argument errors, which have no code (facts §1, §2).
    """
    if error.answer.status != 400 or error.answer.code is not None:
        return None
    latest = next((name for name in ("aliases", "security_rules", "feedback") if getattr(options, name)), None)
    return None if latest is None else replace(options, **{latest: False})


def _is_too_much(error: ApiError) -> bool:
    return error.answer.status in GATEWAY


def _is_about_objects(error: ApiError) -> bool:
    """Whether the call failed for its objects, and not for who asks, or how."""
    answer = error.answer
    return (answer.status == 400 and answer.code is not None) or answer.status == 500


def _is_forbidden_rules(error: ApiError) -> bool:
    return error.answer.code == _RULES_FORBIDDEN or "CSR" in error.answer.text


def _refused(one: ObjectRef, error: RestError) -> Refused:
    message = f"the server would not export {one.identifier}: {error.findings[0].message}"
    hint = "it was deleted meanwhile, is broken on the server, or this user has no access to it"
    return Refused(one.identifier, Finding("TD503", message, hint=hint))


def _left_out(batch: list[ObjectRef], what: str, error: RestError) -> LeftOut:
    names = ", ".join(one.identifier for one in batch[:3]) + (" …" if len(batch) > 3 else "")
    message = f"{what} of {names} could not be exported: {error.findings[0].message}"
    hint = "give the user edit access to these objects, or repair what they are built on"
    guids = tuple(one.identifier for one in batch)
    return LeftOut(guids, Finding("TD505", message, hint=hint, severity=Severity.WARNING))

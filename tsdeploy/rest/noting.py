"""What the log says of calls: never what is in them."""

from __future__ import annotations

import logging
from typing import Final

from tsdeploy.logs.events import detail, note
from tsdeploy.logs.outline import outline
from tsdeploy.rest.transport import Call, NoReply, Reply

LOG: Final = logging.getLogger("tsdeploy.rest")
_THEIR_ID: Final = "X-Request-Id"


def note_call(call: Call, outcome: Reply | NoReply, attempt: int, seconds: float) -> None:
    """An attempt and what came of it, with the outline of what was sent for those who look at everything."""
    begin: dict[str, object] = {"method": call.method, "path": call.path}
    if call.is_v1:
        begin["v1"] = True
    end = {"ms": round(seconds * 1000), "attempt": attempt, "request": call.id}
    if isinstance(outcome, NoReply):
        note(LOG, "call", **begin, status=outcome.fault.name, **end)
        return
    theirs = outcome.headers.get(_THEIR_ID, call.id)
    other = {"server_request": theirs[:100]} if theirs != call.id else {}
    note(LOG, "call", **begin, status=outcome.status, bytes=len(outcome.body), **end, **other)
    if LOG.isEnabledFor(logging.DEBUG):
        sent = call.fields if call.is_v1 else call.body
        detail(LOG, "sent", request=call.id, body=outline(sent))


def note_answer(call: Call, answer: object) -> None:
    """The outline of an answer, for those who look at everything."""
    if LOG.isEnabledFor(logging.DEBUG):
        detail(LOG, "answer", request=call.id, body=outline(answer))

"""Ask until there is an answer: retries for what may be retried, an exception for what went wrong."""

from __future__ import annotations

from http import HTTPStatus
from itertools import count
from typing import Final

from tsdeploy.errors import RestError
from tsdeploy.logs.events import note
from tsdeploy.redact import Redactor
from tsdeploy.rest.answers import parse_json
from tsdeploy.rest.budget import Budget
from tsdeploy.rest.errors import no_reply_error, not_understood, status_error
from tsdeploy.rest.noting import LOG, note_answer, note_call
from tsdeploy.rest.retry import GATEWAY, Pacing, next_delay, retry_after
from tsdeploy.rest.transport import UNREACHABLE_FAULTS, Call, Credential, Fault, NoReply, Reply, Transport

_MAINTENANCE: Final = (b"Site Maintenance", b"System Maintenance")
_QUOTED: Final = 200


class Exchange:
    """A transport with patience. Safe to use from several threads."""

    def __init__(self, transport: Transport, pacing: Pacing, redactor: Redactor, budget: Budget | None = None) -> None:
        self._transport = transport
        self.pacing = pacing
        self.redactor = redactor
        self.budget = budget or Budget()
        self._has_answered = False

    def ask(self, call: Call, credential: Credential | None = None) -> object:
        """The parsed JSON of a success, None when it has no body. Raises RestError for everything else."""
        return self.result(call, self.send(call, credential))

    def reply(self, call: Call, credential: Credential | None = None) -> Reply:
        """The reply of a success as it came. Raises RestError for everything else."""
        return self._success(call, self.send(call, credential))

    def send(self, call: Call, credential: Credential | None) -> Reply | NoReply:
        """Send the call, again as often as is safe and the policy allows; what came back last.

        A server that has never answered is tried once more only: its address is wrong, or it does not run.
        """
        pacing, begin = self.pacing, self.pacing.clock()
        for attempt in count(1):
            outcome = self._send_once(call, credential, attempt)
            self._has_answered |= isinstance(outcome, Reply)
            if not self._may_send_again(call, outcome, attempt):
                break
            delay = next_delay(
                pacing.policy,
                attempt=attempt,
                elapsed=pacing.clock() - begin,
                retry_after=retry_after(outcome.headers) if isinstance(outcome, Reply) else None,
                jitter=pacing.jitter(),
            )
            if delay is None:
                break
            note(LOG, "again", call=str(call), request=call.id, seconds=round(delay, 3))
            pacing.sleep(delay)
        return outcome

    def _may_send_again(self, call: Call, outcome: Reply | NoReply, attempt: int) -> bool:
        if _is_unreachable(outcome) and not self._has_answered:
            return attempt == 1
        return _may_retry(call, outcome)

    def _send_once(self, call: Call, credential: Credential | None, attempt: int) -> Reply | NoReply:
        # However long a server wants to be left alone, nobody waits longer than one call may take in all.
        pause = min(self.budget.pause(self.pacing.clock()), self.pacing.policy.deadline)
        if pause > 0:
            note(LOG, "pause", seconds=round(pause, 3))
            self.pacing.sleep(pause)
        with self.budget.turn(self.pacing.clock) as turn:
            begin = self.pacing.clock()
            turn.reply = self._transport.send(call, credential)
            seconds = self.pacing.clock() - begin
        note_call(call, turn.reply, attempt, seconds)
        return turn.reply

    def result(self, call: Call, outcome: Reply | NoReply) -> object:
        """What an outcome holds. Raises RestError, never requests' own exceptions, which hold secrets."""
        reply = self._success(call, outcome)
        if not reply.body.strip():
            return None
        try:
            answer = parse_json(reply.body)
        except ValueError:
            pass
        else:
            note_answer(call, answer)
            return answer
        raise self._not_json(call, reply)

    def _success(self, call: Call, outcome: Reply | NoReply) -> Reply:
        if isinstance(outcome, NoReply):
            raise no_reply_error(call, outcome, self.redactor)
        if not 200 <= outcome.status < 300:
            raise status_error(call, outcome, self.redactor)
        return outcome

    def _not_json(self, call: Call, reply: Reply) -> RestError:
        if _is_maintenance(reply):
            return not_understood(call, f"HTTP {reply.status} with a maintenance page: ThoughtSpot is being maintained")
        if call.answer_is_secret:
            return not_understood(call, f"HTTP {reply.status} with something that is not JSON")
        start = self.redactor.clean(reply.body.decode("utf-8", "replace"), _QUOTED)
        return not_understood(call, f"HTTP {reply.status} with something that is not JSON: {start}")


def _may_retry(call: Call, outcome: Reply | NoReply) -> bool:
    """Whether sending again cannot do harm and might help.

    A write is only repeated when it was certainly not carried out: it was never sent, or was turned away by
    the rate limit.
    """
    if isinstance(outcome, NoReply):
        return _is_unreachable(outcome) or (outcome.fault is Fault.LOST and not call.write)
    if outcome.status == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    return not call.write and (outcome.status in GATEWAY or _is_maintenance(outcome))


def _is_unreachable(outcome: Reply | NoReply) -> bool:
    return isinstance(outcome, NoReply) and outcome.fault in UNREACHABLE_FAULTS


def _is_maintenance(reply: Reply) -> bool:
    """Whether this is ThoughtSpot's maintenance page, which may come with status 200 (facts §1)."""
    page = reply.body[:100_000]
    return page.lstrip().startswith(b"<") and any(words in page for words in _MAINTENANCE)

"""Read what a server says in an error body, in all the shapes ThoughtSpot uses.

The shapes are those of the project's REST facts §2: business errors nested under ``error.message.debug``,
auth and system errors under ``error.message``, argument errors as plain text, and V1 errors at the top
level.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tsdeploy.redact import Redactor
from tsdeploy.rest.transport import Reply

_NO_TRACE = "tracing-disabled"
_MAX_PAGE = 300
"""Characters that are shown of what is no JSON: more than the headline of a gateway's page helps nobody."""
_HIDDEN_PART = re.compile(rb"<(style|script)\b.{0,50000}?</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """An error answer, understood as far as possible, and safe to show.

    ``code`` is ThoughtSpot's own (13003), None when the body has none; ``incident_id`` is what
    ThoughtSpot's support asks for, ``trace_id`` where tracing is on; ``text`` is one line without secrets.
    """

    status: int
    code: int | None = None
    incident_id: str = ""
    text: str = ""
    trace_id: str = ""

    def __str__(self) -> str:
        parts = [f"HTTP {self.status}"]
        parts += [f"code {self.code}"] if self.code is not None else []
        parts += [f"incident {self.incident_id}"] if self.incident_id else []
        parts += [f"trace {self.trace_id}"] if self.trace_id else []
        return ", ".join(parts) + (f": {self.text}" if self.text else "")


def parse_json(body: bytes) -> object:
    """The JSON value of a body. Raises ValueError for anything else, also for JSON nested too deep."""
    try:
        value: object = json.loads(body)
    except RecursionError:
        value = None
    else:
        return value
    raise ValueError("nested too deep")


def read_answer(reply: Reply, redactor: Redactor) -> ServerAnswer:
    """Read an error reply. Never fails: a body that is not JSON is taken as text."""
    try:
        body = parse_json(reply.body)
    except ValueError:
        return ServerAnswer(reply.status, text=redactor.clean(_plain(reply.body), _MAX_PAGE))
    code, incident, trace = None, "", ""
    while isinstance(body, dict):
        code = _code(body) if code is None else code
        incident = incident or _text(body.get("incident_id_guid"))
        trace = trace or _text(body.get("trace_id_guid")).replace(_NO_TRACE, "")
        inner = next((body[key] for key in ("error", "message", "debug") if body.get(key) is not None), None)
        if inner is None:
            break
        body = inner
    text = "; ".join(dict.fromkeys(_messages(body)))
    incident, trace = redactor.clean(incident, 100), redactor.clean(trace, 100)
    return ServerAnswer(reply.status, code, incident, redactor.clean(text), trace)


def _plain(body: bytes) -> str:
    """A body that is no JSON as text; of an HTML page what a browser would show."""
    start = body[:100_000]
    page = start.lstrip().startswith(b"<")
    return (_TAG.sub(b" ", _HIDDEN_PART.sub(b" ", start)) if page else start).decode("utf-8", "replace")


def _code(body: dict[str, object]) -> int | None:
    code = body.get("code")
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10:
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _messages(debug: object) -> Iterator[str]:
    """The texts of an innermost ``debug``: a string, a string holding a JSON array, or the unforeseen."""
    if isinstance(debug, str):
        yield from _unpack(debug)
    elif isinstance(debug, list):
        for item in debug:
            text = item if isinstance(item, str) else _shown(item)
            yield from [text] if text.strip() else []
    elif isinstance(debug, dict):
        rest = {key: value for key, value in debug.items() if not key.endswith("_guid") and key != "code"}
        yield from [_shown(rest)] if any(rest.values()) else []
    else:
        yield _shown(debug)


def _shown(value: object) -> str:
    if value is None:
        return ""
    try:
        return json.dumps(value)
    except RecursionError:
        return "…"


def _unpack(text: str) -> Iterator[str]:
    if text.lstrip().startswith("["):
        try:
            array = parse_json(text.encode("utf-8", "surrogatepass"))
        except ValueError:
            array = text
        if isinstance(array, list):
            yield from _messages(array)
            return
    if text.strip():
        yield text

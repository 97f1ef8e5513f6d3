"""A gateway in front of a sandbox: notes what is asked, and loses the answers or requests of publishing imports."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import requests

_HOP = frozenset({"connection", "content-length", "transfer-encoding", "date", "server"})


@dataclass(frozen=True)
class Call:
    """A request that came by."""

    path: str
    body: dict[str, Any]


class LossyGateway:
    """Forwards everything to ``target``. ``lose_answers`` and ``lose_requests`` count down with each publish."""

    def __init__(self, target: str, *, lose_answers: int = 0, lose_requests: int = 0) -> None:
        self.lose_answers = lose_answers
        self.lose_requests = lose_requests
        self.refuse_searches = False
        """Whether searches fail once something was published."""
        self.rewrite: Callable[[Call, bytes], bytes] = lambda _, content: content
        """What becomes of an answer's body."""
        self.published = 0
        self.calls: list[Call] = []
        self._target = target
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                gateway._forward(self)

            do_GET = do_POST  # noqa: N815 - the name that http.server asks for

            def log_message(self, format: str, *args: Any) -> None:
                """Keep the test output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where to point a client."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> LossyGateway:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _forward(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        call = Call(handler.path.removeprefix("/api/rest/2.0/"), json.loads(body or b"{}"))
        self.calls.append(call)
        publishes = call.path == "metadata/tml/import" and call.body["import_policy"] != "VALIDATE_ONLY"
        if publishes:
            self.published += 1
            if self.lose_requests:
                self.lose_requests -= 1
                handler.close_connection = True
                return
        if self.refuse_searches and self.published and call.path == "metadata/search":
            body, call = b"", Call("no/such/route", {})
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in _HOP | {"host"}}
        answer = requests.request(
            handler.command, f"{self._target}/api/rest/2.0/{call.path}", data=body, headers=headers, timeout=30
        )
        if publishes and self.lose_answers:
            self.lose_answers -= 1
            handler.close_connection = True
            return
        content = self.rewrite(call, answer.content)
        handler.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in _HOP:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

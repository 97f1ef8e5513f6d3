"""A proxy in front of a sandbox that changes what is asked or what is answered: what live clusters were seen to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import requests

Body = dict[str, Any]
Ask = Callable[[str, Body], Body]
Answer = Callable[[str, Body, Any], Any]


def as_asked(_: str, body: Body) -> Body:
    """Ask what was asked."""
    return body


def as_answered(_: str, __: Body, answer: Any) -> Any:
    """Answer what was answered."""
    return answer


@dataclass
class Liar:
    """Where the proxy is, and what it changes; both can be replaced while it runs."""

    url: str = ""
    ask: Ask = as_asked
    answer: Answer = as_answered
    asked: list[tuple[str, Body]] = field(default_factory=list)


@contextmanager
def lying(target: str) -> Iterator[Liar]:
    """A proxy in front of a server."""
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            self._forward("POST")

        def do_GET(self) -> None:
            self._forward("GET")

        def _forward(self, method: str) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.removeprefix("/api/rest/2.0/")
            body = json.loads(raw) if raw else {}
            liar.asked.append((path, body))
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length")
            }
            sent = liar.ask(path, body) if raw else None
            reply = requests.request(method, target + self.path, json=sent, headers=headers, timeout=60)
            content = reply.content
            if reply.status_code == 200 and content:
                content = json.dumps(liar.answer(path, body, reply.json())).encode("utf-8")
            self.send_response(reply.status_code)
            self.send_header("Content-Type", reply.headers.get("Content-Type", "application/json"))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    liar.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

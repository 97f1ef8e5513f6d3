"""Local stand-ins for the comment endpoints of code hosts, as their REST references describe them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "t0ken-of-the-test"


@dataclass
class CodeHost:
    """Comments by number, and every request as method, path and query."""

    name: str
    comments: dict[int, str] = field(default_factory=dict)
    foreign: set[int] = field(default_factory=set)
    requests: list[tuple[str, str]] = field(default_factory=list)
    refuse: int = 0
    url: str = ""

    def environ(self) -> dict[str, str]:
        """What the host's pipeline has in its environment."""
        return {
            "github": {
                "GITHUB_API_URL": self.url,
                "GITHUB_REPOSITORY": "acme/tml",
                "GITHUB_REF": "refs/pull/7/merge",
                "GITHUB_SERVER_URL": "https://github.example",
                "GITHUB_RUN_ID": "99",
                "GITHUB_TOKEN": TOKEN,
            },
            "gitlab": {
                "CI_API_V4_URL": f"{self.url}/api/v4",
                "CI_PROJECT_ID": "12",
                "CI_MERGE_REQUEST_IID": "7",
                "CI_JOB_URL": "https://gitlab.example/acme/tml/-/jobs/99",
                "GITLAB_TOKEN": TOKEN,
            },
            "azure": {
                "SYSTEM_COLLECTIONURI": f"{self.url}/acme/",
                "SYSTEM_TEAMPROJECT": "Data & BI",
                "BUILD_REPOSITORY_ID": "r-1",
                "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
                "BUILD_BUILDID": "99",
                "SYSTEM_ACCESSTOKEN": TOKEN,
            },
            "bitbucket": {
                "BITBUCKET_API_URL": f"{self.url}/2.0",
                "BITBUCKET_WORKSPACE": "acme",
                "BITBUCKET_REPO_SLUG": "tml",
                "BITBUCKET_PR_ID": "7",
                "BITBUCKET_TOKEN": TOKEN,
            },
        }[self.name]

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any, token: str) -> tuple[int, Any]:
        """The answer to one request."""
        self.requests.append((method, path))
        if self.refuse:
            return self.refuse, {"message": f"no right to do that with {token}"}
        if token != (TOKEN if self.name == "gitlab" else f"Bearer {TOKEN}"):
            return 401, {"message": "Bad credentials"}
        if method == "GET":
            return 200, self._listed(int(query.get("page", ["1"])[0]))
        if method == "POST":
            number = max(self.comments, default=0) + 1
            self.comments[number] = self._text(body["comments"][0] if self.name == "azure" else body)
            return 201, {"id": number}
        number = int(path.rsplit("/", 1)[1]) if self.name != "azure" else int(path.split("/threads/")[1].split("/")[0])
        if number in self.foreign:
            return 403, {"message": "not yours"}
        self.comments[number] = self._text(body)
        return 200, {"id": number}

    def _text(self, body: Any) -> str:
        text = {"bitbucket": lambda: body["content"]["raw"], "azure": lambda: body["content"]}
        return str(text.get(self.name, lambda: body["body"])())

    def _listed(self, page: int) -> Any:
        """Two comments a page, so that a client has to turn pages; Azure has only one."""
        items = sorted(self.comments.items())
        shown = items if self.name == "azure" else items[2 * page - 2 : 2 * page]
        if self.name == "azure":
            return {"value": [{"id": n, "comments": [{"id": 1, "content": text}]} for n, text in shown]}
        if self.name == "bitbucket":
            return {"values": [{"id": n, "content": {"raw": text}} for n, text in shown]}
        return [{"id": n, "body": text} for n, text in shown]


PATHS = {
    "github": r"/repos/acme/tml/issues/(7/comments|comments/\d+)",
    "gitlab": r"/api/v4/projects/12/merge_requests/7/notes(/\d+)?",
    "azure": r"/acme/Data%20%26%20BI/_apis/git/repositories/r-1/pullRequests/7/threads(/\d+/comments/\d+)?",
    "bitbucket": r"/2.0/repositories/acme/tml/pullrequests/7/comments(/\d+)?",
}
_UPDATES = {"github": "PATCH", "gitlab": "PUT", "azure": "PATCH", "bitbucket": "PUT"}


@contextmanager
def serving(host: CodeHost) -> Iterator[CodeHost]:
    """The host on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            token = self.headers.get("PRIVATE-TOKEN") or self.headers.get("Authorization") or ""
            known = re.fullmatch(PATHS[host.name], parts.path) and self.command in ("GET", "POST", _UPDATES[host.name])
            query = parse_qs(parts.query)
            status, answer = host.answer(self.command, parts.path, query, body, token) if known else (404, {})
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        host.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield host
        finally:
            server.shutdown()
            thread.join()

"""A project whose environment is a sandbox, and servers that speak TLS and nothing else."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Cli, Outcome
from tsdeploy.bundled import bundled
from tsdeploy.git import Repository, create_repository
from tsdeploy.sandbox import NewGroup, NewUser, Sandbox, add_group, add_user
from tsdeploy.sandbox.pytest import sandbox_factory as sandbox_factory

CERTIFICATES = Path(__file__).parent / "certificates"
TRUSTED = 'auth: {type: trusted, username: tsadmin, secret_key: "${env:TS_DEV_KEY}"}\n'
PASSWORD = 'auth: {type: password, username: tsadmin, password: "${env:TS_DEV_KEY}"}\n'
TOKEN = 'auth: {type: token, token: "${env:TS_DEV_KEY}"}\n'


@dataclass(frozen=True)
class Practice:
    """A project with one environment, dev, and the sandbox that it may point at."""

    root: Path
    repository: Repository
    sandbox: Sandbox
    cli: Cli

    def describe(self, more: str, url: str = "") -> None:
        """Write the environment's file."""
        self.write("environments/dev/environment.yaml", f"version: 1\nurl: {url or self.sandbox.url}\n{more}")

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def run(self, *arguments: str) -> Outcome:
        """``tsdeploy doctor`` in the project."""
        return self.cli("--project", str(self.root), "doctor", *arguments)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Sandbox]:
    """A sandbox with a few objects, and users who may little; no test changes it."""
    with Sandbox() as made:
        made.load(bundled("samples") / "retail")
        add_group(made.cluster, NewGroup(name="Authors", privileges=("AUTHORING",)))
        add_user(made.cluster, NewUser(name="guest"))
        add_user(made.cluster, NewUser(name="author", groups=("Authors",)))
        yield made


@pytest.fixture
def practice(tmp_path: Path, cluster: Sandbox, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """A project in a repository of its own; no proxy and no authorities but those that a test names."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("TS_DEV_KEY", cluster.secret_key)
    root = tmp_path / "project"
    root.mkdir()
    made = Practice(root, create_repository(root), cluster, cli)
    made.describe(TRUSTED)
    made.write(".gitattributes", "*.tml -text\n")
    made.write(".gitignore", ".tsdeploy/\n")
    return made


@contextmanager
def tls_server(certificate: str) -> Iterator[int]:
    """A port where a handshake succeeds, and every request ends with a closed connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, context.wrap_socket))
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def _serve(listener: socket.socket, secured: Callable[..., ssl.SSLSocket]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # the test is over
        try:
            secured(connection, server_side=True).close()
        except OSError:
            connection.close()  # the client did not like the certificate

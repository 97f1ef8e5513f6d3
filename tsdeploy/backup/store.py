"""The git branch that backups are kept in, written and read without a work tree.

A backup is one commit, made by ``git fast-import``: it is there as a whole or not at all, whatever happens meanwhile.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Final

from tsdeploy.errors import Finding, GitError, Location

_FORMAT: Final = "%H%x00%T%x00%ct%x00%s"
_MAX_DETAIL: Final = 500
_ELSEWHERE: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"})
"""What a git hook sets, and what would lead to another repository than the folder's."""
_ENVIRONMENT: Final = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1"}
_COMMIT_ID: Final = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One backup: its commit and tree, its time in seconds since 1970, and what its message begins with."""

    commit: str
    tree: str
    time: int
    subject: str


class Store:
    """One branch of one repository, which may be bare."""

    def __init__(self, folder: Path, branch: str) -> None:
        self.folder = folder
        self.branch = branch

    @property
    def ref(self) -> str:
        """The branch's full name."""
        return f"refs/heads/{self.branch}"

    def head(self) -> str:
        """The latest backup's commit, "" when there is none."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"{self.ref}^{{commit}}").strip()
        except GitError:
            return ""

    def snapshots(self, *paths: str) -> list[Snapshot]:
        """The backups, the latest first; with paths, those in which one of them changed. None when there are none."""
        if not self.head():
            return []
        shown = self.git("log", f"--format={_FORMAT}", "--first-parent", self.ref, "--", *paths)
        return [_snapshot(line) for line in shown.splitlines()]

    def read(self, commit: str, path: str) -> bytes | None:
        """The content of a file of a backup, None where it has none."""
        return next((content for _, content in self.files(commit, [path])), None)

    def files(self, commit: str, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Path and content of files of a backup, one by one; those that it does not have are left out."""
        with self._running("cat-file", "--batch") as process:
            ask, answer = _pipes(process)
            for path in paths:
                ask.write(f"{commit}:{path}\n".encode())
                ask.flush()
                content = _read_object(answer)
                if content is not None:
                    yield path, content

    def paths(self, commit: str) -> list[str]:
        """The paths of a backup's files, sorted."""
        listing = self.git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        return [path for path in listing.split("\0") if path]

    def find(self, revision: str) -> str:
        """The full id of a commit of the branch, "" when the text names none of them."""
        if not _COMMIT_ID.fullmatch(revision):
            return ""
        return next((one.commit for one in self.snapshots() if one.commit.startswith(revision)), "")

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Write the next backup; nothing is kept unless ``Change.commit`` was called. Raises GitError TD703."""
        with self._running("fast-import", "--quiet", "--done") as process:
            made = Change(self, process)
            yield made
            if not made.committed:
                process.kill()

    def git(self, *arguments: str, more: Mapping[str, str] | None = None, text: str = "") -> str:
        """What a git command prints. Raises GitError TD703 with git's own words."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**_environment(), **(more or {})},
            input=text.encode(),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise self._refused(arguments[0], done.stderr)
        return done.stdout.decode("utf-8", "surrogateescape")

    @contextmanager
    def _running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            ["git", *arguments],
            cwd=self.folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with process:
            try:
                yield process
            except BaseException:
                process.kill()
                raise

    def _refused(self, command: str, said: bytes) -> GitError:
        words = said.decode("utf-8", "replace").strip()[:_MAX_DETAIL] or "no reason given"
        return GitError(Finding("TD703", f"git {command} failed: {words}", Location(str(self.folder))))


class Change:
    """What is different in the next backup. Texts go to git as they come."""

    def __init__(self, store: Store, process: subprocess.Popen[bytes]) -> None:
        self._store = store
        self._process = process
        self._numbers = count(1)
        self._marks: dict[str, int] = {}
        self._deleted: set[str] = set()
        self.committed = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not self._marks and not self._deleted

    def write(self, path: str, content: bytes) -> None:
        """A file has this content from now on."""
        mark = next(self._numbers)
        self._marks[path] = mark
        self._deleted.discard(path)
        self._say(b"blob\nmark :%d\ndata %d\n" % (mark, len(content)), content, b"\n")

    def delete(self, path: str) -> None:
        """A file is gone."""
        self._marks.pop(path, None)
        self._deleted.add(path)

    def commit(self, message: str, parent: str, seconds: int) -> None:
        """Make the backup: the parent's files and what is different. Raises GitError TD703."""
        name, email = _committer(self._store)
        text = message.encode("utf-8", "replace")
        head = f"commit {self._store.ref}\ncommitter {name} <{email}> {seconds} +0000\ndata {len(text)}\n"
        self._say(head.encode("utf-8"), text, b"\n", f"from {parent}\n".encode() if parent else b"")
        for path in sorted(self._deleted):
            self._say(b"D ", _quoted(path), b"\n")
        for path, mark in sorted(self._marks.items()):
            self._say(b"M 100644 :%d " % mark, _quoted(path), b"\n")
        self._say(b"\ndone\n")
        stdin, stdout = _pipes(self._process)
        stdin.close()
        stdout.read()
        self.committed = True
        if self._process.wait():
            message = "git did not take the backup; somebody else may have written to its branch"
            raise GitError(Finding("TD703", message, Location(str(self._store.folder)), hint="back up again"))

    def _say(self, *parts: bytes) -> None:
        stdin, _ = _pipes(self._process)
        for part in parts:
            stdin.write(part)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _ELSEWHERE} | _ENVIRONMENT


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None and process.stdout is not None, "it was started with pipes"
    return process.stdin, process.stdout


def _read_object(answer: IO[bytes]) -> bytes | None:
    words = answer.readline().split()
    if len(words) != 3 or not words[2].isdigit():
        return None
    content = answer.read(int(words[2]))
    answer.read(1)
    return content if words[1] == b"blob" else None


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()


def _snapshot(line: str) -> Snapshot:
    commit, tree, seconds, subject = line.split("\0", 3)
    return Snapshot(commit, tree, int(seconds), subject)


def _committer(store: Store) -> tuple[str, str]:
    """Who git knows here, or this program where it knows nobody, as on a machine that only makes backups."""
    found = []
    for key, usual in (("user.name", "tsdeploy"), ("user.email", "tsdeploy@localhost")):
        try:
            value = store.git("config", key).strip()
        except GitError:
            value = usual
        found.append(re.sub(r"[<>\n]", "", value) or usual)
    return found[0], found[1]


def open_store(folder: Path, branch: str, *, make: bool) -> Store:
    """The store in a repository; with ``make``, a bare one is made where there is none.

    Raises GitError TD701 when there is no repository, TD703 for what is no branch's name.
    """
    store = Store(folder, branch)
    if make and not folder.exists():
        folder.mkdir(parents=True)
        store.git("init", "--quiet", "--bare")
    if not folder.is_dir() or not _is_repository(store):
        hint = "name an existing repository, or a folder that is not there yet, under backup: in the environment file"
        raise GitError(Finding("TD701", "this folder is in no git repository", Location(str(folder)), hint=hint))
    store.git("check-ref-format", "--branch", branch)
    return store


def _is_repository(store: Store) -> bool:
    try:
        store.git("rev-parse", "--git-dir")
    except GitError:
        return False
    return True


def arrange(store: Store, one: Snapshot, parent: str) -> str:
    """The same backup behind another parent, "" for none; its new commit."""
    shown = store.git("log", "-1", "--format=%an%x00%ae%x00%B", one.commit)
    name, email, message = shown.split("\0", 2)
    moment = f"{one.time} +0000"
    who = {"NAME": name, "EMAIL": email, "DATE": moment}
    more = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    ancestors = ("-p", parent) if parent else ()
    return store.git("commit-tree", one.tree, *ancestors, "-F", "-", more=more, text=message.strip()).strip()

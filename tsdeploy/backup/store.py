"""The git branch that backups are kept in, written and read without a work tree.

A backup is one commit, made by ``git fast-import``: it is there as a whole or not at all, whatever happens meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from tsdeploy.backup.manifest import LATEST
from tsdeploy.errors import Finding, GitError, Location
from tsdeploy.git_command import ELSEWHERE, Git, GitRefusedError
from tsdeploy.git_safety import check_remote
from tsdeploy.programs import Talk

_FORMAT: Final = "%H%x00%T%x00%ct%x00%s"
_COMMIT_ID: Final = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One backup: its commit and tree, its time in seconds since 1970, and what its message begins with."""

    commit: str
    tree: str
    time: int
    subject: str


class Store:
    """One branch of one repository. ``own``: it is there for backups, named by its folder, and may be bare."""

    def __init__(self, folder: Path, branch: str, *, own: bool = False) -> None:
        self.folder = folder
        self.branch = branch
        self.own = own

    @property
    def ref(self) -> str:
        """The branch's full name."""
        return f"refs/heads/{self.branch}"

    def head(self) -> str:
        """The latest backup's commit, "" when there is none."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"{self.ref}^{{commit}}").strip()
        except GitRefusedError:
            return ""

    def snapshots(self, *paths: str) -> list[Snapshot]:
        """The backups, the latest first; with paths, those in which one of them changed. None when there are none."""
        if not self.head():
            return []
        shown = self.git("log", f"--format={_FORMAT}", "--first-parent", self.ref, "--", *paths)
        # Other characters that Python ends a line at may stand in a message: whoever can push wrote it.
        return [_snapshot(line) for line in shown.split("\n") if line]

    def read(self, commit: str, path: str) -> bytes | None:
        """The content of a file of a backup, None where it has none."""
        return next((content for _, content in self.files(commit, [path])), None)

    def files(self, commit: str, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Path and content of files of a backup, one by one; those that it does not have are left out."""
        wanted = list(paths)
        contents = self._git().contents(f"{commit}:{path}" for path in wanted)
        return ((path, content) for path, content in zip(wanted, contents, strict=True) if content is not None)

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
        with self._git().talk("fast-import", "--quiet", "--done") as talk:
            made = Change(self, talk)
            yield made
            if not made.committed:
                talk.kill()

    def git(self, command: str, *arguments: str, more: Mapping[str, str] | None = None, text: str = "") -> str:
        """What a git command prints. Raises GitError TD703 with git's own words."""
        return self._git(more).text(command, *arguments, given=text)

    def push(self, remote: str, *options: str, hint: str) -> None:
        """Push the branch to a remote of the repository; the hint is for a refusal. Raises GitError TD703, TD708."""
        name = check_remote(remote, self.git("remote").splitlines(), self.folder)
        self._git().push(self.branch, name, *options, hint=hint)

    def _git(self, more: Mapping[str, str] | None = None) -> Git:
        bare = {"GIT_DIR": "."} if self.own and (self.folder / "HEAD").is_file() else {}
        return Git(self.folder, {**bare, **(more or {})}, ELSEWHERE)


class Change:
    """What is different in the next backup. Texts go to git as they come."""

    def __init__(self, store: Store, talk: Talk) -> None:
        self._store = store
        self._talk = talk
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
        self._talk.say(b"blob\nmark :%d\ndata %d\n" % (mark, len(content)), content, b"\n")

    def delete(self, path: str) -> None:
        """A file is gone."""
        self._marks.pop(path, None)
        self._deleted.add(path)

    def commit(self, message: str, parent: str, seconds: int) -> None:
        """Make the backup: the parent's files and what is different. Raises GitError TD703."""
        name, email = _committer(self._store)
        text = message.encode("utf-8", "replace")
        head = f"commit {self._store.ref}\ncommitter {name} <{email}> {seconds} +0000\ndata {len(text)}\n"
        self._talk.say(head.encode("utf-8"), text, b"\n", f"from {parent}\n".encode() if parent else b"")
        for path in sorted(self._deleted):
            self._talk.say(b"D ", _quoted(path), b"\n")
        for path, mark in sorted(self._marks.items()):
            self._talk.say(b"M 100644 :%d " % mark, _quoted(path), b"\n")
        self._talk.say(b"\ndone\n", now=True)
        self.committed = True
        if self._talk.end():
            message = "git did not take the backup; somebody else may have written to its branch"
            raise GitError(Finding("TD703", message, Location(str(self._store.folder)), hint="back up again"))


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()


def _snapshot(line: str) -> Snapshot:
    commit, tree, seconds, subject = line.split("\0", 3)
    # git lets a commit say a later time than there is, or none that it can read itself.
    return Snapshot(commit, tree, min(int(seconds or 0), LATEST), subject)


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


def open_store(folder: Path, branch: str, *, make: bool, own: bool = False) -> Store:
    """The store in a repository, ``own`` where that is for backups; with ``make``, a bare one is made where none is.

    Raises GitError TD701 when there is no repository, TD703 for what is no branch's name.
    """
    store = Store(folder, branch, own=own or make)
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
    except GitRefusedError:
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

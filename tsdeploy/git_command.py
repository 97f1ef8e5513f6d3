"""One git command: it asks nobody, has a limit of time, and leaves no process behind."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Final

from tsdeploy.errors import Finding, GitError, Location, UsageError
from tsdeploy.git_safety import git_environment, git_words
from tsdeploy.logs.events import note
from tsdeploy.programs import Done, Program, Talk

LIMIT_VARIABLE: Final = "TSDEPLOY_GIT_TIMEOUT"
LIMIT: Final = 600.0
"""Seconds for a command, and for each answer of one that is asked for many things."""
ELSEWHERE: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"})
"""What a git hook sets, and what would lead to another repository than the folder's."""

_REGULAR: Final = frozenset({"100644", "100755"})
"""The modes of files; links and submodules are none."""
_AT_ONCE: Final = 100
"""How many objects git is asked for before its answers are read, so that neither side waits for the other."""
_UNTRANSLATED: Final = {"LC_ALL": "C", "LANGUAGE": "C"}
_REMOTE: Final = frozenset({"fetch", "ls-remote", "push"})
_LOG: Final = logging.getLogger("tsdeploy.git")


class GitRefusedError(GitError):
    """git was there and said no, which is also how it says that something is not there."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit: its path in the repository, and the id of its content."""

    path: str
    id: str


@dataclass(frozen=True, slots=True)
class Git:
    """git in a folder. ``variables`` are set for it, those in ``without`` are not passed on to it."""

    folder: Path
    variables: Mapping[str, str] | None = None
    without: frozenset[str] = frozenset()

    def run(self, command: str, *arguments: str, given: bytes = b"", accepted: Sequence[int] = (0,)) -> bytes:
        """What git prints.

        Raises GitRefusedError TD703 with git's own words, GitError TD718 when it takes too long, TD716 where there is
        no git, and UsageError TD060 for a limit that is no number.
        """
        begin = time.monotonic()
        try:
            done = self._program(command, arguments).run(given, limit=git_limit())
        except OSError as error:
            raise self._not_there(error) from None
        except subprocess.TimeoutExpired:
            raise self._late(command) from None
        note(_LOG, "git", command=command, code=done.code, ms=round((time.monotonic() - begin) * 1000))
        if done.code not in accepted:
            raise self._refused(command, done)
        return done.out

    def text(self, command: str, *arguments: str, given: str = "") -> str:
        """As ``run``, with texts in UTF-8; what is none in the answer stays as it is."""
        return self.run(command, *arguments, given=given.encode()).decode("utf-8", "surrogateescape")

    def files(self, revision: str, *paths: str) -> Iterator[Blob]:
        """The files of a revision, or those of the paths; no links and no submodules."""
        options = ("-r", "-z", "--full-tree", "--end-of-options", revision, *paths)
        for line in self.text("ls-tree", *options).split("\0"):
            entry, _, path = line.partition("\t")
            mode, _, rest = entry.partition(" ")
            if mode in _REGULAR:
                yield Blob(path, rest.rpartition(" ")[2])

    def contents(self, names: Iterable[str]) -> Iterator[bytes | None]:
        """What each blob holds, in the order asked for; None for what is not there, or is no blob.

        A name is an id or ``commit:path``, without a line break.
        """
        wanted = iter(names)
        with self.talk("cat-file", "--batch") as talk:
            while chunk := list(islice(wanted, _AT_ONCE)):
                talk.say("".join(f"{name}\n" for name in chunk).encode("utf-8", "surrogateescape"), now=True)
                for _ in chunk:
                    with talk.waiting():
                        content = _read_object(talk.answer)
                    yield content

    @contextmanager
    def talk(self, command: str, *arguments: str) -> Iterator[Talk]:
        """A git that is asked for many things. Raises as ``run`` does, TD718 also when it goes away meanwhile."""
        note(_LOG, "git", command=command)
        try:
            with self._program(command, arguments).talk(limit=git_limit()) as talk:
                try:
                    yield talk
                except EOFError:
                    raise (self._late if talk.late else self._gone)(command) from None
        except (FileNotFoundError, PermissionError) as error:
            raise self._not_there(error) from None

    def push(self, branch: str, remote: str, *options: str, hint: str) -> None:
        """Push a branch under its name. Raises as ``run`` does; a refusal hints at what becomes of the commits."""
        try:
            self.text("push", "--quiet", *options, remote, f"refs/heads/{branch}:refs/heads/{branch}")
        except GitRefusedError as error:
            raise GitRefusedError(replace(error.findings[0], hint=hint)) from None

    def _program(self, command: str, arguments: Sequence[str]) -> Program:
        variables = {**git_environment(command), **_UNTRANSLATED, **(self.variables or {})}
        words = ("git", command, *arguments)
        return Program(words, self.folder, variables, self.without, lifeline=command in _REMOTE)

    def _refused(self, command: str, done: Done) -> GitError:
        said = git_words(done.err.decode("utf-8", "replace"))
        hint = ""
        if "tell me who you are" in said.lower():
            said = "git does not know who you are"
            hint = "git config --global user.name NAME  and  git config --global user.email ADDRESS"
        message = f"git {command} failed: {said or 'no reason given'}"
        return GitRefusedError(Finding("TD703", message, Location(str(self.folder)), hint=hint))

    def _late(self, command: str) -> GitError:
        hint = f"git was ended; set {LIMIT_VARIABLE} to more seconds, and see whether the remote answers"
        return self._no_answer(f"git {command} took longer than {git_limit():g} seconds", hint)

    def _gone(self, command: str) -> GitError:
        return self._no_answer(f"git {command} ended before it was done", "run  git fsck  in the repository")

    def _no_answer(self, message: str, hint: str) -> GitError:
        return GitError(Finding("TD718", message, Location(str(self.folder)), hint=hint))

    def _not_there(self, error: OSError) -> GitError:
        if self.folder.is_dir():
            return _no_git(error.strerror or "not found")
        message = f"this folder cannot be used: {error.strerror}"
        return GitError(Finding("TD701", message, Location(str(self.folder))))


def require_git() -> None:
    """Raises GitError TD716 where there is no git."""
    if shutil.which("git") is None:
        raise _no_git("not found")


def _no_git(reason: str) -> GitError:
    return GitError(
        Finding(
            "TD716", f"git cannot be run: {reason}", hint="install git 2.30 or newer, and see that it is on the PATH"
        )
    )


def _read_object(answer: IO[bytes]) -> bytes | None:
    """One answer of ``cat-file --batch``. Raises EOFError when git is gone."""
    head = answer.readline()
    if not head.endswith(b"\n"):
        raise EOFError
    words = head.split()
    if len(words) != 3 or words[1] == b"missing" or not words[2].isdigit():
        return None
    size = int(words[2])
    content = answer.read(size + 1)
    if len(content) <= size:
        raise EOFError
    return content[:size] if words[1] == b"blob" else None


def git_limit() -> float:
    """Seconds that git may take. Raises UsageError TD060 when the variable is no positive number."""
    text = os.environ.get(LIMIT_VARIABLE, "")
    if not text:
        return LIMIT
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        hint = "write seconds, such as 1200, or leave it unset"
        raise UsageError(Finding("TD060", f"{LIMIT_VARIABLE} is no number of seconds: {text[:50]}", hint=hint))
    return seconds

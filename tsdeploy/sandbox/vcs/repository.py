"""A bare copy of a remote repository for the length of one request: trees, files and commits without a work tree."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tsdeploy.sandbox.kept import kept
from tsdeploy.sandbox.store.git_configs import GitConfig
from tsdeploy.sandbox.vcs.git import check_branch, check_commit, git, refused

_LARGEST_FILE: Final = 25 * 1024 * 1024
"""Bytes; what is larger is no TML and not read."""
_LOG_FIELDS: Final = ("%H", "%an", "%ae", "%cn", "%ce", "%cI", "%B")
_REGULAR: Final = frozenset({"100644", "100755"})


@dataclass(frozen=True, slots=True)
class Person:
    """Author or committer."""

    username: str
    email: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. ``time`` is ISO 8601."""

    id: str
    author: Person
    committer: Person
    time: str
    comment: str


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit to be made: path → text, None for a file that goes; ``seconds`` since the epoch."""

    files: Mapping[str, str | None]
    comment: str
    author: Person
    committer: Person
    seconds: int


class Repository:
    """What a remote has, as far as it was fetched."""

    def __init__(self, folder: Path, config: GitConfig) -> None:
        self._folder = folder
        self._config = config
        self._git("init", "--bare", "--quiet", "--initial-branch=none", ".")

    @kept
    def branches(self) -> dict[str, str]:
        """Branch → commit id, as the remote says when it is first asked."""
        listed = self._git("ls-remote", "--heads", "--", self._config.repository_url).decode("utf-8", "replace")
        found = (line.partition("\t") for line in listed.splitlines())
        return {ref.removeprefix("refs/heads/"): commit for commit, _, ref in found}

    def fetch(self, branch: str) -> str | None:
        """Fetch a branch with its history; the id of its last commit, None for a branch that is not there."""
        if check_branch(branch) not in self.branches:
            return None
        ref = f"refs/heads/{branch}"
        self._git(
            "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", self._config.repository_url, f"+{ref}:{ref}"
        )
        return self._text("rev-parse", "--verify", ref)

    def need(self, branch: str) -> str:
        """Fetch a branch that has to be there. Raises ApiError 400/10002."""
        found = self.fetch(branch)
        if found is None:
            raise refused(f"Branch {branch} does not exist in the repository")
        return found

    def commit_on(self, commit_id: str, branch: str) -> str:
        """The full id of a commit of a fetched branch. Raises ApiError 400/10002 for one that is not on it."""
        ref = f"refs/heads/{check_branch(branch)}"
        full = self._text("rev-parse", "--verify", "--quiet", f"{check_commit(commit_id)}^{{commit}}")
        if self._text("merge-base", full, ref) != full:
            raise refused(f"Commit {commit_id} is not on branch {branch}")
        return full

    def parent(self, commit_id: str) -> str | None:
        """The first parent of a commit."""
        line = self._text("rev-list", "--parents", "--max-count=1", commit_id).split()
        return line[1] if len(line) > 1 else None

    def has(self, commit_id: str) -> bool:
        """Whether a commit was fetched."""
        listed = self._git("cat-file", "--batch-check", given=f"{check_commit(commit_id)}\n".encode())
        return b" commit " in listed

    def files(self, commit_id: str | None) -> dict[str, str]:
        """Path → blob of the regular files of a commit; links and submodules are left out."""
        if commit_id is None:
            return {}
        found = {}
        for entry in (
            self._git("ls-tree", "-r", "-z", "-l", "--full-tree", commit_id).decode("utf-8", "replace").split("\0")
        ):
            about, _, path = entry.partition("\t")
            if path:
                mode, _, blob, size = about.split()
                if mode in _REGULAR and int(size) <= _LARGEST_FILE:
                    found[path] = blob
        return found

    def read(self, blobs: Iterable[str]) -> dict[str, str]:
        """Blob → text."""
        wanted = list(dict.fromkeys(blobs))
        raw = self._git("cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode())
        found, at = {}, 0
        for blob in wanted:
            end = raw.index(b"\n", at)
            size = int(raw[at:end].split()[2])
            found[blob] = raw[end + 1 : end + 1 + size].decode("utf-8", "replace")
            at = end + 2 + size
        return found

    def last(self, branch: str) -> Commit:
        """The last commit of a fetched branch."""
        return next(self._log("--max-count=1", f"refs/heads/{check_branch(branch)}"))

    def log(self, branch: str, pathspec: str) -> Iterator[Commit]:
        """The commits of a fetched branch that touch some paths, the newest first."""
        return self._log(f"refs/heads/{check_branch(branch)}", "--", pathspec)

    def _log(self, *arguments: str) -> Iterator[Commit]:
        raw = self._git("log", "--format=tformat:" + "%x00".join(_LOG_FIELDS) + "%x00", *arguments)
        fields = raw.decode("utf-8", "replace").split("\0")
        for start in range(0, len(fields) - len(_LOG_FIELDS), len(_LOG_FIELDS)):
            commit_id, author, email, committer, their_email, time, comment = fields[start : start + len(_LOG_FIELDS)]
            people = (Person(author, email), Person(committer, their_email))
            yield Commit(commit_id.strip(), *people, time, comment.strip())

    def write(self, branch: str, parent: str | None, new: NewCommit) -> str:
        """Make a commit on a branch and push it; its id. Raises ApiError 400/10002 when the remote moved meanwhile."""
        self._git("read-tree", *([parent] if parent else ["--empty"]))
        self._git("update-index", "-z", "--index-info", given=b"".join(self._entries(new.files)))
        tree = self._text("write-tree")
        about = {
            "GIT_AUTHOR_NAME": new.author.username,
            "GIT_AUTHOR_EMAIL": new.author.email,
            "GIT_AUTHOR_DATE": f"{new.seconds} +0000",
            "GIT_COMMITTER_NAME": new.committer.username,
            "GIT_COMMITTER_EMAIL": new.committer.email,
            "GIT_COMMITTER_DATE": f"{new.seconds} +0000",
        }
        arguments = ["commit-tree", tree, *(["-p", parent] if parent else []), "-F", "-"]
        made = git(self._folder, self._config, *arguments, given=new.comment.encode(), more=about).decode().strip()
        ref = f"refs/heads/{check_branch(branch)}"
        self._git("push", "--quiet", "--", self._config.repository_url, f"{made}:{ref}")
        self._git("update-ref", ref, made)
        return made

    def _entries(self, files: Mapping[str, str | None]) -> Iterator[bytes]:
        for path, text in files.items():
            if text is None:
                yield f"0 {'0' * 40}\t{path}\0".encode()
            else:
                blob = self._git("hash-object", "-w", "--stdin", given=text.encode()).decode().strip()
                yield f"100644 {blob}\t{path}\0".encode()

    def _text(self, *arguments: str) -> str:
        return self._git(*arguments).decode("utf-8", "replace").strip()

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        return git(self._folder, self._config, *arguments, given=given)


@contextmanager
def opened(config: GitConfig) -> Iterator[Repository]:
    """A repository in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="tsdeploy-sandbox-git-", ignore_cleanup_errors=True) as folder:
        yield Repository(Path(folder), config)

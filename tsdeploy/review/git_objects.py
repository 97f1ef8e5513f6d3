"""What git has of two commits, read by plumbing: trees are listed and compared, blobs are streamed, nothing is
checked out.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.errors import Finding, GitError, Location
from tsdeploy.git import Repository
from tsdeploy.tml.folder import SUFFIXES

_REGULAR = ("100644", "100755")
"""The modes of files; links and submodules are no TML of this repository."""
_CHUNK = 500
"""How many blobs git is asked for at a time, so that no pipe fills up while nobody reads it."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit: its path in the repository, and the id of its content."""

    path: str
    id: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that differs between two commits; a missing side is None. The paths differ where it moved."""

    before: Blob | None
    after: Blob | None


@dataclass(frozen=True, slots=True)
class GitObjects:
    """The objects of a repository. ``folder`` is where the TML lies, relative to the top; "" for the top itself."""

    root: Path
    folder: str

    @classmethod
    def of(cls, repository: Repository, folder: Path) -> GitObjects:
        """Those of a project's repository."""
        below = folder.resolve().relative_to(repository.root.resolve()).as_posix()
        return cls(repository.root, "" if below == "." else below)

    def merge_base(self, base: str, head: str) -> str:
        """Where two commits parted, so that what others merged meanwhile is no part of a change.

        ``base`` itself where they have nothing in common, as in a shallow clone.
        """
        found = self._run("merge-base", base, head, accepted=(0, 1)).decode("ascii").split()
        return found[0] if found else base

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """The TML files that differ between two commits, renamed ones as one."""
        arguments = ("-r", "-z", "--find-renames", "--raw", "--no-commit-id", "--end-of-options", base, head)
        fields = iter(self._run("diff-tree", *arguments).decode("utf-8", "surrogateescape").split("\0"))
        return tuple(filter(self._is_tml, _changes(fields)))

    def tree(self, revision: str) -> tuple[Blob, ...]:
        """Every TML file of a commit."""
        return tuple(blob for blob in self._listing(revision) if self._is_tml_path(blob.path))

    def below(self, revision: str, folder: str) -> tuple[Blob, ...]:
        """Every file of a commit below a folder, or the file of that name."""
        return tuple(
            blob for blob in self._listing(revision) if blob.path == folder or blob.path.startswith(f"{folder}/")
        )

    def read(self, ids: Iterable[str]) -> Iterator[bytes]:
        """The contents of blobs, in the order asked for."""
        wanted = list(ids)
        with subprocess.Popen(
            self._command("cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1 << 20
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for start in range(0, len(wanted), _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                process.stdin.write("".join(f"{name}\n" for name in chunk).encode("ascii"))
                process.stdin.flush()
                for _ in chunk:
                    size = int(process.stdout.readline().split()[-1])
                    yield process.stdout.read(size)
                    process.stdout.read(1)
            process.stdin.close()

    def _listing(self, revision: str) -> Iterator[Blob]:
        listing = self._run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", revision)
        for line in listing.decode("utf-8", "surrogateescape").split("\0"):
            entry, _, path = line.partition("\t")
            mode, _, rest = entry.partition(" ")
            if mode in _REGULAR:
                yield Blob(path, rest.rpartition(" ")[2])

    def _is_tml(self, change: FileChange) -> bool:
        return any(blob is not None and self._is_tml_path(blob.path) for blob in (change.before, change.after))

    def _is_tml_path(self, path: str) -> bool:
        """As a folder is read: hidden files and folders are left out."""
        below = path.removeprefix(f"{self.folder}/") if self.folder else path
        inside = not self.folder or below != path
        parts = below.split("/")
        return inside and path.lower().endswith(SUFFIXES) and not any(part.startswith(".") for part in parts)

    def _run(self, *arguments: str, accepted: Sequence[int] = (0,)) -> bytes:
        done = subprocess.run(self._command(*arguments), capture_output=True, check=False)
        if done.returncode not in accepted:
            said = done.stderr.decode("utf-8", "replace").strip()[:500]
            raise GitError(Finding("TD703", f"git {arguments[0]} failed: {said}", Location(str(self.root))))
        return done.stdout

    def _command(self, *arguments: str) -> list[str]:
        return ["git", "--literal-pathspecs", "-C", str(self.root), *arguments]


def _changes(fields: Iterator[str]) -> Iterator[FileChange]:
    """The records of ``diff-tree --raw -z``: modes, ids and status, then one path, or two of a renamed file."""
    for head in fields:
        if not head:
            continue
        old_mode, new_mode, old_id, new_id, status = head.removeprefix(":").split(" ")
        path = next(fields)
        to = next(fields) if status[:1] in ("R", "C") else path
        yield FileChange(
            Blob(path, old_id) if old_mode in _REGULAR and status[:1] != "C" else None,
            Blob(to, new_id) if new_mode in _REGULAR else None,
        )

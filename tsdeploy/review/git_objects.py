"""What git has of two commits, read by plumbing: trees are compared, blobs are streamed, nothing is checked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, GitError, Location
from tsdeploy.git import Repository
from tsdeploy.git_command import Blob, Git
from tsdeploy.tml.folder import SUFFIXES

_REGULAR = ("100644", "100755")
"""The modes of files; links and submodules are no TML of this repository."""
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that differs between two commits; a missing side is None. The paths differ where it moved."""

    before: Blob | None
    after: Blob | None


@dataclass(frozen=True, slots=True)
class GitObjects:
    """The objects of a repository, and where the project is in it.

    ``prefix`` is the project's path with a slash at the end, "" where it is the whole repository; ``folder`` is where
    the TML lies, relative to the top, "" for the top itself.
    """

    root: Path
    folder: str
    prefix: str

    @classmethod
    def of(cls, repository: Repository, project: Project) -> GitObjects:
        """Those of a project's repository."""
        top = repository.root.resolve()
        inside, tml = (path.resolve().relative_to(top).as_posix() for path in (project.root, project.tml))
        return cls(repository.root, "" if tml == "." else tml, "" if inside == "." else f"{inside}/")

    def merge_base(self, base: str, head: str) -> str:
        """Where two commits parted, so that what others merged meanwhile is no part of a change.

        ``base`` itself where they have nothing in common, as in a shallow clone.
        """
        found = self._git.run("merge-base", base, head, accepted=(0, 1)).decode("ascii").split()
        return found[0] if found else base

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """The TML files that differ between two commits, renamed ones as one."""
        return tuple(filter(self._is_tml, self._changes(base, head)))

    def changes_below(self, base: str, head: str, paths: Sequence[str]) -> tuple[FileChange, ...]:
        """The files that differ between two commits, of some, or in some folders."""
        return tuple(self._changes(base, head, *paths))

    def _changes(self, base: str, head: str, *paths: str) -> Iterator[FileChange]:
        arguments = (
            "-r",
            "-z",
            "--find-renames",
            "--raw",
            "--no-commit-id",
            "--end-of-options",
            base,
            head,
            "--",
            *paths,
        )
        return _changes(iter(self._git.text("diff-tree", *arguments).split("\0")))

    def tree(self, revision: str) -> tuple[Blob, ...]:
        """Every TML file of a commit."""
        return tuple(blob for blob in self._git.files(revision) if self._is_tml_path(blob.path))

    def below(self, revision: str, folder: str) -> tuple[Blob, ...]:
        """Every file of a commit below a folder, or the file of that name."""
        return tuple(self._git.files(revision, folder))

    def configuration(self, revision: str, *paths: str) -> Iterator[Blob]:
        """The files of a commit that configure the project: those below some paths, and YAML, which mappings include.

        The paths are relative to the project.
        """
        folders = tuple(f"{self.prefix}{path}/" for path in paths)
        for blob in self._git.files(revision, *([self.prefix] if self.prefix else [])):
            if blob.path.lower().endswith(_YAML) or f"{blob.path}/".startswith(folders):
                yield blob

    def read(self, ids: Iterable[str]) -> Iterator[bytes]:
        """The contents of blobs, in the order asked for."""
        wanted = list(ids)
        for name, content in zip(wanted, self._git.contents(wanted), strict=True):
            if content is None:
                raise GitError(Finding("TD703", f"git has no file {name}", Location(str(self.root))))
            yield content

    def _is_tml(self, change: FileChange) -> bool:
        return any(blob is not None and self._is_tml_path(blob.path) for blob in (change.before, change.after))

    def _is_tml_path(self, path: str) -> bool:
        """As a folder is read: hidden files and folders are left out."""
        below = path.removeprefix(f"{self.folder}/") if self.folder else path
        inside = not self.folder or below != path
        parts = below.split("/")
        return inside and path.lower().endswith(SUFFIXES) and not any(part.startswith(".") for part in parts)

    @property
    def _git(self) -> Git:
        return Git(self.root)


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

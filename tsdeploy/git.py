"""The git repository of a project: what is committed, what is not, and committing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import git

from tsdeploy.errors import Finding, GitError, Location

_MAX_DETAIL = 500


@dataclass(frozen=True, slots=True)
class Head:
    """The commit that is checked out. ``branch`` is "" when it is detached."""

    commit: str
    branch: str


class Repository:
    """The git work tree that a folder lies in."""

    def __init__(self, repo: git.Repo) -> None:
        self._repo = repo
        # Object names reach git as paths: none may be read as a pattern.
        repo.git.update_environment(GIT_LITERAL_PATHSPECS="1", GIT_TERMINAL_PROMPT="0")

    @classmethod
    def find(cls, folder: Path) -> Repository:
        """The repository of a folder. Raises GitError TD701 when there is none."""
        try:
            repo = git.Repo(folder, search_parent_directories=True)
            if repo.working_dir is not None and not repo.bare:
                return cls(repo)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            pass
        raise GitError(
            Finding("TD701", "this folder is in no git repository", Location(str(folder)), hint="run:  git init")
        )

    @property
    def root(self) -> Path:
        """The top of the work tree."""
        return Path(self._repo.working_dir)

    def head(self) -> Head:
        """The commit that is checked out. Raises GitError TD702 when nothing is committed yet."""
        try:
            commit = self._repo.head.commit.hexsha
        except ValueError:
            finding = Finding(
                "TD702", "nothing is committed yet", Location(str(self.root)), hint="commit the project first"
            )
            raise GitError(finding) from None
        finally:
            self._end_readers()
        return Head(commit, "" if self._repo.head.is_detached else self._repo.active_branch.name)

    def dirty(self, paths: Sequence[Path]) -> list[str]:
        """Changed or untracked files below the paths, relative to the work tree, sorted."""
        present = [str(path) for path in paths]
        status = self._run("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", *present)
        return sorted(entry[3:] for entry in status.split("\0") if len(entry) > 3)

    def files(self, revision: str, folder: Path) -> Iterator[tuple[str, bytes]]:
        """Path and content of the TML files below a folder at a revision, without a checkout.

        Raises GitError TD704 when there is no such revision.
        """
        inside = PurePosixPath(folder.resolve().relative_to(self.root.resolve()).as_posix())
        try:
            for item in self._tree(revision).traverse():
                if not isinstance(item, git.Blob) or item.mode == git.Blob.link_mode:
                    continue
                if _is_tml(PurePosixPath(item.path), inside):
                    yield str(item.path), item.data_stream.read()
        finally:
            self._end_readers()

    def _tree(self, revision: str) -> git.Tree:
        try:
            return self._repo.commit(revision).tree
        except (git.BadName, ValueError, IndexError):
            finding = Finding(
                "TD704", f"there is no commit {revision}", Location(str(self.root)), hint="git log shows them"
            )
            raise GitError(finding) from None

    def commit(self, paths: Sequence[Path], message: str) -> str:
        """Commit the paths as they are now, and only them; "" when nothing in them changed.

        Raises GitError TD703 with git's own words when git refuses.
        """
        if not paths or not self.dirty(paths):
            return ""
        with tempfile.TemporaryDirectory() as folder:
            listing = Path(folder) / "paths"
            listing.write_bytes(b"\0".join(str(path).encode("utf-8") for path in paths))
            chosen = (f"--pathspec-from-file={listing}", "--pathspec-file-nul")
            self._run("add", "--all", *chosen)
            self._run("commit", "--quiet", f"--message={message}", "--only", *chosen)
        return self.head().commit

    def _end_readers(self) -> None:
        """GitPython reads objects through git processes that it keeps; left to chance, they outlive their use."""
        self._repo.git.clear_cache()

    def _run(self, command: str, *arguments: str) -> str:
        try:
            # Trailing NULs are part of the answer, and so are trailing blanks of names.
            output = self._repo.git.execute(
                ["git", command, *arguments], strip_newline_in_stdout=False, with_extended_output=False
            )
        except git.GitCommandError as error:
            raise GitError(_refused(command, error, self.root)) from None
        return str(output)


def _is_tml(path: PurePosixPath, folder: PurePosixPath) -> bool:
    """Whether reading the folder itself would take the file for TML: hidden ones are left out."""
    below = path.relative_to(folder).parts if path.is_relative_to(folder) else (".",)
    return path.suffix.lower() in (".tml", ".tsl") and not any(part.startswith(".") for part in below)


def create_repository(folder: Path) -> Repository:
    """Make a new repository with branch ``main``; the committer is the user's, or a placeholder where none is set."""
    repo = git.Repo.init(folder, initial_branch="main")
    with repo.config_reader() as reader:
        known = reader.has_option("user", "email")
    if not known:
        with repo.config_writer() as writer:
            writer.set_value("user", "name", "tsdeploy")
            writer.set_value("user", "email", "tsdeploy@localhost")
    return Repository(repo)


def _refused(command: str, error: git.GitCommandError, root: Path) -> Finding:
    said = str(error.stderr).strip().removeprefix("stderr:").strip(" \n'")[:_MAX_DETAIL]
    hint = "set user.name and user.email with git config" if "tell me who you are" in said.lower() else ""
    return Finding("TD703", f"git {command} failed: {said or 'no reason given'}", Location(str(root)), hint=hint)

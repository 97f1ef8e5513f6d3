"""The git repository of a project: what is committed, what is not, and committing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
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

    def file(self, revision: str, path: Path) -> bytes | None:
        """The content of one file at a revision, None where it is not there. Raises GitError TD704."""
        inside = path.resolve().relative_to(self.root.resolve()).as_posix()
        try:
            item = self._tree(revision) / inside
            return item.data_stream.read() if isinstance(item, git.Blob) else None
        except KeyError:
            return None
        finally:
            self._end_readers()

    def has(self, revision: str) -> bool:
        """Whether this clone has a commit."""
        try:
            self._tree(revision)
        except GitError:
            return False
        finally:
            self._end_readers()
        return True

    def resolve(self, revision: str) -> str:
        """The full id of a commit. Raises GitError TD704 (no such commit), TD706 (the clone is too shallow)."""
        self._need(revision)
        try:
            return self._repo.commit(revision).hexsha
        finally:
            self._end_readers()

    def changed_since(self, revision: str, paths: Sequence[Path]) -> list[str]:
        """Files below the paths whose content differs from a revision's, as they are called now, sorted.

        What is not committed yet counts. A file that only moved is not among them, one that is gone neither.
        Raises GitError TD704 (no such commit), TD706 (the clone is too shallow to have it).
        """
        self._need(revision)
        names = ("diff", "--name-status", "-z", "--find-renames", "--end-of-options")
        listing = self._run(*names, revision, "--", *map(str, paths)).split("\0")
        untracked = self._run("ls-files", "-z", "--others", "--exclude-standard", "--", *map(str, paths)).split("\0")
        return sorted({*_changed(listing), *filter(None, untracked)})

    def _need(self, revision: str) -> None:
        try:
            self._tree(revision)
        except GitError:
            if (self.root / ".git" / "shallow").exists():
                hint = "fetch the whole history (actions/checkout: fetch-depth: 0, or git fetch --unshallow)"
                message = f"{revision} is not in this shallow clone"
                raise GitError(Finding("TD706", message, Location(str(self.root)), hint=hint)) from None
            raise
        finally:
            self._end_readers()

    def blobs(self, revision: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """Path and content of the files at a revision whose path is wanted, without a checkout.

        Raises GitError TD704 when there is no such revision.
        """
        try:
            for item in self._tree(revision).traverse():
                if isinstance(item, git.Blob) and item.mode != git.Blob.link_mode and wanted(str(item.path)):
                    yield str(item.path), item.data_stream.read()
        finally:
            self._end_readers()

    def branches(self) -> list[str]:
        """The branches, local ones first, then those of remotes as ``origin/main``."""
        found = self._run("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes")
        return found.splitlines()

    def _tree(self, revision: str) -> git.Tree:
        try:
            return self._repo.commit(revision).tree
        except (git.BadName, ValueError, IndexError):
            finding = Finding(
                "TD704", f"there is no commit {revision}", Location(str(self.root)), hint="git log shows them"
            )
            raise GitError(finding) from None

    def commit(self, paths: Sequence[Path], message: str, *, author: str = "") -> str:
        """Commit the paths as they are now, and only them; "" when nothing in them changed.

        ``author`` is ``Name <email>``, "" for whom git knows here. Raises GitError TD703 with git's own words when git
        refuses.
        """
        if not paths or not self.dirty(paths):
            return ""
        with tempfile.TemporaryDirectory() as folder:
            listing = Path(folder) / "paths"
            listing.write_bytes(b"\0".join(str(path).encode("utf-8") for path in paths))
            chosen = (f"--pathspec-from-file={listing}", "--pathspec-file-nul")
            self._run("add", "--all", *chosen)
            who = (f"--author={author}",) if author else ()
            self._run("commit", "--quiet", f"--message={message}", *who, "--only", *chosen)
        return self.head().commit

    def switch(self, branch: str) -> None:
        """Check out a branch, made where it is if it is new. Raises GitError TD703, also for what is no branch's name.

        Changes in the work tree come along where git can take them.
        """
        self._run("check-ref-format", "--branch", branch)
        new = () if branch in self.branches() else ("--create",)
        self._run("switch", "--quiet", *new, branch)

    def push(self, branch: str, remote: str) -> None:
        """Push a branch. Raises GitError TD703, also when the remote has what this clone has not."""
        self._run("push", "--quiet", remote, f"refs/heads/{branch}:refs/heads/{branch}")

    def who(self) -> str:
        """The committer that git knows here, as ``Name <email>``; "" when it knows none."""
        try:
            return self._run("var", "GIT_COMMITTER_IDENT").rpartition(">")[0].strip() + ">"
        except GitError:
            return ""

    def run(self, command: str, *arguments: str) -> str:
        """Run a git command and return what it prints. Raises GitError TD703 with git's own words."""
        return self._run(command, *arguments)

    def store_commit(self, files: Mapping[str, bytes], message: str, *, parents: Sequence[str]) -> str:
        """Make a commit without touching the work tree, its index or any branch; its id.

        It has the files of its first parent, and ``files`` by path, relative to the top. Raises GitError TD703.
        """
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            with self._repo.git.custom_environment(**index):
                self._run("read-tree", *(parents[:1] or ("--empty",)))
                for number, (path, content) in enumerate(files.items()):
                    file = Path(folder) / str(number)
                    file.write_bytes(content)
                    blob = self._run("hash-object", "-w", "--no-filters", "--", str(file)).strip()
                    self._run("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
                tree = self._run("write-tree").strip()
        ancestors = [word for parent in parents for word in ("-p", parent)]
        return self._run("commit-tree", tree, *ancestors, "-m", message).strip()

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


def _changed(listing: list[str]) -> Iterator[str]:
    """The paths of ``diff --name-status -z``: a status, then one path, or two for a rename."""
    fields = iter(listing)
    for status in fields:
        if status[:1] in ("R", "C"):
            next(fields)
            moved = next(fields)
            if status[1:] != "100":
                yield moved
        elif status:
            path = next(fields)
            if status != "D":
                yield path


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

"""The git repository of a project: what is committed, what is not, and committing."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import git

from tsdeploy.errors import Finding, GitError, Location
from tsdeploy.git_command import Git, GitRefusedError, require_git
from tsdeploy.git_safety import check_remote, check_work_tree

_MOST_ARGUMENTS = 100
"""Paths on a command line, whose length every system limits; ``git status`` takes them from nowhere else."""

_NAME = re.compile(r"[^-~^:@*?\[\\\s][^~^:@*?\[\\\s]*")
"""The name that a revision begins with, as far as it can be a branch's (gitrevisions(7), git-check-ref-format(1))."""

_UNDER_WAY = {
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}
"""What git keeps in its folder meanwhile (git-rebase(1), gitrevisions(7)) → the command to go on with."""


@dataclass(frozen=True, slots=True)
class Head:
    """The commit that is checked out. ``branch`` is "" when it is detached."""

    commit: str
    branch: str


class Repository:
    """The git work tree that a folder lies in."""

    def __init__(self, repo: git.Repo) -> None:
        self._repo = repo

    @classmethod
    def find(cls, folder: Path) -> Repository:
        """The repository of a folder. Raises GitError TD701 when there is none, TD709 when it only looks like one."""
        require_git()
        try:
            repo = git.Repo(folder, search_parent_directories=True)
            if repo.working_dir is not None and not repo.bare:
                check_work_tree(Path(repo.working_dir), folder)
                return cls(repo)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            pass
        raise GitError(
            Finding("TD701", "this folder is in no git repository", Location(str(folder)), hint="run:  git init")
        )

    @property
    def _git(self) -> Git:
        return Git(self.root)

    @property
    def root(self) -> Path:
        """The top of the work tree."""
        return Path(self._repo.working_dir)

    def head(self) -> Head:
        """The commit that is checked out. Raises GitError TD702 when nothing is committed yet."""
        try:
            commit = self._commit_id("HEAD")
        except GitRefusedError:
            where = Location(str(self.root))
            raise GitError(
                Finding("TD702", "nothing is committed yet", where, hint="commit the project first")
            ) from None
        return Head(commit, "" if self._repo.head.is_detached else self._repo.active_branch.name)

    def dirty(self, paths: Sequence[Path]) -> list[str]:
        """Changed or untracked files below the paths, relative to the work tree, sorted."""
        few = [str(path) for path in paths] if len(paths) <= _MOST_ARGUMENTS else []
        status = self._run("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", *few)
        found = (entry[3:] for entry in status.split("\0") if len(entry) > 3)
        return sorted(found if few or not paths else self._below(found, paths))

    def _below(self, found: Iterable[str], paths: Sequence[Path]) -> Iterator[str]:
        """Those of the files that are among the paths, or in a folder that is."""
        root = self.root.resolve()
        wanted = {_inside(root, path) for path in paths}
        for name in found:
            path = PurePosixPath(name)
            if path in wanted or not wanted.isdisjoint(path.parents):
                yield name

    def files(self, revision: str, folder: Path) -> Iterator[tuple[str, bytes]]:
        """Path and content of the TML files below a folder at a revision, without a checkout.

        Raises GitError TD704 when there is no such revision.
        """
        inside = PurePosixPath(folder.resolve().relative_to(self.root.resolve()).as_posix())
        return self.blobs(revision, lambda path: _is_tml(PurePosixPath(path), inside))

    def file(self, revision: str, path: Path) -> bytes | None:
        """The content of one file at a revision, None where it is not there. Raises GitError TD704."""
        inside = path.resolve().relative_to(self.root.resolve()).as_posix()
        found = self._git.files(self._commit_id(revision), inside)
        return next(self._git.contents(blob.id for blob in found), None)

    def has(self, revision: str) -> bool:
        """Whether this clone has a commit."""
        try:
            self._commit_id(revision)
        except GitRefusedError:
            return False
        return True

    def resolve(self, revision: str) -> str:
        """The full id of a commit. Raises GitError TD704 (no such commit), TD706 (the clone is too shallow)."""
        try:
            return self._commit_id(revision)
        except GitRefusedError:
            if (self.root / ".git" / "shallow").exists():
                hint = "fetch the whole history (actions/checkout: fetch-depth: 0, or git fetch --unshallow)"
                message = f"{revision} is not in this shallow clone"
                raise GitError(Finding("TD706", message, Location(str(self.root)), hint=hint)) from None
            raise

    def changed_since(self, revision: str, paths: Sequence[Path]) -> list[str]:
        """Files below the paths whose content differs from a revision's, as they are called now, sorted.

        What is not committed yet counts. A file that only moved is not among them, one that is gone neither.
        Raises GitError TD704 (no such commit), TD706 (the clone is too shallow to have it).
        """
        commit = self.resolve(revision)
        names = ("diff", "--name-status", "-z", "--find-renames", "--end-of-options")
        listing = self._run(*names, commit, "--", *map(str, paths)).split("\0")
        untracked = self._run("ls-files", "-z", "--others", "--exclude-standard", "--", *map(str, paths)).split("\0")
        return sorted({*_changed(listing), *filter(None, untracked)})

    def blobs(self, revision: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """Path and content of the files at a revision whose path is wanted, without a checkout.

        Raises GitError TD704 when there is no such revision.
        """
        found = [blob for blob in self._git.files(self._commit_id(revision)) if wanted(blob.path)]
        contents = self._git.contents(blob.id for blob in found)
        return ((blob.path, content) for blob, content in zip(found, contents, strict=True) if content is not None)

    def branches(self) -> list[str]:
        """The branches, local ones first, then those of remotes as ``origin/main``."""
        found = self._run("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes")
        return found.splitlines()

    def _commit_id(self, revision: str) -> str:
        self._refuse_ambiguous(revision)
        try:
            return self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
        except GitRefusedError:
            where = Location(str(self.root))
            hint = "git remote set-head origin --auto" if revision == "origin/HEAD" else "git log shows them"
            finding = Finding("TD704", f"there is no commit {revision}", where, hint=hint)
            raise GitRefusedError(finding) from None

    def _refuse_ambiguous(self, revision: str) -> None:
        """Raises GitError TD704 for a tag that is called like a branch: git takes the tag, and people do not."""
        name = _NAME.match(revision)
        if name is None:
            return
        named = [f"refs/{kind}/{name[0]}" for kind in ("tags", "heads", "remotes")]
        there = self._run("for-each-ref", "--format=%(refname)", "--", *named).splitlines()
        found = [name for name in named if name in there]
        if len(found) > 1 and found[0] == named[0]:
            hint = f"write out which one:  {found[1]}"
            message = f"{name[0]} is a tag and a branch, and git takes the tag"
            raise GitError(Finding("TD704", message, Location(str(self.root)), hint=hint))

    def commit(self, paths: Sequence[Path], message: str, *, author: str = "") -> str:
        """Commit the paths as they are now, and only them; "" when nothing in them changed.

        ``author`` is ``Name <email>``, "" for whom git knows here. Raises GitError TD703 with git's own words when git
        refuses, TD719 in the middle of a rebase and the like, which a commit would become a part of.
        """
        if not paths or not self.dirty(paths):
            return ""
        self._refuse_under_way()
        with tempfile.TemporaryDirectory() as folder:
            listing = Path(folder) / "paths"
            listing.write_bytes(b"\0".join(str(path).encode("utf-8") for path in paths))
            chosen = (f"--pathspec-from-file={listing}", "--pathspec-file-nul")
            self._run("add", "--all", *chosen)
            who = (f"--author={author}",) if author else ()
            self._run("commit", "--quiet", f"--message={message}", *who, "--only", *chosen)
        return self.head().commit

    def _refuse_under_way(self) -> None:
        folder = Path(self._repo.git_dir)
        found = next((what for mark, what in _UNDER_WAY.items() if (folder / mark).exists()), "")
        if found:
            hint = f"finish it first:  git {found} --continue;  or give it up:  git {found} --abort"
            where = Location(str(self.root))
            raise GitError(Finding("TD719", f"a {found} is under way in this repository", where, hint=hint))

    def push(self, branch: str, remote: str) -> None:
        """Push a branch. Raises GitError TD703, also when the remote has what this clone has not, TD708."""
        protected = f"where {branch} is protected, push another branch:  git push {remote} {branch}:NAME"
        hint = f"the commits stay in {branch} here; where the remote has others:  git pull --rebase && git push;  "
        self._git.push(branch, self.remote(remote), hint=hint + protected)

    def refuse_tracked(self, folder: Path) -> None:
        """Raises GitError TD710 when files of a folder that is to be this machine's are committed.

        In whatever case they are written: many file systems put ``.TSDEPLOY`` into ``.tsdeploy``.
        """
        if not folder.exists():
            return
        plain = Git(self.root, {"GIT_LITERAL_PATHSPECS": "0"})
        below = f":(top,literal,icase){_inside(self.root.resolve(), folder)}"
        tracked = plain.text("ls-files", "-z", "--", below).split("\0")
        if any(tracked):
            hint = f"look who did, then  git rm -r --cached {folder.name}  and add it to .gitignore"
            message = "what this machine remembers is in git, where anybody can have written it"
            raise GitError(Finding("TD710", message, Location(tracked[0]), hint=hint))

    def remote(self, name: str) -> str:
        """The name, where it is that of a remote of this clone. Raises GitError TD708."""
        return check_remote(name, self._run("remote").splitlines(), self.root)

    def remote_tip(self, remote: str, ref: str) -> str:
        """The commit that a ref of a remote points to; "" where there is none. Raises GitError TD703, TD708.

        The ref is given in full. git also lists what merely ends so: anybody may push ``refs/heads/refs/heads/main``.
        """
        listing = self._run("ls-remote", self.remote(remote), ref)
        found = (line.partition("\t") for line in listing.splitlines())
        return next((commit for commit, _, name in found if name == ref), "")

    def who(self) -> str:
        """The committer that git knows here, as ``Name <email>``; "" when it knows none."""
        try:
            return self._run("var", "GIT_COMMITTER_IDENT").rpartition(">")[0].strip() + ">"
        except GitRefusedError:
            return ""

    def ignores(self, path: Path) -> bool:
        """Whether git leaves a file out, be it there or not. Raises GitError TD703."""
        # This command takes paths, never patterns, and refuses to be told so.
        plain = Git(self.root, {"GIT_LITERAL_PATHSPECS": "0"})
        return bool(plain.run("check-ignore", "--", str(path), accepted=(0, 1)))

    def run(self, command: str, *arguments: str) -> str:
        """Run a git command and return what it prints. Raises GitError TD703 with git's own words."""
        return self._run(command, *arguments)

    def store_commit(self, files: Mapping[str, bytes], message: str, *, parents: Sequence[str]) -> str:
        """Make a commit without touching the work tree, its index or any branch; its id.

        It has the files of its first parent, and ``files`` by path, relative to the top. Raises GitError TD703.
        """
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            aside = Git(self.root, index)
            aside.run("read-tree", *(parents[:1] or ("--empty",)))
            for number, (path, content) in enumerate(files.items()):
                file = Path(folder) / str(number)
                file.write_bytes(content)
                blob = aside.text("hash-object", "-w", "--no-filters", "--", str(file)).strip()
                aside.run("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
            tree = aside.text("write-tree").strip()
        ancestors = [word for parent in parents for word in ("-p", parent)]
        return self._run("commit-tree", tree, *ancestors, "-m", message).strip()

    def _run(self, command: str, *arguments: str) -> str:
        return self._git.text(command, *arguments)


def refuse_planted(folder: Path) -> None:
    """As ``Repository.refuse_tracked``, for who can do without a repository: without one, nothing came by it."""
    if folder.exists() and any((above / ".git").exists() for above in folder.resolve().parents):
        Repository.find(folder.parent).refuse_tracked(folder)


def _inside(root: Path, path: Path) -> PurePosixPath:
    """A path relative to the top; only its folder is resolved, as the file itself may be a link, or gone."""
    return PurePosixPath(((root / path.parent).resolve() / path.name).relative_to(root).as_posix())


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
    folder.mkdir(parents=True, exist_ok=True)
    Git(folder).run("init", "--quiet", "--initial-branch=main")
    repo = git.Repo(folder)
    with repo.config_reader() as reader:
        known = reader.has_option("user", "email")
    if not known:
        with repo.config_writer() as writer:
            writer.set_value("user", "name", "tsdeploy")
            writer.set_value("user", "email", "tsdeploy@localhost")
    return Repository(repo)

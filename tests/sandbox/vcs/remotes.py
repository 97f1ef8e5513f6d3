"""A real remote repository in a folder, and what a person would do with it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

_IDENTITY = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "init.defaultBranch=main")


@dataclass(frozen=True)
class Remote:
    """A bare repository that a sandbox is connected to, and a clone beside it."""

    folder: Path
    clone: Path

    @property
    def url(self) -> str:
        """Where the sandbox finds it."""
        return str(self.folder)

    def git(self, *arguments: str) -> str:
        """Run git in the clone; what it printed."""
        command = ["git", *_IDENTITY, *arguments]
        return subprocess.run(command, cwd=self.clone, check=True, capture_output=True, text=True).stdout.strip()

    def files(self, branch: str) -> dict[str, str]:
        """Path → text of a branch of the remote."""
        self.git("fetch", "--quiet", "--prune", "origin")
        paths = self.git("ls-tree", "-r", "--name-only", "-z", f"origin/{branch}").split("\0")
        return {path: self.git("show", f"origin/{branch}:{path}") + "\n" for path in paths if path}

    def commit(self, branch: str, **files: str | None) -> str:
        """Commit files to a branch as somebody else, None for one that goes; the id of the commit."""
        return self.commit_files(branch, dict(files))

    def commit_files(self, branch: str, files: dict[str, str | None]) -> str:
        """Commit files by path to a branch, which is made when it is not there; the id of the commit."""
        self.git("fetch", "--quiet", "origin")
        known = self.git("branch", "--remotes", "--list", f"origin/{branch}")
        self.git("checkout", "--quiet", "-B", branch, *([f"origin/{branch}"] if known else []))
        for path, text in files.items():
            file = self.clone / path
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "by hand")
        self.git("push", "--quiet", "origin", branch)
        return self.git("rev-parse", "HEAD")


def make_remote(folder: Path) -> Remote:
    """A remote with one commit on main."""
    folder.mkdir()
    bare, clone = folder / "remote.git", folder / "clone"
    subprocess.run(["git", *_IDENTITY, "init", "--quiet", "--bare", str(bare)], check=True)
    subprocess.run(["git", *_IDENTITY, "clone", "--quiet", str(bare), str(clone)], check=True, capture_output=True)
    remote = Remote(bare, clone)
    remote.commit_files("main", {"README.md": "TML\n"})
    return remote

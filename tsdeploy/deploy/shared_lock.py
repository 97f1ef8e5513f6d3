"""A lock that every clone sees: a ref on the git remote, which only one push can create."""

from __future__ import annotations

from dataclasses import replace

from tsdeploy.errors import GitError
from tsdeploy.git import Repository


class SharedLock:
    """``refs/tsdeploy/lock/NAME`` on a remote; the message of the commit that it points to says who holds it."""

    def __init__(self, repository: Repository, remote: str, name: str) -> None:
        self._repository = repository
        self._remote = repository.remote(remote)
        self.ref = f"refs/tsdeploy/lock/{name}"
        self.removal = f"git push {remote} :{self.ref}"
        self._mine = ""
        self._seen = ""

    def take(self, text: str, *, instead: bool = False) -> str | None:
        """Hold the lock; None when it is held now, else the text of who has it.

        ``instead`` replaces the holder whose text was given back last, and nobody who was faster. Raises GitError when
        the remote cannot be reached, or does not take such a ref.
        """
        there = self._seen if instead else self._there()
        if there and not instead:
            self._seen = there
            return self._text(there)
        mine = self._repository.store_commit({}, text, parents=())
        try:
            self._push(f"{mine}:{self.ref}", expected=there)
        except GitError as error:
            now = self._there()
            if now == there:
                hint = f"whoever deploys has to be allowed to push {self.ref}; or do without  shared_lock"
                raise GitError(replace(error.findings[0], hint=hint)) from None
            return self._text(now)
        self._mine = mine
        return None

    def give_back(self) -> None:
        """Take the ref away, if it is still ours."""
        if self._mine and self._there() == self._mine:
            self._push(f":{self.ref}", expected=self._mine)
        self._mine = ""

    def holder(self) -> str:
        """The text of who has it now, "" when nobody has. Raises GitError when the remote cannot be reached."""
        return self._text(self._there())

    def _there(self) -> str:
        return self._repository.remote_tip(self._remote, self.ref)

    def _text(self, commit: str) -> str:
        if not commit:
            return ""
        self._repository.run("fetch", "--quiet", self._remote, self.ref)
        return self._repository.run("log", "-1", "--format=%B", "--end-of-options", commit).strip()

    def _push(self, refspec: str, *, expected: str) -> None:
        self._repository.run("push", "--quiet", f"--force-with-lease={self.ref}:{expected}", self._remote, refspec)

"""Branches that hold what releases left: the record, and the texts from before."""

from __future__ import annotations

from tsdeploy.config.deploying import RecordSettings
from tsdeploy.git import Repository


def tip_of(repository: Repository, settings: RecordSettings, branch: str) -> str:
    """The newest commit of a branch: the remote's where records are pushed, else the local one; "" for none.

    This clone has it afterwards. Raises GitError when the remote cannot be reached.
    """
    if settings.push:
        tip = repository.remote_tip(settings.remote, f"refs/heads/{branch}")
        if tip and not repository.has(tip):
            repository.run("fetch", "--quiet", repository.remote(settings.remote), f"refs/heads/{branch}")
        return tip
    return repository.run("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").strip()

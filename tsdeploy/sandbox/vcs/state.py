"""What an Org keeps in the configuration branch: its GUID mapping, and what it deployed last of each branch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.vcs.guid_mapping import GuidMapping, read_mapping, write_mapping
from tsdeploy.sandbox.vcs.layout import commit_path, mapping_path
from tsdeploy.sandbox.vcs.repository import NewCommit, Person, Repository


@dataclass(frozen=True, slots=True)
class State:
    """The files of one Org on the configuration branch. ``head`` is None for a branch that is still to be made."""

    instance: str
    org_id: int
    branch: str
    head: str | None
    mapping: GuidMapping
    deployed: Mapping[str, str]

    def save(self, repository: Repository, mapping: GuidMapping, deployed: Mapping[str, str], by: Signature) -> None:
        """Write both files, if there is something new to write."""
        if mapping == self.mapping and deployed == self.deployed:
            return
        files: dict[str, str | None] = {
            mapping_path(self.instance, self.org_id): write_mapping(mapping),
            commit_path(self.instance, self.org_id): "".join(f"{key}={value}\n" for key, value in deployed.items()),
        }
        new = NewCommit(files, guesses.CONFIGURATION_COMMENT, by.author, by.committer, by.seconds)
        repository.write(self.branch, self.head, new)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who commits, and when, in seconds since the epoch."""

    author: Person
    committer: Person
    seconds: int


def read_state(repository: Repository, instance: str, org_id: int, branch: str) -> State:
    """The state that an Org has in a repository; an empty one at first."""
    head = repository.fetch(branch)
    files = repository.files(head)
    paths = {path: files[path] for path in _paths(instance, org_id) if path in files}
    texts = repository.read(paths.values())
    mapping, deployed = (texts.get(paths.get(path, ""), "") for path in _paths(instance, org_id))
    lines = (line.partition("=") for line in deployed.splitlines())
    return State(
        instance=instance,
        org_id=org_id,
        branch=branch,
        head=head,
        mapping=read_mapping(mapping),
        deployed={name: commit for name, _, commit in lines if commit},
    )


def _paths(instance: str, org_id: int) -> tuple[str, str]:
    return mapping_path(instance, org_id), commit_path(instance, org_id)

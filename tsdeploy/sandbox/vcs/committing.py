"""Objects written into a branch, and what is said about each file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.store.git_configs import GitConfig
from tsdeploy.sandbox.store.objects import StoredObject
from tsdeploy.sandbox.store.users import User
from tsdeploy.sandbox.texts.presentation import Shown, present
from tsdeploy.sandbox.vcs.layout import guid_in, path_of
from tsdeploy.sandbox.vcs.repository import Commit, NewCommit, Person, Repository
from tsdeploy.sandbox.vcs.state import Signature


@dataclass(slots=True)
class Changes:
    """What a commit would change: path → text, None for a file that goes; and a line about each file."""

    files: dict[str, str | None] = field(default_factory=dict)
    said: list[dict[str, str]] = field(default_factory=list)

    def note(self, path: str, status: str = "OK", message: str = "") -> None:
        """Say something about a file."""
        self.said.append({"file_name": path, "status_code": status, "status_message": message})


def changes_of(
    cluster: Cluster, items: Iterable[StoredObject], there: Mapping[str, str], texts: Mapping[str, str]
) -> Changes:
    """What committing objects changes. ``there`` is path → blob of the branch, ``texts`` blob → text of theirs."""
    changes = Changes()
    by_guid: dict[str, list[str]] = {}
    for path in there:
        by_guid.setdefault(guid_in(path), []).append(path)
    for item in items:
        path, text = path_of(item), _text(cluster, item)
        for old in by_guid.get(item.guid, []):
            if old != path:
                changes.files[old] = None  # it was renamed
        if texts.get(there.get(path, "")) == text:
            changes.note(path, "WARNING", guesses.NOT_COMMITTED_TEXT)
        else:
            changes.files[path] = text
            changes.note(path)
    return changes


def remove_absent(cluster: Cluster, org_id: int, there: Iterable[str], changes: Changes) -> None:
    """Take away the files of objects that the Org does not have."""
    for path in there:
        guid = guid_in(path)
        found = cluster.objects.get(guid) if guid else None
        if guid and path not in changes.files and (found is None or found.org_id != org_id):
            changes.files[path] = None
            changes.note(path, message=guesses.FILE_DELETED_TEXT)


def signature(cluster: Cluster, config: GitConfig, user: User) -> Signature:
    """The user as author, the configured account as committer."""
    return Signature(
        author=Person(_in_one_line(user.name), _in_one_line(user.email or guesses.git_email(user.name))),
        committer=Person(config.username, guesses.git_email(config.username)),
        seconds=cluster.now() // 1000,
    )


def _in_one_line(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def commit(repository: Repository, branch: str, head: str, changes: Changes, comment: str, by: Signature) -> Commit:
    """Commit changes to a branch; its last commit as it was, when there is nothing to change."""
    if changes.files:
        new = NewCommit(changes.files, comment, by.author, by.committer, by.seconds)
        repository.write(branch, head, new)
    return repository.last(branch)


def commit_json(made: Commit, branch: str) -> dict[str, Any]:
    """A commit as the endpoints answer it."""
    return {
        "committer": {"email": made.committer.email, "username": made.committer.username},
        "author": {"email": made.author.email, "username": made.author.username},
        "comment": made.comment,
        "commit_time": made.time,
        "commit_id": made.id,
        "branch": branch,
    }


def _text(cluster: Cluster, item: StoredObject) -> str:
    objects = cluster.objects
    return present(item, objects.links(item.guid), Shown(fqn=True), objects.get)

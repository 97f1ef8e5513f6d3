"""Committing objects, looking commits up, and going back to one. Source: facts about the REST API, section 14."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.git_configs import git_endpoint, need_config
from tsdeploy.sandbox.endpoints.paging import page
from tsdeploy.sandbox.importing.request import Policy
from tsdeploy.sandbox.lookup import need_modifiable, need_readable
from tsdeploy.sandbox.store.git_configs import GitConfig
from tsdeploy.sandbox.vcs.committing import Changes, changes_of, commit, commit_json, remove_absent, signature
from tsdeploy.sandbox.vcs.deploying import Deployer
from tsdeploy.sandbox.vcs.git import check_branch, refused
from tsdeploy.sandbox.vcs.layout import guid_in, is_tml
from tsdeploy.sandbox.vcs.repository import Repository, opened
from tsdeploy.sandbox.vcs.state import read_state
from tsdeploy.sandbox.web.arguments import Argument, enum, flag, group, number, since, text
from tsdeploy.sandbox.web.endpoint import Call, Reply
from tsdeploy.sandbox.web.failures import ApiError, Code
from tsdeploy.tml.references import is_guid

_TYPES = ("LIVEBOARD", "ANSWER", "LOGICAL_TABLE", "CUSTOM_ACTION")


def commit_branch(call: Call) -> Reply:
    """``POST /vcs/git/branches/commit``: objects into a branch; with ``delete_aware`` those that are gone out of it."""
    config = need_config(call)
    branch = _branch(call, config)
    items = [need_modifiable(call, entry["identifier"], entry["type"]) for entry in call.many("metadata")]
    with opened(config) as repository:
        head = repository.need(branch)
        there = {path: blob for path, blob in repository.files(head).items() if is_tml(path)}
        wanted = {item.guid for item in items}
        texts = repository.read(blob for path, blob in there.items() if guid_in(path) in wanted)
        changes = changes_of(call.cluster, items, there, texts)
        if call.flag("delete_aware"):
            remove_absent(call.cluster, call.org_id, there, changes)
        by = signature(call.cluster, config, call.user)
        made = commit(repository, branch, head, changes, call.text("comment"), by)
    return Reply({**commit_json(made, branch), "committed_files": changes.said})


def search(call: Call) -> Reply:
    """``POST /vcs/git/commits/search``: the commits of one object, all of them unless a page is asked for."""
    config = need_config(call)
    branch, guid = _branch(call, config), _guid(call)
    with opened(config) as repository:
        repository.need(branch)
        found = [commit_json(made, branch) for made in repository.log(branch, f":(glob)**/*.{guid}.*")]
    return Reply(page(call, found))


def revert(call: Call) -> Reply:
    """``POST /vcs/git/commits/{commit_id}/revert``: files as a commit has them, in the branch and in the Org."""
    config = need_config(call)
    branch = _branch(call, config)
    policy = Policy(call.text("revert_policy"))
    with opened(config) as repository:
        head = repository.need(branch)
        then = _reverted(call, repository, repository.commit_on(call.text("commit_id"), branch))
        state = read_state(repository, call.cluster.settings.name, call.org_id, config.configuration_branch)
        with call.cluster.database.transaction():
            deployer = Deployer(call.cluster, call.org, call.session.user_id, policy, config.guid_mapping)
            with call.cluster.database.savepoint():
                done = deployer.deploy(then, state.mapping)
                if done.failures and policy is Policy.ALL_OR_NONE:
                    raise refused(guesses.revert_refused([(one.path, one.message) for one in done.failures]))
            changes = _restored(repository, head, then, {one.path for one in done.failures})
            by = signature(call.cluster, config, call.user)
            made = commit(repository, branch, head, changes, guesses.revert_comment(call.text("commit_id")), by)
            state.save(repository, done.mapping, state.deployed, by)
    reverted = [result.to_json() for result in done.results]
    return Reply({**commit_json(made, branch), "committed_files": changes.said, "reverted_metadata": reverted})


def _reverted(call: Call, repository: Repository, commit_id: str) -> dict[str, str]:
    """Path → text of the files to go back to: those of the objects named, else those that the commit changed."""
    files = {path: blob for path, blob in repository.files(commit_id).items() if is_tml(path)}
    entries = call.many("metadata")
    if entries:
        wanted = {need_modifiable(call, entry["identifier"], entry["type"]).guid for entry in entries}
        chosen = {path: blob for path, blob in files.items() if guid_in(path) in wanted}
    else:
        before = repository.files(repository.parent(commit_id))
        chosen = {path: blob for path, blob in files.items() if before.get(path) != blob}
    texts = repository.read(chosen.values())
    return {path: texts[blob] for path, blob in chosen.items()}


def _restored(repository: Repository, head: str, then: Mapping[str, str], failed: Collection[str]) -> Changes:
    changes = Changes()
    there = repository.files(head)
    texts = repository.read(there[path] for path in then if path in there)
    by_guid = {guid_in(path): path for path in there if guid_in(path)}
    for path, text_then in then.items():
        if path in failed or texts.get(there.get(path, "")) == text_then:
            changes.note(path, "WARNING", guesses.NOT_COMMITTED_TEXT)
            continue
        moved = by_guid.get(guid_in(path), path)
        if moved != path:
            changes.files[moved] = None
        changes.files[path] = text_then
        changes.note(path)
    return changes


def _branch(call: Call, config: GitConfig) -> str:
    branch = call.text("branch_name") or config.commit_branch
    if not branch:
        raise refused(guesses.NO_BRANCH_TEXT)
    return check_branch(branch)


def _guid(call: Call) -> str:
    """The GUID of the object named; one that is no longer here may still be in the repository."""
    identifier = call.text("metadata_identifier")
    try:
        return need_readable(call, identifier, call.text("metadata_type") or None).guid
    except ApiError as error:
        if error.code == Code.NOT_FOUND and is_guid(identifier):
            return identifier.lower()
        raise


def _objects(*, required: bool) -> Argument:
    fields = (text("identifier", required=True), enum("type", *_TYPES))
    return group("metadata", *fields, required=required, many=True)


ENDPOINTS = (
    git_endpoint(
        "branches/commit",
        commit_branch,
        _objects(required=True),
        since("9.7", flag("delete_aware", True)),
        text("branch_name"),
        text("comment", required=True),
    ),
    git_endpoint(
        "commits/search",
        search,
        text("metadata_identifier", required=True),
        enum("metadata_type", *_TYPES),
        text("branch_name"),
        number("record_offset", 0),
        number("record_size"),
    ),
    git_endpoint(
        "commits/<commit_id>/revert",
        revert,
        text("commit_id", required=True),
        _objects(required=False),
        text("branch_name"),
        enum("revert_policy", "ALL_OR_NONE", "PARTIAL", default="ALL_OR_NONE"),
    ),
)

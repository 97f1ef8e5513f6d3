"""Validating branches and deploying commits. Source: facts about the REST API, section 14."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.git_configs import git_endpoint, need_config
from tsdeploy.sandbox.endpoints.metadata import refuse_dependents
from tsdeploy.sandbox.importing.request import Policy
from tsdeploy.sandbox.store.git_configs import GitConfig
from tsdeploy.sandbox.vcs.committing import signature
from tsdeploy.sandbox.vcs.deploying import Deployed, Deployer, FileResult
from tsdeploy.sandbox.vcs.git import check_branch
from tsdeploy.sandbox.vcs.guid_mapping import Entry
from tsdeploy.sandbox.vcs.layout import guid_in, is_tml
from tsdeploy.sandbox.vcs.repository import Repository, opened
from tsdeploy.sandbox.vcs.state import State, read_state
from tsdeploy.sandbox.web.arguments import enum, text
from tsdeploy.sandbox.web.endpoint import Call, Reply
from tsdeploy.sandbox.web.failures import ApiError


@dataclass(frozen=True, slots=True)
class _Delta:
    """Path → text of the files to import, and the paths of those whose objects go."""

    files: Mapping[str, str]
    gone: tuple[str, ...] = ()


class _TakeBackError(Exception):
    """Takes a deploy back, and keeps its answer."""


def validate(call: Call) -> Reply:
    """``POST /vcs/git/branches/validate``: what importing the difference of two branches would answer."""
    config = need_config(call)
    source, target = check_branch(call.text("source_branch_name")), check_branch(call.text("target_branch_name"))
    with opened(config) as repository:
        delta = _Delta(_changed(repository, repository.need(target), repository.need(source)))
        state = _state(call, repository, config)
    with call.cluster.database.transaction():
        done = _deploy(call, config, delta, state, Policy.VALIDATE_ONLY)
    return Reply([result.to_json() for result in done.results])


def deploy(call: Call) -> Reply:
    """``POST /vcs/git/commits/deploy``: what changed since the last deploy of a branch, or all of it."""
    config = need_config(call)
    branch, policy = check_branch(call.text("branch_name")), Policy(call.text("deploy_policy"))
    with opened(config) as repository:
        head = repository.need(branch)
        commit_id = repository.commit_on(call.text("commit_id"), branch) if call.text("commit_id") else head
        state = _state(call, repository, config)
        delta = _delta(call, repository, state.deployed.get(branch, ""), commit_id)
        with call.cluster.database.transaction():
            done = _deploy(call, config, delta, state, policy)
            if _is_kept(policy, done):
                mapping = done.mapping if config.guid_mapping else state.mapping
                by = signature(call.cluster, config, call.user)
                state.save(repository, mapping, {**state.deployed, branch: commit_id}, by)
    return Reply([result.to_json() for result in done.results])


def _state(call: Call, repository: Repository, config: GitConfig) -> State:
    return read_state(repository, call.cluster.settings.name, call.org_id, config.configuration_branch)


def _delta(call: Call, repository: Repository, last: str, commit_id: str) -> _Delta:
    """FULL is every file, and without what the last deploy had beside them; DELTA is what changed since."""
    base = last if last and repository.has(last) else None
    if call.text("deploy_type") == "DELTA":
        return _Delta(_changed(repository, base, commit_id))
    files = _changed(repository, None, commit_id)
    before = repository.files(base or repository.parent(commit_id))
    kept = {guid_in(path) for path in files}
    gone = (path for path in before if is_tml(path) and guid_in(path) and guid_in(path) not in kept)
    return _Delta(files, tuple(gone))


def _changed(repository: Repository, base: str | None, commit_id: str) -> dict[str, str]:
    """Path → text of the TML files of a commit that are not the same in another."""
    before = repository.files(base)
    chosen = {
        path: blob for path, blob in repository.files(commit_id).items() if is_tml(path) and before.get(path) != blob
    }
    texts = repository.read(chosen.values())
    return {path: texts[blob] for path, blob in chosen.items()}


def _deploy(call: Call, config: GitConfig, delta: _Delta, state: State, policy: Policy) -> Deployed:
    """Import and delete; under ALL_OR_NONE all of it or nothing."""
    deployer = Deployer(call.cluster, call.org, call.session.user_id, policy, config.guid_mapping)
    done = Deployed([], state.mapping)
    try:
        with call.cluster.database.savepoint():
            done = deployer.deploy(delta.files, state.mapping)
            done.results.extend(_delete(call, path, state, policy) for path in delta.gone)
            if not _is_kept(policy, done):
                raise _TakeBackError
    except _TakeBackError:
        pass
    return done


def _is_kept(policy: Policy, done: Deployed) -> bool:
    """Whether a deploy is written, and remembered as the last one of its branch."""
    return policy is Policy.PARTIAL or (policy is Policy.ALL_OR_NONE and not done.failures)


def _delete(call: Call, path: str, state: State, policy: Policy) -> FileResult:
    guid = guid_in(path)
    item = call.cluster.objects.get(state.mapping.entries.get(guid, Entry(guid, guid)).mapped)
    name, kind = path.rsplit("/", maxsplit=1)[-1].rsplit(".", maxsplit=3)[0], path.partition("/")[0]
    if item is None or item.org_id != call.org_id or not call.access.may_modify(item):
        return FileResult(path, name, kind, "WARNING", guesses.NOT_DELETED_TEXT)
    try:
        refuse_dependents(call, {item.guid})
    except ApiError as error:
        return FileResult(path, item.name, kind, "ERROR", error.message)
    call.cluster.objects.delete([item.guid])
    done = "validated for deletion" if policy is Policy.VALIDATE_ONLY else "deleted"
    return FileResult(path, item.name, kind, "OK", guesses.file_done(done))


ENDPOINTS = (
    git_endpoint(
        "branches/validate",
        validate,
        text("source_branch_name", required=True),
        text("target_branch_name", required=True),
    ),
    git_endpoint(
        "commits/deploy",
        deploy,
        text("branch_name", required=True),
        text("commit_id"),
        enum("deploy_type", "DELTA", "FULL", default="DELTA"),
        enum("deploy_policy", "ALL_OR_NONE", "PARTIAL", "VALIDATE_ONLY", default="ALL_OR_NONE"),
    ),
)

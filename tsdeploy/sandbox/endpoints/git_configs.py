"""``vcs/git/config``: which repository an Org is connected to. Source: facts about the REST API, section 14."""

from __future__ import annotations

from typing import Any

from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.endpoints.other_orgs import need_administrator, org_named
from tsdeploy.sandbox.store.git_configs import GitConfig
from tsdeploy.sandbox.vcs.git import check_account, check_branch, check_url, refused
from tsdeploy.sandbox.vcs.repository import opened
from tsdeploy.sandbox.web.arguments import Argument, flag, since, text
from tsdeploy.sandbox.web.endpoint import Call, Endpoint, Handler, Reply
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID

_CONFIGURATION_BRANCH = "ts_config_files"


def need_config(call: Call) -> GitConfig:
    """The configuration of the caller's Org. Raises ApiError 400/10002 where there is none."""
    found = call.cluster.git_configs.find(call.org_id)
    if found is None:
        raise refused(guesses.NO_GIT_CONFIG_TEXT)
    return found


def search(call: Call) -> Reply:
    """``POST /vcs/git/config/search``: a bare array; the own Org's configuration, unless others are named."""
    wanted = {org_named(call, identifier) for identifier in call.many("org_identifiers")} or {call.org_id}
    return Reply([_shown(call, config) for config in call.cluster.git_configs.all() if config.org_id in wanted])


def create(call: Call) -> Reply:
    """``POST /vcs/git/config/create``: the repository has to answer, and the branches to be there."""
    org_id = org_named(call, call.text("org_identifier"))
    if call.cluster.git_configs.find(org_id) is not None:
        raise refused(guesses.GIT_CONFIG_EXISTS_TEXT)
    config = GitConfig(
        org_id=org_id,
        repository_url=call.text("repository_url"),
        username=call.text("username"),
        access_token=call.text("access_token"),
        commit_branch=call.text("commit_branch_name"),
        branches=tuple(call.many("branch_names")),
        guid_mapping=call.flag("enable_guid_mapping"),
        configuration_branch=call.text("configuration_branch_name") or _CONFIGURATION_BRANCH,
    )
    return _saved(call, config)


def update(call: Call) -> Reply:
    """``POST /vcs/git/config/update``: what is not given stays."""
    org_id = org_named(call, call.text("org_identifier"))
    before = call.cluster.git_configs.find(org_id)
    if before is None:
        raise refused(guesses.NO_GIT_CONFIG_TEXT)
    mapping, branches = call.arguments["enable_guid_mapping"], call.arguments["branch_names"]
    config = GitConfig(
        org_id=org_id,
        repository_url=call.text("repository_url") or before.repository_url,
        username=call.text("username") or before.username,
        access_token=call.text("access_token") or before.access_token,
        commit_branch=call.text("commit_branch_name") or before.commit_branch,
        branches=before.branches if branches is None else tuple(branches),
        guid_mapping=before.guid_mapping if mapping is None else mapping,
        configuration_branch=call.text("configuration_branch_name") or before.configuration_branch,
    )
    return _saved(call, config)


def delete(call: Call) -> Reply:
    """``POST /vcs/git/config/delete``: that of the Org, or at cluster level all of them."""
    configs = call.cluster.git_configs
    if call.flag("cluster_level"):
        need_administrator(call, PRIMARY_ORG_ID)
        going = [config.org_id for config in configs.all()]
    else:
        going = [need_config(call).org_id]
    with call.cluster.database.transaction():
        for org_id in going:
            configs.delete(org_id)
    return Reply()


def _saved(call: Call, config: GitConfig) -> Reply:
    check_url(config.repository_url)
    check_account(config.username)
    check_account(config.access_token)
    check_branch(config.configuration_branch)
    with opened(config) as repository:
        known = repository.branches
    for branch in (*config.branches, *([config.commit_branch] if config.commit_branch else [])):
        if check_branch(branch) not in known:
            raise refused(f"Branch {branch} does not exist in the repository")
    with call.cluster.database.transaction():
        call.cluster.git_configs.save(config)
    return Reply(_shown(call, config))


def _shown(call: Call, config: GitConfig) -> dict[str, Any]:
    """A configuration, without its access token."""
    org = call.cluster.orgs.get(config.org_id)
    return {
        "repository_url": config.repository_url,
        "username": config.username,
        "commit_branch_name": config.commit_branch or None,
        "branches": list(config.branches),
        "enable_guid_mapping": config.guid_mapping,
        "configuration_branch_name": config.configuration_branch,
        "org": {"id": config.org_id, "name": org.name if org else ""},
    }


def _arguments(*, required: bool) -> tuple[Argument, ...]:
    return (
        text("repository_url", required=required),
        text("username", required=required),
        text("access_token", required=required),
        text("org_identifier"),
        text("branch_names", many=True),
        since("9.7", text("commit_branch_name")),
        flag("enable_guid_mapping", True if required else None),
        since("9.7", text("configuration_branch_name")),
    )


def git_endpoint(path: str, handler: Handler, *arguments: Argument, bodiless: bool = False) -> Endpoint:
    """An endpoint below ``/vcs/git``. It makes its own transactions, so that nobody waits for a remote repository."""
    return Endpoint(
        "POST",
        f"/vcs/git/{path}",
        handler,
        arguments,
        bodiless=bodiless,
        needs=guesses.GIT_NEEDS,
        since="9.2",
        transactional=False,
    )


ENDPOINTS = (
    git_endpoint("config/search", search, text("org_identifiers", many=True)),
    git_endpoint("config/create", create, *_arguments(required=True)),
    git_endpoint("config/update", update, *_arguments(required=False)),
    git_endpoint("config/delete", delete, flag("cluster_level"), bodiless=True),
)

"""vcs/git/config: what an Org is connected to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.answers import conforms, empty, refused
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_group, add_user
from tests.sandbox.vcs.conftest import connect
from tests.sandbox.vcs.remotes import Remote
from tsdeploy.sandbox import org_id_of


def test_a_configuration_is_shown_without_its_token(client: Client, remote: Remote) -> None:
    made = connect(client, remote)

    assert made == {
        "repository_url": remote.url,
        "username": "robot",
        "commit_branch_name": "main",
        "branches": ["main"],
        "enable_guid_mapping": True,
        "configuration_branch_name": "ts_config_files",
        "org": {"id": 0, "name": "Primary"},
    }
    response = client.post("/vcs/git/config/search", {})
    assert conforms(response, "git_configs") == [made]
    assert "very-secret" not in response.text


def test_a_file_url_is_as_good_as_a_path(client: Client, remote: Remote) -> None:
    connect(client, remote, repository_url=remote.folder.as_uri())


def test_an_org_has_one_configuration(connected: Client, remote: Remote) -> None:
    body = {"repository_url": remote.url, "username": "x", "access_token": "y"}

    refused(connected.post("/vcs/git/config/create", body), 400, 10002)


def test_what_is_not_given_stays(connected: Client, remote: Remote) -> None:
    remote.commit_files("prod", {})

    changed = conforms(connected.post("/vcs/git/config/update", {"branch_names": ["main", "prod"]}), "git_config")

    assert (changed["branches"], changed["username"], changed["commit_branch_name"]) == (
        ["main", "prod"],
        "robot",
        "main",
    )


@pytest.mark.parametrize(
    "more",
    [
        {"branch_names": ["nowhere"]},
        {"repository_url": "/nowhere/at/all"},
        {"repository_url": "http://example.com/x.git"},
        {"repository_url": "git@example.com:x.git"},
        {"repository_url": "ext::sh -c touch% /tmp/x"},
        {"repository_url": "--upload-pack=touch /tmp/x"},
        {"repository_url": "file://elsewhere/x.git"},
        {"repository_url": "https://-oProxyCommand=x/y"},
        {"branch_names": ["--upload-pack=x"]},
        {"commit_branch_name": "a..b"},
        {"configuration_branch_name": "-x"},
        {"username": "a\nb"},
        {"access_token": "a\0b"},
        {"configuration_branch_name": "refs/heads/../../x"},
    ],
)
def test_what_git_must_not_be_told_is_400(more: dict[str, Any], client: Client, remote: Remote) -> None:
    body = {"repository_url": remote.url, "username": "x", "access_token": "y", **more}

    refused(client.post("/vcs/git/config/create", body), 400, 10002)

    assert client.post("/vcs/git/config/search", {}).json() == []


def test_each_org_has_its_own(connected: Client, remote: Remote, log_in: Callable[[int], Client]) -> None:
    elsewhere = log_in(org_id_of(ORG))
    connect(elsewhere, remote)

    empty(elsewhere.post("/vcs/git/config/delete", {}))

    left = conforms(connected.post("/vcs/git/config/search", {"org_identifiers": ["Primary", ORG]}), "git_configs")
    assert [config["org"]["name"] for config in left] == ["Primary"]


def test_an_administrator_of_one_org_leaves_the_others_alone(
    connected: Client, remote: Remote, log_in_as: Callable[..., Client]
) -> None:
    add_group(connected, "Heads", "ADMINISTRATION", org=ORG)
    add_user(connected, "head", orgs=[ORG], groups=["Heads"])
    head = log_in_as("head", org_id_of(ORG))

    refused(head.post("/vcs/git/config/delete", {"cluster_level": True}), 403, 10023)
    refused(head.post("/vcs/git/config/search", {"org_identifiers": ["Primary"]}), 403, 10023)
    assert conforms(head.post("/vcs/git/config/search", {}), "git_configs") == []


def test_at_cluster_level_all_are_deleted(connected: Client, remote: Remote) -> None:
    connect(connected, remote, org_identifier=ORG)

    empty(connected.post("/vcs/git/config/delete", {"cluster_level": True}))

    assert connected.post("/vcs/git/config/search", {}).json() == []


def test_without_a_configuration_nothing_works(client: Client) -> None:
    refused(client.post("/vcs/git/config/delete", {}), 400, 10002)
    refused(client.post("/vcs/git/config/update", {}), 400, 10002)
    refused(client.post("/vcs/git/commits/deploy", {"branch_name": "main"}), 400, 10002)

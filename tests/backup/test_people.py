"""Users, groups and roles in a backup, and in a restore: who is missing is said, and made only on request."""

from __future__ import annotations

import json

import pytest

from tests.backup.conftest import ANSWER, BOARD, Lose, contents, store
from tests.conftest import Cli, Estate, environment_yaml
from tests.golden_files import assert_golden
from tsdeploy.sandbox import NewGroup, NewUser, add_group, add_user
from tsdeploy.sandbox.principals import add_role


@pytest.fixture
def team(shop: Estate) -> Estate:
    """Ann in a group with a role and a sub-group; somebody of another Org; a service user who is no administrator."""
    cluster = shop.clusters["dev"]
    with cluster.database.transaction():
        cluster.add_org("Elsewhere")
        add_role(cluster, "Stewards", ["TAGMANAGEMENT"], "They tag")
        add_group(cluster, NewGroup(name="Interns"))
        add_group(cluster, NewGroup(name="Everyone here", sub_groups=("Web Shop",)))
        add_group(cluster, NewGroup(name="Web Shop", org="Elsewhere"))
        add_group(cluster, NewGroup(name="Web Shop", sub_groups=("Interns",), roles=("Stewards",), description="Shop"))
        add_group(cluster, NewGroup(name="Services", privileges=("DATAMANAGEMENT", "DATADOWNLOADING")))
        add_user(cluster, NewUser(name="ann", email="ann@x.example", display_name="Ann", password="hunter2"))
        add_user(cluster, NewUser(name="ben", account_type="SAML_USER", groups=("Interns",)))
        add_user(cluster, NewUser(name="cleo", orgs=("Elsewhere",), groups=("Web Shop",)))
        add_user(cluster, NewUser(name="svc", groups=("Services",)))
    return shop


def names(estate: Estate, path: str) -> list[str]:
    """Who is in a file of the latest backup."""
    return [one["name"] for one in json.loads(contents(estate)[path])[path.removesuffix(".json")]]


def lose_people(estate: Estate) -> None:
    """Ann, Ben, their groups and the role are gone."""
    cluster = estate.clusters["dev"]
    with cluster.database.transaction():
        for name in ("ann", "ben"):
            user = cluster.users.find(name)
            assert user is not None
            cluster.users.delete(user.id)
        for name in ("Web Shop", "Interns"):
            (group,) = cluster.groups.named(name, 0)
            cluster.groups.delete(group.id)
        cluster.database.execute("DELETE FROM roles")
        cluster.database.execute("DELETE FROM group_users WHERE user_id NOT IN (SELECT id FROM users)")


def test_people_are_written_down_without_passwords(team: Estate, cli: Cli, request: pytest.FixtureRequest) -> None:
    assert cli("backup", "dev").code == 0
    files = contents(team)
    for path in ("users.json", "groups.json", "roles.json"):
        assert_golden(request, f"backup/{path}", files[path].decode())
    assert b"hunter2" not in b"".join(files.values())


def test_nothing_is_different_when_nobody_changed(team: Estate, cli: Cli) -> None:
    cli("backup", "dev", "--full")
    before = {path: text for path, text in contents(team).items() if not path.startswith("tml/")}
    cli("backup", "dev", "--full")
    assert {path: text for path, text in contents(team).items() if not path.startswith("tml/")} == before


def test_a_changed_file_is_found_out(team: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    kept = store(team)
    with kept.change() as change:
        change.write("users.json", contents(team)["users.json"].replace(b"ann@x", b"eve@x"))
        change.write("groups.json", b"[]")
        change.commit("tampered", kept.head(), kept.snapshots()[0].time)
    outcome = cli("backup", "verify", "dev")
    assert outcome.code == 1
    assert "has not the bytes it was backed up with\n  in users.json" in outcome.err
    assert "in groups.json" in outcome.err


def test_who_may_not_list_people_backs_up_the_rest(team: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    people = {path: contents(team)[path] for path in ("users.json", "groups.json", "roles.json")}
    text = environment_yaml(team.servers["dev"].url).replace("tsadmin", "svc")
    team.write("environments/dev/environment.yaml", text)
    outcome = cli("backup", "dev", "--full")
    assert "warning[TD532]: could not read the groups: svc lacks the privilege GROUP_ADMINISTRATION" in outcome.err
    assert {path: contents(team)[path] for path in people} == people
    listed = [one["name"] for one in json.loads(contents(team)["not-exported.json"])["objects"]]
    assert {"the groups", "the roles", "the users"} <= set(listed)
    assert cli("backup", "verify", "dev").code == 0


def test_the_plan_says_who_is_missing(team: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    lose(BOARD, ANSWER)
    lose_people(team)
    outcome = cli("restore", "dev", "--select", BOARD, "--select", ANSWER, "--yes")
    assert outcome.code == 5
    assert "warning[TD541]: owners and shares name users that are not there: ann, ben" in outcome.err
    assert "owners and shares name groups that are not there: Web Shop" in outcome.err
    assert team.clusters["dev"].objects.get(BOARD) is not None
    assert team.clusters["dev"].users.find("ann") is None


def test_people_are_made_anew_on_request(team: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    before = contents(team)
    lose(BOARD, ANSWER)
    lose_people(team)
    outcome = cli("restore", "dev", "--principals", "--yes")
    assert outcome.code == 0, outcome.err
    assert "warning[TD543]: users that are there again without a password: ann\n" in outcome.err
    assert "warning[TD543]: group Web Shop was in Everyone here" in outcome.err
    assert "TD541" not in outcome.err
    cluster = team.clusters["dev"]
    with cluster.database.transaction():
        add_group(cluster, NewGroup(name="Everyone here", sub_groups=("Web Shop",)))
    cli("backup", "dev", "--full")
    assert {path: contents(team)[path] for path in before} == before
    assert "no users, groups or roles are missing" in cli("restore", "dev", "--principals", "--yes").err


def test_only_those_are_made_whom_the_selected_objects_need(team: Estate, cli: Cli, lose: Lose) -> None:
    cli("backup", "dev")
    lose(BOARD)
    lose_people(team)
    outcome = cli("restore", "dev", "--select", BOARD, "--principals", "--yes")
    assert outcome.code == 0, outcome.err
    cluster = team.clusters["dev"]
    assert cluster.users.find("ann") is not None
    assert cluster.users.find("ben") is None
    assert {group.name for group in cluster.groups.in_org(0)} >= {"Web Shop", "Interns"}


def test_nobody_is_made_without_being_asked_for(team: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    lose_people(team)
    outcome = cli("restore", "dev", "--principals")
    assert outcome.code == 2
    assert "Make 1 role (Stewards); 2 groups (Interns, Web Shop); 2 users (ann, ben) in dev?" in outcome.err
    assert team.clusters["dev"].users.find("ann") is None


def test_who_is_refused_is_said_and_the_others_are_made(team: Estate, cli: Cli) -> None:
    cli("backup", "dev")
    lose_people(team)
    team.clusters["dev"].traffic.faults.add("status", "users/create", status=400, message="no", times=1)
    outcome = cli("restore", "dev", "--principals", "--yes")
    assert outcome.code == 5
    assert "error[TD536]: user ann was refused" in outcome.err
    assert team.clusters["dev"].users.find("ben") is not None
    assert names(team, "users.json")

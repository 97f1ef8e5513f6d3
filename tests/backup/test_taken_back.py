"""A restore stands in the history of its environment, and can be taken back."""

from __future__ import annotations

import json

from tests.backup.conftest import Lose
from tests.conftest import Cli, Estate
from tests.deploy.release import exported
from tests.plan.editing import edit_live, live_text
from tsdeploy.rest import ObjectRef, assign_tags

NAME = "Store Performance"
ANSWER = "Products Below Stock Cover"


def edited_and_lost(estate: Estate) -> str:
    """Somebody changed a Liveboard of prod by hand, and deleted an answer; the Liveboard as it is then."""
    edit_live(estate, "prod", NAME, "Net Sales by Region", "Edited by hand")
    cluster = estate.clusters["prod"]
    with cluster.database.transaction():
        cluster.objects.delete([one.guid for one in cluster.objects.named(0, ANSWER)])
    return live_text(estate, "prod", NAME)


def test_what_a_restore_overwrote_comes_back(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    assert cli("backup", "prod").code == 0
    recorded = retail.project.objects(retail.project.environment("prod"))
    by_hand = edited_and_lost(retail)
    assert cli("restore", "prod", "--yes").code == 0
    assert "Edited by hand" not in live_text(retail, "prod", NAME)
    newest = json.loads(cli("history", "prod", "--format", "json").out)[0]
    assert (newest["kind"], newest["status"], len(newest["objects"])) == ("restore", "done", 2)
    assert cli("rollback", "prod", "--plan").out.endswith("Rollback: 1 to restore, 1 to delete.\n")
    taken = cli("rollback", "prod", "--yes")
    assert taken.code == 0, taken.err
    assert live_text(retail, "prod", NAME) == by_hand
    assert retail.clusters["prod"].objects.named(0, ANSWER) == []
    now = retail.project.objects(retail.project.environment("prod"))
    # What is not there is not recorded any more: the next deploy makes it, with the same GUID.
    assert {one.name for one in recorded} - {one.name for one in now} == {ANSWER}
    assert all(one in recorded.records for one in now)


def test_an_edit_since_a_restore_is_not_lost(retail: Estate, cli: Cli) -> None:
    exported(retail, cli)
    assert cli("deploy", "prod", "--yes").code == 0
    assert cli("backup", "prod").code == 0
    edited_and_lost(retail)
    assert cli("restore", "prod", "--yes").code == 0
    edit_live(retail, "prod", NAME, "Net Sales by Region", "Edited again")
    refused = cli("rollback", "prod", "--yes")
    assert (refused.code, "error[TD618]" in refused.err) == (1, True)
    assert "Edited again" in live_text(retail, "prod", NAME)


def test_a_restore_of_what_no_deploy_knows_is_taken_back(shop: Estate, cli: Cli, lose: Lose) -> None:
    (lost,) = (one.guid for one in shop.clusters["dev"].objects.named(0, ANSWER))
    with shop.session("dev") as session:
        assign_tags(session, [ObjectRef(lost)], ["draft"])
    assert cli("backup", "dev").code == 0
    lose(lost)
    assert cli("restore", "dev", "--yes").code == 0
    shown = cli("history", "dev", json.loads(cli("history", "dev", "--format", "json").out)[0]["id"]).out
    assert "restore of dev: done" in shown
    assert "set      done       set 1 tag\n" in shown
    taken = cli("rollback", "dev", "--yes")
    assert taken.code == 0, taken.out + taken.err
    assert shop.clusters["dev"].objects.get(lost) is None

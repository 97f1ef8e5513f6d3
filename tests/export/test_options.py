"""What else an export can be asked for: narrower selections, other layouts, deletions, branches, more Orgs."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.export.test_export import answer, exported, guid, put
from tsdeploy.git import Repository, create_repository
from tsdeploy.rest import ObjectRef
from tsdeploy.rest.sharing import assign_owner
from tsdeploy.sandbox import NewUser, add_user

VIEW = "ab9d673f-6662-4f6f-8fec-27d2d6fa71f8"
MODEL = "9a5c5542-7e89-4749-ab04-f13c30a823fc"


def git(repository: Repository, *arguments: str) -> str:
    """What a git command prints."""
    return subprocess.run(["git", *arguments], cwd=repository.root, check=True, capture_output=True, text=True).stdout


def kinds(estate: Estate) -> set[str]:
    """The folders of what was exported."""
    return {path.partition("/")[0] for path in exported(estate)}


def test_selectors_narrow_what_was_fetched(retail: Estate, cli: Cli) -> None:
    outcome = cli("export", "dev", "--kind", "view", "--kind", "model", "--select", f"+{VIEW}")
    assert outcome.code == 0, outcome.err
    assert kinds(retail) == {"view", "model", "table"}
    assert not any("Inventory and Returns" in path for path in exported(retail))


def test_what_is_excluded_is_left_out(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--exclude", "table:*", "--exclude", "liveboard:*")
    assert kinds(retail).isdisjoint({"table", "liveboard"})


def test_dependents_come_along_when_asked_for(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--guid", VIEW, "--dependents", "--no-associated")
    assert {path.rpartition("/")[2].partition(".")[0] for path in exported(retail)} >= {
        "Store Monthly Sales",
        "Store League by Sales per Square Foot",
    }


def test_a_collection_stands_for_its_objects(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--collection", "Retail Leadership", "--no-associated")
    assert kinds(retail) == {"collection", "liveboard", "answer"}
    outcome = cli("export", "dev", "--collection", "Nobody")
    assert (outcome.code, "there are: Retail Leadership" in outcome.err) == (2, True)


def test_only_what_changed_since_is_exported(retail: Estate, cli: Cli) -> None:
    assert "Export: 0 added" in cli("export", "dev", "--modified-since", "2099-01-01").out
    assert "Export: 0 added" not in cli("export", "dev", "--modified-since", "7d").out
    assert "error[TD506]" in cli("export", "dev", "--modified-since", "lately").err


def test_an_obj_id_that_nobody_has_is_an_error(retail: Estate, cli: Cli) -> None:
    assert "error[TD501]: there is no object with the obj_id Gone-1" in cli("export", "dev", "--obj-id", "Gone-1").err


def test_subtypes_are_the_servers(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--subtype", "SQL_VIEW", "--no-associated")
    assert kinds(retail) == {"sql_view"}


def test_a_layout_says_where_new_files_go_and_old_ones_stay(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--guid", VIEW, "--no-associated")
    cli("export", "dev", "--kind", "model", "--no-associated", "--layout", "{environment}/{author}/{name}.{guid}.tml")
    assert sorted(exported(retail)) == [
        f"dev/tsadmin/Inventory and Returns.{'df81b06a-e67c-42f2-95ae-d59f7501d74e'}.tml",
        f"dev/tsadmin/Retail Sales.{MODEL}.tml",
        "view/Store Monthly Sales.ab9d673f.view.tml",
    ]


@pytest.mark.parametrize(
    "layout", ["{title}.tml", "fixed.tml", "../{name}.tml", "/{name}.tml", "{name}.yaml", ".x/{id}.tml"]
)
def test_layouts_that_cannot_work_are_refused(layout: str, retail: Estate, cli: Cli) -> None:
    outcome = cli("export", "dev", "--layout", layout)
    assert (outcome.code, "error[TD508]" in outcome.err) == (2, True)


def test_files_of_deleted_objects_go_only_when_told_so(retail: Estate, cli: Cli) -> None:
    put(retail, answer(guid(1), "Going"), answer(guid(2), "Staying"))
    cli("export", "dev", "--kind", "answer", "--no-associated", "--commit")
    cluster = retail.clusters["dev"]
    with cluster.database.transaction():
        cluster.objects.delete([guid(1)])
    cli("export", "dev", "--kind", "answer", "--no-associated")
    assert "answer/Going.00000001.answer.tml" in exported(retail)
    outcome = cli("export", "dev", "--kind", "answer", "--no-associated", "--prune-files", "--commit")
    assert "- answer:Going" in outcome.out
    assert "1 deleted" in outcome.out
    assert "answer/Going.00000001.answer.tml" not in exported(retail)
    assert guid(1) not in (retail.project.root / "environments/dev/objects.json").read_text("utf-8")
    assert retail.repository.dirty([retail.project.root]) == []


def test_what_is_only_not_selected_keeps_its_file(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--kind", "view", "--no-associated")
    cli("export", "dev", "--kind", "model", "--no-associated", "--prune-files")
    assert kinds(retail) == {"view", "model"}


def test_an_incomplete_export_deletes_nothing(retail: Estate, cli: Cli) -> None:
    put(retail, answer(guid(1), "Going"))
    cli("export", "dev", "--kind", "answer", "--no-associated")
    cluster = retail.clusters["dev"]
    with cluster.database.transaction():
        cluster.objects.delete([guid(1)])
    outcome = cli("export", "dev", "--guid", guid(1), "--guid", VIEW, "--no-associated", "--prune-files")
    assert "warning[TD511]: no file was deleted" in outcome.err
    assert "answer/Going.00000001.answer.tml" in exported(retail)


def test_the_object_map_has_authors_and_tables(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--kind", "table", "--no-associated")
    objects = json.loads((retail.project.root / "environments/dev/objects.json").read_text("utf-8"))["objects"]
    (sales,) = (record for record in objects if record["name"] == "SALES")
    assert (sales["author"], sales["table"]) == ("tsadmin", "HARBOR_DEV.RETAIL.SALES")


def test_a_commit_for_each_author_names_them(retail: Estate, cli: Cli) -> None:
    put(retail, answer(guid(1), "Mine"), answer(guid(2), "Hers"))
    cluster = retail.clusters["dev"]
    with cluster.database.transaction():
        ann = add_user(cluster, NewUser(name="ann"))
    hers = cluster.objects.get(guid(2))
    assert hers is not None
    with cluster.database.transaction():
        cluster.objects.save(replace(hers, modified_by=ann.id))
    arguments = ("--name", "Mine", "--name", "Hers", "--no-associated", "--commit", "--commit-per", "author")
    outcome = cli("export", "dev", *arguments, "--author-template", "{author} <{author}@shop.example>")
    assert outcome.out.count("Committed ") == 2
    shown = git(retail.repository, "log", "-2", "--format=%an %ae %s")
    assert shown == ("tsadmin tsadmin@shop.example Export dev: 1 added\nann ann@shop.example Export dev: 1 added\n")


def test_a_commit_for_each_object_and_a_message_of_ones_own(retail: Estate, cli: Cli) -> None:
    put(retail, answer(guid(1), "One"), answer(guid(2), "Two"))
    arguments = ("--name", "One", "--name", "Two", "--no-associated", "--commit-per", "object")
    cli("export", "dev", *arguments, "--message", "{environment}: {object} {added} new")
    assert git(retail.repository, "log", "-2", "--format=%s").splitlines() == [
        "dev: answer:Two 1 new",
        "dev: answer:One 1 new",
    ]
    assert "error[TD509]" in cli("export", "dev", "--commit", "--message", "{who}").err


@pytest.mark.parametrize("template", ["ann", "<ann@shop.example>", "{author} ann@shop.example", "{author} <a> <b>"])
def test_author_whom_git_would_refuse_is_told_before_anything_is_written(
    template: str, retail: Estate, cli: Cli
) -> None:
    outcome = cli("export", "dev", "--author-template", template)
    assert (outcome.code, "error[TD509]: no author is written" in outcome.err) == (2, True)
    assert exported(retail) == {}


def test_a_branch_is_made_pushed_and_described(retail: Estate, cli: Cli) -> None:
    remote = create_repository(retail.project.root.parent / "remote")
    git(remote, "switch", "--quiet", "--create", "elsewhere")
    git(retail.repository, "remote", "add", "origin", str(remote.root))
    body = retail.project.root.parent / "body.md"
    put(retail, answer(guid(1), "A | <b>bold</b> @everyone"))
    arguments = ("--guid", guid(1), "--no-associated", "--branch", "export/nightly", "--push")
    outcome = cli("export", "dev", *arguments, "--pull-request-body", str(body))
    assert outcome.code == 0, outcome.err
    assert "export/nightly" in git(remote, "branch", "--list")
    text = body.read_text("utf-8")
    assert "| added | answer:A \\| \\<b\\>bold\\</b\\> &#64;everyone |" in text


def test_a_push_that_is_refused_says_where_the_commits_are(retail: Estate, cli: Cli) -> None:
    remote = create_repository(retail.project.root.parent / "remote")
    git(retail.repository, "remote", "add", "origin", str(remote.root))
    hook = remote.root / ".git/hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho protected >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    put(retail, answer(guid(1), "A"))
    outcome = cli("export", "dev", "--guid", guid(1), "--no-associated", "--branch", "export/nightly", "--push")
    assert (outcome.code, "error[TD703]: git push failed: remote: protected" in outcome.err) == (2, True)
    added, counts, committed = outcome.out.splitlines()
    assert (added, counts) == ("+ answer:A", "Export: 1 added, 0 changed, 0 unchanged.")
    assert committed.startswith("Committed ") and committed.endswith(" to export/nightly.")
    assert "hint: the commits stay in export/nightly here" in outcome.err
    assert git(retail.repository, "log", "--format=%s", "export/nightly").startswith("Export dev")
    hook.unlink()
    again = cli("export", "dev", "--guid", guid(1), "--no-associated", "--branch", "export/nightly", "--push")
    assert (again.code, again.out) == (0, "Export: 0 added, 0 changed, 1 unchanged.\n")
    assert "export/nightly" in git(remote, "branch", "--list")


def test_nothing_is_committed_when_nothing_changed(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    head = retail.repository.head().commit
    assert "Committed" not in cli("export", "dev", "--commit").out
    assert retail.repository.head().commit == head


def test_what_an_earlier_export_left_uncommitted_is_committed(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    outcome = cli("export", "dev", "--commit")
    assert "0 added, 0 changed" in outcome.out
    assert "Committed " in outcome.out
    assert retail.repository.dirty([retail.project.root]) == []


def test_several_environments_in_one_run(retail: Estate, cli: Cli) -> None:
    retail.write("environments/prod/environment.yaml", environment_yaml(retail.servers["prod"].url))
    outcome = cli("export", "dev", "prod", "--kind", "connection", "--format", "json")
    shown = json.loads(outcome.out)["environments"]
    assert [one["environment"] for one in shown] == ["dev", "prod"]
    assert all(one["complete"] and one["calls"] for one in shown)


def test_every_org_gets_an_environment_of_its_own(retail: Estate, cli: Cli) -> None:
    cluster = retail.clusters["dev"]
    with cluster.database.transaction():
        org = cluster.add_org("Sales & Söhne")
    outcome = cli("export", "dev", "--all-orgs", "--kind", "view", "--no-associated")
    assert outcome.code == 0, outcome.err
    assert "\n1 object, " in outcome.err
    assert "\ndev-sales-söhne:\nwarning[TD502]" in outcome.err
    made = retail.project.environment("dev-sales-söhne")
    assert made.org == org.id
    assert made.objects_path.exists()


def test_system_owned_objects_are_left_out_unless_asked_for(retail: Estate, cli: Cli) -> None:
    with retail.session("dev") as session:
        assign_owner(session, [ObjectRef(VIEW)], "system")
    assert "Export: 0 added" in cli("export", "dev", "--kind", "view", "--no-associated").out
    assert "Export: 1 added" in cli("export", "dev", "--kind", "view", "--no-associated", "--system-owned").out


def test_quiet_says_nothing_when_all_is_well(retail: Estate, cli: Cli) -> None:
    outcome = cli("export", "dev", "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")

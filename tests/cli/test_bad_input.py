"""What a user can get wrong ends in one located error with a hint and the documented exit code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.tml.document import parse_document

ANSWER = """guid: 11111111-1111-4111-8111-111111111111
answer:
  name: Orders by Day
  tables:
  - id: Orders
    name: Orders
    fqn: 22222222-2222-4222-8222-222222222222
  search_query: "[Day]"
"""


def only_error(err: str) -> str:
    """The error that a command ended with, without the line that says what it was doing."""
    assert "Traceback" not in err
    return "".join(line for line in err.splitlines(keepends=True) if not line.startswith(("reading", "exporting")))


def test_missing_environment_names_the_nearest(estate: Estate, cli: Cli) -> None:
    outcome = cli("plan", "prd")
    assert outcome.code == 2
    assert only_error(outcome.err) == (
        "error[TD306]: there is no environment prd\n"
        "  in environments/prd/environment.yaml\n"
        "  hint: did you mean prod?\n"
    )


@pytest.mark.parametrize(
    ("words", "example"),
    [
        ("plan", "plan prod"),
        ("deploy --yes", "deploy prod"),
        ("drift", "drift prod"),
        ("promote dev", "promote dev prod"),
        ("export", "export prod"),
        ("backup list", "backup list prod"),
        ("map bind", "map bind prod SOURCE TARGET"),
    ],
)
def test_a_missing_environment_is_told_what_there_is(words: str, example: str, estate: Estate, cli: Cli) -> None:
    outcome = cli(*words.split())
    assert outcome.code == 2
    assert f"'. Environments here: dev, prod. For example:  tsdeploy {example}\n" in outcome.err


def test_a_missing_environment_where_there_are_none(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("--project", str(tmp_path), "promote")
    assert "There are no environments here yet;  tsdeploy init  makes them." in outcome.err


def test_folder_without_a_project(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("--project", str(tmp_path), "plan", "prod")
    assert outcome.code == 2
    assert "error[TD307]: this folder is in no tsdeploy project" in outcome.err


def test_malformed_environment_file_says_where(estate: Estate, cli: Cli) -> None:
    estate.write("environments/prod/environment.yaml", "version: 1\nurl: [\n")
    outcome = cli("plan", "prod")
    assert outcome.code == 2
    assert "error[TD102]: not valid YAML" in outcome.err
    assert "  in environments/prod/environment.yaml:3:1\n" in outcome.err


def test_all_errors_of_an_environment_file_come_at_once(estate: Estate, cli: Cli) -> None:
    text = environment_yaml("http://127.0.0.1:1", "orgg: Sales\nguards: {clean_tre: true}\n")
    estate.write("environments/prod/environment.yaml", text)
    outcome = cli("plan", "prod")
    assert outcome.code == 2
    assert only_error(outcome.err) == (
        "error[TD303]: unknown key orgg\n"
        "  at orgg\n"
        "  in environments/prod/environment.yaml:4:1\n"
        "  hint: did you mean org?\n"
        "error[TD303]: unknown key clean_tre\n"
        "  at guards.clean_tre\n"
        "  in environments/prod/environment.yaml:5:10\n"
        "  hint: did you mean clean_tree?\n"
    )


def test_literal_secret_is_refused_and_not_repeated(estate: Estate, cli: Cli) -> None:
    text = "version: 1\nurl: http://127.0.0.1:1\nauth: {type: trusted, username: u, secret_key: hunter2}\n"
    estate.write("environments/prod/environment.yaml", text)
    outcome = cli("plan", "prod")
    assert outcome.code == 2
    assert "error[TD304]: auth.secret_key must be a reference, not the secret itself" in outcome.err
    assert "environments/prod/environment.yaml:3:" in outcome.err
    assert "hunter2" not in outcome.err + outcome.out


def test_unset_variable_of_a_secret(estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TS_SANDBOX_KEY")
    outcome = cli("export", "dev")
    assert outcome.code == 2
    assert only_error(outcome.err) == (
        "error[TD305]: environment variable TS_SANDBOX_KEY is not set\n"
        "  in environments/dev/environment.yaml:3:54\n"
        "  hint: set it in the shell or in the CI's secrets:  export TS_SANDBOX_KEY=…\n"
    )
    monkeypatch.setenv("TS_SANDBOX_KEY", "")
    assert "error[TD305]: environment variable TS_SANDBOX_KEY is empty\n" in cli("export", "dev").err


def test_malformed_mapping_file_names_the_nearest_key(estate: Estate, cli: Cli) -> None:
    estate.write("environments/prod/mapping.yaml", "version: 1\nconection: {}\n")
    estate.write("tml/answer/a.tml", ANSWER)
    estate.commit()
    outcome = cli("plan", "prod")
    assert outcome.code == 2
    assert "error[TD303]: unknown key conection\n" in outcome.err
    assert "  in environments/prod/mapping.yaml:2:1\n  hint: did you mean connections?\n" in outcome.err


def test_unreachable_host(estate: Estate, cli: Cli) -> None:
    estate.write("environments/dev/environment.yaml", environment_yaml("http://127.0.0.1:9"))
    outcome = cli("export", "dev")
    assert outcome.code == 1
    assert "error[TD401]" in outcome.err
    assert "127.0.0.1:9" in outcome.err


def test_wrong_credentials(estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TS_SANDBOX_KEY", "not-the-key")
    outcome = cli("export", "dev")
    assert outcome.code == 1
    assert "error[TD403]" in outcome.err
    assert "hint:" in outcome.err
    assert "not-the-key" not in outcome.err


def test_wrong_org(estate: Estate, cli: Cli) -> None:
    estate.write("environments/dev/environment.yaml", environment_yaml(estate.servers["dev"].url, "org: 4711\n"))
    outcome = cli("export", "dev")
    assert outcome.code == 1
    assert "error[TD405]" in outcome.err
    assert "4711" in outcome.err


def test_invalid_tml_says_where(estate: Estate, cli: Cli) -> None:
    estate.write("tml/answer/a.tml", "guid: x\nanswer:\n  name: [a\n  tables: b\n")
    estate.commit()
    outcome = cli("plan", "prod")
    assert outcome.code == 1
    assert "error[TD102]: not valid YAML" in outcome.err
    assert "  in tml/answer/a.tml:4:9\n" in outcome.err


def test_tml_that_is_not_utf8_says_where(estate: Estate, cli: Cli) -> None:
    estate.write("tml/answer/a.tml", "").write_bytes(b"answer:\n  name: Caf\xe9\n")
    estate.commit()
    outcome = cli("plan", "prod")
    assert outcome.code == 1
    assert "error[TD101]: is not UTF-8\n  in tml/answer/a.tml:2:12\n" in outcome.err


def test_two_files_with_one_identity(estate: Estate, cli: Cli) -> None:
    estate.write("tml/answer/a.tml", ANSWER)
    estate.write("tml/answer/b.tml", ANSWER)
    estate.commit()
    outcome = cli("plan", "prod")
    assert outcome.code == 1
    assert "error[TD110]: answer:Orders by Day has the same identity as answer:Orders by Day in tml/answer/a.tml" in (
        outcome.err
    )
    assert "  in tml/answer/b.tml:1:1\n" in outcome.err


def test_reference_to_nothing_blocks_the_object_and_says_how_to_bind_it(estate: Estate, cli: Cli) -> None:
    estate.write("tml/answer/a.tml", ANSWER)
    estate.commit()
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "! answer:Orders by Day\n" in outcome.out
    assert only_error(outcome.err) == (
        "error[TD204]: reference to an object that prod does not have: 22222222-2222-4222-8222-222222222222 (Orders)\n"
        "  at answer.tables[0]\n"
        "  in tml/answer/a.tml:5:5\n"
        "  hint: export that object too, or bind it in environments/prod/mapping.yaml:  "
        "objects: {22222222-2222-4222-8222-222222222222: GUID-in-prod}\n"
        "nothing was deployed: mend the errors above first\n"
    )


def test_no_git_repository(estate: Estate, cli: Cli) -> None:
    shutil.rmtree(estate.project.root / ".git")
    for command in (("plan", "prod"), ("export", "dev", "--commit")):
        outcome = cli(*command)
        assert outcome.code == 2
        assert "error[TD701]: this folder is in no git repository" in outcome.err
        assert "hint: run:  git init" in outcome.err
    assert not (estate.project.root / "tml").exists()


def test_dirty_tree_is_refused_by_a_guard(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 4
    assert "error[TD552]: 26 files are not committed: tml/answer/" in outcome.err
    assert "hint: commit them, or put them away:  git stash" in outcome.err


def test_wrong_branch_is_refused_by_a_guard(retail: Estate, cli: Cli) -> None:
    text = environment_yaml(retail.servers["prod"].url, "source: dev\nguards: {branch: release}\n")
    retail.write("environments/prod/environment.yaml", text)
    cli("export", "dev")
    retail.commit()
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 4
    assert "error[TD551]: prod is deployed only from branch release; this is branch main" in outcome.err


def test_deploy_without_a_person_refuses_to_guess(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    outcome = cli("deploy", "prod")
    assert outcome.code == 2
    assert "error[TD002]: nobody is here to confirm the plan\n  hint: run it with --yes\n" in outcome.err
    assert retail.count("prod") == 1


def test_unmapped_names_block_and_give_the_line_to_add(retail: Estate, cli: Cli) -> None:
    retail.write("environments/prod/mapping.yaml", "version: 1\n")
    cli("export", "dev", "--commit")
    outcome = cli("plan", "prod")
    assert outcome.code == 1
    assert "blocked.\n" in outcome.out
    assert "error[TD201]: no rule says what connection" in outcome.err
    assert "hint: add to connections: in environments/prod/mapping.yaml:  Harbor Snowflake Dev: NAME-IN-PROD" in (
        outcome.err
    )
    assert "error[TD205]: no rule says where HARBOR_DEV.RETAIL." in outcome.err
    assert "  hint: add to tables: in environments/prod/mapping.yaml:  - {from: {db: HARBOR_DEV" in outcome.err
    assert "with the names of prod\n" in outcome.err
    assert "hint: add to groups: in environments/prod/mapping.yaml:  Web Shop: NAME-IN-PROD" in outcome.err


def test_connection_that_the_target_does_not_have(retail: Estate, cli: Cli) -> None:
    text = (retail.project.root / "environments/prod/mapping.yaml").read_text(encoding="utf-8")
    wrong = text.replace("Dev: Harbor Snowflake Prod", "Dev: Harbor Prod")
    retail.write("environments/prod/mapping.yaml", wrong)
    cli("export", "dev", "--commit")
    outcome = cli("plan", "prod")
    assert outcome.code == 1
    assert "error[TD202]: prod has no connection Harbor Prod" in outcome.err
    assert "there are: Harbor Snowflake Prod" in outcome.err


def test_refused_object_is_named_with_its_file_and_nothing_is_published(retail: Estate, cli: Cli) -> None:
    cli("export", "dev", "--commit")
    broken = next((retail.project.root / "tml/model").glob("Retail Sales.*"))
    broken.write_text(broken.read_text(encoding="utf-8").replace("column_id: SALES::", "column_id: SALES::NO_"))
    parse_document(broken.read_text(encoding="utf-8"), "still TML")
    retail.commit("break the model")
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD601]: prod refuses model:Retail Sales" in outcome.err
    assert f"  in tml/model/{broken.name}:" in outcome.err
    assert retail.count("prod") == 1


def test_unknown_command_names_the_nearest(cli: Cli) -> None:
    outcome = cli("exprot")
    assert outcome.code == 2
    assert "did you mean export?" in outcome.err

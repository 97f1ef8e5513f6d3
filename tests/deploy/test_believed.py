"""What is there is believed, not what was said: each way in which live servers were seen to answer wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.liar import Body, Liar, lying
from tests.deploy.release import RETAIL, assert_whole, exported

IMPORT = "metadata/tml/import"


@pytest.fixture
def liar(retail: Estate, cli: Cli) -> Iterator[Liar]:
    """Prod behind a proxy; the retail samples are to be deployed there for the first time."""
    exported(retail, cli)
    with lying(retail.servers["prod"].url) as proxy:
        text = environment_yaml(proxy.url, "source: dev\ndeploy: {parallel: 1}\n")
        retail.write("environments/prod/environment.yaml", text)
        retail.commit()
        yield proxy


def is_publishing(path: str, body: Body) -> bool:
    """Whether a request is to write TML."""
    return path == IMPORT and body["import_policy"] != "VALIDATE_ONLY"


def deployed(retail: Estate, cli: Cli, liar: Liar) -> None:
    """Everything is there in the end."""
    assert_whole(retail, cli, RETAIL)
    assert retail.count("prod") == RETAIL + 1


def test_ok_with_guids_after_a_rollback(retail: Estate, cli: Cli, liar: Liar) -> None:
    def only_validated(path: str, body: Body) -> Body:
        return {**body, "import_policy": "VALIDATE_ONLY"} if is_publishing(path, body) else body

    liar.ask = only_validated
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD605]: prod said that sql_view:Weekly Stock Cover was imported, but it is not there" in outcome.err
    assert retail.count("prod") == 1
    liar.ask = lambda _, body: body
    assert cli("deploy", "prod", "--yes").code == 0
    deployed(retail, cli, liar)


def test_error_although_it_was_imported(retail: Estate, cli: Cli, liar: Liar) -> None:
    def refused(path: str, body: Body, answer: Any) -> Any:
        if is_publishing(path, body):
            status = {"status_code": "ERROR", "error_message": "Formula addition failed. Formula: F, Error: no"}
            return [{**item, "response": {**item["response"], "status": status}} for item in answer]
        return answer

    liar.answer = refused
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "warning[TD601]" in outcome.err
    deployed(retail, cli, liar)


def test_answers_in_another_order(retail: Estate, cli: Cli, liar: Liar) -> None:
    liar.answer = lambda path, _, answer: answer[::-1] if path == IMPORT else answer
    assert cli("deploy", "prod", "--yes").code == 0
    deployed(retail, cli, liar)


def test_answer_without_some_of_the_objects(retail: Estate, cli: Cli, liar: Liar) -> None:
    liar.answer = lambda path, body, answer: answer[1:] if is_publishing(path, body) else answer
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "warning[TD602]: prod said nothing about" in outcome.err
    deployed(retail, cli, liar)


def test_answer_without_any_list_is_looked_up(retail: Estate, cli: Cli, liar: Liar) -> None:
    liar.answer = lambda path, body, answer: {"ok": True} if is_publishing(path, body) else answer
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "the answer was lost; looking at what is there" in outcome.err
    deployed(retail, cli, liar)


def test_harmless_notice_glued_to_an_error(retail: Estate, cli: Cli, liar: Liar) -> None:
    notice = "Warning: Existing guid 1 corresponding to object Id x will be used."

    def glued(path: str, body: Body, answer: Any) -> Any:
        if path == IMPORT and body["import_policy"] == "VALIDATE_ONLY":
            said = f"Deleted columns have dependents.<br/>- <b>AGE</b></br><ul><li>A </li></ul><br/>{notice}"
            status = {"status_code": "ERROR", "error_code": 14544, "error_message": said}
            return [{**answer[0], "response": {"status": status}}, *answer[1:]]
        return answer

    liar.answer = glued
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "a column that is no longer in the TML is still used in the target" in outcome.err
    assert retail.count("prod") == 1


def test_columns_that_were_dropped_silently(retail: Estate, cli: Cli, liar: Liar) -> None:
    dropped = "  - name: STORE_NAME\n    db_column_name: STORE_NAME\n"

    def without_a_column(path: str, body: Body) -> Body:
        if not is_publishing(path, body):
            return body
        return {**body, "metadata_tmls": [_without_table_column(text, dropped) for text in body["metadata_tmls"]]}

    liar.ask = without_a_column
    outcome = cli("deploy", "prod", "--yes", "--select", "table:STORES", "--select", "table:REGION_ACCESS")
    assert outcome.code == 5
    assert "error[TD606]: prod imported, and left columns out of table:STORES" in outcome.err
    assert "table:STORES: altered" in outcome.out
    liar.ask = lambda _, body: body
    assert "table:STORES" in cli("plan", "prod").out


def test_row_level_security_that_was_wiped(retail: Estate, cli: Cli, liar: Liar) -> None:
    def without_rules(path: str, body: Body) -> Body:
        if not is_publishing(path, body):
            return body
        texts = [text.partition("  rls_rules:")[0] if "rls_rules:" in text else text for text in body["metadata_tmls"]]
        return {**body, "metadata_tmls": texts}

    liar.ask = without_rules
    outcome = cli("deploy", "prod", "--yes", "--select", "table:STORES", "--select", "table:REGION_ACCESS")
    assert outcome.code == 5
    assert "error[TD607]: prod imported, and dropped row-level security of table:STORES" in outcome.err


def _without_table_column(text: str, start: str) -> str:
    """A table without one column."""
    before, found, after = text.partition(start)
    if not found:
        return text
    return before + "  - name:" + after.partition("  - name:")[2]

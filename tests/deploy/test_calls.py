"""What is sent to a server: reading commands only read, and nothing is published that was not validated."""

from __future__ import annotations

import pytest

from tests.conftest import Cli, Estate
from tsdeploy.rest import ImportPolicy, import_tml
from tsdeploy.sandbox.traffic.log import RequestLog

READS = {
    "auth/token/full",
    "auth/session/user",
    "connection/search",
    "groups/search",
    "metadata/search",
    "metadata/tml/export",
    "system",
}


def requests_to(estate: Estate) -> RequestLog:
    """What prod is asked from now on."""
    log = estate.clusters["prod"].traffic.requests
    log.keep_bodies = True
    return log


def imports(log: RequestLog) -> list[tuple[str, list[str]]]:
    """Policy and texts of every import."""
    bodies = (request.body or {} for request in log.of("metadata/tml/import"))
    return [(body["import_policy"], body["metadata_tmls"]) for body in bodies]


@pytest.mark.parametrize("command", [("plan", "prod"), ("export", "prod"), ("render", "prod", "-o", "out"), ("diff",)])
def test_reading_commands_only_read(
    command: tuple[str, ...], retail: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(retail.project.root)
    cli("export", "dev")
    retail.commit()
    asked = requests_to(retail)
    cli(*command)
    assert {request.path for request in asked.all()} <= READS


def test_every_published_text_was_validated_before(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    retail.commit()
    asked = requests_to(retail)
    assert cli("deploy", "prod", "--yes").code == 0
    validated: set[str] = set()
    for policy, texts in imports(asked):
        if policy == "VALIDATE_ONLY":
            validated.update(texts)
        else:
            assert set(texts) <= validated
    assert len(validated) == 26


def test_no_source_identity_or_name_reaches_the_target(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    source = {
        path.read_bytes().split(b"\n")[0].removeprefix(b"guid: ").decode() for path in retail.project.tml.rglob("*.tml")
    }
    retail.commit()
    asked = requests_to(retail)
    cli("deploy", "prod", "--yes")
    sent = "\n".join(text for _, texts in imports(asked) for text in texts)
    assert sent
    assert not [guid for guid in source if len(guid) == 36 and guid in sent]
    assert "HARBOR_DEV" not in sent
    assert "Harbor Snowflake Dev" not in sent
    assert "harbor-dev" not in sent


def test_large_release_is_published_in_batches_of_fifty(retail: Estate, cli: Cli) -> None:
    with retail.session("dev") as session:
        import_tml(session, [answer(number) for number in range(60)], ImportPolicy.ALL_OR_NONE)
    cli("export", "dev")
    retail.commit()
    asked = requests_to(retail)
    assert cli("deploy", "prod", "--yes").out.endswith("Deploy: 86 done.\n")
    sizes = [len(texts) for policy, texts in imports(asked) if policy == "ALL_OR_NONE"]
    assert sizes == [50, 33, 1, 1, 1]
    assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 86 unchanged.\n"


def answer(number: int) -> str:
    """One of many answers on the view of the retail samples."""
    return (
        f"guid: {number:08x}-0000-4000-8000-000000000000\nanswer:\n  name: Stores {number}\n  tables:\n"
        "  - id: Store Monthly Sales\n    name: Store Monthly Sales\n    fqn: ab9d673f-6662-4f6f-8fec-27d2d6fa71f8\n"
        '  search_query: "[Store Name]"\n  answer_columns:\n  - name: Store Name\n'
    )

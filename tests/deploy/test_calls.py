"""What is sent to a server: reading commands only read, and nothing is published that was not validated."""

from __future__ import annotations

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.lossy import LossyGateway
from tsdeploy.rest import ImportPolicy, import_tml

READS = {
    "auth/token/full",
    "auth/session/user",
    "connection/search",
    "metadata/search",
    "metadata/tml/export",
}


@pytest.mark.parametrize("command", [("plan", "prod"), ("export", "prod"), ("render", "prod", "-o", "out"), ("diff",)])
def test_reading_commands_only_read(
    command: tuple[str, ...], retail: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(retail.project.root)
    cli("export", "dev")
    with LossyGateway(retail.servers["prod"].url) as gateway:
        retail.write("environments/prod/environment.yaml", environment_yaml(gateway.url, "source: dev\n"))
        retail.commit()
        cli(*command)
        assert {call.path for call in gateway.calls} <= READS


def test_every_published_text_was_validated_before(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    with LossyGateway(retail.servers["prod"].url) as gateway:
        retail.write("environments/prod/environment.yaml", environment_yaml(gateway.url, "source: dev\n"))
        retail.commit()
        assert cli("deploy", "prod", "--yes").code == 0
        validated: set[str] = set()
        for call in gateway.calls:
            if call.path == "metadata/tml/import" and call.body["import_policy"] == "VALIDATE_ONLY":
                validated.update(call.body["metadata_tmls"])
            elif call.path == "metadata/tml/import":
                assert set(call.body["metadata_tmls"]) <= validated
        assert len(validated) == 26


def test_no_source_identity_or_name_reaches_the_target(retail: Estate, cli: Cli) -> None:
    cli("export", "dev")
    source = {
        path.read_bytes().split(b"\n")[0].removeprefix(b"guid: ").decode() for path in retail.project.tml.rglob("*.tml")
    }
    with LossyGateway(retail.servers["prod"].url) as gateway:
        retail.write("environments/prod/environment.yaml", environment_yaml(gateway.url, "source: dev\n"))
        retail.commit()
        cli("deploy", "prod", "--yes")
        sent = "\n".join(text for call in gateway.calls for text in call.body.get("metadata_tmls", ()))
        assert not [guid for guid in source if len(guid) == 36 and guid in sent]
        assert "HARBOR_DEV" not in sent
        assert "Harbor Snowflake Dev" not in sent
        assert "harbor-dev" not in sent


def test_large_release_is_published_in_batches_of_fifty(retail: Estate, cli: Cli) -> None:
    with retail.session("dev") as session:
        import_tml(session, [answer(number) for number in range(60)], ImportPolicy.ALL_OR_NONE)
    cli("export", "dev")
    with LossyGateway(retail.servers["prod"].url) as gateway:
        retail.write("environments/prod/environment.yaml", environment_yaml(gateway.url, "source: dev\n"))
        retail.commit()
        assert cli("deploy", "prod", "--yes").out.endswith("Deploy: 86 done.\n")
        imports = [call.body for call in gateway.calls if call.path == "metadata/tml/import"]
        sizes = [len(body["metadata_tmls"]) for body in imports if body["import_policy"] == "ALL_OR_NONE"]
        assert sizes == [50, 33, 1, 1, 1]
        assert cli("plan", "prod").out == "Plan: 0 to create, 0 to update, 0 to delete, 86 unchanged.\n"


def answer(number: int) -> str:
    """One of many answers on the view of the retail samples."""
    return (
        f"guid: {number:08x}-0000-4000-8000-000000000000\nanswer:\n  name: Stores {number}\n  tables:\n"
        "  - id: Store Monthly Sales\n    name: Store Monthly Sales\n    fqn: ab9d673f-6662-4f6f-8fec-27d2d6fa71f8\n"
        '  search_query: "[Store Name]"\n  answer_columns:\n  - name: Store Name\n'
    )

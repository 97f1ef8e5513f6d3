"""The one line of JSON that monitoring reads: the same fields whatever happens, as schema and documentation say."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema

from tests.backup.conftest import ANSWER
from tests.conftest import Cli, Estate
from tests.tml.real_files import REPOSITORY
from tsdeploy.config.yaml_file import load_schema
from tsdeploy.sandbox.store.marks import Mark

SCHEMA = load_schema("tsdeploy.backup", "backup")


def line(cli: Cli, *words: str) -> Any:
    """What a backup prints: one line that is as the schema says."""
    outcome = cli("backup", *words, "--format", "json")
    (text,) = outcome.out.splitlines()
    value = json.loads(text)
    jsonschema.Draft202012Validator(dict(SCHEMA)).validate(value)
    assert list(value) == SCHEMA["required"] == list(SCHEMA["properties"])
    assert value["ok"] is (outcome.code == 0)
    return value


def test_a_backup_and_one_that_finds_nothing_new(shop: Estate, cli: Cli) -> None:
    shop.clusters["dev"].database.execute("UPDATE objects SET modified = modified - 3600000")
    first, second = line(cli, "dev"), line(cli, "dev", "--quiet")
    assert (first["pass"], first["added"], first["objects"], first["findings"]) == ("full", 29, 29, [])
    assert (second["pass"], second["commit"], second["read"], second["added"]) == ("incremental", None, 0, 0)
    assert len(first["commit"]) == 40


def test_one_that_could_not_read_an_object(shop: Estate, cli: Cli) -> None:
    with shop.clusters["dev"].database.transaction():
        shop.clusters["dev"].marks.put(ANSWER, [Mark.UNSERIALISABLE])
    value = line(cli, "dev")
    assert value["commit"]
    assert [one["severity"] for one in value["findings"]] == ["error"]


def test_one_that_did_not_take_place(shop: Estate, cli: Cli) -> None:
    shop.clusters["dev"].traffic.faults.add("status", "metadata/search", status=400, message="no")
    value = line(cli, "dev")
    assert (value["objects"], value["commit"], value["findings"][0]["code"]) == (None, None, "TD406")
    assert line(cli, "nowhere")["findings"]
    shop.write("environments/dev/environment.yaml", "version: 1\n")
    assert line(cli, "dev")["findings"]


def test_the_documentation_has_its_fields() -> None:
    page = (REPOSITORY / "docs" / "backup.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `(\w+)` \| (.+) \|$", page.partition("## Monitoring")[2].partition("\n## ")[0], re.MULTILINE
    )
    described = {name: value.get("description", "") for name, value in SCHEMA["properties"].items()}
    assert dict(rows) == described

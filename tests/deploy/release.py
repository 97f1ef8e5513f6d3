"""A release of any size, and what must hold in the target after it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from git import Repo

from tests.conftest import Cli, Estate
from tsdeploy.rest import ImportPolicy, SearchQuery, import_tml, search_metadata

RETAIL = 26
"""Objects of the retail samples."""
CONNECTIONS = 1
TYPES = ("LOGICAL_TABLE", "LIVEBOARD", "ANSWER", "COLLECTION")


def answer(number: int, name: str = "Stores") -> str:
    """One of many answers on the view of the retail samples."""
    return (
        f"guid: {number:08x}-0000-4000-8000-000000000000\nanswer:\n  name: {name} {number}\n  tables:\n"
        "  - id: Store Monthly Sales\n    name: Store Monthly Sales\n    fqn: ab9d673f-6662-4f6f-8fec-27d2d6fa71f8\n"
        '  search_query: "[Store Name]"\n  answer_columns:\n  - name: Store Name\n'
    )


def put_answers(estate: Estate, count: int) -> None:
    """Give dev so many more answers."""
    with estate.session("dev") as session:
        import_tml(session, [answer(number) for number in range(count)], ImportPolicy.ALL_OR_NONE)


def exported(estate: Estate, cli: Cli, answers: int = 0) -> int:
    """Commit a release with the retail samples and so many answers; how many objects it has."""
    put_answers(estate, answers)
    cli("export", "dev")
    estate.commit()
    return RETAIL + answers


def refuse_pushes(remote: Repo, words: str) -> Path:
    """Make a bare repository refuse every push, as for a protected branch; the hook to delete again."""
    hook = Path(remote.git_dir) / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    return hook


def assert_whole(estate: Estate, cli: Cli, objects: int) -> None:
    """No duplicate, no missing object, no forgotten GUID, nothing left to do."""
    plan = cli("plan", "prod", "--exit-code")
    assert plan.code == 0, plan.out + plan.err
    with estate.session("prod") as session:
        headers = list(search_metadata(session, SearchQuery(types=TYPES)))
    doubled = [name for name, count in Counter((one.type, one.name) for one in headers).items() if count > 1]
    assert doubled == []
    records = json.loads((estate.project.root / "environments/prod/objects.json").read_text("utf-8"))["objects"]
    assert len(records) == objects
    assert all(record.get("hash") and record.get("live", "-") for record in records)
    there = {one.id for one in headers}
    searchable = {"table", "sql_view", "view", "model", "answer", "liveboard", "collection"}
    assert {record["guid"] for record in records if record["kind"] in searchable} <= there

"""A server that says what is not so: what it gives to whom, what it sent, what it deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.liar import Body, Liar, lying
from tests.plan.editing import edit_file
from tests.security.conftest import STRANGER, forge, recorded, there

IMPORT = "metadata/tml/import"
OBJECTS = "environments/prod/objects.json"


@pytest.fixture
def liar(neighbours: Estate) -> Iterator[Liar]:
    """Prod behind a proxy that is honest so far."""
    with lying(neighbours.servers["prod"].url) as proxy:
        neighbours.write("environments/prod/environment.yaml", environment_yaml(proxy.url, "source: dev\n"))
        neighbours.commit()
        yield proxy


Gives = Callable[[list[str]], list[str]]
GIVES: dict[str, Gives] = {
    "a stranger's": lambda guids: [STRANGER for _ in guids],
    "each other's": lambda guids: guids[::-1],
    "the same": lambda guids: [guids[0] for _ in guids],
    "none": lambda guids: ["../../../x", "\x1b[2J"],
}


@pytest.mark.parametrize("what", GIVES)
def test_s47_no_object_gets_the_guid_of_another(estate: Estate, cli: Cli, liar: Liar, what: str) -> None:
    """Else the next deploy would write over that one, and a prune delete it."""

    def giving(path: str, body: Body, answer: Any) -> Any:
        if path == IMPORT and body["import_policy"] != "VALIDATE_ONLY":
            headers = [item["response"]["header"] for item in answer]
            for header, guid in zip(headers, GIVES[what]([one["id_guid"] for one in headers]), strict=True):
                header["id_guid"] = guid
        return answer

    liar.answer = giving
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 0, outcome.err
    assert "warning[TD634]" in outcome.err
    assert recorded(estate) == {name: there(estate)[name] for name in ("PRODUCTS", "PROMOTIONS")}
    assert "2 unchanged" in cli("plan", "prod").out


def test_s47_nor_does_one_that_is_not_there(estate: Estate, cli: Cli, liar: Liar) -> None:
    """It validates all, imports nothing, and says OK with the GUID of something that is there."""
    liar.ask = lambda path, body: {**body, "import_policy": "VALIDATE_ONLY"} if path == IMPORT else body

    def claiming(path: str, _: Body, answer: Any) -> Any:
        for item in answer if path == IMPORT else ():
            item["response"]["header"]["id_guid"] = STRANGER
        return answer

    liar.answer = claiming
    outcome = cli("deploy", "prod", "--yes")
    assert outcome.code == 1
    assert "error[TD634]" in outcome.err
    assert "Deploy: 0 done, 2 failed." in outcome.out
    assert recorded(estate) == {}


def exported(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[str, Body, Any], Any]:
    """A lie about what is exported."""

    def answer(path: str, _: Body, items: Any) -> Any:
        if path == "metadata/tml/export":
            change(items)
        return items

    return answer


def test_s48_tml_of_another_object_stands_for_none(estate: Estate, cli: Cli, liar: Liar) -> None:
    assert cli("deploy", "prod", "--yes").code == 0
    before = {path: path.read_bytes() for path in estate.project.tml.rglob("*.tml")}
    edit_file(estate, "PRODUCTS", "index_type: DONT_INDEX", "index_type: DEFAULT")

    def swapped(items: list[dict[str, Any]]) -> None:
        for item, text in zip(items, [item["edoc"] for item in items][::-1], strict=True):
            item["edoc"] = text

    liar.answer = exported(swapped)
    outcome = cli("deploy", "prod", "--yes", "--overwrite-remote", "*")
    assert outcome.code == 1
    assert "error[TD530]" in outcome.err
    assert not [call for call in liar.asked if call[0] == IMPORT][2:], "nothing is sent on that ground"
    estate.write("environments/prod/environment.yaml", environment_yaml(liar.url))
    outcome = cli("export", "prod")
    assert outcome.code == 1
    assert "error[TD530]" in outcome.err
    (products,) = (path for path in before if path.name.startswith("PRODUCTS"))
    assert {path for path in before if path.read_bytes() != before[path]} == {products}, "which was edited above"


def test_s48_headers_of_another_object_stand_for_none(estate: Estate, cli: Cli, liar: Liar) -> None:
    """A forged pair, or a server that mixes objects up: nothing turns into another kind of object."""
    assert cli("deploy", "prod", "--yes").code == 0
    forge(estate, estate.project.root / OBJECTS, recorded(estate)["PRODUCTS"], STRANGER)
    outcome = cli("deploy", "prod", "--yes", "--overwrite-remote", "*")
    assert outcome.code == 1
    assert "error[TD546]: table:PRODUCTS would write over sql_view:Weekly Stock Cover" in outcome.err

    def another(path: str, _: Body, answer: Any) -> Any:
        for item in answer if path == "metadata/search" else ():
            item["metadata_id"] = item["metadata_header"]["id"] = STRANGER
        return answer

    liar.answer = another
    outcome = cli("prune", "prod", "--confirm", "prod")
    assert outcome.code == 1
    assert STRANGER in there(estate).values()


def test_s49_nothing_is_deleted_because_the_server_says_so(estate: Estate, cli: Cli, liar: Liar) -> None:
    """Nor is anything deleted that is called otherwise than what was deployed, whatever a file says of its GUID."""
    assert cli("deploy", "prod", "--yes").code == 0
    for path in estate.project.tml.rglob("*.tml"):
        path.unlink()
    estate.write("tml/.keep", "")
    forge(estate, estate.project.root / OBJECTS, recorded(estate)["PRODUCTS"], STRANGER)
    estate.clusters["prod"].traffic.faults.add("status", "metadata/delete", status=204)
    outcome = cli("prune", "prod", "--confirm", "prod")
    assert outcome.code == 1
    assert "- table:PROMOTIONS\nPrune: 1 to delete" in outcome.out
    assert "warning[TD635]: prod has sql_view:Weekly Stock Cover under the GUID" in outcome.err
    assert "error[TD622]" in outcome.err
    assert "PROMOTIONS" in recorded(estate)
    assert STRANGER in there(estate).values()

"""Which objects are there: asked for by name, or listed where there are many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tests.deploy.liar import Liar, lying
from tests.tml.tml_texts import document, guid, model
from tsdeploy.plan.headers import LISTED_FROM, Headers
from tsdeploy.release import load_release
from tsdeploy.rest import Session

MANY = [document(model("M", 1))] * (LISTED_FROM + 1)


@pytest.fixture
def liar(retail: Estate, cli: Cli) -> Iterator[Liar]:
    """Dev behind a proxy."""
    cli("export", "dev", "--commit")
    with lying(retail.servers["dev"].url) as proxy:
        retail.write("environments/dev/environment.yaml", environment_yaml(proxy.url))
        yield proxy


def searches(liar: Liar) -> list[dict[str, Any]]:
    """What was asked of the search for objects."""
    return [body for path, body in liar.asked if path == "metadata/search"]


def without_the_first_model(path: str, body: dict[str, Any], answer: Any) -> Any:
    """A list that has moved between two pages."""
    named = any("identifier" in one for one in body.get("metadata", ()))
    return [one for one in answer if one["metadata_name"] != "Retail Sales"] if not named else answer


def test_what_a_long_list_has_missed_is_looked_up(retail: Estate, liar: Liar) -> None:
    """Taken for new, it would be written over without anybody having seen it."""
    models = {one.guid for one in load_release(retail.project) if one.kind.name == "model"}
    liar.answer = lambda path, body, answer: (
        without_the_first_model(path, body, answer) if path == "metadata/search" else answer
    )
    with retail.session("dev") as session:
        there = found(session, [*models, guid(7)])
    assert there == models
    assert [len(body["metadata"]) for body in searches(liar)] == [1, 2], "a list, and the two that it lacks"


def found(session: Session, guids: list[str]) -> set[str]:
    """Those of the GUIDs that are there, asked for twice."""
    headers = Headers(session, MANY)
    assert headers.by_guid(guids).keys() == headers.by_guid(guids).keys()
    return set(headers.by_guid(guids))

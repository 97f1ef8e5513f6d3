"""What an object loses, keeps and gets on import: associations, views, parameter ids, marks, answers with a header."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from tests.sandbox import tml
from tests.sandbox.client import Client, guid, message, status
from tests.sandbox.conftest import ORG
from tests.sandbox.people import add_group, add_user, share
from tsdeploy.sandbox import Cluster, Server, Settings, org_id_of

SALES = org_id_of(ORG)
ACTION = "ac000000-0000-4000-8000-000000000001"
P1 = "9a000000-0000-4000-8000-000000000001"
VIEW = "f0000000-0000-4000-8000-000000000009"


def action(name: str = "Open ticket") -> str:
    """A custom action."""
    return f"guid: {ACTION}\naction_object:\n  name: {name}\n"


def association(indent: str = "  ", action_id: str = ACTION, name: str = "Open ticket") -> str:
    """An association with a custom action."""
    lines = ("action_object_associations:", f"- action_id: {action_id}", f"  action_name: {name}")
    return "".join(f"{indent}{line}\n" for line in lines)


def test_an_association_with_an_action_that_is_there_stays(estate: Client) -> None:
    estate.load(action())

    (item,) = estate.items(tml.model(tail=association()))

    assert status(item) == "OK"
    assert estate.edoc(tml.M1) == tml.model(tail=association())


@pytest.mark.parametrize("policy", ["PARTIAL", "ALL_OR_NONE", "PARTIAL_OBJECT"])
def test_an_association_with_an_action_that_is_not_there_is_gone_without_a_word(estate: Client, policy: str) -> None:
    (item,) = estate.items(tml.model("New", tail=association()), policy=policy)

    assert status(item) == "OK"
    assert estate.edoc(tml.M1) == tml.model("New")


def test_an_association_is_found_by_name_too(estate: Client) -> None:
    estate.load(action())

    estate.load(tml.model(tail=association(action_id=tml.NOWHERE)))

    assert "action_object_associations" in estate.edoc(tml.M1)


def test_a_visualization_stays_when_its_association_goes(estate: Client) -> None:
    text = tml.liveboard(tail=tml.layout("Viz_1")).replace(f"    viz_guid: {tml.V1}\n", association("    "))

    (item,) = estate.items(text)

    assert status(item) == "OK"
    kept = estate.edoc(tml.L1)
    assert "action_object_associations" not in kept
    assert "visualization_id: Viz_1" in kept


PARAMETER = f"  parameters:\n  - id: {P1}\n    name: Growth\n    data_type: DOUBLE\n    default_value: '1'\n"
OVERRIDES = f"""  parameter_overrides:
  - key: {P1}
    value:
      name: Sales::Growth
      id: {P1}
      override_value: "2"
"""


def parameter_id(text: str) -> str:
    """The id of the Model's parameter."""
    return text.split("parameters:\n  - id: ")[1].split("\n")[0]


def test_parameters_are_minted_in_another_org_and_overrides_follow(log_in: Callable[[int], Client]) -> None:
    texts = (tml.connection(), tml.table(), tml.model(tail=PARAMETER), tml.liveboard(tail=OVERRIDES))
    log_in(0).load(*texts)
    there = log_in(SALES)

    *_, model, liveboard = there.load(*texts)

    minted = parameter_id(there.edoc(model))
    assert minted != P1
    assert there.edoc(liveboard).count(minted) == 2
    assert P1 not in there.edoc(liveboard)


def test_an_override_with_a_foreign_id_is_resolved_by_name(client: Client) -> None:
    client.load(tml.connection(), tml.table(), tml.model(tail=PARAMETER))

    client.load(tml.liveboard(tail=OVERRIDES.replace(P1, tml.NOWHERE)))

    assert client.edoc(tml.L1).count(P1) == 2


def test_an_override_of_a_parameter_that_is_not_there_is_an_error(estate: Client) -> None:
    (item,) = estate.items(tml.liveboard(tail=OVERRIDES))

    assert message(item) == "Parameter Sales::Growth not found."


def views(*names: str) -> str:
    """Saved views, to be a Liveboard's tail."""
    listed = "".join(f"  - view_guid: {VIEW[:-1]}{number}\n    name: {name}\n" for number, name in enumerate(names, 1))
    return f"  views:\n{listed}"


def test_views_that_are_not_in_the_text_are_deleted(estate: Client) -> None:
    estate.load(tml.liveboard(tail=views("Mine", "Yours")))

    estate.load(tml.liveboard(tail=views("Mine")))

    assert "Yours" not in estate.edoc(tml.L1)


def test_views_are_kept_on_demand(estate: Client) -> None:
    estate.load(tml.liveboard(tail=views("Mine", "Yours")))

    estate.load(tml.liveboard("New", tail=views("Mine")), enable_personalized_view_upsert=True)

    assert estate.edoc(tml.L1) == tml.liveboard("New", tail=views("Mine", "Yours"))


def test_views_are_kept_where_the_text_has_none(estate: Client) -> None:
    estate.load(tml.liveboard(tail=views("Mine")))

    estate.load(tml.liveboard("New"), enable_personalized_view_upsert=True)

    assert estate.edoc(tml.L1) == tml.liveboard("New", tail=views("Mine"))


def test_views_are_kept_by_an_import_of_anybody_but_an_administrator(
    estate: Client, log_in_as: Callable[..., Client]
) -> None:
    add_user(estate, "anna", groups=[add_group(estate, "Loaders", "DATAMANAGEMENT")])
    share(estate, tml.L1, "anna", "MODIFY")
    share(estate, tml.M1, "anna")
    estate.load(tml.liveboard(tail=views("Mine")))

    log_in_as("anna").load(tml.liveboard("New"))

    assert estate.edoc(tml.L1) == tml.liveboard("New", tail=views("Mine"))


def test_views_are_in_the_details_when_asked_for(estate: Client) -> None:
    estate.load(tml.liveboard(tail=views("Mine")))
    wanted = {"metadata": [{"identifier": tml.L1}], "include_details": True}

    (plain,), (asked,) = estate.search(**wanted), estate.search(**wanted, include_personalised_views=True)

    assert "personalisedViews" not in plain["metadata_detail"]
    assert [view["name"] for view in asked["metadata_detail"]["personalisedViews"]] == ["Mine"]


TWO = (("Viz_1", "[AMOUNT]", tml.V1), ("Viz_2", "[No such column]", ""))


@pytest.fixture
def client_with() -> Iterator[Callable[..., Client]]:
    """A client of a cluster with one of each kind, made with settings."""
    with ExitStack() as stack:

        def made(**settings: Any) -> Client:
            cluster = stack.enter_context(Cluster(settings=Settings(**settings)))
            server = stack.enter_context(Server(cluster))
            client = Client(server.url, stack.enter_context(requests.Session()))
            token = client.post("/auth/token/full", {"username": "tsadmin", "secret_key": "sandbox"}).json()["token"]
            client.session.headers["Authorization"] = f"Bearer {token}"
            client.load(*tml.ESTATE)
            return client

        yield made


def test_a_lost_part_may_be_an_error_with_a_header(client_with: Callable[..., Client]) -> None:
    client = client_with(dropped_parts_are_errors=True)

    (item,) = client.items(tml.liveboard(vizzes=TWO), policy="PARTIAL_OBJECT")

    assert status(item) == "ERROR"
    assert guid(item) == tml.L1
    assert "Viz_2" not in client.edoc(tml.L1)


def test_other_warnings_stay_warnings(client_with: Callable[..., Client]) -> None:
    client = client_with(dropped_parts_are_errors=True)

    assert status(client.items(tml.model(tables=[f"name: ORDERS|fqn: {tml.NOWHERE}"]))[0]) == "WARNING"


def test_a_large_model_is_read_on_demand(client_with: Callable[..., Client]) -> None:
    client = client_with(large_model_columns=2)
    bad = tml.model(tail="  filters:\n  - column:\n    - GONE\n    oper: in\n")

    assert status(client.items(bad)[0]) == "OK"
    assert status(client.items(bad, enable_large_metadata_validation=True, skip_diff_check=True)[0]) == "ERROR"


def test_all_orgs_updates_an_object_where_it_is(log_in: Callable[[int], Client]) -> None:
    primary, sales = log_in(0), log_in(SALES)
    primary.load(tml.connection())

    (item,) = sales.items(tml.connection("Lake"), all_orgs_override=True)

    assert guid(item) == tml.C1
    assert primary.names() == ["Lake"]
    assert sales.names() == []


def test_the_short_text_of_14544_names_the_table_alone(estate: Client) -> None:
    (item,) = estate.items(tml.table(columns=("ID", "AMOUNT")), policy="ALL_OR_NONE")

    assert message(item) == (
        "Unable to import tml due to following errors:<br/>- <b>ORDERS</b>: Deleted columns have dependents.<br/>"
        "<br/><b>SOLUTION:</b><br/>Either fix the error objects or remove those objects.<br/>"
    )


def test_a_column_that_a_join_compares_is_needed(client: Client) -> None:
    orders = tml.table(tail=tml.join("LINES", "[ORDERS::ID] = [LINES::ID]"))
    client.load(tml.connection(), tml.table("LINES", tml.T2), orders)

    (item,) = client.items(tml.table("LINES", tml.T2, columns=("AMOUNT", "REGION")))

    assert "<li>ORDERS </li>" in message(item)

"""GUIDs inside objects: of visualizations, groups, parameters."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.sandbox import tml
from tests.sandbox.client import Client
from tests.sandbox.conftest import ORG
from tsdeploy.sandbox import org_id_of

ONE = (("Viz_1", "[AMOUNT]", ""),)


def _viz_guids(text: str) -> list[str]:
    return re.findall(r"viz_guid: (\S+)", text)


def test_a_viz_guid_that_is_free_is_kept(estate: Client) -> None:
    assert _viz_guids(estate.edoc(tml.L1)) == [tml.V1]


def test_a_visualization_without_one_gets_one_that_stays(estate: Client) -> None:
    estate.load(tml.liveboard("New", guid=tml.NOWHERE, vizzes=ONE))
    (minted,) = _viz_guids(estate.edoc(tml.NOWHERE))

    estate.load(tml.liveboard("Newer", guid=tml.NOWHERE, vizzes=ONE))

    assert _viz_guids(estate.edoc(tml.NOWHERE)) == [minted]


def test_a_viz_guid_of_another_liveboard_is_minted_anew(estate: Client) -> None:
    estate.load(tml.liveboard("Copy", guid=tml.NOWHERE))

    assert _viz_guids(estate.edoc(tml.NOWHERE)) != [tml.V1]


def test_one_viz_guid_twice_in_a_batch_is_kept_once(client: Client) -> None:
    client.load(*tml.ESTATE, tml.liveboard("Copy", guid=tml.NOWHERE))

    assert len({*_viz_guids(client.edoc(tml.L1)), *_viz_guids(client.edoc(tml.NOWHERE))}) == 2


def test_an_update_keeps_its_own_by_viz_id(estate: Client) -> None:
    estate.load(tml.liveboard(vizzes=(("Viz_1", "[REGION]", tml.NOWHERE), ("Viz_2", "[AMOUNT]", ""))))

    first, second = _viz_guids(estate.edoc(tml.L1))

    assert first == tml.V1
    assert second not in (tml.V1, tml.NOWHERE)


def test_a_given_one_of_its_own_moves_with_its_visualization(estate: Client) -> None:
    estate.load(tml.liveboard(vizzes=(("Viz_1", "[REGION]", ""), ("Viz_2", "[AMOUNT]", tml.V1))))

    assert tml.V1 in _viz_guids(estate.edoc(tml.L1))


def test_another_org_of_the_cluster_mints_its_own(log_in: Callable[[int], Client]) -> None:
    log_in(0).load(*tml.ESTATE)
    other = log_in(org_id_of(ORG))

    *_, copy = other.load(*tml.ESTATE)

    assert copy != tml.L1
    assert _viz_guids(other.edoc(copy)) != [tml.V1]


def test_parameters_and_groups_get_guids(estate: Client) -> None:
    parameter = "  parameters:\n  - name: Top\n    data_type: INT64\n"
    group = "  groups:\n  - id: Group_1\n    name: G\n    visualizations:\n    - Viz_1\n"
    estate.load(tml.model(tail=parameter), tml.liveboard(tail=group))

    assert re.search(r"parameters:\n  - id: \S{36}\n    name: Top\n", estate.edoc(tml.M1))
    assert re.search(r"    - Viz_1\n    group_guid: \S{36}\n", estate.edoc(tml.L1))

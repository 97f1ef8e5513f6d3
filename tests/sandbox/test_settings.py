"""Settings by name, as command lines and processes hand them over."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsdeploy.errors import UsageError
from tsdeploy.sandbox import Cluster
from tsdeploy.sandbox.settings import Settings, read_settings, settings_text

_SETTINGS = st.builds(
    Settings,
    name=st.text(max_size=5),
    orgs=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    auto_obj_ids=st.booleans(),
    release=st.sampled_from(["10.4", "26.8.0.cl-123"]),
    seed=st.none() | st.integers(0, 99),
    latency_per_call=st.integers(0, 99),
    rate_limit=st.booleans(),
    admin_token=st.text(max_size=5),
)


@given(_SETTINGS)
def test_settings_are_handed_over_without_the_admin_token(settings: Settings) -> None:
    text = settings_text(settings)

    assert read_settings(json.loads(text)) == replace(settings, admin_token="")


@pytest.mark.parametrize(
    ("given_settings", "name", "value"),
    [
        ({"seed": "7"}, "seed", 7),
        ({"rate_limit": "true"}, "rate_limit", True),
        ({"auto_obj_ids": False}, "auto_obj_ids", False),
        ({"orgs": ["Sales"]}, "orgs", ("Sales",)),
        ({"release": "10.4"}, "release", "10.4"),
    ],
)
def test_text_stands_for_numbers_and_switches(given_settings: dict[str, Any], name: str, value: object) -> None:
    assert getattr(read_settings(given_settings), name) == value


@pytest.mark.parametrize(
    "wrong",
    [
        {"relase": "10.4"},
        {"seed": "x"},
        {"seed": -1},
        {"rate_limit": "yes"},
        {"release": "new"},
        {"latency_per_call": 1.5},
    ],
)
def test_what_is_no_setting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="TD814"):
        read_settings(wrong)


def test_a_cluster_may_have_hundreds_of_orgs() -> None:
    with Cluster(settings=Settings(orgs=tuple(f"Org {number}" for number in range(300)))) as cluster:
        assert len({org.id for org in cluster.orgs.all()}) == 301

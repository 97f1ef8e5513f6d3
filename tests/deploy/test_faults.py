"""A server that fails at random: each deploy ends done, or with a truthful report, and never doubled.

A few seeds run always; ``TSDEPLOY_FAULTS=1000 pytest tests/deploy/test_faults.py`` runs so many.
"""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest

from tests.conftest import Cli, Estate, Outcome, environment_yaml
from tests.deploy.release import assert_whole, exported
from tests.deploy.test_killed import start_again
from tsdeploy.rest import SearchQuery, search_metadata

RUNS = int(os.environ.get("TSDEPLOY_FAULTS", "6"))
IMPORT = "metadata/tml/import"
FAULTS: dict[str, dict[str, Any]] = {
    "reset before": {"kind": "reset"},
    "reset after": {"kind": "reset", "applied": True},
    "too many": {"kind": "status", "status": 429, "retry_after": "0"},
    "internal": {"kind": "status", "status": 500},
    "internal after": {"kind": "status", "status": 500, "applied": True},
    "unavailable": {"kind": "status", "status": 503},
    "truncated": {"kind": "truncate", "applied": True, "size": 40},
    "slow": {"kind": "slow", "milliseconds": 30},
    "expired": {"kind": "expired_token"},
    "broken": {"kind": "broken_json", "applied": True},
}


def fail_at_random(estate: Estate, seed: int) -> None:
    """Two sorts of fault for 5 to 20 % of the calls to prod."""
    dice = random.Random(seed)
    faults = estate.clusters["prod"].traffic.faults
    for name in dice.sample(sorted(FAULTS), 2):
        options = dict(FAULTS[name])
        kind = options.pop("kind")
        path = dice.choice(["metadata/*", IMPORT, "metadata/search", "metadata/tml/export"])
        faults.add(kind, path, **options, probability=dice.uniform(0.05, 0.2), seed=seed)


def assert_truthful(estate: Estate, outcome: Outcome) -> None:
    """What the result calls done is there."""
    assert outcome.code in (0, 1, 5), outcome.err
    if not outcome.out.startswith("{"):
        return
    result = json.loads(outcome.out)
    assert result["succeeded"] is (outcome.code == 0)
    done = {one["guid"] for one in result["objects"] if one["status"] == "done" and one["guid"]}
    with estate.session("prod") as session:
        there = {header.id for header in search_metadata(session, SearchQuery(identifiers=tuple(done)))}
    kinds = {one["guid"]: one["object"].partition(":")[0] for one in result["objects"]}
    assert {guid for guid in done - there if kinds[guid] not in ("monitor_alert", "nls_feedback")} == set()


@pytest.mark.parametrize("strategy", ["derived", "server"])
def test_faults(strategy: str, retail: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tsdeploy.rest.retry.time.sleep", lambda _: None)
    more = f"source: dev\nnew_guids: {strategy}\ndeploy: {{batch_size: 8}}\n"
    retail.write("environments/prod/environment.yaml", environment_yaml(retail.servers["prod"].url, more))
    objects = exported(retail, cli)
    retail.clusters["prod"].snapshots.save("before")
    faults = retail.clusters["prod"].traffic.faults
    ends: dict[int, int] = {}
    for seed in range(RUNS // 2):
        start_again(retail)
        fail_at_random(retail, seed)
        outcome = cli("deploy", "prod", "--yes", "--format", "json")
        faults.clear()
        ends[outcome.code] = ends.get(outcome.code, 0) + 1
        assert_truthful(retail, outcome)
        again = cli("deploy", "prod", "--yes")
        assert again.code == 0, again.err
        assert_whole(retail, cli, objects)
    print(f"{strategy}: {ends}")

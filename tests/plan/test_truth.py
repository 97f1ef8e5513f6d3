"""What a plan says is what a deploy then does, over generated scenarios; and the plan after it is empty.

``TSDEPLOY_SCENARIOS=500`` runs more of them.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, environment_yaml
from tsdeploy.bundled import bundled
from tsdeploy.plan.build import PlanOptions, make_plan
from tsdeploy.plan.change import Action, Plan
from tsdeploy.sandbox.store.objects import StoredObject

SCENARIOS = int(os.environ.get("TSDEPLOY_SCENARIOS", "12"))
PARTS = ("+model:Retail Sales", "+view:*", "+liveboard:Store*", "table:*", "+answer:Sales by*", "+model:*")


class Scenario:
    """One random history of a project and its target."""

    def __init__(self, seed: int, estate: Estate, cli: Cli) -> None:
        self.random = random.Random(seed)
        self.estate = estate
        self.cli = cli
        self.story: list[str] = []

    def prepare(self) -> None:
        """The release in git, and a strategy."""
        strategy = self.random.choice(("derived", "keep", "server"))
        self.story.append(strategy)
        estate = self.estate
        shutil.copytree(bundled("samples") / "retail", estate.project.tml)
        estate.load("prod", bundled("samples") / "prod-warehouse")
        url = estate.servers["prod"].url
        estate.write(
            "environments/prod/environment.yaml", environment_yaml(url, f"source: dev\nnew_guids: {strategy}\n")
        )
        mapping = (bundled("environments") / "prod" / "mapping.yaml").read_text("utf-8")
        estate.write("environments/prod/mapping.yaml", mapping)
        estate.commit("release")

    def step(self) -> None:
        """Something happens."""
        happening = self.random.choice(
            (self.deploy_all, self.deploy_part, self.edit_in_git, self.edit_in_prod, self.delete_in_prod, self.forget)
        )
        self.story.append(happening.__name__)
        happening()

    def deploy_all(self) -> None:
        """A deploy of everything; a remote edit may refuse it."""
        self.cli("deploy", "prod", "--yes")
        self.estate.commit("record")

    def deploy_part(self) -> None:
        """A deploy of a part."""
        part = self.random.choice(PARTS)
        self.story.append(part)
        self.cli("deploy", "prod", "--yes", "--select", part)
        self.estate.commit("record")

    def edit_in_git(self) -> None:
        """Somebody edits some files."""
        for path in self._some_files():
            text = path.read_bytes().decode("utf-8")
            path.write_bytes(self._edited(text).encode("utf-8"))
        self.estate.commit("edit")

    def edit_in_prod(self) -> None:
        """Somebody edits an object in the target."""
        stored = self._some_object()
        if stored is not None:
            cluster = self.estate.clusters["prod"]
            with cluster.database.transaction():
                cluster.database.execute(
                    "UPDATE objects SET text = ?, modified = ? WHERE guid = ?",
                    self._edited(stored.text),
                    cluster.now(),
                    stored.guid,
                )

    def delete_in_prod(self) -> None:
        """Somebody deletes an object that nothing needs."""
        stored = self._some_object()
        cluster = self.estate.clusters["prod"]
        if stored is not None and not cluster.objects.dependents([stored.guid]):
            with cluster.database.transaction():
                cluster.objects.delete([stored.guid])

    def forget(self) -> None:
        """The record is lost. Where the server chooses the GUIDs, nothing else knows them: duplicates are planned."""
        if "server" in self.story:
            return
        self.estate.project.environment("prod").objects_path.unlink(missing_ok=True)
        self.estate.commit("forget")

    def _some_files(self) -> list[Path]:
        files = sorted(path for path in self.estate.project.tml.rglob("*.tml") if path.parent.name != "connection")
        return self.random.sample(files, self.random.randint(1, 4))

    def _some_object(self) -> StoredObject | None:
        kinds = ("liveboard", "answer", "model")
        found = [item for item in self.estate.clusters["prod"].objects.in_org(0) if item.kind in kinds]
        return self.random.choice(sorted(found, key=lambda item: item.name)) if found else None

    def _edited(self, text: str) -> str:
        """Another description for something in a text, where it has one on a line of its own."""
        pattern = re.compile(r'^( +description: )("?)([A-Z][\w ]+?)("?)$', re.MULTILINE)
        places = list(pattern.finditer(text))
        if not places:
            return text
        place = self.random.choice(places)
        return text[: place.start(3)] + f"Edited {self.random.randint(1, 999)}" + text[place.end(3) :]


def state(estate: Estate) -> dict[str, tuple[str, int]]:
    """Label → GUID and time of modification of every object in prod."""
    return {
        f"{item.kind}:{item.name}": (item.guid, item.modified) for item in estate.clusters["prod"].objects.in_org(0)
    }


def make(estate: Estate, options: PlanOptions) -> Plan:
    """A plan for prod."""
    with estate.session("prod") as session:
        return make_plan(estate.project, estate.project.environment("prod"), session, options)


@pytest.mark.parametrize("seed", range(SCENARIOS))
def test_deploy_does_what_the_plan_said(seed: int, estate: Estate, cli: Cli) -> None:
    scenario = Scenario(seed, estate, cli)
    scenario.prepare()
    for _ in range(scenario.random.randint(0, 5)):
        scenario.step()
    overwrite = ("*",) if scenario.random.random() < 0.5 else ()
    plan = make(estate, PlanOptions(overwrite=overwrite))
    before = state(estate)
    outcome = cli("deploy", "prod", "--yes", *(word for one in overwrite for word in ("--overwrite-remote", one)))
    after = state(estate)
    if plan.errors():
        assert outcome.code == 1, scenario.story
        assert after == before, scenario.story
        assert {finding.code for finding in plan.errors()} == {"TD513"}, (scenario.story, plan.errors())
        return
    assert outcome.code == 0, (scenario.story, outcome.err)
    for change in plan.changes:
        if change.rendered.source.kind.phase or not change.rendered.source.kind.rest_type:
            continue
        was, is_ = before.get(change.label), after[change.label]
        if change.action is Action.CREATE:
            assert was is None, (scenario.story, change.label)
            assert change.rendered.target.guid in ("", is_[0]), (scenario.story, change.label)
        elif change.action is Action.UPDATE:
            assert was is not None and was[0] == is_[0] and was[1] < is_[1], (scenario.story, change.label)
        else:
            assert was == is_, (scenario.story, change.label, change.action)
    assert len(after) == len(before) + sum(label not in before for label in after)
    again = make(estate, PlanOptions())
    assert [change.label for change in again.changes if change.action is not Action.UNCHANGED] == [], scenario.story

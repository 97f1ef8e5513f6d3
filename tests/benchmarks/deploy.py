"""A deploy against a sandbox that takes its time: ``python -m tests.benchmarks.deploy [OBJECTS]``.

100 ms for each call and 10 ms for each object in it. The wall time of a first deploy is compared with the server's own
time of the same calls, divided by how many of them may run side by side.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import KEY, Estate, environment_yaml
from tests.deploy.release import answer
from tsdeploy.bundled import bundled
from tsdeploy.config.project import Project
from tsdeploy.deploy.deploying import deploy_plan
from tsdeploy.git import create_repository
from tsdeploy.plan.build import make_plan
from tsdeploy.sandbox import Cluster, Server, load_folder
from tsdeploy.sandbox.traffic.latency import Delay, Latency

PARALLEL = 4
KINDS = ("table", "model", "view")


def main(objects: int) -> None:
    """Deploy so many objects once, and print the figures."""
    os.environ["TS_SANDBOX_KEY"] = KEY
    with TemporaryDirectory() as folder, Cluster() as cluster, Server(cluster) as server:
        root = Path(folder) / "project"
        root.mkdir()
        estate = Estate(Project(root), create_repository(root), {"prod": cluster}, {"prod": server})
        load_folder(cluster, bundled("samples") / "prod-warehouse")
        fill(estate, objects)
        project, prod = estate.project, estate.project.environment("prod")
        with estate.session("prod") as session:
            plan = make_plan(project, prod, session)
            cluster.traffic.latency = Latency(Delay(per_call=100, per_object=10))
            already = len(cluster.traffic.requests.all())
            started = time.perf_counter()
            result = deploy_plan(project, prod, session, plan)
            wall = time.perf_counter() - started
        assert result.succeeded, result.findings
        calls = cluster.traffic.requests.all()[already:]
        imports = sum(call.milliseconds for call in calls if call.path == "metadata/tml/import") / 1000
        looking = sum(call.milliseconds for call in calls) / 1000 - imports
        total = imports + looking
        print(f"{len(result.objects)} objects, {len(calls)} calls, {PARALLEL} side by side")
        print(f"wall time              {wall:6.2f} s")
        print(f"server's own time      {total:6.2f} s (imports {imports:.2f} s, looking {looking:.2f} s)")
        print(f"wall / (own / {PARALLEL})       {wall / (total / PARALLEL):6.2f}")
        print(f"wall / own             {wall / total:6.2f}")


def fill(estate: Estate, objects: int) -> None:
    """A project with the retail samples that answers can be built on, and the answers."""
    estate.write("environments/dev/environment.yaml", environment_yaml("http://127.0.0.1:1"))
    more = f"source: dev\ndeploy: {{parallel: {PARALLEL}}}\n"
    estate.write("environments/prod/environment.yaml", environment_yaml(estate.servers["prod"].url, more))
    everything = (bundled("samples") / "retail").rglob("*.tml")
    # This Model is on a SQL view, whose text takes a rule of its own.
    samples = [path for path in everything if path.parent.name in KINDS and not path.name.startswith("Inventory and")]
    for path in samples:
        estate.write(f"tml/{path.name}", path.read_text("utf-8"))
    for number in range(objects - len(samples)):
        estate.write(f"tml/{number}.answer.tml", answer(number))
    mapping = (bundled("environments") / "prod/mapping.yaml").read_text("utf-8")
    estate.write("environments/prod/mapping.yaml", mapping.partition("text:")[0])
    estate.write(".gitignore", ".tsdeploy/\n")
    estate.commit("start")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)

"""How long a plan takes when nothing changed, against the first one, which reads everything.

    python -m tests.benchmarks.plan --documents 5000

The estate is live in a sandbox with the same GUIDs; the first plan reads and compares it, a deploy then records it
without sending anything, and the second plan finds nothing changed. Feedback and alerts, which no search lists, are
part of it. The baseline of the ratio is the first plan of the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.packages import generate_packages
from tests.conftest import KEY, environment_yaml
from tsdeploy.config.project import Project
from tsdeploy.deploy.deploying import deploy_plan
from tsdeploy.git import create_repository
from tsdeploy.plan.build import make_plan
from tsdeploy.sandbox import Cluster, Server, load_folder
from tsdeploy.sessions import connect


def main() -> None:
    """Make the estate, plan twice, and print figures and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--project", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--deploy", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ["TS_SANDBOX_KEY"] = KEY
    if given.project:
        _plan(Project(given.project), deploy=given.deploy)
        return
    with tempfile.TemporaryDirectory() as folder:
        _run(Path(folder), given.documents)


def _run(folder: Path, documents: int) -> None:
    root = folder / "project"
    megabytes = generate_packages(root / "tml", documents=documents) / 1e6
    _share_connection(root / "tml")
    with Cluster() as cluster, Server(cluster) as server:
        load_folder(cluster, root / "tml")
        _project(root, server.url)
        print(f"{documents} documents, {megabytes:.1f} MB")
        requests = cluster.traffic.requests
        first = _measured("first plan", root, requests)
        _measured("plan and adopting deploy", root, requests, "--deploy")
        _measured("after the deploy", root, requests)
        second = _measured("nothing changed", root, requests)
        print(f"first plan / nothing changed: {first / second:.1f}  (aim: 10)")


def _share_connection(folder: Path) -> None:
    """Let all copies stand on one connection: names of connections are unique."""
    first, *others = sorted(folder.glob("*/connection/*.tml"))
    guid = _guid(first)
    for other in others:
        old = _guid(other)
        other.unlink()
        for path in other.parents[1].rglob("*.tml"):
            path.write_bytes(path.read_bytes().replace(old, guid))


def _guid(path: Path) -> bytes:
    return path.read_bytes().split(b"\n", 1)[0].removeprefix(b"guid: ")


def _project(root: Path, url: str) -> None:
    names = {"dev": "", "prod": "source: dev\nnew_guids: keep\n"}
    for name, more in names.items():
        path = root / "environments" / name / "environment.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(environment_yaml(url, more), encoding="utf-8")
    rules = (
        "version: 1",
        "connections: {Harbor Snowflake Dev: Harbor Snowflake Dev}",
        "tables: [{from: {db: HARBOR_DEV}, to: {db: HARBOR_DEV}}]",
        "groups: {Web Shop: Web Shop}",
        "",
    )
    (root / "environments" / "prod" / "mapping.yaml").write_text("\n".join(rules), encoding="utf-8")
    (root / ".gitignore").write_text(".tsdeploy/\n", encoding="utf-8")
    create_repository(root).commit([root], "estate")


def _measured(name: str, root: Path, requests: object, *more: str) -> float:
    """Seconds of a plan in a process of its own, so that nothing is warm but the caches on disk."""
    requests.clear()  # type: ignore[attr-defined]
    command = [sys.executable, "-m", "tests.benchmarks.plan", "--project", str(root), *more]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    calls = len(requests.all())  # type: ignore[attr-defined]
    print(f"{name:26} {said['seconds']:7.2f} s {calls:5} calls {said['megabytes']:5.0f} MB  {said['summary']}")
    return float(said["seconds"])


def _plan(project: Project, *, deploy: bool) -> None:
    environment = project.environment("prod")
    started = time.monotonic()
    with connect(environment) as session:
        plan = make_plan(project, environment, session, quick=not deploy)
        seconds = time.monotonic() - started
        if deploy:
            deploy_plan(project, environment, session, plan)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    errors = "; ".join(finding.message for finding in plan.errors()[:2])
    print(json.dumps({"seconds": seconds, "megabytes": peak, "summary": plan.summary() + errors}))


if __name__ == "__main__":
    main()

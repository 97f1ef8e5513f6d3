"""How long ``tsdeploy check`` takes on a clean tree, against only reading it, in the same run.

    python -m tests.benchmarks.check                     1,000 documents
    python -m tests.benchmarks.check --documents 5000

The estate is closed and every document as its schema says (see ``packages``). Reported are the ratio for a project
without a target, the share of the schemas (compiled, against jsonschema for the same documents), and the ratio where
the release is rendered for one target, too.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks.packages import generate_packages
from tests.benchmarks.timing import best
from tests.benchmarks.tml_engine import report
from tests.check.projects import DEV, MAPPING, PROD
from tsdeploy.check.run import check_project
from tsdeploy.check.structure import explained, fits
from tsdeploy.config.project import Project
from tsdeploy.errors import Severity
from tsdeploy.tml.document import Document
from tsdeploy.tml.folder import load_folder

_SAMPLE = 100


def make_project(root: Path, *, documents: int) -> Project:
    """A project whose only environment is the one that the TML comes from."""
    project = Project(root)
    size = generate_packages(project.tml, documents=documents)
    print(f"{documents} documents, {size / 1e6:.0f} MB")
    write(root / "environments/dev/environment.yaml", DEV)
    return project


def write(path: Path, text: str) -> None:
    """Write a file of the project."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def look(project: Project) -> None:
    """Check, and see to it that there was nothing to find but names that stand in every copy of the samples."""
    found = check_project(project)
    assert not [one for one in found.findings if one.severity is Severity.ERROR and one.code < "TD200"]


def report_schemas(documents: tuple[Document, ...]) -> None:
    """The compiled schemas against the validator that they stand in for."""
    compiled, validated = best(
        lambda: all(fits(document) for document in documents),
        lambda: any(list(explained(document)) for document in documents),
    )
    report("jsonschema / compiled schemas", validated / compiled, "≥ 5")


def run(documents: int) -> None:
    """Generate the estate, measure, report."""
    with tempfile.TemporaryDirectory() as name:
        project = make_project(Path(name), documents=documents)
        loaded, checked = best(lambda: load_folder(project.tml), lambda: look(project))
        report("check / read only", checked / loaded, "≤ 1.5")
        report_schemas(load_folder(project.tml).documents[:_SAMPLE])
        write(project.root / "environments/prod/environment.yaml", PROD)
        write(project.root / "environments/prod/mapping.yaml", MAPPING)
        loaded, checked = best(lambda: load_folder(project.tml), lambda: look(project))
        report("check for one target / read only", checked / loaded, "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=1000)
    run(parser.parse_args().documents)

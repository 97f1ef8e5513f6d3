"""Check a project's folder, or single files: everything at once, in the order of files and lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.check.context import make_context
from tsdeploy.check.foreign import find_rules
from tsdeploy.check.release import coverage, read_releases
from tsdeploy.check.rule import Rule
from tsdeploy.check.suppression import Suppressed, load_suppressions, sift, unused_finding
from tsdeploy.config.project import Project
from tsdeploy.errors import Finding, Severity
from tsdeploy.tml.folder import read_documents, tml_files, unreadable
from tsdeploy.transform.ledger import Coverage


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. ``files`` counts the files that were looked at; ``rules`` are those that ran."""

    files: int
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    rules: tuple[Rule, ...]
    coverage: tuple[tuple[str, Coverage], ...] = ()
    """How far the mapping of each environment that was looked at covers the folder, by name."""

    def count(self, severity: Severity) -> int:
        """How many findings are that bad."""
        return sum(finding.severity is severity for finding in self.findings)

    def failed(self, *, strict: bool = False) -> bool:
        """Whether there is an error; with ``strict``, a warning is enough."""
        return self.count(Severity.ERROR) > 0 or (strict and self.count(Severity.WARNING) > 0)


def check_project(project: Project, paths: Sequence[Path] = (), environments: Sequence[str] = ()) -> CheckReport:
    """Check everything that can be known offline.

    With ``paths`` the whole project is still read, because references need it, but only findings in these files
    and folders are reported. ``environments`` are those with a source where none is named. Raises ConfigError
    TD306 (no such environment) and TD102 to TD109, TD302, TD303 (the check file).
    """
    suppressions = load_suppressions(project.root)
    registry = find_rules()
    files = _files(project, paths)
    content, unreadable = _read(files)
    documents = read_documents(content)
    releases, misconfigured = read_releases(project, environments, documents.documents)
    found = [
        *unreadable,
        *documents.findings,
        *misconfigured,
        *registry.findings,
        *registry.run(make_context(documents.documents, releases)),
        *coverage(releases),
    ]
    scope = _Scope(tuple(project.shown(path.resolve()) for path in paths))
    sifted = sift(filter(scope.holds, found), suppressions, documents.documents)
    # A narrowed check cannot know what the rest of the project needs.
    unused = () if paths or environments else sifted.unused
    codes = [*(rule.code for rule in registry.rules), *(finding.code for finding in found)]
    findings = (*sifted.findings, *(unused_finding(one, codes) for one in unused))
    return CheckReport(
        files=sum(map(scope.covers, files)),
        findings=tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.order)),
        suppressed=sifted.suppressed,
        rules=registry.rules,
        coverage=() if paths else tuple((release.name, release.rendering.coverage) for release in releases),
    )


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which files are reported on: those below the roots, all where there are none."""

    roots: tuple[str, ...]

    def covers(self, file: str) -> bool:
        return not self.roots or any(
            root in (".", file) or file.startswith(f"{root.rstrip('/')}/") for root in self.roots
        )

    def holds(self, finding: Finding) -> bool:
        return finding.location is None or self.covers(finding.location.file)


def _files(project: Project, paths: Iterable[Path]) -> dict[str, Path]:
    """The files to read, by the path to show: those of the project, and those that were named besides."""
    found = {project.shown(path): path for path in tml_files(project.tml)}
    for path in paths:
        place = path.resolve()
        for file in tml_files(place) if place.is_dir() else (place,):
            found.setdefault(project.shown(file), file)
    return found


def _read(files: dict[str, Path]) -> tuple[list[tuple[str, bytes]], list[Finding]]:
    content: list[tuple[str, bytes]] = []
    findings: list[Finding] = []
    for shown, path in files.items():
        try:
            content.append((shown, path.read_bytes()))
        except OSError as error:
            findings.append(unreadable(shown, error))
    return content, findings

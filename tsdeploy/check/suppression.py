"""``.tsdeploy-check.yaml``: findings that a project has decided to live with, each with the reason.

TML leaves no room for comments, because the next export would lose them; so this file says what to pass over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.config.yaml_file import load_config, load_schema
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.nearest import nearest
from tsdeploy.tml.document import Document
from tsdeploy.tml.selector import glob_matches, matches

FILE_NAME = ".tsdeploy-check.yaml"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Pass over what a rule finds in the documents or files that ``scope`` (a selector or a path glob) names."""

    rule: str
    scope: str
    reason: str
    location: Location

    def covers(self, finding: Finding, document: Document | None) -> bool:
        """Whether a finding, in a document where it is in one, is to be passed over."""
        if finding.code != self.rule or finding.location is None:
            return False
        in_file = glob_matches(self.scope, finding.location.file)
        return in_file or (document is not None and matches(self.scope, document))


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that was passed over, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Sifted:
    """Findings parted by the suppressions, and the suppressions that nothing needed."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    unused: tuple[Suppression, ...]


def load_suppressions(root: Path) -> tuple[Suppression, ...]:
    """Read the project's file; none when there is no file.

    Raises ConfigError TD302 (unreadable), TD102 to TD109 (not YAML) or TD303 (each violation of its schema).
    """
    path = root / FILE_NAME
    if not path.exists():
        return ()
    file = load_config(path, load_schema("tsdeploy.check", "check"), what="check file", shown=FILE_NAME)
    entries = file.value.get("suppress", ())
    return tuple(
        Suppression(entry["rule"], entry["in"], entry["reason"], file.at("suppress", number))
        for number, entry in enumerate(entries)
    )


def sift(findings: Iterable[Finding], suppressions: Iterable[Suppression], documents: Iterable[Document]) -> Sifted:
    """Part findings into those to report and those to pass over."""
    by_rule: dict[str, list[Suppression]] = {}
    for suppression in suppressions:
        by_rule.setdefault(suppression.rule, []).append(suppression)
    by_path = {document.path: document for document in documents}
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[Suppression] = set()
    for finding in findings:
        document = by_path.get(finding.location.file) if finding.location else None
        covering = [one for one in by_rule.get(finding.code, ()) if one.covers(finding, document)]
        used.update(covering)
        if covering:
            suppressed.append(Suppressed(finding, covering[0].reason))
        else:
            kept.append(finding)
    unused = tuple(one for group in by_rule.values() for one in group if one not in used)
    return Sifted(tuple(kept), tuple(suppressed), unused)


def unused_finding(suppression: Suppression, codes: Iterable[str]) -> Finding:
    """What to say of a suppression that nothing needs any more."""
    known = list(codes)
    message = f"nothing is suppressed by {suppression.rule} in {suppression.scope}"
    hint = "delete the entry" if suppression.rule in known else nearest(suppression.rule, known) or "no such rule"
    return Finding("TD190", message, suppression.location, "suppress", hint, Severity.WARNING)

"""What the check finds in the files that a change touches; files that have nothing to do with it are not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.check.context import make_context
from tsdeploy.check.foreign import find_rules
from tsdeploy.check.rule import Rule
from tsdeploy.check.suppression import load_suppressions, sift
from tsdeploy.errors import Finding
from tsdeploy.tml.document import Document


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in the changed files, and by which rules it was looked for."""

    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Findings that a change brings, and those that it leaves as they were."""

    new: tuple[Finding, ...]
    old: tuple[Finding, ...]


def check_changed(
    changed: Iterable[Document], around: Iterable[Document], unread: Iterable[Finding], suppressions: Path
) -> Checked:
    """Run the rules over changed documents. ``around`` are those they are built on or could be mistaken for.

    ``suppressions`` is the folder with the project's list of what to pass over. Raises ConfigError TD303 and those of
    reading it.
    """
    registry = find_rules()
    subject = {document.path: document for document in changed}
    documents = {document.path: document for document in around} | subject
    context = make_context(documents.values(), subject=subject.values())
    found = (one for one in registry.run(context) if one.location is None or one.location.file in subject)
    sifted = sift([*unread, *registry.findings, *found], load_suppressions(suppressions), subject.values())
    return Checked(tuple(sorted(dict.fromkeys(sifted.findings), key=lambda finding: finding.order)), registry.rules)


def told_apart(found: Iterable[Finding], before: Iterable[Finding], older_paths: Mapping[str, str]) -> Told:
    """Which findings are new, and which were there before the change, perhaps on another line or in another file."""
    known = Counter(_what(finding, {}) for finding in before)
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in found:
        what = _what(finding, older_paths)
        (old if known[what] else new).append(finding)
        known[what] -= known[what] > 0
    return Told(tuple(new), tuple(old))


def _what(finding: Finding, older_paths: Mapping[str, str]) -> tuple[str, str, str]:
    file = finding.location.file if finding.location else ""
    return (finding.code, older_paths.get(file, file), finding.message)

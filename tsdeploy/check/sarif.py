"""A report as SARIF 2.1.0, the format in which code hosts show findings beside the lines of a change.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/, sections 3.19 (driver), 3.27 (result) and 3.49 (rule).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from tsdeploy.check.rule import Rule
from tsdeploy.check.run import CheckReport
from tsdeploy.errors import Finding, Location, Severity
from tsdeploy.explain.pages import all_pages
from tsdeploy.version import __version__

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_FINGERPRINT = "tsdeployFinding/v1"
_NOWHERE = Location("tsdeploy.yaml")
"""The place of what has none, such as a rule that is broken: GitHub takes no file in which one result lacks a place."""


def check_sarif(report: CheckReport) -> dict[str, Any]:
    """The report as SARIF. Suppressed findings are in it, marked as such, with their reason."""
    everything = [*report.findings, *(one.finding for one in report.suppressed)]
    reasons = {number: one.reason for number, one in enumerate(report.suppressed, len(report.findings))}
    descriptors = _descriptors(everything, report.rules)
    places = {descriptor["id"]: number for number, descriptor in enumerate(descriptors)}
    prints = _fingerprints(everything)
    results = [
        _result(finding, places[finding.code], prints[number], reasons.get(number))
        for number, finding in enumerate(everything)
    ]
    driver = {"name": "tsdeploy", "semanticVersion": __version__, "rules": descriptors}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }


def _descriptors(findings: Iterable[Finding], rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """The rules that ran, and whatever other codes were found."""
    by_code = {rule.code: rule for rule in rules}
    levels = {finding.code: finding.severity for finding in findings}
    levels |= {rule.code: rule.severity for rule in by_code.values()}
    return [_descriptor(code, levels[code], by_code.get(code)) for code in sorted(levels)]


def _descriptor(code: str, severity: Severity, rule: Rule | None) -> dict[str, Any]:
    page = all_pages().get(code)
    title = page.title if page else rule.title if rule else code
    text = page.markdown if page else rule.help if rule else ""
    descriptor: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": title},
        "defaultConfiguration": {"level": _LEVELS[severity]},
    }
    if page:
        descriptor["fullDescription"] = {"text": page.summary}
    if text:
        descriptor["help"] = {"text": text, "markdown": text}
    return descriptor


def _result(finding: Finding, rule: int, fingerprint: str, reason: str | None) -> dict[str, Any]:
    message = finding.message + (f" (at {finding.at})" if finding.at else "")
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _unlinked(f"{message}. {_sentence(finding.hint)}" if finding.hint else message)},
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    result["locations"] = [{"physicalLocation": _place(finding.location or _NOWHERE)}]
    if reason is not None:
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _place(location: Location) -> dict[str, Any]:
    # File names are bytes where they are no text; SARIF wants a URI.
    artifact = {"uri": quote(location.file.encode("utf-8", "surrogateescape"))}
    if not location.line:
        return {"artifactLocation": artifact}
    return {
        "artifactLocation": artifact,
        "region": {"startLine": location.line, "startColumn": max(location.column, 1)},
    }


def _fingerprints(findings: Iterable[Finding]) -> list[str]:
    """What a finding is recognised by when lines move: its code, file, place and words, and its number among equals."""
    seen: dict[str, int] = {}
    prints = []
    for finding in findings:
        file = finding.location.file if finding.location else ""
        text = "\0".join((finding.code, file, finding.at, finding.message))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[digest] = seen.get(digest, 0) + 1
        prints.append(f"{digest}:{seen[digest]}")
    return prints


def _unlinked(text: str) -> str:
    """Text without links: in plain messages, too, ``[words](address)`` is one (section 3.11.6)."""
    return text.replace("](", "] (")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

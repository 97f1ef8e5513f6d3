"""A review in the formats of machines: JSON, SARIF, GitLab Code Quality and JUnit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from tsdeploy.check.run import CheckReport
from tsdeploy.check.sarif import check_sarif
from tsdeploy.errors import Finding, Severity
from tsdeploy.plan.change import Action
from tsdeploy.review.outlook import Outlook
from tsdeploy.review.remarks import remarks
from tsdeploy.review.report import AffectedObject, Review, ReviewedObject
from tsdeploy.review.risk import Judged, Risk
from tsdeploy.review.wording import plain_phrase
from tsdeploy.visible import visible

_GITLAB = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def review_json(review: Review) -> dict[str, Any]:
    """The review as plain data; names as they are in the TML."""
    verdict = review.verdict()
    return {
        "base": {"asked": review.base.asked, "commit": review.base.commit},
        "head": {"asked": review.head.asked, "commit": review.head.commit},
        "verdict": {"mood": verdict.mood.value, "text": verdict.text},
        "counts": {risk.value: review.count(risk) for risk in Risk},
        "objects": [_object(item) for item in review.objects],
        "affected": [_affected(item) for item in review.affected],
        "environments": [_outlook(outlook) for outlook in review.outlooks],
        "settings": [
            {"path": one.path, "change": one.verb, "meaning": one.meaning, "by_hand": one.by_hand}
            for one in review.settings
        ],
        "findings": [finding.plain() for finding in review.findings],
        "old_findings": [finding.plain() for finding in review.old_findings],
    }


def review_sarif(review: Review) -> dict[str, Any]:
    """The remarks of a review as SARIF 2.1.0."""
    return check_sarif(CheckReport(len(review.objects), remarks(review), (), review.rules))


def review_code_quality(review: Review) -> list[dict[str, Any]]:
    """The annotations as GitLab's Code Quality report.

    Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    """
    seen: dict[str, int] = {}
    return [_issue(finding, seen) for finding in remarks(review) if finding.location is not None]


def review_junit(review: Review) -> str:
    """A test case for each changed object and each environment; what is breaking or blocked fails."""
    suite = ElementTree.Element("testsuite", name="tsdeploy review")
    failures = 0
    for item in review.objects:
        bad = [change for change in item.changes if change.risk is Risk.BREAKING]
        lines = [f"{one.difference.sentence}: {plain_phrase(one.why)}" for one in bad]
        if item.own_risk is Risk.BREAKING:
            lines.append(f"{item.verb}: {plain_phrase(item.why)}")
        failures += _case(suite, "objects", item.label, lines)
    for broken in review.broken():
        failures += _case(suite, "users", broken.label, [plain_phrase(one) for one in broken.breaks])
    for path, findings in _by_file(review.errors()).items():
        failures += _case(suite, "check", path, [f"{one.code}: {one.message}" for one in findings])
    for outlook in review.outlooks:
        failures += _case(suite, "environments", outlook.environment, [str(one) for one in outlook.problems()])
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, group: str, name: str, failures: list[str]) -> int:
    case = ElementTree.SubElement(suite, "testcase", classname=f"tsdeploy.review.{group}", name=visible(name))
    if failures:
        # Control characters, which XML has no way to write, are written as escapes.
        shown = [visible(line) for line in failures]
        ElementTree.SubElement(case, "failure", message=shown[0]).text = "\n".join(shown)
    return 1 if failures else 0


def _by_file(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.location.file if finding.location else "project", []).append(finding)
    return found


def _issue(finding: Finding, seen: dict[str, int]) -> dict[str, Any]:
    assert finding.location is not None
    key = "\0".join((finding.code, finding.location.file, finding.at, finding.message))
    seen[key] = seen.get(key, 0) + 1
    digest = hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "description": visible(finding.message),
        "check_name": finding.code,
        "fingerprint": digest,
        "severity": _GITLAB[finding.severity],
        "location": {"path": finding.location.file, "lines": {"begin": max(finding.location.line, 1)}},
    }


def _object(item: ReviewedObject) -> dict[str, Any]:
    return {
        "object": item.label,
        "path": item.newest.path,
        "change": item.verb,
        "risk": item.risk.value,
        "why": plain_phrase(item.why),
        "changes": [_change(change) for change in item.changes],
    }


def _change(change: Judged) -> dict[str, Any]:
    found = change.difference
    return {
        "what": found.what,
        "risk": change.risk.value,
        "sentence": found.sentence,
        "why": plain_phrase(change.why),
        "at": found.at,
        "before": found.before,
        "after": found.after,
        "line": found.location.line if found.location else None,
    }


def _affected(item: AffectedObject) -> dict[str, Any]:
    return {
        "object": item.label,
        "path": item.path,
        "distance": item.distance,
        "uses": list(item.uses),
        "breaks": [plain_phrase(one) for one in item.breaks],
        "broken_by": list(item.broken_by),
        "changed": item.changed,
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    changes = outlook.plan.changes if outlook.plan else ()
    return {
        "environment": outlook.environment,
        "live": outlook.live,
        "told": outlook.told,
        "counts": {action.value: outlook.count(action) for action in Action},
        "objects": [
            {"object": one.label, "action": one.action.value, "reason": one.reason}
            for one in changes
            if one.action is not Action.UNCHANGED
        ],
        "findings": [finding.plain() for finding in (*outlook.findings, *outlook.problems())],
    }

"""Rules of other packages: real distributions on the path, sound and broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.check.projects import make_project
from tsdeploy.check.foreign import find_rules
from tsdeploy.check.rules import RULES
from tsdeploy.check.run import check_project
from tsdeploy.cli.main import run

SOUND = """\
from tsdeploy.check.rule import Rule
from tsdeploy.tml.spots import body
from tsdeploy.errors import Severity

def shouting(context):
    for document in context.documents:
        name = body(document).get("name")
        if document.kind.name == "answer" and name.text != name.text.upper():
            yield name.finding("ACME1", "answers are shouted", severity=Severity.WARNING)

RULE = Rule("ACME1", "Answers are shouted", Severity.WARNING, shouting, "Shout, or nobody hears it.")
RULES = [RULE]
"""
BROKEN = """\
from tsdeploy.check.rule import Rule
from tsdeploy.errors import Finding, Severity

def fails(context):
    yield Finding("ACME1", "never seen")
    raise ZeroDivisionError("of its own making")

def lies(context):
    return [Finding("TD160", "not my code"), "no finding at all"]

FAILS = Rule("ACME1", "Fails", Severity.ERROR, fails)
LIES = Rule("ACME2", "Lies", Severity.ERROR, lies)
TAKEN = Rule("TD160", "Takes a code", Severity.ERROR, fails)
NEITHER = {"a": "b"}
"""
Install = Callable[[str, dict[str, str]], None]


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a distribution on the path: a module ``acme_<number>`` and its metadata with entry points."""

    def put(source: str, points: dict[str, str]) -> None:
        folder = tmp_path_factory.mktemp("site")
        module = f"acme_{folder.name}"
        (folder / f"{module}.py").write_text(source, encoding="utf-8")
        info = folder / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
        lines = [f"{name} = {module}:{target}" for name, target in points.items()]
        (info / "entry_points.txt").write_text("[tsdeploy.rules]\n" + "\n".join(lines) + "\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))

    return put


def test_rules_of_this_package_alone() -> None:
    assert find_rules().rules == RULES


@pytest.mark.parametrize("target", ["RULE", "RULES"])
def test_rule_of_another_package_runs(install: Install, tmp_path: Path, target: str) -> None:
    install(SOUND, {"shouting": target})
    report = check_project(make_project(tmp_path))
    assert [str(finding) for finding in report.findings] == ["ACME1: answers are shouted (in tml/Net.tml:3:9)"]


def test_rule_of_another_package_can_be_suppressed(install: Install, tmp_path: Path) -> None:
    install(SOUND, {"shouting": "RULE"})
    text = "version: 1\nsuppress:\n- {rule: ACME1, in: 'answer:*', reason: we whisper}\n"
    report = check_project(make_project(tmp_path, more={".tsdeploy-check.yaml": text}))
    assert (report.findings, len(report.suppressed)) == ((), 1)


def test_rule_of_another_package_is_explained(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install(SOUND, {"shouting": "RULE"})
    assert run(["explain", "acme1"]) == 0
    assert capsys.readouterr().out == "# ACME1: Answers are shouted\n\nShout, or nobody hears it.\n"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("FAILS", "rule ACME1 is broken: ZeroDivisionError: of its own making"),
        ("TAKEN", "the code TD160 is taken"),
        ("NEITHER", "it is no Rule and no list of them"),
        ("MISSING", "AttributeError"),
    ],
)
def test_broken_rule_is_a_finding(install: Install, tmp_path: Path, target: str, message: str) -> None:
    install(BROKEN, {"bad": target})
    report = check_project(make_project(tmp_path))
    assert [finding.code for finding in report.findings] == ["TD191"]
    assert message in report.findings[0].message
    assert report.failed()


def test_findings_of_another_code_are_not_believed(install: Install, tmp_path: Path) -> None:
    install(BROKEN, {"bad": "LIES"})
    report = check_project(make_project(tmp_path))
    assert {(finding.code, finding.message) for finding in report.findings} == {
        ("TD191", "rule ACME2 is broken: it found something that is no finding of ACME2")
    }


def test_module_that_cannot_be_imported_does_not_hide_other_rules(install: Install, tmp_path: Path) -> None:
    install("import no_such_module_anywhere\n", {"bad": "RULE"})
    install(SOUND, {"shouting": "RULE"})
    assert sorted(finding.code for finding in check_project(make_project(tmp_path)).findings) == ["ACME1", "TD191"]

"""The one way to fail."""

from __future__ import annotations

import pytest

from tsdeploy import errors
from tsdeploy.errors import Finding, Location, Severity, TsdeployError

FINDING = Finding("TD204", "no such object", Location("x.tml", 14, 10))


def test_a_place_is_file_line_and_column() -> None:
    assert (str(Location("x.tml", 14, 10)), str(Location("x.tml"))) == ("x.tml:14:10", "x.tml")


def test_places_sort_by_file_then_line() -> None:
    assert sorted([Location("b"), Location("a", 2), Location("a", 1, 9)])[0] == Location("a", 1, 9)


def test_a_finding_says_code_message_and_place() -> None:
    assert (str(FINDING), str(Finding("TD1", "x"))) == ("TD204: no such object (in x.tml:14:10)", "TD1: x")


def test_a_warning_is_the_same_finding() -> None:
    assert FINDING.as_warning() == Finding(*("TD204", "no such object"), FINDING.location, severity=Severity.WARNING)


def test_an_error_carries_all_findings() -> None:
    error = TsdeployError(FINDING, Finding("TD1", "x"))
    assert (error.code, len(error.findings), str(error)) == ("TD204", 2, f"{FINDING}\nTD1: x")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError, 2),
        (errors.ConfigError, 2),
        (errors.GitError, 2),
        (errors.TmlError, 1),
        (errors.RestError, 1),
        (errors.DeployError, 1),
        (errors.GuardError, 4),
    ],
)
def test_exit_codes_are_those_of_the_documentation(error: type[TsdeployError], code: int) -> None:
    assert error.exit_code == code

"""Secrets by reference: never the value, but where it is asked for."""

from __future__ import annotations

import pytest

from tsdeploy.config.secrets import Secret, expand_variables, parse_secret
from tsdeploy.errors import ConfigError, Location

HERE = Location("x.yaml", 3, 4)


def test_a_secret_prints_as_its_reference() -> None:
    secret = Secret("KEY", HERE)
    assert (f"{secret}", repr(secret)) == ("${env:KEY}", "Secret(${env:KEY})")


def test_a_secret_is_read_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TD_TEST_KEY", "v")
    assert (Secret("TD_TEST_KEY").reveal(), Secret("KEY").reveal({"KEY": "w"})) == ("v", "w")


@pytest.mark.parametrize("environ", [{}, {"KEY": ""}])
def test_a_secret_that_is_not_set_names_its_variable(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        Secret("KEY", HERE).reveal(environ)
    (finding,) = caught.value.findings
    assert (finding.code, finding.location, "KEY" in finding.hint) == ("TD305", HERE, True)


@pytest.mark.parametrize("text", ["", "x", "${KEY}", "${env:}", "${env:1A}", " ${env:A}", "${env:A}${env:B}", "$env:A"])
def test_only_a_reference_is_taken(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_secret(text, HERE, key="auth.token")
    assert (caught.value.code, caught.value.findings[0].location) == ("TD304", HERE)


def test_variables_are_expanded_inside_text() -> None:
    assert expand_variables("a${env:A}b${env:B}${c}", None, {"A": "1", "B": "2"}) == "a1b2${c}"


def test_an_expanded_value_is_not_expanded_again() -> None:
    assert expand_variables("${env:A}", None, {"A": "${env:B}"}) == "${env:B}"


def test_every_missing_variable_is_named_once() -> None:
    with pytest.raises(ConfigError) as caught:
        expand_variables("${env:A}${env:B}${env:A}", HERE, {})
    assert [finding.message.split()[2] for finding in caught.value.findings] == ["A", "B"]

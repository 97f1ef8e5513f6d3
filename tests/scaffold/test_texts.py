"""The files of a new project are valid, teach by comments that hold, and say what they were told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden_files import assert_golden
from tsdeploy.config.auth import PasswordAuth, TokenAuth, TrustedAuth
from tsdeploy.config.environment import Environment, load_environment
from tsdeploy.errors import UsageError
from tsdeploy.mapping.reading import load_mapping
from tsdeploy.scaffold.answers import (
    AuthKind,
    NewEnvironment,
    SignIn,
    address,
    check_name,
    folder_inside,
    new_environments,
    read_pairs,
)
from tsdeploy.scaffold.texts import environment_text, mapping_text

PROD = NewEnvironment("prod", "https://prod.example.com", "Sales: EU", "dev")


def loaded(folder: Path, environment: NewEnvironment, text: str = "") -> Environment:
    """An environment's text as tsdeploy reads it."""
    (folder / "environment.yaml").write_text(text or environment_text(environment), "utf-8")
    return load_environment(folder, "environment.yaml")


def test_what_people_read(request: pytest.FixtureRequest) -> None:
    dev = NewEnvironment("dev", "https://dev.example.com", auth="password")
    assert_golden(request, "scaffold/dev.environment.yaml", environment_text(dev))
    assert_golden(request, "scaffold/prod.environment.yaml", environment_text(PROD))
    assert_golden(request, "scaffold/prod.mapping.yaml", mapping_text(PROD))


@pytest.mark.parametrize(
    ("kind", "expected", "variable"),
    [
        ("trusted", TrustedAuth, "TS_A_B_KEY"),
        ("password", PasswordAuth, "TS_A_B_PASSWORD"),
        ("token", TokenAuth, "TS_A_B_TOKEN"),
    ],
)
def test_every_way_to_sign_in_is_valid(kind: AuthKind, expected: type, variable: str, tmp_path: Path) -> None:
    environment = NewEnvironment("a-b", "http://127.0.0.1:1", auth=kind)
    assert isinstance(loaded(tmp_path, environment).auth, expected)
    assert environment.variable == variable


def test_keys_in_comments_are_keys(tmp_path: Path) -> None:
    for environment in (PROD, NewEnvironment("dev", "https://dev.example.com")):
        text = re.sub(r"(?m)^( *)# (\w+: )", r"\1\2", environment_text(environment))
        assert loaded(tmp_path, environment, text).org in (0, "Sales: EU")


def test_examples_of_the_mapping_are_rules(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(mapping_text(PROD), "utf-8")
    assert not load_mapping(path, "mapping.yaml").objects
    path.write_text(re.sub(r"(?m)^# (\w+:$|  .*)", r"\1", mapping_text(PROD)), "utf-8")
    rules = load_mapping(path, "mapping.yaml")
    assert [len(part) for part in (rules.connections, rules.tables, rules.objects, rules.groups, rules.text)] == [
        1,
        2,
        1,
        1,
        1,
    ]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1).filter(
    lambda text: not re.fullmatch(r"-?\d{1,10}", text) and "${" not in text
)


@settings(max_examples=60, deadline=None)
@given(org=TEXTS, username=TEXTS, branch=TEXTS)
def test_names_stay_what_they_are(
    org: str, username: str, branch: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    environment = NewEnvironment("a", "https://a.example.com", org, "dev", "trusted", username, branch)
    read = loaded(tmp_path_factory.mktemp("environment"), environment)
    assert isinstance(read.auth, TrustedAuth)
    assert (read.org, read.auth.username, read.guards.branch, read.source) == (org, username, branch, "dev")


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("dev.thoughtspot.cloud", "https://dev.thoughtspot.cloud"),
        (" https://dev.thoughtspot.cloud/#/pinboard/1 ", "https://dev.thoughtspot.cloud"),
        ("http://127.0.0.1:8101/", "http://127.0.0.1:8101"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_address_is_cut_down_to_the_host(pasted: str, expected: str) -> None:
    assert address(pasted) == expected


@pytest.mark.parametrize(
    "text",
    ["", "ftp://a", "https://user:hunter2@a", "https://", "https://a b", "https://a:x", "https://a\x1b[2J", "a:0"],
)
def test_what_is_no_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError, match="TD031") as caught:
        address(text)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "..", ".git", "a/b", "con", "NUL.txt", "-rf", "a\nb", "x" * 62, "é", "a."])
def test_name_that_no_folder_should_have_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="TD031"):
        check_name(name)


def test_environments_come_from_the_first_or_from_the_one_that_is_there() -> None:
    pairs = (("dev", "a.example"), ("test", "b.example"), ("prod", "c.example"))
    assert [one.source for one in new_environments(pairs, {}, SignIn())] == ["", "dev", "dev"]
    assert [one.source for one in new_environments(pairs[1:], {}, SignIn(), source="dev")] == ["dev", "dev"]


@pytest.mark.parametrize(
    ("pairs", "orgs"), [((("Dev", "a"), ("dev", "b")), {}), ((("dev", "a"),), {"prod": "1"}), ((("..", "a"),), {})]
)
def test_environments_that_contradict_each_other_are_refused(
    pairs: tuple[tuple[str, str], ...], orgs: dict[str, str]
) -> None:
    with pytest.raises(UsageError, match="TD031"):
        new_environments(pairs, orgs, SignIn())


@pytest.mark.parametrize("text", ["dev", "=x", "dev="])
def test_pair_needs_both_its_parts(text: str) -> None:
    with pytest.raises(UsageError, match="TD031"):
        read_pairs([text], "--environment")


def test_folder_of_the_tml_is_inside_the_project(tmp_path: Path) -> None:
    assert [folder_inside(tmp_path, text) for text in ("tml", "./a//b/", ".")] == ["tml", "a/b", "."]
    for text in ("..", "/etc", "a/../../b", ".git/hooks"):
        with pytest.raises(UsageError, match="TD031"):
            folder_inside(tmp_path, text)

"""What is a secret by its name is one everywhere: in a difference, in a check, in a connection, in a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.looking import seen
from tests.mapping.files import load
from tests.transform.releases import inputs, rendered
from tsdeploy.config.secrets import expand_variables
from tsdeploy.errors import ConfigError
from tsdeploy.tml.difference.secrecy import MASK, shown
from tsdeploy.tml.document import parse_document
from tsdeploy.tml.secret_names import names_secret

SECRET = (
    "password",
    "PASSPHRASE",
    "passwd",
    "MYSQL_PWD",
    "oauthClientSecret",
    "oauth_token_secret",
    "refreshToken",
    "private_key",
    "privateKeyPassphrase",
    "X_Api_Key",
    "apikey",
    "accessKey",
    "ACCESSKEY",
    "AWS_ACCESS_KEY_ID",
    "SIGNING_KEY_B64",
    "credentials",
    "Authorization",
    "session_cookie",
    "external_id",
    "DEPLOY_PAT",
    "ci_jwt",
)
PLAIN = ("user", "warehouse", "accountName", "monkey", "keyspace", "path")
ABOUT_ONE = ("token_url", "secret_arn", "private_key_id")
"""Shown where they stand in TML. A variable of such a name belongs to whoever runs tsdeploy: it is refused."""

CONNECTION = """\
guid: 11111111-0000-4000-8000-0000000000d0
connection:
  name: Warehouse
  type: RDBMS_SNOWFLAKE
  properties:
  - key: {name}
    value: written-out
"""
RULES = """\
manage_connections: true
connections: {{Warehouse: Prod}}
properties: [{{in: "connection:*", path: "properties[key={name}].value", to: visible}}]
"""


def in_difference(name: str, _: Path) -> bool:
    """Whether a difference masks the value of a property, and of a key, of that name."""
    properties = parse_document(CONNECTION.format(name=name), "c.tml").root
    by_key = parse_document(f"connection:\n  name: Warehouse\n  {name}: written-out\n", "c.tml").root
    answers = {MASK in str(shown(node)) for node in (properties, by_key)}
    assert len(answers) == 1
    return answers.pop()


def in_check(name: str, _: Path) -> bool:
    """Whether a check finds the value written out."""
    return any("TD160" in line for line in seen({"c.tml": CONNECTION.format(name=name)}))


def in_transform(name: str, folder: Path) -> bool:
    """Whether a plain rule is not enough for it."""
    text = CONNECTION.format(name=name)
    made = rendered([text], inputs(load(folder, RULES.format(name=name))))
    return any(finding.code == "TD229" for finding in made.all_findings())


def in_configuration(name: str, _: Path) -> bool:
    """Whether a variable of that name is put into no plain text."""
    try:
        expand_variables(f"${{env:{name}}}", None, {name: "x"})
    except ConfigError as error:
        assert error.code == "TD340"
        return True
    return False


@pytest.mark.parametrize("door", [in_difference, in_check, in_transform, in_configuration])
def test_every_room_has_the_same_secrets(door: object, tmp_path: Path) -> None:
    assert callable(door)
    assert {name: door(name, tmp_path) for name in (*SECRET, *PLAIN, *ABOUT_ONE)} == {
        **dict.fromkeys(SECRET, True),
        **dict.fromkeys(PLAIN, False),
        **dict.fromkeys(ABOUT_ONE, door is in_configuration),
    }


@pytest.mark.parametrize("name", ["X-Api-Key", "client secret", "db.password"])
def test_words_may_be_joined_in_any_way(name: str) -> None:
    assert names_secret(name)


def test_words_of_a_search_are_shown() -> None:
    assert not names_secret("search_tokens")


def test_label_of_a_secret_is_shown() -> None:
    assert "api_key" in str(shown(parse_document(CONNECTION.format(name="api_key"), "c.tml").root))

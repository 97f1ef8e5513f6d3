"""Secrets of connections are never exported."""

from __future__ import annotations

import pytest

from tests.tml.tml_texts import document
from tsdeploy.sandbox.texts.secrets import secret_edits
from tsdeploy.tml.edit import apply

TEXT = """\
connection:
  name: C
  properties:
  - key: {key}
    value: {value}
  connection_configurations:
  - name: other
    properties:
    - key: {key}
      value: {value}
"""


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("password", "hunter2", '""'),
        ("oauth_client_secret", "x", '""'),
        ("password", '"${password}"', '"${password}"'),
        ("password", '""', '""'),
        ("warehouse", "WH", "WH"),
    ],
)
def test_a_secret_is_exported_empty_or_as_its_variable(key: str, value: str, shown: str) -> None:
    read = document(TEXT.format(key=key, value=value))
    assert apply(read.text, secret_edits(read)) == TEXT.format(key=key, value=shown)

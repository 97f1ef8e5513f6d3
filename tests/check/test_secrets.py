"""Secrets are found wherever they stand, and no finding holds any part of one."""

from __future__ import annotations

import base64
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.looking import findings, retail, seen
from tsdeploy.check.run import CheckReport
from tsdeploy.check.sarif import check_sarif
from tsdeploy.check.secret_text import sort_of_secret
from tsdeploy.cli.check import report_json

CONNECTION = """\
guid: 11111111-0000-4000-8000-0000000000d0
connection:
  name: Warehouse
  type: RDBMS_SNOWFLAKE
  properties:
  - key: user
    value: svc
  - key: password
    value: {password}
  connection_configurations:
  - name: Nightly
    properties:
    - key: private_key
      value: {key}
"""
ACTION = """\
action_object:
  name: Call
  url_action_details:
    url: https://hook.example/run
    authentication:
      basic:
        username: bob
        password: {password}
      api_key:
        key: X-Api-Key
        value: {key}
      bearer_token:
        token: {token}
"""
PEM = "-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA7\\n-----END RSA PRIVATE KEY-----"
DER = base64.b64encode(b"\x30\x82\x04\xbe\x02\x01\x00\x30" + bytes(range(200))).decode()
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3jVmNHl0w5N"


def connection(password: str = '""', key: str = '""') -> dict[str, str]:
    return {"Warehouse.tml": CONNECTION.format(password=password, key=key)}


def action(password: str = '""', key: str = '""', token: str = '""') -> dict[str, str]:
    return {"Call.tml": ACTION.format(password=password, key=key, token=token)}


def test_secrets_of_a_connection() -> None:
    assert seen(connection("hunter2", "abc")) == [
        "error TD160 Warehouse.tml:9:12 a secret is written out",
        "error TD160 Warehouse.tml:14:14 a secret is written out",
    ]


@pytest.mark.parametrize("value", ['""', '"${warehouse_password}"', "'****'", '"<password>"', "'  '"])
def test_variable_mask_or_nothing_is_no_secret(value: str) -> None:
    assert seen(connection(value)) == []


def test_secrets_of_an_action() -> None:
    assert seen(action("a", "b", "c")) == [
        "error TD160 Call.tml:8:19 a secret is written out",
        "error TD160 Call.tml:11:16 a secret is written out",
        "error TD160 Call.tml:13:16 a secret is written out",
    ]


def test_secrets_of_a_kind_that_is_not_known_yet() -> None:
    headers = "  additional_headers:\n  - key: Authorization\n    value: abc\n"
    found = seen({"Hook.tml": f"webhook:\n  name: Hook\n  signature_verification:\n    secret: abc\n{headers}"})
    assert [line for line in found if "TD160" in line] == [
        "error TD160 Hook.tml:4:13 a secret is written out",
        "error TD160 Hook.tml:7:12 a secret is written out",
    ]


def test_sensitive_variable() -> None:
    text = "template_variable:\n  name: limit\n  sensitive: true\n  entries:\n  - variable_value: abc\n"
    assert "error TD160 limit.tml:5:21 a secret is written out" in seen({"limit.tml": text})
    plain = text.replace("true", "false")
    assert [line for line in seen({"limit.tml": plain}) if "TD160" in line] == []


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("see https://bob:hunter2@files.example/x", "a user name and password in a URL"),
        ("https://b.example/x.png?X-Amz-Date=1&X-Amz-Signature=0123456789abcdef", "a signed URL"),
        ("<a href='https://b.example/x?sv=1&amp;sig=abcdEFGH%2B12'>", "a signed URL"),
        ("https://x.example/?api_key=abcdef123", "a credential in a URL"),
        (PEM, "a private key"),
        (f"token {JWT}", "a JSON web token"),
        ("Authorization: Bearer abcdefghijklmnop", "a bearer token"),
        ("AKIAABCDEFGHIJKLMNOP is the key", "an access key"),
        (base64.b64encode(PEM.encode()).decode(), "a private key in base64"),
        (DER, "a private key in base64"),
        (base64.b64encode(b'fetch(url, {api_key: "0123456789abcdef"})').decode(), "a secret in code in base64"),
        (
            base64.b64encode(base64.b64encode(b"https://bob:hunter2@files.example/x")).decode(),
            "a user name and password in a URL in base64",
        ),
    ],
)
def test_sort_of_secret(text: str, sort: str) -> None:
    assert sort_of_secret(text) == sort


@pytest.mark.parametrize(
    "text",
    [
        "https://host.example:8443/#/pinboard/0fa3c1d2/tab/1?col1=Region&val1=a@b.example",
        'concat("https://host.example/?token=", [Token])',
        "https://host.example/?token=${api_token}",
        "https://${user}:${password}@host.example/",
        "7d1c2a90-53be-4f0e-9a41-c86f20b7e5d3",
        base64.b64encode(b"const columns = ['password reset rate', 'token count'];").decode(),
        "Bearer of bad news",
        "-----BEGIN CERTIFICATE-----",
    ],
)
def test_harmless_text(text: str) -> None:
    assert sort_of_secret(text) == ""


def test_secret_in_a_note_is_located() -> None:
    note = "html_parsed_string: <a href="
    files = retail("Overview.tml", "html_parsed_string: Hello", f"{note}'https://x.example/?sig=0123456789'>")
    assert seen(files) == ["error TD161 Overview.tml:14:27 the text holds a signed URL"]


SECRETS = st.text(string.ascii_letters + string.digits, min_size=9, max_size=40).filter(
    lambda text: text.lower() != "x"
)


@given(SECRETS)
def test_no_finding_holds_the_secret(secret: str) -> None:
    secret = f"Zq{secret}"
    files = {
        **connection(secret, json.dumps(f"-----BEGIN PRIVATE KEY-----\n{secret}")),
        **action(secret, secret, secret),
        **retail(
            "Retail.tml", "  formulas:\n", f"  description: https://u:{secret}@x.example/?sig={secret}\n  formulas:\n"
        ),
    }
    found = findings(files)
    assert len(found) >= 6
    report = CheckReport(len(files), tuple(found), (), ())
    assert secret not in json.dumps([report_json(report), check_sarif(report)])


@given(st.text(alphabet="[\\'\"&?=:/@.{}ey-BEGINPRVATKY a", max_size=300))
def test_looking_for_secrets_never_fails(text: str) -> None:
    assert isinstance(sort_of_secret(text), str)

"""Environment files: what they mean, and what is said about each way to get one wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.config.environment_files import AUTH, SHOWN, VALID, load
from tests.tml.real_files import REPOSITORY
from tsdeploy.config.auth import PasswordAuth, TokenAuth, TrustedAuth
from tsdeploy.config.environment import ExportSettings, Timeout, Tls, load_environment
from tsdeploy.config.guards import Guards
from tsdeploy.config.secrets import Secret
from tsdeploy.errors import ConfigError, Finding
from tsdeploy.tml.kinds import LISTED

BAD_SECRET = "hunter2-p4ss"


def faults(folder: Path, text: str | bytes, environ: dict[str, str] | None = None) -> tuple[Finding, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, environ)
    assert BAD_SECRET not in str(caught.value) + repr(caught.value.findings)
    return caught.value.findings


def test_the_least_file_has_safe_defaults(tmp_path: Path) -> None:
    made = load(tmp_path, VALID)
    assert (made.name, made.url, made.org, made.source) == ("prod", "https://prod.example.com", None, "")
    assert (made.tls, made.timeout) == (Tls(verify=True, ca_bundle=None), Timeout(10.0, 300.0))
    assert (made.export, made.guards, made.new_guids) == (ExportSettings(), Guards(), "derived")


def test_a_full_file_is_read(tmp_path: Path) -> None:
    text = VALID + (
        "org: 7\nsource: dev\ntls: {verify: false, ca_bundle: ca.pem}\ntimeout: {connect: 2, read: 4.5}\n"
        "export: {tags: [a], kinds: [model], names: ['S*'], authors: [x], guids: [g], associated: false, "
        "identity: obj_id}\nnew_guids: keep\n"
        "guards: {branch: main, clean_tree: false, max_update_percent: 30, protect: ['model:F*']}\n"
    )
    made = load(tmp_path, text)
    assert (made.org, made.source, made.new_guids) == (7, "dev", "keep")
    assert made.tls == Tls(verify=False, ca_bundle=tmp_path / "prod" / "ca.pem")
    assert made.timeout == Timeout(2, 4.5)
    assert made.export == ExportSettings(("a",), ("model",), ("S*",), ("x",), ("g",), False, "obj_id")
    assert made.guards == Guards(branch="main", clean_tree=False, max_update_percent=30, protect=("model:F*",))


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        ("{type: password, username: u, password: '${env:KEY}'}", PasswordAuth("u", Secret("KEY"))),
        ("{type: trusted, username: u, secret_key: '${env:KEY}'}", TrustedAuth("u", Secret("KEY"))),
        ("{type: token, token: '${env:KEY}'}", TokenAuth(Secret("KEY"))),
    ],
    ids=["password", "trusted", "token"],
)
def test_each_way_to_sign_in(tmp_path: Path, auth: str, expected: object) -> None:
    made = load(tmp_path, f"version: 1\nurl: https://x\nauth: {auth}\n").auth
    assert (type(made), str(made)) == (type(expected), str(expected))


def test_a_secret_is_not_read_with_the_file(tmp_path: Path) -> None:
    made = load(tmp_path, VALID, {"KEY": BAD_SECRET})
    assert BAD_SECRET not in repr(made)


@pytest.mark.parametrize(("org", "value"), [("0", 0), ("'0'", "0"), ("Sales", "Sales"), ('"007"', "007")])
def test_an_org_is_an_id_or_a_name(tmp_path: Path, org: str, value: object) -> None:
    assert load(tmp_path, f"{VALID}org: {org}\n").org == value


def test_variables_are_expanded_everywhere_but_in_secrets(tmp_path: Path) -> None:
    text = VALID + 'org: "${env:ORG}"\nexport: {tags: ["x-${env:TAG}"]}\n'
    made = load(tmp_path, text, {"ORG": "Sales", "TAG": "t", "KEY": "k"})
    assert (made.org, made.export.tags) == ("Sales", ("x-t",))


def test_thoughtspot_s_own_variables_are_left_alone(tmp_path: Path) -> None:
    assert load(tmp_path, f'{VALID}source: "${{dev}}"\n').source == "${dev}"


def test_a_trailing_slash_of_the_address_does_not_matter(tmp_path: Path) -> None:
    one, other = (load(tmp_path, VALID.replace(".com", end)) for end in (".com", ".com/"))
    assert (one.url, one.namespace) == (other.url, other.namespace)


def test_the_namespace_tells_orgs_and_clusters_apart(tmp_path: Path) -> None:
    texts = [VALID, VALID + "org: 0\n", VALID + "org: 1\n", VALID.replace("prod.", "test.")]
    assert len({load(tmp_path, text).namespace for text in texts}) == 4


def test_a_bom_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + VALID.replace("\n", "\r\n")).name == "prod"


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_examples_are_valid(name: str) -> None:
    assert load_environment(REPOSITORY / "environments" / name, SHOWN).name == name


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        load_environment(Path("/nowhere/prod"), SHOWN)
    (finding,) = caught.value.findings
    assert (finding.code, str(finding.location), caught.value.exit_code) == ("TD301", SHOWN, 2)


def test_a_folder_in_its_place_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "environment.yaml").mkdir()
    with pytest.raises(ConfigError, match="TD302"):
        load_environment(tmp_path, SHOWN)


FAULTS = {
    "not UTF-8": (VALID.encode() + b"source: \xff\n", "TD302", "not UTF-8 (byte 112)", ""),
    "malformed YAML": ("version: 1\nurl: [\n", "TD102", "not valid YAML", ":3:1"),
    "empty": ("", "TD104", "empty", ""),
    "two documents": (f"{VALID}---\n{VALID}", "TD105", "more than one", ":4:1"),
    "duplicate key": (f"{VALID}url: https://y\n", "TD106", "'url' stands twice", ":4:1"),
    "anchor": (f"{VALID}source: &a x\n", "TD108", "anchors", ":4:9"),
    "no mapping": ("- a\n", "TD303", "must be a mapping", ":1:1"),
    "no version": (VALID.replace("version: 1\n", ""), "TD303", "missing key version", ":1:1"),
    "older version": (VALID.replace("version: 1", "version: 0"), "TD303", "must be 1", ":1:10"),
    "newer version": (VALID.replace("version: 1", "version: 2"), "TD303", "newer than this tsdeploy", ":1:10"),
    "version as text": (VALID.replace("version: 1", "version: '1'"), "TD303", "must be 1", ":1:10"),
    "no address": ("version: 1\n" + AUTH, "TD303", "missing key url", ":1:1"),
    "address with a path": (VALID.replace(".com", ".com/api"), "TD303", "form", ":2:6"),
    "address without a scheme": (VALID.replace("https://", ""), "TD303", "form", ":2:6"),
    "address of another scheme": (VALID.replace("https", "ftp"), "TD303", "form", ":2:6"),
    "unknown key": (f"{VALID}sorce: dev\n", "TD303", "unknown key sorce", ":4:1"),
    "unknown key below": (f"{VALID}guards:\n  max_update: 1\n", "TD303", "unknown key max_update", ":5:3"),
    "wrong type": (f"{VALID}tls: {{verify: maybe}}\n", "TD303", "must be true or false", ":4:15"),
    "quoted boolean": (f"{VALID}tls: {{verify: 'true'}}\n", "TD303", "must be true or false", ":4:15"),
    "number for a list": (f"{VALID}export: {{tags: 1}}\n", "TD303", "must be a list", ":4:16"),
    "number in a list": (f"{VALID}export:\n  tags:\n  - a\n  - 1\n", "TD303", "must be text", ":7:5"),
    "no such kind": (f"{VALID}export: {{kinds: [models]}}\n", "TD303", "must be one of connection", ":4:18"),
    "nothing for a mapping": (f"{VALID}export:\n", "TD303", "must be a mapping", ":4:8"),
    "percentage above 100": (f"{VALID}guards: {{max_update_percent: 101}}\n", "TD303", "101", ":4:30"),
    "no time at all": (f"{VALID}timeout: {{read: 0}}\n", "TD303", "0", ":4:17"),
    "no such way to sign in": (VALID.replace("trusted", "magic"), "TD303", "must be one of password", ":3:14"),
    "no user": (VALID.replace("username: svc, ", ""), "TD303", "missing key username", ":3:7"),
    "unset variable": (f'{VALID}org: "${{env:ORG}}"\n', "TD305", "ORG is not set", ":4:6"),
}


@pytest.mark.parametrize(("text", "code", "message", "at"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_where_it_is(tmp_path: Path, text: str | bytes, code: str, message: str, at: str) -> None:
    finding = faults(tmp_path, text)[0]
    assert (finding.code, message in finding.message) == (code, True), finding.message
    assert str(finding.location) == SHOWN + at


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (f"{VALID}sorce: dev\n", "did you mean source?"),
        (f"{VALID}zzz: dev\n", "known keys: version, url, org"),
        (f"{VALID}export: {{kinds: [models]}}\n", "did you mean model?"),
        (f"{VALID}guards: {{protekt: []}}\n", "did you mean protect?"),
        (VALID.replace(".com", ".com/api"), "without a path"),
    ],
)
def test_the_nearest_is_suggested(tmp_path: Path, text: str, hint: str) -> None:
    assert hint in faults(tmp_path, text)[0].hint


SECRETS = {
    "literal": f"secret_key: {BAD_SECRET}",
    "quoted": f"secret_key: '{BAD_SECRET}'",
    "partly": f"secret_key: '${{env:KEY}}{BAD_SECRET}'",
    "in braces": f"secret_key: '${{{BAD_SECRET}}}'",
    "as a list": f"secret_key: [{BAD_SECRET}]",
    "as a mapping": f"secret_key: {{a: {BAD_SECRET}}}",
    "under another way": f"secret_key: '${{env:KEY}}', password: {BAD_SECRET}",
    "malformed": f"secret_key: '{BAD_SECRET}",
    "under an unknown key": f"secret_key: '${{env:KEY}}', secret: {BAD_SECRET}",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_literal_secret_is_refused_and_never_shown(tmp_path: Path, secret: str) -> None:
    text = f"version: 1\nurl: https://x\nauth: {{type: trusted, username: u, {secret}}}\n"
    assert faults(tmp_path, text)


def test_a_literal_secret_is_located_and_told_to_be_changed(tmp_path: Path) -> None:
    (finding,) = faults(tmp_path, VALID.replace("${env:KEY}", BAD_SECRET))
    assert (finding.code, finding.at, str(finding.location)) == ("TD304", "auth.secret_key", f"{SHOWN}:3:50")
    assert "change it" in finding.hint


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    text = "version: 1\nurl: x\nsorce: a\nauth: {type: token}\nguards: {protect: x}\ntimeout: {read: no}\n"
    found = faults(tmp_path, text)
    assert {finding.at for finding in found} == {"url", "sorce", "auth", "guards.protect", "timeout.read"}


def test_literal_secrets_and_unset_variables_are_reported_at_once(tmp_path: Path) -> None:
    text = VALID.replace("${env:KEY}", BAD_SECRET) + 'org: "${env:A}${env:B}${env:A}"\n'
    assert [finding.code for finding in faults(tmp_path, text)] == ["TD305", "TD305", "TD304"]


def test_the_schema_has_the_kinds_that_an_export_can_list(request: pytest.FixtureRequest) -> None:
    path = REPOSITORY / "tsdeploy" / "config" / "schemas" / "environment.schema.json"
    text = path.read_text("utf-8")
    wanted = re.sub(r'("kinds": .*?"enum": )\[.*?\]', lambda found: found[1] + json.dumps([*LISTED]), text, count=1)
    if request.config.getoption("--update"):
        path.write_text(wanted, "utf-8")
    assert path.read_text("utf-8") == wanted

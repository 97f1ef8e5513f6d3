"""``tsdeploy doctor`` in every state of a server and of a repository: each line says ok, or what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.doctor.conftest import CERTIFICATES, PASSWORD, TOKEN, TRUSTED, Practice, tls_server
from tests.golden_files import assert_golden
from tsdeploy.deploy.journal import Journal
from tsdeploy.doctor.check import Check, Deadline, Remark, ok, problem, run_checks
from tsdeploy.doctor.place import space
from tsdeploy.errors import Finding, UsageError
from tsdeploy.sandbox import Sandbox

DAY = 24 * 3600 * 1000
State = Callable[[Practice, pytest.MonkeyPatch], None]


def settled(outcome: Outcome) -> str:
    """What was printed, without what differs from run to run."""
    text = outcome.out
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    text = re.sub(r"until \d{4}-\d\d-\d\d \d\d:\d\d", "until 2026-01-01 00:00", text)
    text = re.sub(r"for \d+ more days", "for 99 more days", text)
    text = re.sub(r"\d+\.\d GB free", "99.9 GB free", text)
    text = re.sub(r"(Incident Id: |incident )[0-9a-f-]{36}", r"\1INCIDENT", text)
    return f"{text}exit code {outcome.code}\n"


def healthy(_: Practice, __: pytest.MonkeyPatch) -> None:
    """Nothing is wrong."""


def wrong_password(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    practice.describe(PASSWORD)
    monkeypatch.setenv("TS_DEV_KEY", "hunter2")


def password_without_org(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    practice.describe(PASSWORD)
    monkeypatch.setenv("TS_DEV_KEY", "tsadmin")


def unset_secret(_: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TS_DEV_KEY")


def fresh_token(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    practice.describe(TOKEN)
    monkeypatch.setenv("TS_DEV_KEY", practice.sandbox.token())


def unknown_token(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    practice.describe(TOKEN)
    monkeypatch.setenv("TS_DEV_KEY", "no-such-token")


def missing_privilege(practice: Practice, _: pytest.MonkeyPatch) -> None:
    practice.describe(TRUSTED.replace("tsadmin", "author") + "source: test\n")


def no_privilege(practice: Practice, _: pytest.MonkeyPatch) -> None:
    practice.describe(TRUSTED.replace("tsadmin", "guest"))


def wrong_org(practice: Practice, _: pytest.MonkeyPatch) -> None:
    practice.describe(TRUSTED + "org: 4711\n")


def needs_obj_ids(practice: Practice, _: pytest.MonkeyPatch) -> None:
    practice.describe(TRUSTED + "org: 0\nexport: {identity: obj_id}\n")


def host_is_down(practice: Practice, _: pytest.MonkeyPatch) -> None:
    practice.describe(TRUSTED, url="http://127.0.0.1:9")


def proxy_is_down(_: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:hunter2@127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")


def broken_file(practice: Practice, _: pytest.MonkeyPatch) -> None:
    practice.describe(TRUSTED + "orgg: 1\n")


def held_lock(practice: Practice, _: pytest.MonkeyPatch) -> None:
    holder = {"user": "ann", "host": "ci-7\x1b[2J", "pid": 1, "since": "2020-01-01", "what": "deploy", "token": "t"}
    practice.write(".tsdeploy/locks/dev.json", json.dumps(holder))
    with Journal(practice.root / ".tsdeploy/releases/dev/20260101T000000-abc/journal.jsonl") as journal:
        journal.write("begin", kind="deploy", undoes=[])


STATES: tuple[State, ...] = (
    healthy,
    wrong_password,
    password_without_org,
    unset_secret,
    fresh_token,
    unknown_token,
    missing_privilege,
    no_privilege,
    wrong_org,
    needs_obj_ids,
    host_is_down,
    proxy_is_down,
    broken_file,
    held_lock,
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_state(
    state: State, practice: Practice, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    state(practice, monkeypatch)

    outcome = practice.run("dev")

    assert "hunter2" not in outcome.out + outcome.err
    assert_golden(request, f"doctor/{state.__name__}.txt", settled(outcome))


@pytest.mark.parametrize("state", ["clock_skew", "expired_token", "old_release", "rate_limited"])
def test_state_of_a_sandbox_of_its_own(
    state: str,
    practice: Practice,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    sandbox_factory: Callable[..., Sandbox],
) -> None:
    sandbox = sandbox_factory(release="10.4.0.cl-12" if state == "old_release" else "26.8.0.cl-123")
    practice.describe(TOKEN if state == "expired_token" else TRUSTED, url=sandbox.url)
    if state == "expired_token":
        monkeypatch.setenv("TS_DEV_KEY", sandbox.token())
    if state in ("clock_skew", "expired_token"):
        sandbox.cluster.clock.move(3 * DAY)
    if state == "rate_limited":
        sandbox.faults.add("status", "system", status=429, times=1)

    assert_golden(request, f"doctor/{state}.txt", settled(practice.run("dev")))


@pytest.mark.parametrize(
    ("certificate", "tls"),
    [("own", ""), ("own", "ca"), ("own", "off"), ("other", "other"), ("expired", "expired"), ("own", "missing")],
)
def test_certificate(certificate: str, tls: str, practice: Practice, request: pytest.FixtureRequest) -> None:
    bundle = {"ca": "own.pem", "other": "other.pem", "expired": "expired.pem", "missing": "none.pem"}.get(tls)
    trust = f"tls: {{ca_bundle: {CERTIFICATES / bundle}}}\n" if bundle else ""
    with tls_server(certificate) as port:
        practice.describe(TRUSTED + ("tls: {verify: false}\n" if tls == "off" else trust), f"https://127.0.0.1:{port}")
        lines = settled(practice.run("dev")).replace(str(CERTIFICATES), "CERTIFICATES").splitlines()

    first = next(number for number, line in enumerate(lines) if "TLS: " in line)
    assert_golden(
        request, f"doctor/tls_{certificate}_{tls or 'unknown'}.txt", "\n".join(lines[first : first + 2]) + "\n"
    )


def test_this_machine(practice: Practice, request: pytest.FixtureRequest) -> None:
    practice.write(".env", "TS_DEV_KEY=sandbox\n")
    practice.write("environments/prod/environment.yaml", f"version: 1\nurl: https://a.example\nsource: deb\n{TRUSTED}")
    practice.write(".gitattributes", "*.tml merge=tsdeploy-tml\n")

    text = settled(practice.run())

    text = re.sub(r"(?m)^(  ok +versions: ).*", r"\1…", text)
    assert_golden(request, "doctor/this_machine.txt", re.sub(r"git version \S+.*", "git version …", text))


def test_state_that_cannot_be_written_is_a_problem(practice: Practice) -> None:
    practice.write(".tsdeploy", "a file is in its place")
    outcome = practice.run()
    assert (outcome.code, f"disk: nothing can be written into {practice.root}/.tsdeploy" in outcome.out) == (1, True)


@pytest.mark.parametrize(("free", "verdict"), [(0, "warning"), (200_000_000, "ok")])
def test_disk_that_is_nearly_full_is_a_warning(free: int, verdict: str) -> None:
    assert space(free).verdict == verdict


def test_all_environments_as_json(practice: Practice) -> None:
    practice.write("environments/prod/environment.yaml", f"version: 1\nurl: http://127.0.0.1:9\n{TRUSTED}")

    outcome = practice.run("--all", "--format", "json")

    places = json.loads(outcome.out)
    verdicts = {place["place"]: {line["check"]: line["verdict"] for line in place["lines"]} for place in places}
    assert list(verdicts) == ["this machine", "dev", "prod"]
    assert (verdicts["dev"]["sign-in"], verdicts["prod"]["connection"], outcome.code) == ("ok", "problem", 1)


def test_environment_that_is_not_there_is_told_before_anything_is_asked(practice: Practice) -> None:
    outcome = practice.run("dev", "prd")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no environment prd" in outcome.err


def test_nothing_is_written(practice: Practice) -> None:
    before = {
        path: path.read_bytes() for path in practice.root.rglob("*") if path.is_file() and ".git/" not in str(path)
    }
    practice.sandbox.requests.clear()

    assert practice.run("--all").code == 0

    assert before == {path: path.read_bytes() for path in before if path.exists()}
    assert not (practice.root / ".tsdeploy").exists()
    asked = practice.sandbox.requests.of("*", "POST")
    assert {one.path for one in asked} == {"auth/token/full", "metadata/search"}


def test_time_that_is_over_says_what_was_not_looked_at() -> None:
    lines = [*run_checks([Check("a", _fine), Check("b", _fine)], None, Deadline.after(0))]
    assert [(line.check, line.remark.text) for line in lines] == [("a", "time is up; not looked at: a, b")]


def test_nothing_is_told_after_a_vital_check_that_failed() -> None:
    checks = [Check("a", _fine), Check("b", _broken, vital=True), Check("c", _fine)]
    assert [line.check for line in run_checks(checks, None, Deadline.after(60))] == ["a", "b"]


def test_error_of_a_check_is_a_problem() -> None:
    (line,) = run_checks([Check("a", _raising)], None, Deadline.after(60))
    assert line.remark == problem("why", "what to do", "TD001")


def _fine(_: None) -> list[Remark]:
    return [ok("fine")]


def _broken(_: None) -> list[Remark]:
    return [problem("broken", "mend it")]


def _raising(_: None) -> list[Remark]:
    raise UsageError(Finding("TD001", "why", hint="what to do"))


def test_folder_that_is_no_project(tmp_path: Path, practice: Practice) -> None:
    outcome = practice.cli("--project", str(tmp_path), "doctor")
    assert (outcome.code, "TD701" in outcome.out, "TD307" in outcome.out) == (1, True, True)

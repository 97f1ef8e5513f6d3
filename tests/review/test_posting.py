"""One comment on a pull request, made once and brought up to date, on each of the code hosts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.review.changes import join_type_changed
from tests.review.code_hosts import TOKEN, CodeHost, serving
from tests.review.repositories import Workshop
from tsdeploy.errors import ConfigError, RestError, UsageError
from tsdeploy.review.hosts import HOSTS
from tsdeploy.review.markdown import MARKER
from tsdeploy.review.posting import post_comment
from tsdeploy.review.report import Review


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> Iterator[CodeHost]:
    with serving(CodeHost(request.param, {1: "looks good", 2: "thanks", 3: f"see {MARKER}"})) as served:
        yield served


@pytest.fixture
def review(workshop: Workshop) -> Review:
    return workshop.review(join_type_changed)


def test_the_first_push_writes_and_the_next_updates(host: CodeHost, review: Review) -> None:
    first = post_comment(host.name, review, environ=host.environ())
    second = post_comment(host.name, review, environ=host.environ())
    assert (first.updated, second.updated) == (False, True)
    assert list(host.comments) == [1, 2, 3, 4]
    assert host.comments[4].startswith(f"{MARKER}\n\n### ⛔ Do not merge this yet: 1 breaking change.")
    assert host.comments[1] == "looks good"


def test_a_comment_of_somebody_else_is_left_alone(host: CodeHost, review: Review) -> None:
    host.comments[2] = f"{MARKER}\nI pretend to be the review"
    host.foreign.add(2)
    post_comment(host.name, review, environ=host.environ())
    assert host.comments[2].endswith("I pretend to be the review")
    assert len(host.comments) == 4


def test_without_a_token_nothing_is_sent(host: CodeHost, review: Review) -> None:
    environ = {name: value for name, value in host.environ().items() if value != TOKEN}
    posted = post_comment(host.name, review, environ=environ)
    assert posted.url == ""
    assert "### ⛔ Do not merge this yet" in posted.text
    assert host.requests == []


def test_the_token_is_a_reference_and_may_be_another_one(host: CodeHost, review: Review) -> None:
    environ = {**host.environ(), HOSTS[host.name].token_variable: "wrong", "MINE": TOKEN}
    assert post_comment(host.name, review, "${env:MINE}", environ).url
    with pytest.raises(ConfigError, match="TD304") as raised:
        post_comment(host.name, review, TOKEN, environ)
    assert TOKEN not in str(raised.value)


def test_a_refusal_is_told_without_the_token(host: CodeHost, review: Review) -> None:
    host.refuse = 403
    with pytest.raises(RestError, match=f"TD723: {host.name} answered 403") as raised:
        post_comment(host.name, review, environ=host.environ())
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize("refusal", [203, 401, 403])
@pytest.mark.parametrize("name", ["github", "azure"])
def test_the_token_of_a_fork_may_only_read(name: str, refusal: int, review: Review, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"head": {"repo": {"full_name": "mallory/tml"}}}}', encoding="utf-8")
    with serving(CodeHost(name, refuse=refusal)) as served:
        fork = {"GITHUB_EVENT_PATH": str(event), "SYSTEM_PULLREQUEST_ISFORK": "True"}
        posted = post_comment(name, review, environ={**served.environ(), **fork})
        assert (posted.url, posted.denied) == ("", True)
        assert posted.text.startswith(MARKER)
        event.write_text('{"pull_request": {"head": {"repo": {"full_name": "acme/tml"}}}}', encoding="utf-8")
        with pytest.raises(RestError, match="TD723"):
            post_comment(name, review, environ={**served.environ(), "GITHUB_EVENT_PATH": str(event)})


def test_a_redirect_is_not_followed(host: CodeHost, review: Review) -> None:
    host.refuse = 302
    with pytest.raises(RestError, match="answered 302"):
        post_comment(host.name, review, environ=host.environ())
    assert len(host.requests) == 1


def test_outside_of_a_pull_request_it_says_so(host: CodeHost, review: Review) -> None:
    environ = {name: "" if value.endswith(("7", "7/merge")) else value for name, value in host.environ().items()}
    with pytest.raises(UsageError, match="TD722"):
        post_comment(host.name, review, environ=environ)


@pytest.mark.parametrize("ref", ["refs/heads/x", "refs/pull", "refs/pull/x/merge"])
def test_github_tells_the_number_in_the_event_too(ref: str, review: Review, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"number": 7}}', encoding="utf-8")
    with serving(CodeHost("github")) as served:
        environ = {**served.environ(), "GITHUB_REF": ref, "GITHUB_EVENT_PATH": str(event)}
        assert post_comment("github", review, environ=environ).url.endswith("/issues/7/comments")


def test_the_pipeline_of_a_fork_keeps_the_comment_in_a_file(
    workshop: Workshop, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    workshop.review(join_type_changed)
    outcome = cli("--project", str(workshop.project.root), "review", "--base", "start", "--post", "github")
    assert outcome.code == 0
    assert "there is no token to comment with" in outcome.err
    assert (workshop.project.state / "review.md").read_text("utf-8").startswith(MARKER)

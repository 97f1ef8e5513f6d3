"""Keep one comment on a pull request: make it, and bring it up to date on every push."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from tsdeploy.config.secrets import Secret, parse_secret
from tsdeploy.errors import Finding, RestError
from tsdeploy.logs.events import hide, note
from tsdeploy.rest.answers import parse_json
from tsdeploy.rest.limits import TooLargeError, read_body
from tsdeploy.review.hosts import HOSTS, Comment, Host, Thread
from tsdeploy.review.markdown import MARKER, review_markdown
from tsdeploy.review.report import Review
from tsdeploy.visible import visible

_LOG = logging.getLogger("tsdeploy.review")
_TIMEOUT = (10, 30)
_PAGES = 20
_FOREIGN = (403, 404)
"""What a host answers when the comment is somebody else's, or is gone."""
_DENIED = (203, 401, 403)
"""What a host answers to a token that may not do this; Azure DevOps shows its sign-in page, with 203."""
_WORDS = 200
_MOST_BYTES = 64 * 1024 * 1024
"""Of an answer: a hundred comments that are as long as a host lets them be, and more."""
_MOST_SECONDS = 120.0
"""That the body of an answer may take."""


@dataclass(frozen=True, slots=True)
class Posted:
    """``url`` is the comment's address in the host's API, "" where nothing was written: there is no token, or it is
    that of a fork and was ``denied``. ``text`` is the comment.
    """

    text: str
    url: str = ""
    updated: bool = False
    denied: bool = False


def post_comment(host: str, review: Review, token: str = "", environ: Mapping[str, str] | None = None) -> Posted:
    """Write a review as the one comment of the pull request whose pipeline this is.

    ``token`` is a reference, ``${env:NAME}``; without one the host's usual variable is looked at. A variable that is
    not set, as in the pipeline of a fork, is no error, and neither is a fork's token that may only read: nothing is
    posted. Raises ConfigError TD304 (a token written out), UsageError TD722 (no pull request), RestError TD723 (the
    host refused).
    """
    variables = os.environ if environ is None else environ
    chosen = HOSTS[host]
    secret = parse_secret(token, None, key="--token") if token else Secret(chosen.token_variable)
    if not variables.get(secret.variable):
        return Posted(review_markdown(review, chosen.dialect))
    thread = chosen.thread(variables)
    pointer = f"the whole report is in the artifact of this run: {thread.pointer}" if thread.pointer else ""
    text = review_markdown(review, chosen.dialect, pointer)
    value = secret.reveal(variables)
    hide(value)
    note(_LOG, "post", host=host)
    try:
        return _Client(chosen, thread, value).post(text)
    except _DeniedError:
        if chosen.is_fork(variables):
            return Posted(text, denied=True)
        raise


class _DeniedError(RestError):
    """The host let the token not do it."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True, repr=False)
class _Client:
    host: Host
    thread: Thread
    token: str

    def post(self, text: str) -> Posted:
        for comment in self._own():
            answer = self._send(self.thread.update_method, comment.url, self.thread.changed(text))
            if answer.status not in _FOREIGN:
                self._accept(answer)
                return Posted(text, comment.url, updated=True)
        self._accept(self._send("POST", self.thread.url, self.thread.new(text)))
        return Posted(text, self.thread.url)

    def _own(self) -> Iterator[Comment]:
        """The comments that begin as ours do."""
        for number in range(1, _PAGES + 1):
            query = self.thread.page(number)
            if not query:
                return
            answer = self._accept(self._send("GET", self.thread.url, params=query))
            try:
                found = list(self.thread.comments(_json(answer), self.thread.url))
            except (KeyError, TypeError, AttributeError):
                raise self._refused("answered with something that is no list of comments") from None
            yield from (comment for comment in found if str(comment.body).lstrip().startswith(MARKER))
            if not found:
                return

    def _send(self, method: str, url: str, body: Any = None, params: Mapping[str, str] | None = None) -> _Answer:
        try:
            with requests.request(
                method,
                url,
                json=body,
                params={**self.host.query, **(params or {})},
                headers=self.host.headers(self.token),
                timeout=_TIMEOUT,
                # Being there at all, it keeps requests from looking into .netrc.
                auth=_signed_already,
                # A token goes to the host that it is for, and nowhere else.
                allow_redirects=False,
                stream=True,
            ) as answer:
                return _Answer(answer.status_code, read_body(answer.raw, _MOST_BYTES, _MOST_SECONDS))
        except (OSError, HTTPError, TooLargeError) as error:  # requests' own exceptions are OSErrors
            raise self._refused(f"cannot be reached: {type(error).__name__}") from None

    def _accept(self, answer: _Answer) -> _Answer:
        if answer.status not in (200, 201):
            words = visible(answer.body.decode("utf-8", "replace").replace(self.token, "…"))[:_WORDS]
            denied = _DeniedError if answer.status in _DENIED else RestError
            raise self._refused(f"answered {answer.status}: {words}", denied)
        return answer

    def _refused(self, what: str, kind: type[RestError] = RestError) -> RestError:
        hint = "give the token the right to comment on pull requests; the reports are written all the same"
        return kind(Finding("TD723", f"{self.host.name} {what}", at="--post", hint=hint))


def _signed_already(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _json(answer: _Answer) -> Any:
    try:
        return parse_json(answer.body)
    except ValueError:
        raise RestError(Finding("TD723", "the host's answer is no JSON", at="--post")) from None

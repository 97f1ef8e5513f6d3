"""Where the code hosts keep the comments of a pull request, as the variables of their pipelines say.

Sources: the hosts' REST references: GitHub "Issue comments", GitLab "Notes", Azure DevOps "Pull Request Threads" 7.0,
Bitbucket Cloud 2.0 "Pullrequests"; and their lists of predefined variables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from tsdeploy.errors import Finding, UsageError
from tsdeploy.review.markdown import GITHUB, Dialect

Environ: TypeAlias = "Mapping[str, str]"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that is there: its address, and its text."""

    url: str
    body: str


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one pull request. ``pointer`` says where the run keeps its reports."""

    url: str
    comments: Callable[[Any, str], Iterator[Comment]]
    """Reads a page of the list; the second argument is the list's address."""
    page: Callable[[int], Mapping[str, str]]
    """The query of a page, from 1; nothing where everything is on the first."""
    new: Callable[[str], Any]
    changed: Callable[[str], Any]
    update_method: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Host:
    """A code host: which variable has its token unless another is named, how it is sent, and the thread.

    ``dialect`` is what its comments take, ``query`` what every address of its API ends with. ``is_fork`` tells whether
    the pipeline is that of a fork's pull request, to which some hosts give a token that may only read.
    """

    name: str
    token_variable: str
    headers: Callable[[str], dict[str, str]]
    thread: Callable[[Environ], Thread]
    dialect: Dialect = GITHUB
    query: Mapping[str, str] = field(default_factory=dict)
    is_fork: Callable[[Environ], bool] = lambda _: False


def _github(environ: Environ) -> Thread:
    repository = _needed(environ, "GITHUB_REPOSITORY")
    api = environ.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
    issues = f"{api}/repos/{quote(repository)}/issues"
    return Thread(
        url=f"{issues}/{_github_number(environ)}/comments",
        comments=lambda page, _: (Comment(f"{issues}/comments/{one['id']}", one.get("body") or "") for one in page),
        page=_hundred,
        new=lambda text: {"body": text},
        changed=lambda text: {"body": text},
        update_method="PATCH",
        pointer=_run(
            environ, "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}", "GITHUB_SERVER_URL"
        ),
    )


def _github_number(environ: Environ) -> str:
    number = environ.get("GITHUB_REF", "").removeprefix("refs/pull/").partition("/")[0]
    if number.isdigit():
        return number
    try:
        return str(int(_github_request(_needed(environ, "GITHUB_EVENT_PATH"))["number"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise _not_in_a_request("GITHUB_REF") from None


def _is_github_fork(environ: Environ) -> bool:
    """A fork that was deleted meanwhile is no repository any more."""
    try:
        request = _github_request(environ.get("GITHUB_EVENT_PATH", ""))
        return bool((request["head"]["repo"] or {}).get("full_name") != environ.get("GITHUB_REPOSITORY"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _github_request(event: str) -> Any:
    """The pull request as the file that GitHub leaves for each run has it."""
    return json.loads(Path(event).read_bytes())["pull_request"]


def _gitlab(environ: Environ) -> Thread:
    api, project = _needed(environ, "CI_API_V4_URL").rstrip("/"), quote(_needed(environ, "CI_PROJECT_ID"), safe="")
    request = quote(_needed(environ, "CI_MERGE_REQUEST_IID"), safe="")
    return Thread(
        url=f"{api}/projects/{project}/merge_requests/{request}/notes",
        comments=lambda page, url: (Comment(f"{url}/{one['id']}", one.get("body") or "") for one in page),
        page=_hundred,
        new=lambda text: {"body": text},
        changed=lambda text: {"body": text},
        update_method="PUT",
        pointer=_run(environ, "{CI_JOB_URL}/artifacts/browse", "CI_JOB_URL"),
    )


def _azure(environ: Environ) -> Thread:
    collection = _needed(environ, "SYSTEM_COLLECTIONURI").rstrip("/")
    project, repository, request = (
        quote(_needed(environ, name), safe="")
        for name in ("SYSTEM_TEAMPROJECT", "BUILD_REPOSITORY_ID", "SYSTEM_PULLREQUEST_PULLREQUESTID")
    )
    return Thread(
        url=f"{collection}/{project}/_apis/git/repositories/{repository}/pullRequests/{request}/threads",
        comments=_azure_comments,
        page=lambda number: _AZURE_VERSION if number == 1 else {},
        new=lambda text: {"comments": [{"parentCommentId": 0, "content": text, "commentType": 1}], "status": 4},
        changed=lambda text: {"content": text},
        update_method="PATCH",
        pointer=_run(
            environ,
            "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}",
            "BUILD_BUILDID",
        ),
    )


def _is_azure_fork(environ: Environ) -> bool:
    return environ.get("SYSTEM_PULLREQUEST_ISFORK", "").lower() == "true"


def _azure_comments(page: Any, url: str) -> Iterator[Comment]:
    for thread in page["value"]:
        for one in thread.get("comments") or ():
            yield Comment(f"{url}/{thread['id']}/comments/{one['id']}", one.get("content") or "")


def _bitbucket(environ: Environ) -> Thread:
    api = environ.get("BITBUCKET_API_URL", "https://api.bitbucket.org/2.0").rstrip("/")
    workspace, slug, request = (
        quote(_needed(environ, name), safe="")
        for name in ("BITBUCKET_WORKSPACE", "BITBUCKET_REPO_SLUG", "BITBUCKET_PR_ID")
    )
    return Thread(
        url=f"{api}/repositories/{workspace}/{slug}/pullrequests/{request}/comments",
        comments=lambda page, url: (
            Comment(f"{url}/{one['id']}", (one.get("content") or {}).get("raw") or "")
            for one in page["values"]
            if not one.get("deleted")
        ),
        page=lambda number: {"pagelen": "100", "page": str(number)},
        new=lambda text: {"content": {"raw": text}},
        changed=lambda text: {"content": {"raw": text}},
        update_method="PUT",
        pointer=_run(
            environ,
            "{BITBUCKET_GIT_HTTP_ORIGIN}/pipelines/results/{BITBUCKET_BUILD_NUMBER}",
            "BITBUCKET_GIT_HTTP_ORIGIN",
        ),
    )


def _hundred(number: int) -> Mapping[str, str]:
    return {"per_page": "100", "page": str(number)}


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _github_headers(token: str) -> dict[str, str]:
    return _bearer(token) | {"Accept": "application/vnd.github+json"}


def _private(token: str) -> dict[str, str]:
    return {"PRIVATE-TOKEN": token}


_AZURE_VERSION = {"api-version": "7.0"}
HOSTS = {
    host.name: host
    for host in (
        Host("github", "GITHUB_TOKEN", _github_headers, _github, is_fork=_is_github_fork),
        Host("gitlab", "GITLAB_TOKEN", _private, _gitlab, Dialect(1_000_000)),
        Host("azure", "SYSTEM_ACCESSTOKEN", _bearer, _azure, Dialect(150_000), _AZURE_VERSION, _is_azure_fork),
        Host("bitbucket", "BITBUCKET_TOKEN", _bearer, _bitbucket, Dialect(32_768, folds=False)),
    )
}
"""By the name that ``tsdeploy review --post`` knows; a new one is an entry here, and what finds its thread above.

How long a comment may be is what the hosts say when they refuse a longer one, and for GitLab what its notes API says.
"""


def _needed(environ: Environ, name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise _not_in_a_request(name)
    return value


def _not_in_a_request(name: str) -> UsageError:
    message = f"{name} does not say which pull request this is"
    return UsageError(Finding("TD722", message, at="--post", hint="run it in the pipeline of a pull request"))


def _run(environ: Environ, address: str, needed: str) -> str:
    return address.format_map(_Blank(environ)) if environ.get(needed) else ""


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""

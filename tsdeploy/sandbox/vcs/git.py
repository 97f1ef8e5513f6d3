"""The git command, run so that neither a repository nor the machine it runs on can make it do anything else.

No configuration of the system or the user, no hooks, no prompts, no other protocol than https and files, nothing
checked out, and a limit of time. Names of branches and commits are checked before they get near it.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tsdeploy.programs import Program
from tsdeploy.sandbox import guesses
from tsdeploy.sandbox.store.git_configs import GitConfig
from tsdeploy.sandbox.web.failures import ApiError, Code, business_error

_SECONDS: Final = 60.0
_PASSED_ON: Final = (
    "PATH",
    "SYSTEMROOT",
    "TMP",
    "TEMP",
    "TMPDIR",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
)
_SAFE: Final = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "credential.helper=",
    "gc.auto=0",
    "http.followRedirects=false",
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.file.allow=always",
)
_BRANCH = re.compile(r"(?!.*(\.\.|//|@\{|/\.|\.lock(/|$)))[A-Za-z0-9_][A-Za-z0-9_./+@-]{0,199}(?<![./])")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def check_branch(name: str) -> str:
    """A branch name that is one. Raises ApiError 400/10002."""
    if not _BRANCH.fullmatch(name):
        raise refused(f"{name!r} is not a branch name")
    return name


def check_commit(commit_id: str) -> str:
    """A commit id that is one. Raises ApiError 400/10002."""
    if not _COMMIT.fullmatch(commit_id):
        raise refused(f"{commit_id!r} is not a commit id")
    return commit_id


def check_url(url: str) -> str:
    """The address of a repository: https, a file URL, or an absolute path. Raises ApiError 400/10002."""
    parts = urlsplit(url)
    is_path = Path(url).is_absolute() or (parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"))
    is_remote = parts.scheme == "https" and bool(parts.hostname) and not (parts.hostname or "").startswith("-")
    if _CONTROL.search(url) or not (is_path or is_remote):
        raise refused("repository_url must be https, or a local path or file URL in this sandbox")
    return url


def check_account(text: str) -> str:
    """A user name or token in one line. Raises ApiError 400/10002."""
    if not text.isprintable():
        raise refused("username and access_token must be one line of text")
    return text


def refused(message: str) -> ApiError:
    """400/10002 for anything that git does not do."""
    return business_error(message, Code.INVALID_PARAMETER)


def git(
    folder: Path, config: GitConfig, *arguments: str, given: bytes = b"", more: Mapping[str, str] | None = None
) -> bytes:
    """Run git in a folder; what it printed. Raises ApiError 400/10002 with its words when it fails."""
    command = ("git", *(word for setting in _SAFE for word in ("-c", setting)), *arguments)
    environment = {**_environment(folder, config), **(more or {})}
    try:
        done = Program(command, folder, environment, without=frozenset(os.environ)).run(given, limit=_SECONDS)
    except subprocess.TimeoutExpired:
        raise refused(guesses.git_failed(f"no answer in {_SECONDS:.0f} seconds")) from None
    except FileNotFoundError:
        raise refused(guesses.git_failed("git is not installed where the sandbox runs")) from None
    if done.code:
        said = done.err.decode("utf-8", "replace").strip()
        raise refused(guesses.git_failed(said.replace(config.access_token, "***") if config.access_token else said))
    return done.out


def _environment(folder: Path, config: GitConfig) -> dict[str, str]:
    found = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    found |= {
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "GIT_ALLOW_PROTOCOL": "file:https",
    }
    if config.repository_url.startswith("https:") and config.access_token:
        # In the environment and not in the arguments, which every process of the machine can read.
        secret = base64.b64encode(f"{config.username}:{config.access_token}".encode()).decode()
        found |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
        }
    return found

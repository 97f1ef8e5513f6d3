"""What git may not do, whatever a repository and its configuration say.

A repository is somebody else's until its reader has looked at it. What it configures is git's business as long as git
only reads: so commands run without file monitors and hooks, and a folder that merely looks like a bare repository is
none. Hooks run where the user asked for what they guard: a commit, a push, a rebase before it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from tsdeploy.errors import Finding, GitError, Location

_SETTINGS: Final = {
    # A program that every look at the work tree would start.
    "core.fsmonitor": "false",
    # A folder with HEAD, objects and refs may come with any commit, and its config with it.
    "safe.bareRepository": "explicit",
    # A program that every log would start.
    "log.showSignature": "false",
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
    # Housekeeping that would go on behind the back of whoever thinks that all is done.
    "gc.auto": "0",
    "maintenance.auto": "false",
}
_NO_HOOKS: Final = ("core.hooksPath", os.devnull)
_WITH_HOOKS: Final = frozenset({"commit", "push", "rebase"})
_COUNT: Final = "GIT_CONFIG_COUNT"
_USERINFO: Final = re.compile(r"(\w://)[^/\s@\"']+@")


def git_environment(command: str = "", environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment variables for one git command, to be added to those of this process.

    Settings that are in the environment already, as CI hosts put them there, stay. Sources: git-config(1),
    ``GIT_CONFIG_COUNT`` and ``safe.bareRepository``; gitattributes(5).
    """
    given = (os.environ if environ is None else environ).get(_COUNT, "")
    first = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    settings = [*_SETTINGS.items(), *(() if command in _WITH_HOOKS else (_NO_HOOKS,))]
    found = {_COUNT: str(first + len(settings))}
    for number, (key, value) in enumerate(settings, first):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    # Reading refreshes no index, so nothing is written and no lock is taken.
    return found | {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}


def check_remote(name: str, known: Collection[str], where: Path) -> str:
    """The name of a remote that the user has set up. Raises GitError TD708 for everything else.

    git takes an address, a path and even an option where it wants a remote, and files of a repository name remotes.
    """
    if name in known and not name.startswith("-"):
        return name
    names = ", ".join(known) or "none is set up"
    hint = f"remotes here: {names}; add one with  git remote add NAME URL"
    raise GitError(Finding("TD708", f"there is no remote {name}", Location(str(where)), hint=hint))


def check_work_tree(root: Path, where: Path) -> None:
    """Refuse a folder that is made to look like a repository of its own. Raises GitError TD709."""
    if not (root / ".git").exists():
        hint = "somebody committed HEAD, objects/ and refs/ here, which git would obey: look who, and delete them"
        raise GitError(
            Finding("TD709", "this folder only looks like a git repository", Location(str(where)), hint=hint)
        )


def git_words(said: str, limit: int = 500) -> str:
    """What git said, without passwords that stand in addresses, cut to length."""
    return _USERINFO.sub(r"\1", said.strip())[:limit]

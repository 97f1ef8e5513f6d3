"""How a failure in CI is seen again on somebody's own machine."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from tsdeploy.pipelines.systems import SYSTEMS

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_ALONE = frozenset({"--yes", "-y", "-q", "--quiet"})
"""What a person at a keyboard had better leave out: then the command asks, and says what it does."""
_WITH_VALUE = frozenset({"--post", "--token", "--out"})
"""The same, of options with a value: it would write to the pull request again, and reports into folders of the job."""


def local_command(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> str:
    """The line that runs a command again at the commit of this pipeline; "" where this is no CI.

    The variables are those that the CI systems set in every job.
    """
    variables = os.environ if environ is None else environ
    if not any(variables.get(one.runs, "").lower() not in ("", "0", "false") for one in SYSTEMS.values()):
        return ""
    ids = (variables.get(one.commit, "") for one in SYSTEMS.values())
    commit = next(filter(_COMMIT.fullmatch, ids), "")
    there = f"git fetch origin {commit} && git checkout {commit} && " if commit else ""
    return f"{there}tsdeploy {shlex.join(_asking(arguments))}"


def _asking(arguments: Sequence[str]) -> Iterator[str]:
    words = iter(arguments)
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif word not in _ALONE and word.partition("=")[0] not in _WITH_VALUE:
            yield word

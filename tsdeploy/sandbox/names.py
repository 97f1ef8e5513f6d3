"""Names of sandboxes and snapshots, which become names of files on this machine."""

from __future__ import annotations

import re

from tsdeploy.errors import Finding, UsageError

_NAME = re.compile(r"[a-z0-9-]{1,40}")


def is_name(text: str) -> bool:
    """Whether a text may be the name of a sandbox or a snapshot."""
    return _NAME.fullmatch(text) is not None


def checked_name(text: str, what: str = "sandbox") -> str:
    """The name. Raises UsageError TD807 for a text that is none."""
    if not is_name(text):
        hint = "use 1 to 40 of a-z, 0-9 and -"
        raise UsageError(Finding("TD807", f"not a name for a {what}: {text!r}", hint=hint))
    return text

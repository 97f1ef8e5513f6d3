"""Commands of the project around a deploy. They get the result as JSON on standard input; no shell reads them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tsdeploy.errors import Finding, Location
from tsdeploy.visible import json_text, shortened, visible

_SHOWN = 300


def run_hook(
    name: str, command: tuple[str, ...], facts: Mapping[str, object], folder: Path, timeout: float
) -> Finding | None:
    """Run a hook in the project's folder; the finding TD625 when it fails, is not there or takes too long.

    What it prints goes to where this process prints progress, and its last words into the finding.
    """
    if not command:
        return None
    where = Location("environment.yaml")
    try:
        done = subprocess.run(  # the command is the project's own, word by word
            command,
            input=json_text({"hook": name, **facts}).encode("utf-8"),
            cwd=folder,
            timeout=timeout,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding("TD625", f"hook {name} took longer than {timeout:g} seconds", where, at=f"deploy.hooks.{name}")
    except OSError as error:
        message = f"hook {name} cannot be run: {error.strerror or 'no such command'}"
        return Finding("TD625", message, where, at=f"deploy.hooks.{name}")
    if done.returncode == 0:
        return None
    said = shortened(visible(done.stdout.decode("utf-8", "replace")[-_SHOWN:]), _SHOWN)
    message = f"hook {name} failed with {done.returncode}" + (f": {said}" if said else "")
    return Finding("TD625", message, where, at=f"deploy.hooks.{name}")

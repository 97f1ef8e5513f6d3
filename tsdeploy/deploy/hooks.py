"""Commands of the project around a deploy. They get the result as JSON on standard input; no shell reads them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tsdeploy.config.deploying import Hooks
from tsdeploy.errors import Finding, Location
from tsdeploy.programs import Program
from tsdeploy.visible import json_text, visible

_SHOWN = 300
_READ = 20_000
"""Bytes of what a hook printed that are looked at for secrets."""
_DONE = "done"


@dataclass(frozen=True, slots=True)
class HookRunner:
    """The hooks of an environment, whose file messages name. ``redact`` takes secrets out of what a command prints."""

    hooks: Hooks
    folder: Path
    where: Location
    redact: Callable[[str, int], str]

    def run(self, name: str, facts: Mapping[str, object]) -> dict[str, str]:
        """Run ``before``, ``after`` or ``on_failure`` in the project's folder, if there is one.

        Its name and how it ended: ``done``, or why it failed, with its last words.
        """
        command: tuple[str, ...] = getattr(self.hooks, name)
        if not command:
            return {}
        try:
            program = Program(command, self.folder, together=True, lifeline=True)
            done = program.run(json_text({"hook": name, **facts}).encode("utf-8"), limit=self.hooks.timeout)
        except subprocess.TimeoutExpired:
            return {name: f"took longer than {self.hooks.timeout:g} seconds and was stopped"}
        except OSError as error:
            return {name: f"cannot be run: {error.strerror or 'no such command'}"}
        if done.code == 0:
            return {name: _DONE}
        # What was cut off in the middle of a secret is too far back to be among the last words.
        words = self.redact(done.out[-_READ:].decode("utf-8", "replace"), _READ)
        said = visible(words[-_SHOWN:])
        return {name: f"failed with {done.code}" + (f": {said}" if said else "")}

    def finding(self, ended: Mapping[str, str]) -> Finding | None:
        """The finding TD625 for a hook that did not end well."""
        wrong = next(((name, said) for name, said in ended.items() if said != _DONE), None)
        if wrong is None:
            return None
        name, said = wrong
        hint = "run the command by hand; it gets the result as JSON on standard input"
        return Finding("TD625", f"hook {name} {said}", self.where, at=f"deploy.hooks.{name}", hint=hint)

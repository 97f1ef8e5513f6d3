"""A page walked through as a reader would: its files are written, its commands run, what they print is compared."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.docs.pages import Block
from tsdeploy.cli.main import run

_VARYING = re.compile(
    r"\b\d{8}T\d{6,12}(Z-[0-9a-f]{8})?\b"  # a release
    r"|\b[0-9a-f]{10}\b"  # a commit
    r"|\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"
    r"|\d+\.\d (MB|seconds)|\d+ calls"
    r"|process \d+"
)


@dataclass
class Reader:
    """Someone at a shell in an empty folder. ``shown`` is the text of the page → the text that holds here."""

    folder: Path
    patch: pytest.MonkeyPatch
    shown: dict[str, str] = field(default_factory=dict)
    code: int = 0

    def follow(self, block: Block) -> str:
        """Do what a block says, and give back the block as it should be."""
        if block.title:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._here(block.text), "utf-8")
            return block.text
        made = "".join(f"$ {command}\n{self._there(self._run(self._here(command)))}" for command in commands(block))
        return block.text if settled(made) == settled(block.text) else made

    def _run(self, command: str) -> str:
        name, *arguments = shlex.split(command, comments=True)
        if name == "export":
            for one in arguments:
                variable, _, value = one.partition("=")
                self.patch.setenv(variable, os.path.expandvars(value))
            return ""
        if command == "echo $?":
            return f"{self.code}\n"
        return self._in_process(arguments) if name == "tsdeploy" else self._in_a_shell(command)

    def _in_process(self, arguments: list[str]) -> str:
        """A command of ours, without the half second that a new process takes."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            self.code = run(arguments)
        return printed.getvalue()

    def _in_a_shell(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        self.code = done.returncode
        return done.stdout

    def _here(self, text: str) -> str:
        for shown, real in self.shown.items():
            text = text.replace(shown, real)
        return text

    def _there(self, text: str) -> str:
        for shown, real in self.shown.items():
            text = text.replace(real, shown)
        return text


def commands(block: Block) -> Iterator[str]:
    """The commands that a session shows behind ``$``."""
    for line in block.text.splitlines():
        if line.startswith("$ "):
            yield line.removeprefix("$ ")


def settled(text: str) -> str:
    """Output without what differs from run to run."""
    return _VARYING.sub("·", text)

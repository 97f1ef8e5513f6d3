"""What attacks begin with: a committed project, a folder that it must not touch, and a program that must not run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rest.test_transport import certificate as certificate
from tests.rest.test_transport import tls_server as tls_server
from tests.review.repositories import Workshop, make_workshop


@dataclass(frozen=True)
class Trap:
    """A program that leaves a trace when anything starts it."""

    program: Path
    trace: Path

    @property
    def sprung(self) -> bool:
        """Whether it was started."""
        return self.trace.exists()


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    """Set, and not sprung yet."""
    made = Trap(tmp_path / "trap.sh", tmp_path / "sprung")
    made.program.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{made.trace}'\nexit 1\n", encoding="utf-8")
    made.program.chmod(0o755)
    return made


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """The retail samples, committed, with environments that lead nowhere."""
    return make_workshop(tmp_path / "project")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the machine that no project has any business in."""
    made = tmp_path / "outside"
    made.mkdir()
    (made / "private.tml").write_text("answer:\n  name: kept\n", encoding="utf-8")
    return made

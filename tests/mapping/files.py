"""Mapping files in a temporary project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tsdeploy.errors import ConfigError, Finding
from tsdeploy.mapping.model import Mapping
from tsdeploy.mapping.reading import load_mapping

SHOWN = "environments/prod/mapping.yaml"


def load(folder: Path, text: str) -> Mapping:
    """Read a text as the mapping of prod."""
    path = folder / SHOWN
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"version: 1\n{text}", "utf-8")
    return load_mapping(path, SHOWN)


def faults(folder: Path, text: str) -> tuple[Finding, ...]:
    """What is wrong with a text."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return caught.value.findings


def shared(folder: Path, name: str, text: str) -> None:
    """A file for others to include."""
    path = folder / "environments" / "shared" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"version: 1\n{text}", "utf-8")

"""Projects of a few files, without any server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.check.looking import RETAIL
from tsdeploy.config.project import Project

AUTH = 'auth: {type: trusted, username: svc, secret_key: "${env:TS_KEY}"}\n'
DEV = f"version: 1\nurl: https://dev.example\n{AUTH}"
PROD = f"version: 1\nurl: https://prod.example\nsource: dev\n{AUTH}"
MAPPING = "version: 1\nconnections: {Warehouse: Warehouse}\ntables:\n- {from: {db: DEV}, to: {db: PROD}}\n"


def make_project(root: Path, tml: Mapping[str, str] = RETAIL, more: Mapping[str, str] | None = None) -> Project:
    """A project with dev and prod; ``more`` are further files, which may replace those of prod."""
    files = {
        "environments/dev/environment.yaml": DEV,
        "environments/prod/environment.yaml": PROD,
        "environments/prod/mapping.yaml": MAPPING,
        **{f"tml/{name}": text for name, text in tml.items()},
        **(more or {}),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Project(root)

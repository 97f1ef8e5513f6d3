"""Where a project is, and what its environments are called, told without reading any file."""

from __future__ import annotations

from pathlib import Path


def project_root(start: Path) -> Path | None:
    """The nearest folder, from here upwards, with ``environments/``; None when there is none."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / "environments").is_dir()), None)


def environment_names(root: Path) -> tuple[str, ...]:
    """The names of a project's environments, sorted."""
    return tuple(sorted(path.parent.name for path in root.glob("environments/*/environment.yaml")))

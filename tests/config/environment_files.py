"""Environment and mapping files as a person would write them, right and wrong."""

from __future__ import annotations

from pathlib import Path

from tsdeploy.config.environment import Environment, load_environment

SHOWN = "environments/prod/environment.yaml"
AUTH = 'auth: {type: trusted, username: svc, secret_key: "${env:KEY}"}\n'
VALID = f"version: 1\nurl: https://prod.example.com\n{AUTH}"


def load(folder: Path, text: str | bytes, environ: dict[str, str] | None = None) -> Environment:
    """Write an environment file and read it."""
    made = folder / "prod"
    made.mkdir(exist_ok=True)
    content = text.encode("utf-8") if isinstance(text, str) else text
    (made / "environment.yaml").write_bytes(content)
    return load_environment(made, SHOWN, environ or {})

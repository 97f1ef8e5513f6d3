"""Rules and entries written as one line of YAML: ``{from: {db: DEV}, to: {db: PROD}}``."""

from __future__ import annotations

from collections.abc import Mapping

from tsdeploy.tml.dialect import Dialect, scalar_text


def flow_text(value: str | Mapping[str, str] | Mapping[str, str | Mapping[str, str]]) -> str:
    """A value in flow style, quoted where YAML would read it as something else than text."""
    if isinstance(value, str):
        return scalar_text(value, Dialect.SNAKEYAML, flow=True)
    return "{" + ", ".join(f"{flow_text(key)}: {flow_text(item)}" for key, item in value.items()) + "}"

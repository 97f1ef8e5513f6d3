"""Puts secrets into a text on its way into the request. What comes out is for nobody else: no file, log or result."""

from __future__ import annotations

from collections.abc import Mapping

from tsdeploy.tml.document import parse_document
from tsdeploy.transform.inputs import Rendered, with_values


def revealed(rendered: Rendered, environ: Mapping[str, str] | None = None) -> str:
    """The text with every secret in its place. Raises ConfigError TD305 for a variable that is not set."""
    if not rendered.secrets:
        return rendered.text
    values = {path: secret.reveal(environ) for path, secret in rendered.secrets}
    return with_values(parse_document(rendered.text, rendered.source.path), values)
